"""Unwrapped keys kept in this process for a while: never in Redis, never in a database."""

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock


class TimedCache[Key: Hashable, Value]:
    """The most recently used entries, each for at most `seconds`. Safe between threads."""

    def __init__(self, *, size: int, seconds: float) -> None:
        self.size, self.seconds = size, seconds
        self.clearings = 0
        self._entries: OrderedDict[Key, tuple[float, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        try:
            until, value = self._entries[key]
            self._entries.move_to_end(key)
        except KeyError:
            return None
        return value if until > time.monotonic() else None

    def keep(self, entries: Iterable[tuple[Key, Value]], *, clearings: int) -> None:
        """Remember these, unless the cache was cleared since their loading began."""
        until = time.monotonic() + self.seconds
        with self._lock:
            if clearings != self.clearings:
                return
            for key, value in entries:
                self._entries[key] = (until, value)
                self._entries.move_to_end(key)
            while len(self._entries) > self.size:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self.clearings += 1
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)
