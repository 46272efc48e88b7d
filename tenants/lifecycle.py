"""What other parts of the product add to the life of a workspace; they register it when they load."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Steps:
    """Functions called at four moments, in the order of registration.

    prepared: the platform's tables are ready. seeded: inside the template, to fill in defaults.
    created, deleted: a workspace's schema was made or dropped; called with its id.
    """

    prepared: list[Callable[[], None]] = field(default_factory=list)
    seeded: list[Callable[[], None]] = field(default_factory=list)
    created: list[Callable[[UUID], None]] = field(default_factory=list)
    deleted: list[Callable[[UUID], None]] = field(default_factory=list)


STEPS = Steps()
