"""With whose eyes a file was written: it is fetched only by whoever may still see all that is in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.access import can
from core.actors import Actor, Share
from core.field_rights import SHOWN
from core.records.registry import RecordType

# Whose records it is about, by both permissions that an export needs.
VERBS = ("view", "export")


def rights_to_export(record_type: RecordType, actor: Actor) -> dict[str, Any]:
    """Return whose records of the type the actor may export, which were shared, and which fields they do not see.

    Owners are None where they are everybody's.
    """
    owners = {verb: _owners(actor, record_type.permission(verb)) for verb in VERBS}
    shared = [] if owners["view"] is None else actor.shared(record_type.name, Share.VIEW)
    fields = actor.fields.of_type(record_type.name)
    return {
        **owners,
        "shared": sorted(map(str, shared)),
        "unseen": sorted(name for name, right in fields.items() if right not in SHOWN),
    }


def _owners(actor: Actor, permission: str) -> list[str] | None:
    owners: frozenset[UUID] | None = frozenset()
    if can(actor, permission):
        owners = actor.owners(permission)
    return None if owners is None else sorted(map(str, owners))


def covers(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Return whether who has these rights may see all that could be seen with those."""
    is_within = all(_includes(now[verb], then[verb]) for verb in VERBS)
    is_shared = now["view"] is None or set(then["shared"]) <= set(now["shared"])
    return is_within and is_shared and set(now["unseen"]) <= set(then["unseen"])


def _includes(owners: list[str] | None, others: list[str] | None) -> bool:
    return owners is None or (others is not None and set(others) <= set(owners))
