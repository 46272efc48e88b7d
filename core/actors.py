"""Who is acting: a member, an API key, or the system itself."""

from dataclasses import dataclass, field
from typing import Literal, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody on whose authority an operation runs."""

    kind: Literal["member", "api_key", "system"]
    id: UUID | None
    label: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    user_id: UUID | None = None

    @classmethod
    def system(cls, label: str, *permissions: str) -> Self:
        """Return an actor for work nobody asked for, with exactly these permissions."""
        return cls("system", None, label, frozenset(permissions))
