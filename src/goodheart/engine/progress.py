"""How far a run is, with an honest time left."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

RECENT = 64
"""Replies that the rate is taken over: the time left follows the provider as it is now, not as it was at the start."""
ENOUGH = 5
"""Replies before a time left is said at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One report of progress."""

    done: int
    """Askings settled in this process, failures included."""
    total: int
    """Askings that this process set out to put."""
    failed: int
    elapsed: float
    """Seconds since the first asking."""
    seconds_left: float | None
    """At the rate of the recent replies; None while there are too few to say."""


class Clock:
    """Counts replies and reckons the time left."""

    def __init__(self, total: int, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._start = now()
        self._total = total
        self._recent: deque[float] = deque([self._start], maxlen=RECENT + 1)
        self.done = 0
        self.failed = 0

    def tick(self, *, failed: bool) -> Progress:
        """Count one reply."""
        now = self._now()
        self._recent.append(now)
        self.done += 1
        self.failed += failed
        return Progress(
            done=self.done, total=self._total, failed=self.failed, elapsed=now - self._start, seconds_left=self._left()
        )

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self._now() - self._start

    def _left(self) -> float | None:
        if self.done == self._total:
            return 0.0
        if self.done < ENOUGH:
            return None
        seconds_each = (self._recent[-1] - self._recent[0]) / (len(self._recent) - 1)
        return seconds_each * (self._total - self.done)
