"""What the vault stores. It holds no personal data: ids, wrapped keys and when they ended."""

from django.db import models
from django.db.models.functions import Now

from core.ids import new_id


class Epoch(models.Model):
    """One key-encryption key. Exactly one is current; a retired one ends by being destroyed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="vault_one_current_epoch", fields=["retired_at"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="vault_epoch_retired_before_destroyed",
                condition=models.Q(destroyed_at=None) | models.Q(retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TenantKey(models.Model):
    """A workspace's root key, and a value sealed under it that shows whether it still opens."""

    tenant = models.UUIDField(primary_key=True, editable=False)
    key_id = models.BinaryField(max_length=8)
    wrapped = models.BinaryField(null=True)
    canary = models.BinaryField(null=True)
    epoch = models.ForeignKey(Epoch, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vault_tenant_key_gone_iff_destroyed",
                condition=models.Q(wrapped=None, canary=None, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, canary__isnull=False, destroyed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.tenant)


class SubjectKey(models.Model):
    """The key of one person in one workspace. The row outlives the key, so that it stays dead."""

    pk = models.CompositePrimaryKey("tenant", "key_id")
    tenant = models.UUIDField()
    key_id = models.BinaryField(max_length=8)
    subject = models.UUIDField()
    wrapped = models.BinaryField(null=True)
    epoch = models.ForeignKey(Epoch, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="vault_subject_key_one_per_person", fields=["tenant", "subject"]
            ),
            models.CheckConstraint(
                name="vault_subject_key_gone_iff_destroyed",
                condition=models.Q(wrapped=None, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant}/{self.subject}"


class Generation(models.Model):
    """A single row counting destructions; a process that sees it move forgets its keys."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="vault_one_generation", condition=models.Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.number)
