"""How things are measured: medians of repeated runs, in milliseconds."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was done, how long it and its baseline took, the most the ratio may be."""

    name: str
    value: float
    unit: str = "ms"
    baseline: float | None = None
    allowed: float | None = None
    allowed_value: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def is_within(self) -> bool:
        if self.allowed is not None and self.ratio is not None and self.ratio > self.allowed:
            return False
        return self.allowed_value is None or self.value <= self.allowed_value


def median_ms(action: Callable[[], object], *, times: int, warm_up: int = 3) -> float:
    """Return the median milliseconds of one call."""
    for _turn in range(warm_up):
        action()
    return statistics.median(_timed(action) for _turn in range(times))


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def once_ms(action: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    return _timed(action)
