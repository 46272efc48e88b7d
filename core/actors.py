"""Who is acting: a member, an API key, or the system itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody on whose authority an operation runs.

    The occasion is what they are doing as a whole, such as an import; every event they cause tells it.
    """

    kind: Literal["member", "api_key", "system"]
    id: UUID | None
    label: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    user_id: UUID | None = None
    occasion: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def system(cls, label: str, *permissions: str) -> Self:
        """Return an actor for work nobody asked for, with exactly these permissions."""
        return cls("system", None, label, frozenset(permissions))

    def during(self, **occasion: Any) -> Self:
        """Return the same actor on this occasion."""
        return replace(self, occasion={**self.occasion, **occasion})
