"""Who sees or changes a record, and why: by owning it, by their role, by their teams, or because it was shared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Scope, Share
from core.field_rights import FieldRight
from core.records.registry import RecordType, record_type_of
from core.records.telling import narrowed_in_words
from tenants.members.models import RecordShare, Team, TeamMembership, User
from tenants.members.models.roles import Rights

VERBS = ("view", "change")


@dataclass(frozen=True, slots=True)
class Access:
    """What one member may do with a record: why they see it, why they may change it, and which of its
    fields they do not both see and change."""

    member: User
    view: tuple[str, ...]
    change: tuple[str, ...]
    fields: Mapping[str, FieldRight]
    narrowed: tuple[str, ...]


def access_to(record: Any) -> list[Access]:
    """Return every active member who sees the record, by name; in a handful of statements."""
    record_type, teams = record_type_of(type(record)), _Teams()
    shares = list(
        RecordShare.objects.filter(record_type=record_type.name, record_id=record.pk)
        .select_related("user", "team", "shared_by")
        .order_by("created_at", "pk")
    )
    found = []
    for member in User.objects.select_related("role").filter(is_active=True):
        rights = member.role.rights()
        why = {
            verb: tuple(_reasons(member, record, record_type, rights, verb, teams, shares))
            for verb in VERBS
        }
        if why["view"] and record.deleted_at is None:
            own = rights.fields.of_type(record_type.name)
            told = narrowed_in_words(record_type, rights.fields)
            found.append(Access(member, why["view"], why["change"], own, tuple(told)))
    return sorted(found, key=lambda each: each.member.name.casefold())


class _Teams:
    """Who belongs to which team, who manages it, and what it is part of; read once."""

    def __init__(self) -> None:
        self.by_id: Mapping[UUID, Team] = {team.pk: team for team in Team.objects.all()}
        self.members: dict[UUID, set[UUID]] = {pk: set() for pk in self.by_id}
        for team, member in TeamMembership.objects.values_list("team_id", "user_id"):
            self.members[team].add(member)

    def of(self, member: UUID) -> list[Team]:
        """Return the teams a member belongs to or manages."""
        return [
            team
            for pk, team in self.by_id.items()
            if member in self.members[pk] or team.manager_id == member
        ]

    def under(self, team: Team) -> Iterator[Team]:
        """Yield the team and every team that is part of it, however deep."""
        yield team
        for child in self.by_id.values():
            if child.parent_id == team.pk:
                yield from self.under(child)


def _reasons(
    member: User,
    record: Any,
    record_type: RecordType,
    rights: Rights,
    verb: str,
    teams: _Teams,
    shares: Iterable[RecordShare],
) -> Iterator[str]:
    """Yield why the member may do this; nothing when they may not."""
    scope = rights.scope(record_type.permission(verb))
    if scope is None:
        return
    if scope == Scope.ALL:
        yield _("The role %(role)s is for the records of everybody.") % {"role": member.role}
        return
    if record.owner_id == member.pk:
        yield _("Owns the record.")
    elif record.owner_id is not None:
        yield from _by_team(member, record.owner_id, scope, teams)
    yield from _by_sharing(member, verb, teams, shares)


def _by_team(member: User, owner: UUID, scope: Scope, teams: _Teams) -> Iterator[str]:
    if scope == Scope.OWN:
        return
    for team in teams.of(member.pk):
        if owner in teams.members[team.pk]:
            yield _("The owner is in the team %(team)s.") % {"team": team}
            return
    if scope != Scope.BELOW:
        return
    for team in teams.of(member.pk):
        for below in teams.under(team):
            if owner in teams.members[below.pk] or below.manager_id == owner:
                said = {"below": below, "team": team}
                yield _("The owner is in %(below)s, which is part of %(team)s.") % said
                return


def _by_sharing(
    member: User, verb: str, teams: _Teams, shares: Iterable[RecordShare]
) -> Iterator[str]:
    own = {team.pk for team in teams.of(member.pk)}
    for share in shares:
        if verb == "change" and share.level != Share.CHANGE:
            continue
        by = share.shared_by or _("somebody who left")
        if share.user_id == member.pk:
            yield _("Shared with them by %(who)s.") % {"who": by}
        elif share.team_id in own:
            yield _("Shared with the team %(team)s by %(who)s.") % {"team": share.team, "who": by}
