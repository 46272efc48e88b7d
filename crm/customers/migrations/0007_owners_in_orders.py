from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

IN_USE = models.Q(("deleted_at", None))


def by(name: str, *fields: str) -> models.Index:
    return models.Index(condition=IN_USE, fields=[*fields, "id"], include=["owner"], name=name)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0006_stage_and_owner_orders")]

    operations = [
        AddIndexConcurrently("company", by("company_by_key", "name_key")),
        AddIndexConcurrently("company", by("company_by_stage_key", "lifecycle_stage", "name_key")),
        AddIndexConcurrently("contact", by("contact_by_rank", "name_rank")),
        AddIndexConcurrently("contact", by("contact_by_stage_rank", "lifecycle_stage", "name_rank")),
        RemoveIndexConcurrently("company", "company_key"),
        RemoveIndexConcurrently("company", "company_stage_key"),
        RemoveIndexConcurrently("contact", "contact_rank"),
        RemoveIndexConcurrently("contact", "contact_stage_rank"),
    ]
