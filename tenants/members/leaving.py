"""What other parts of the product do when a member leaves; they register it when they load."""

from collections.abc import Callable
from typing import Any

# Called in the transaction that closes the log-in, with who leaves, who takes over, and the actor.
type Farewell = Callable[..., Any]
FAREWELLS: list[Farewell] = []


def on_leaving(farewell: Farewell) -> Farewell:
    """Call the function whenever a member leaves the workspace."""
    FAREWELLS.append(farewell)
    return farewell
