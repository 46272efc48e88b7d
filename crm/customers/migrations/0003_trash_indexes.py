from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0002_trash"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='company',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['name_key', 'id'], name='company_key'),
        ),
        AddIndexConcurrently(
            model_name='company',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='company_changed'),
        ),
        AddIndexConcurrently(
            model_name='company',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at'], name='company_trash'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['name_rank', 'id'], name='contact_rank'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='contact_changed'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at'], name='contact_trash'),
        ),
        RemoveIndexConcurrently(
            model_name='company',
            name='company_name',
        ),
        RemoveIndexConcurrently(
            model_name='company',
            name='company_updated',
        ),
        RemoveIndexConcurrently(
            model_name='contact',
            name='contact_name_rank',
        ),
        RemoveIndexConcurrently(
            model_name='contact',
            name='contact_updated',
        ),
    ]
