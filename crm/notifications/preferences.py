"""How members want to be told of what."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from core.access import can
from core.actors import Actor
from crm.notifications.kinds import Kind, Mail, kinds
from crm.notifications.models import NotificationPreference


class Wish(NamedTuple):
    """Whether something is shown among the notifications, and when it is mailed."""

    is_shown: bool
    mail: str

    @property
    def is_wanted(self) -> bool:
        return self.is_shown or self.mail != Mail.OFF


def wishes_for(kind: str, members: Collection[UUID]) -> dict[UUID, Wish]:
    """Return how each of these members wants to be told of this."""
    plain = Wish(is_shown=True, mail=kinds()[kind].mail)
    rows = NotificationPreference.objects.filter(kind=kind, member__in=members)
    chosen = {row.member_id: Wish(row.is_shown, row.mail) for row in rows}
    return {member: chosen.get(member, plain) for member in members}


def wishes_of(actor: Actor) -> dict[Kind, Wish]:
    """Return what concerns the actor, and how they want to be told of it."""
    rows = NotificationPreference.objects.filter(member_id=actor.user_id)
    chosen: Mapping[str, Wish] = {row.kind: Wish(row.is_shown, row.mail) for row in rows}
    return {
        kind: chosen.get(kind.name, Wish(is_shown=True, mail=kind.mail))
        for kind in kinds().values()
        if not kind.permission or can(actor, kind.permission)
    }
