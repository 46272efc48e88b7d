from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("keys", "0002_grants_and_rotation")]

    operations = [
        # Nothing in the product ever asked for it. A key of nothing else may do nothing, as before.
        migrations.RunSQL(
            "UPDATE keys_apikey SET grants = array_remove(grants, 'members.change_workspace') "
            "WHERE grants IS NOT NULL",
            migrations.RunSQL.noop,
        )
    ]
