from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0002_role_offered")]

    operations = [
        # Until now nobody could take a permission away, so what a role has is what it was offered.
        migrations.RunSQL(
            "UPDATE members_role SET offered = permissions",
            "UPDATE members_role SET offered = '{}'",
        )
    ]
