"""A member's notifications as they read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actors import Actor
from core.http import Request
from core.prepared import Prepared, given
from core.records.attached import Seen, records_seen_by
from crm.history.models.change_sets import ChangeSet
from crm.history.pages.change_sets import ChangeSetView
from crm.notifications.kinds import BULK, kinds
from crm.notifications.models import Notification

SHOWN = 50
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Told:
    """One notification in words; without an address what it was about is gone."""

    notification: Notification
    who: str
    what: str
    about: str
    url: str
    icon: str


# Counting ends where nobody would count on.
UNREAD = Prepared(
    lambda: (
        Notification.objects.unread()
        .filter(given("notifications_notification.member_id = %s::uuid"))
        .only("pk")
        .order_by("pk")[: MOST_COUNTED + 1]
    )
)


def shown_count(request: Request, unread: list[Notification]) -> str:
    """Return the number as a badge shows it, or nothing."""
    count = len(unread)
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def latest(actor: Actor) -> list[Told]:
    """Return the actor's latest notifications, newest first."""
    mine = (
        Notification.objects.shown().filter(member_id=actor.user_id).order_by("-created_at", "-pk")
    )
    return in_words(list(mine[:SHOWN]), actor=actor)


def in_words(notifications: list[Notification], *, actor: Actor) -> list[Told]:
    """Return the notifications in words, each with the way to what it is about."""
    places = [(each.record_type, each.record_id) for each in notifications if each.record_id]
    seen = records_seen_by(actor, places, named=True)
    titles = _titles([each.path for each in notifications if each.kind == BULK.name], actor)
    return [_told(each, seen, titles) for each in notifications]


def _titles(paths: Iterable[str], actor: Actor) -> Mapping[str, str]:
    """Return what the change sets at these addresses did, in words."""
    ids = {path.strip("/").rpartition("/")[2] for path in paths}
    sets = ChangeSet.objects.visible_to(actor).filter(pk__in=ids).select_related("undoes")
    at = now()
    views = (ChangeSetView(each, actor, at) for each in sets) if ids else ()
    return {view.set.get_absolute_url(): view.title for view in views}


def _told(notification: Notification, seen: Mapping[UUID, Seen], titles: Mapping[str, str]) -> Told:
    if notification.path:
        about, url = titles.get(notification.path, ""), notification.path
    elif notification.record_id and (found := seen.get(notification.record_id)):
        about, url = str(found.record), found.record.get_absolute_url()
    else:
        about, url = _("A record that is gone"), ""
    kind = kinds()[notification.kind]
    return Told(
        notification=notification,
        who="" if notification.path else notification.actor_label,
        what=str(kind.said),
        about=about,
        url=url,
        icon=kind.icon,
    )
