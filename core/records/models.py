"""What every record has in common: an owner, its times, and who may see it."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.access import can
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet


class RecordQuerySet[R: models.Model](WorkspaceQuerySet[R]):
    """Reads of records; each begins with `visible_to(actor)`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows this actor may see; what is in the trash is gone."""
        return self.seen_by(actor).filter(deleted_at=None)

    def change_visible_to(self, actor: Actor) -> Self:
        """Return the rows this actor may see, held until the transaction ends."""
        return self.visible_to(actor).select_for_update(of=("self",)).order_by("pk")

    def in_trash_of(self, actor: Actor) -> Self:
        """Return the rows in the trash that this actor would see if they were not there."""
        return self.seen_by(actor).filter(deleted_at__isnull=False)

    def seen_by(self, actor: Actor) -> Self:
        """Return the rows this actor may see, in the trash or not."""
        return self.within(actor, "view")

    def within(self, actor: Actor, verb: str) -> Self:
        """Return the rows this actor may do this with: by their owners, and those that were shared."""
        model: type[Record] = self.model  # type: ignore[assignment]
        permission = model.permission(verb)
        if permission not in actor.permissions:
            return self.none()
        owners = actor.owners(permission)
        if owners is None:
            return self
        of_owners = Q(owner_id__in=owners)
        shared = actor.shared(str(model._meta.model_name), verb)
        return self.filter(of_owners | Q(pk__in=shared) if shared else of_owners)


class Record(WorkspaceModel):
    """A record people work with: it has an owner and says when it was made and changed."""

    # Its index is the type's own, together with what lists of one owner's records are sorted by.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Goes up with every change, so that two people who change the same thing notice each other.
    version = models.PositiveIntegerField(default=1, editable=False)
    # Since when it lies in the trash; none while it is in use.
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
    )

    # Fields whose change is worth an event; the rest is bookkeeping.
    bookkeeping: ClassVar[Iterable[str]] = ("created_at", "updated_at", "version")

    class Meta:
        abstract = True

    @classmethod
    def permission(cls, verb: str) -> str:
        """Return the permission to do this with records of this type: customers.add_company."""
        return f"{cls._meta.app_label}.{verb}_{cls._meta.model_name}"

    def is_visible_to(self, actor: Actor) -> bool:
        """Return whether this one row would be among those `visible_to` the actor."""
        if self.deleted_at is not None:
            return False
        return can(actor, self.permission("view"), self)

    def apply(self, changes: Mapping[str, Any]) -> list[str]:
        """Set, validate and save only what differs; return the names of the fields that did."""
        changed = [name for name, value in changes.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, changes[name])
        if changed:
            self.full_clean()
            self.version += 1
            self.save(update_fields=[*changed, "updated_at", "version"])
        return changed
