"""Telling members what happened, and members saying that they have seen it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.actors import Actor
from crm.notifications.models import RETENTION, Notification
from tenants.members.models import User


@transaction.atomic
def notify(
    members: Collection[UUID],
    *,
    kind: str,
    actor: Actor,
    record_type: str = "",
    record_id: UUID | None = None,
    path: str = "",
    event_id: UUID | None = None,
) -> int:
    """Tell these members, each of them once for one event; return how many are told."""
    active = User.objects.filter(pk__in=members, is_active=True).values_list("pk", flat=True)
    rows = [
        Notification(
            member_id=member,
            kind=kind,
            record_type=record_type,
            record_id=record_id,
            path=path,
            actor_label=actor.label,
            event_id=event_id,
        )
        for member in active
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def mark_read(ids: Iterable[UUID] | None, *, actor: Actor, at: datetime) -> int:
    """Mark these of the actor's notifications as read, or all of them; return how many were not."""
    if actor.user_id is None:
        raise PermissionDenied("notifications")
    unread = Notification.objects.unread().filter(member_id=actor.user_id)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=at)


@transaction.atomic
def forget_old_notifications(*, at: datetime) -> int:
    """Delete notifications that are too old to matter; return how many."""
    return Notification.objects.filter(created_at__lt=at - RETENTION).delete()[0]
