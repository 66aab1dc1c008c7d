"""The run's own append-only record of what arrived: `replies.jsonl`.

What is promised, and what is not:

- `append` returns only after the whole line has been handed to the operating system, so a reply that was
  acknowledged survives `kill -9` of this process at any moment.
- The file is synced to the disk at most once a second and when the journal closes, so a power cut can lose the last
  second. What is lost that way is asked again.
- A line that was being written when the process died has no newline. It was never acknowledged; it is cut off when the
  journal is next opened.
- A full disk leaves no part of a line behind: the file goes back to its last whole line and the error says so.
"""

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from goodheart.engine.journal_lines import (
    JournalContent,
    Key,
    encodable,
    parse_lines,
    reply_key,
    reply_line,
    settled,
)
from goodheart.errors import InternalError, RunFolderError
from goodheart.records import Reply

FILE_NAME = "replies.jsonl"
KEPT_CHARACTERS = 200_000
"""Longest text that is kept whole; of a longer one the start is kept and its length noted."""
SYNC_SECONDS = 1.0


def read_replies(folder: Path) -> tuple[Reply, ...]:
    """Read a run's settled replies without touching the folder; needs no lock.

    Args:
        folder: The run folder.

    Returns:
        One reply for each key, as `settled` gives them; an unfinished last line is passed over.

    Raises:
        RunFolderError: if there is no journal, or a line in it is broken.
    """
    return settled(read_journal(folder).replies)


def read_journal(folder: Path) -> JournalContent:
    """Read everything in a run's journal, superseded failures included, without touching it."""
    path = folder / FILE_NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RunFolderError(
            f"The replies of a run are read from {path}. It could not be read: {error.strerror}. "
            "Check that the folder is one that `goodheart audit --out` wrote."
        ) from error
    return parse_lines(data, path)


class Journal:
    """The open journal of one run; thread-safe, and to be opened by one process at a time (`RunFolder` sees to it)."""

    def __init__(self, path: Path, descriptor: int, content: JournalContent, size: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._size = size
        self._lock = threading.Lock()
        self._synced = time.monotonic()
        self._broken = False
        self._arrived = list(content.replies)
        self._cut = dict(content.cut_texts)
        self.mended_bytes = 0
        """Length of the unfinished last line that was cut off when the journal was opened; 0 if there was none."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the journal in a folder, or start one.

        Args:
            folder: An existing run folder, held by this process.

        Returns:
            The journal, ready for appending; an unfinished last line has been cut off.

        Raises:
            RunFolderError: if the file cannot be opened or a line in it is broken.
        """
        path = folder / FILE_NAME
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise _refused(path, error) from error
        try:
            data = path.read_bytes()
            content = parse_lines(data, path)
            size = len(data) if content.torn_at is None else content.torn_at
            if content.torn_at is not None:
                os.ftruncate(descriptor, size)
            journal = cls(path, descriptor, content, size)
            journal.mended_bytes = len(data) - size
        except BaseException:
            os.close(descriptor)
            raise
        return journal

    def append(self, reply: Reply) -> Reply:
        """Write one reply; when this returns, killing the process no longer loses it.

        Args:
            reply: As it arrived.

        Returns:
            The reply as it was kept: the text cut to `KEPT_CHARACTERS` if it was longer.

        Raises:
            RunFolderError: if the disk is full or refuses; nothing of this reply is left in the file.
        """
        kept = encodable(replace(reply, text=reply.text[:KEPT_CHARACTERS]))
        cut_from = len(reply.text) if len(reply.text) > KEPT_CHARACTERS else None
        line = reply_line(kept, cut_from)
        with self._lock:
            self._write(line)
            self._arrived.append(kept)
            if cut_from is not None:
                self._cut[reply_key(kept)] = cut_from
            self._sync_now_and_then()
        return kept

    def replies(self) -> tuple[Reply, ...]:
        """Return one reply for each key, as `settled` gives them."""
        return settled(self.arrived())

    def arrived(self) -> tuple[Reply, ...]:
        """Return every reply in the order of arrival, superseded failures included."""
        with self._lock:
            return tuple(self._arrived)

    def answered(self, respondent: str) -> frozenset[tuple[str, int]]:
        """Return the (trial digest, repeat) pairs of a respondent that need not be asked again."""
        return frozenset((r.trial, r.repeat) for r in self.arrived() if r.respondent == respondent and r.error is None)

    def cut_texts(self) -> dict[Key, int]:
        """Return the keys whose text was too long to keep whole, with its true length in characters."""
        with self._lock:
            return dict(self._cut)

    def close(self) -> None:
        """Sync and close; closing twice does nothing."""
        with self._lock:
            if self._descriptor < 0:
                return
            descriptor, self._descriptor = self._descriptor, -1
            try:
                self._sync(descriptor)
            finally:
                os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _write(self, line: bytes) -> None:
        if self._descriptor < 0:
            raise InternalError("a reply was appended to a journal that is closed")
        if self._broken:
            raise RunFolderError(
                f"{self._path} could not be brought back to its last whole line. Mend the disk, then run the same "
                "command again: the unfinished line is cut off and what is missing is asked."
            )
        try:
            _write_all(self._descriptor, line)
            self._size += len(line)
        except OSError as error:
            self._go_back()
            raise _refused(self._path, error) from error

    def _sync_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._synced >= SYNC_SECONDS:
            self._sync(self._descriptor)
            self._synced = now

    def _sync(self, descriptor: int) -> None:
        try:
            os.fsync(descriptor)
        except OSError as error:
            raise _refused(self._path, error) from error

    def _go_back(self) -> None:
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError:
            # The next opening cuts the unfinished line off, provided that nothing is written behind it.
            self._broken = True


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        # A disk that fills up accepts part of a line first and refuses at the next call.
        rest = rest[os.write(descriptor, rest) :]


def _refused(path: Path, error: OSError) -> RunFolderError:
    return RunFolderError(
        f"Every reply is written to {path} before anything else is done with it. The disk refused: {error.strerror}. "
        "Nothing that arrived before is lost: make room (or mend the folder) and run the same command again."
    )
