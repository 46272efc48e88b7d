"""Counting calls against the limits of whoever makes them, and saying how many are left."""

import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds, under the name that callers are told."""

    name: str
    quota: int
    window: int

    @classmethod
    def read(cls, name: str, rate: str) -> "Limit":
        """Return the limit that a setting such as 1200/min states."""
        quota, _slash, unit = rate.partition("/")
        return cls(name, int(quota), SECONDS[unit[0]])


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands to a limit after a call."""

    limit: Limit
    count: int
    seconds_left: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit.quota - self.count)

    @property
    def is_over(self) -> bool:
        return self.count > self.limit.quota


def count_call(limit: Limit, caller: str, *, at: float | None = None) -> Standing:
    """Count one call in the window the clock is in; a count starts anew with each window.

    The cache adds in one step, so processes that share it do not count over each other.
    """
    moment = time.time() if at is None else at
    began = int(moment // limit.window) * limit.window
    counts: Any = caches["throttle"]
    key = f"rate:{limit.name}:{caller}:{began}"
    counts.add(key, 0, limit.window + 1)
    return Standing(limit, counts.incr(key), began + limit.window - int(moment))


def headers(standings: list[Standing]) -> dict[str, str]:
    """Return what a caller is told of the limits (draft-ietf-httpapi-ratelimit-headers)."""
    policies = (
        f'"{each.limit.name}";q={each.limit.quota};w={each.limit.window}' for each in standings
    )
    states = (f'"{each.limit.name}";r={each.remaining};t={each.seconds_left}' for each in standings)
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}
