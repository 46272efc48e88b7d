"""Telling members what happened, and members saying that they have seen it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from crm.notifications.kinds import Mail, kinds
from crm.notifications.mail_jobs import mail_now
from crm.notifications.models import RETENTION, Notification, NotificationPreference
from crm.notifications.preferences import Wish, wishes_for
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
    """Tell these members as they wish to be told, each once for one event; return how many are."""
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
            is_shown=wish.is_shown,
            mail=wish.mail,
        )
        for member, wish in wishes_for(kind, list(active)).items()
        if wish.is_wanted
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if at_once := [str(row.pk) for row in rows if row.mail == Mail.NOW]:
        mail_now.enqueue(notification_ids=at_once)
    return len(rows)


@transaction.atomic
def set_preferences(wishes: Mapping[str, Wish], *, actor: Actor) -> None:
    """Have the actor be told of these kinds as they wish, from now on."""
    if actor.user_id is None:
        raise PermissionDenied("notifications")
    if unknown := wishes.keys() - kinds().keys():
        raise ValidationError({min(unknown): _("There is no such kind of notification.")})
    rows = [
        NotificationPreference(
            member_id=actor.user_id, kind=kind, is_shown=wish.is_shown, mail=wish.mail
        )
        for kind, wish in wishes.items()
    ]
    for row in rows:
        row.clean_fields(exclude=["member"])
    NotificationPreference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["member", "kind"],
        update_fields=["is_shown", "mail"],
    )


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
