import compliance.encryption.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0001_journal"),
    ]

    operations = [
        migrations.RenameField(model_name="portion", old_name="became", new_name="role"),
        migrations.AlterField(
            model_name="portion",
            name="role",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("deleted", "Deleted"),
                    ("restored", "Restored"),
                    ("chosen", "Chosen"),
                    ("revert", "To be as before"),
                    ("discard", "To be deleted"),
                    ("bring_back", "To be restored"),
                    ("unmerge", "To be taken apart"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="portion",
            name="attempt",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="portion",
            name="refused",
            field=compliance.encryption.fields.SealedJSONField(
                null=True, uid="crm.change_set.refused"
            ),
        ),
        migrations.AddConstraint(
            model_name="portion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__gt", 0)),
                fields=("change_set", "number"),
                name="portion_number_once",
            ),
        ),
    ]
