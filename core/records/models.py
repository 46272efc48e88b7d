"""What every record has in common: an owner, its times, and who may see it."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from core.access import sees_all_owners
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet


class RecordQuerySet[R: models.Model](WorkspaceQuerySet[R]):
    """Reads of records; each begins with `visible_to(actor)`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows this actor may see, all or those of their own; what is in the trash is gone."""
        return self.seen_by(actor).filter(deleted_at=None)

    def change_visible_to(self, actor: Actor) -> Self:
        """Return the rows this actor may see, held until the transaction ends."""
        return self.visible_to(actor).select_for_update(of=("self",)).order_by("pk")

    def in_trash_of(self, actor: Actor) -> Self:
        """Return the rows in the trash that this actor would see if they were not there."""
        return self.seen_by(actor).filter(deleted_at__isnull=False)

    def seen_by(self, actor: Actor) -> Self:
        """Return the rows of owners whose records this actor may see, in the trash or not."""
        if sees_all_owners(actor):
            return self
        if actor.user_id is not None:
            return self.filter(owner_id=actor.user_id)
        return self.none()


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

    def is_visible_to(self, actor: Actor) -> bool:
        """Return whether this one row would be among those `visible_to` the actor."""
        return self.deleted_at is None and self.is_seen_by(actor)

    def is_seen_by(self, actor: Actor) -> bool:
        """Return whether this one row would be among those `seen_by` the actor."""
        is_own = actor.user_id is not None and self.owner_id == actor.user_id
        return is_own or sees_all_owners(actor)

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
