import django.contrib.postgres.fields
from django.db import migrations, models

# Roles that saw all owners keep everything over all records; the others had it over their own.
KEEP = """
ALTER TABLE members_role ALTER COLUMN permissions SET DEFAULT '{}';
UPDATE members_role SET grants = ARRAY(
    SELECT CASE
        WHEN permission ~ '^customers\\.(view|change|delete|destroy|export)_(company|contact)$'
            AND NOT 'records.view_all' = ANY (permissions)
        THEN permission || ':own' ELSE permission END
    FROM unnest(permissions) permission
    WHERE permission NOT IN ('records.view_all', 'transfer.import_records')
), offered = array_remove(offered, 'records.view_all');
"""
# Whoever started a workspace owns it; a workspace without members, such as the template, has none.
OWNERS = """
INSERT INTO members_role (id, key, name, description, grants, offered)
SELECT gen_random_uuid(), 'owner', '', '', '{}', '{}';
UPDATE members_user SET role_id = (SELECT id FROM members_role WHERE key = 'owner') WHERE id = (
    SELECT member.id FROM members_user member JOIN members_role role ON role.id = member.role_id
    WHERE role.key = 'admin' ORDER BY member.joined_at, member.id LIMIT 1
);
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0003_offered_so_far")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="grants",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="description",
            field=models.CharField(blank=True, max_length=300, verbose_name="Description"),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        # The release before this one still reads the column; a later one drops it.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("role", "permissions")]
        ),
    ]
