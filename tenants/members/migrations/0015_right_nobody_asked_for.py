from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0014_service_accounts")]

    operations = [
        # Nothing in the product ever asked for it, so nobody loses anything.
        migrations.RunSQL(
            "UPDATE members_role SET grants = array_remove(grants, 'members.change_workspace'), "
            "offered = array_remove(offered, 'members.change_workspace')",
            migrations.RunSQL.noop,
        )
    ]
