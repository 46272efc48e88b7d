"""What other parts of the product add to the life of a workspace; they register it when they load."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Steps:
    """Functions called at certain moments, in the order of registration.

    prepared: the platform's tables are ready. seeded: inside the template, to fill in defaults.
    released: a release reaches a schema; they return SQL that is safe to repeat, and where it
    differs from the last release's, every workspace gets it. created, deleted: a workspace's
    schema was made or dropped; called with its id.
    """

    prepared: list[Callable[[], None]] = field(default_factory=list)
    seeded: list[Callable[[], None]] = field(default_factory=list)
    released: list[Callable[[], str]] = field(default_factory=list)
    created: list[Callable[[UUID], None]] = field(default_factory=list)
    deleted: list[Callable[[UUID], None]] = field(default_factory=list)


STEPS = Steps()
