"""Who is acting: a member, an API key, or the system itself; what they may do, and to whose records."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, Self
from uuid import UUID

from core.field_rights import FieldRights


class Scope(StrEnum):
    """Whose records a permission is about; each includes the one before it."""

    OWN = "own"
    TEAM = "team"
    BELOW = "below"
    ALL = "all"


class Share(StrEnum):
    """What somebody may do with a single record that was shared with them."""

    VIEW = "view"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Reach:
    """The owners a scope stands for, for one member, and the records that were shared with them.

    `team` are the members of their teams, `below` those and the members of the teams under theirs;
    both may leave out the member, who is always meant. `shared` tells by record type which ids.
    """

    team: frozenset[UUID] = frozenset()
    below: frozenset[UUID] = frozenset()
    shared: Mapping[str, Mapping[UUID, Share]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody on whose authority an operation runs.

    `scopes` names the permissions that are not about everybody's records, and whose they are about;
    `fields` the fields they may not both see and change. With a viewer, it is that member who looks
    through these eyes, and they may do nothing but look.
    The occasion is what they are doing as a whole, such as an import; every event they cause tells it.
    """

    kind: Literal["member", "api_key", "system"]
    id: UUID | None
    label: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    user_id: UUID | None = None
    occasion: Mapping[str, Any] = field(default_factory=dict, compare=False)
    scopes: Mapping[str, Scope] = field(default_factory=dict, hash=False)
    reach: Reach = field(default_factory=Reach, compare=False)
    fields: FieldRights = field(default_factory=FieldRights)
    viewer: UUID | None = None

    @classmethod
    def system(cls, label: str, *permissions: str) -> Self:
        """Return an actor for work nobody asked for, with exactly these permissions over all records."""
        return cls("system", None, label, frozenset(permissions))

    def during(self, **occasion: Any) -> Self:
        """Return the same actor on this occasion."""
        return replace(self, occasion={**self.occasion, **occasion})

    def over_all(self) -> Self:
        """Return the same actor with the same permissions over everybody's records."""
        return replace(self, scopes={})

    def owners(self, permission: str) -> frozenset[UUID] | None:
        """Return whose records the permission is about: these members', or None for everybody's."""
        scope = self.scopes.get(permission, Scope.ALL)
        if scope == Scope.ALL:
            return None
        own = frozenset() if self.user_id is None else frozenset((self.user_id,))
        wider = {Scope.TEAM: self.reach.team, Scope.BELOW: self.reach.below}
        return own | wider.get(scope, frozenset())

    def shared(self, record_type: str, verb: str) -> Collection[UUID]:
        """Return the ids of the records that were shared with the actor to do this with them."""
        rows = self.reach.shared.get(record_type, {})
        if verb == Share.VIEW:
            return rows.keys()
        return [pk for pk, share in rows.items() if share == verb]
