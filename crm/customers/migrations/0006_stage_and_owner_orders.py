import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0005_email_frequency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='company',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['lifecycle_stage', 'name_key', 'id'], name='company_stage_key'),
        ),
        AddIndexConcurrently(
            model_name='company',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'name_key', 'id'], name='company_owner_key'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['lifecycle_stage', 'name_rank', 'id'], name='contact_stage_rank'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'name_rank', 'id'], name='contact_owner_rank'),
        ),
        migrations.AlterField(
            model_name='company',
            name='lifecycle_stage',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.lifecyclestage', verbose_name='Stage'),
        ),
        migrations.AlterField(
            model_name='company',
            name='owner',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='contact',
            name='lifecycle_stage',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.lifecyclestage', verbose_name='Stage'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='owner',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
