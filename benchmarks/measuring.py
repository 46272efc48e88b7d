"""How things are measured: medians of repeated runs, in milliseconds."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WARM_UP, ROUNDS = 3, 5


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


def median_ms(action: Callable[[], object], *, times: int) -> float:
    """Return the median milliseconds of one call."""
    return medians_ms([action], times=times)[0]


def medians_ms(actions: Sequence[Callable[[], object]], *, times: int) -> list[float]:
    """Return the median milliseconds of each of these, taken in rounds.

    A machine that is slower for a while is slower for all of them, so that ratios stay true. Within
    a round each is called again and again, because after another one everything is slower at first.
    """
    taken: list[list[float]] = [[] for _action in actions]
    for _round in range(ROUNDS):
        for action, known in zip(actions, taken, strict=True):
            for _turn in range(WARM_UP):
                action()
            known += [_timed(action) for _turn in range(times // ROUNDS)]
    return [statistics.median(each) for each in taken]


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def once_ms(action: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    return _timed(action)
