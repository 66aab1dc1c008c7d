"""At most so many tokens under way at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets requests in while the tokens of all of them stay within a limit; one alone may be of any length."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._under_way = 0
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, n_tokens: int) -> Iterator[None]:
        """Wait for room, and hold it until the block ends."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way or self._under_way + n_tokens <= self.limit)
            self._under_way += n_tokens
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= n_tokens
                self._changed.notify_all()
