"""A run folder: one frozen plan, one process at a time, one journal.

DIR/study.json      the frozen plan with its digest
DIR/lock            held by the process that runs; the operating system lets go of it when the process dies
DIR/replies.jsonl   the journal
DIR/logs/           Inspect's logs, for viewing only
"""

import errno
import fcntl
import json
import os
import socket
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from goodheart.engine.journal import FILE_NAME as JOURNAL_NAME
from goodheart.engine.journal import Journal
from goodheart.engine.plan_difference import plan_difference
from goodheart.errors import RunFolderError
from goodheart.items.choice_items import SourceIdentity

PLAN_NAME = "study.json"
LOCK_NAME = "lock"
LOGS_NAME = "logs"
TEMPORARY = ".unfinished"


class RunFolder:
    """An open run folder; use it in a `with` statement."""

    def __init__(self, path: Path, journal: Journal, held: ExitStack) -> None:
        self.path = path
        self.journal = journal
        self.log_dir = path / LOGS_NAME
        self._held = held

    @classmethod
    def open(cls, path: Path, *, plan: str, digest: str) -> Self:
        """Take a run folder for this process: a new one for a new plan, or the one that this plan began.

        Args:
            path: The folder; it and its parents are made where they are missing.
            plan: The frozen plan, a JSON object as text.
            digest: The plan's digest. It alone decides whether two plans are the same one.

        Returns:
            The folder, locked, with its journal open.

        Raises:
            RunFolderError: if another process or another plan has it, or it cannot be used as a folder.
        """
        _make(path)
        with ExitStack() as stack:
            descriptor = _lock(path)
            stack.callback(os.close, descriptor)
            _clear_unfinished(path)
            _settle_plan(path, plan, digest)
            _use(path, path / LOGS_NAME)
            journal = Journal.open(path)
            stack.callback(journal.close)
            return cls(path, journal, stack.pop_all())

    def close(self) -> None:
        """Close the journal and let go of the folder; closing twice does nothing."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def read_plan(path: Path) -> dict[str, Any]:
    """Read the frozen plan of a run folder.

    Raises:
        RunFolderError: if there is none or it is no JSON object.
    """
    file = path / PLAN_NAME
    try:
        plan = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunFolderError(
            f"A run folder holds its plan in {PLAN_NAME}. {file} could not be read: {error.strerror}. "
            "Check that the folder is one that `goodheart audit --out` wrote."
        ) from error
    except ValueError as error:
        raise _broken_plan(file, str(error)) from error
    if not isinstance(plan, dict) or not isinstance(plan.get("digest"), str):
        raise _broken_plan(file, "no object with a digest")
    return plan


def refuse_changed_items(kind: str, planned: Sequence[SourceIdentity], found: Sequence[SourceIdentity]) -> None:
    """Refuse to read a run with other items than those that it was planned from.

    Args:
        kind: Of run, after "A run".
        planned: What its plan froze.
        found: What would be read with.

    Raises:
        RunFolderError: some of them changed.
    """
    differing = [one.name for one in planned if one not in found]
    if differing:
        raise RunFolderError(
            f"A run {kind} is read with the items that it was planned from. "
            f"{', '.join(differing)} changed since. Use the version that planned it, or run it again with --out OTHER."
        )


def refuse_named_twice(folders: Sequence[Path], *, why: str, again: str) -> None:
    """Refuse run folders of which one is named twice, by whatever way.

    Args:
        folders: As they were named.
        why: Why each counts once, as a sentence.
        again: What to type, as a sentence.

    Raises:
        RunFolderError: one is.
    """
    resolved = [folder.resolve() for folder in folders]
    twice = [str(folder) for folder, path in zip(folders, resolved, strict=True) if resolved.count(path) > 1]
    if twice:
        raise RunFolderError(f"{why} {twice[0]} was named twice. {again}")


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a process killed half-way, sees the old content or the new, nothing between.

    Args:
        path: The file, in an existing folder.
        content: All of it; text is written as UTF-8.

    Raises:
        RunFolderError: if the disk is full or the folder refuses; the old file is then as it was.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=TEMPORARY, dir=path.parent)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp makes it private; a report is there to be read
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise _unusable(path, error) from error
        raise


def out_folder(path: Path, *, holds: str) -> Path:
    """Make a folder that results go into, a run's own or another.

    Args:
        path: The folder; made with those above it where they are missing.
        holds: What goes into it, for the message, such as "Codes".

    Raises:
        RunFolderError: if it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(
            f"{holds} are written into a folder. {path} cannot be one: {error.strerror}. Choose another: --out DIR"
        ) from error
    return path


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.stat()
    except FileExistsError as error:
        raise _unusable(path, _why_no_folder(path) or error) from error
    except OSError as error:
        raise _unusable(path, error) from error


def _why_no_folder(path: Path) -> OSError | None:
    # A symbolic link that leads nowhere or in a circle also "exists" when a folder is made in its place.
    try:
        path.stat()
    except OSError as error:
        return error
    return None


def _use(folder: Path, logs: Path) -> None:
    _make(logs)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unusable(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _lock(path: Path) -> int:
    try:
        descriptor = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()} on {socket.gethostname()}\n".encode())
    except BlockingIOError as error:
        holder = os.read(descriptor, 200).decode("utf-8", "replace").strip() or "unknown"
        os.close(descriptor)
        raise RunFolderError(
            f"A run folder belongs to one process at a time, so that no reply is asked twice. {path} is in use by "
            f"process {holder}. Wait for it, or choose another folder: --out OTHER."
        ) from error
    except OSError as error:
        os.close(descriptor)
        raise _unusable(path, error) from error
    return descriptor


def _clear_unfinished(path: Path) -> None:
    for leftover in path.glob(f".*{TEMPORARY}"):
        leftover.unlink(missing_ok=True)


def _settle_plan(path: Path, plan: str, digest: str) -> None:
    new = {"digest": digest, **json.loads(plan)}
    if not (path / PLAN_NAME).exists():
        _refuse_strangers(path)
        write_atomic(path / PLAN_NAME, json.dumps(new, indent=1, ensure_ascii=False) + "\n")
        return
    old = read_plan(path)
    if old["digest"] != digest:
        raise RunFolderError(
            f"A run folder belongs to one plan, so that its replies answer the same questions. {path} holds another "
            "one. To keep it, type --out OTHER; to start over, delete the folder. What differs (there -> now):",
            problems=plan_difference(old, new),
        )


def _refuse_strangers(path: Path) -> None:
    """A folder without a plan may hold what a start leaves that was interrupted, and nothing else."""
    ours = {LOCK_NAME, LOGS_NAME}
    others = sorted(
        entry.name for entry in path.iterdir() if entry.name not in ours and not entry.name.endswith(".tmp")
    )
    if JOURNAL_NAME in others:
        raise RunFolderError(
            f"Replies belong to the plan in {PLAN_NAME}. {path} has {JOURNAL_NAME} but no {PLAN_NAME}. "
            f"Put {PLAN_NAME} back, or choose another folder: --out OTHER."
        )
    if others:
        raise RunFolderError(
            f"A new run needs a folder of its own. {path} already holds {', '.join(others[:3])}"
            f"{' ...' if len(others) > 3 else ''}. Choose a new one: --out {path / 'run'}."
        )


def _broken_plan(file: Path, found: str) -> RunFolderError:
    return RunFolderError(
        f"{file} must hold the frozen plan, because it says which questions the replies answer. It does not: {found}. "
        "Put the original back, or choose another folder: --out OTHER."
    )


_WHY = {
    errno.ENOTDIR: "something on the way to it is a file",
    errno.EEXIST: "it is a file",
    errno.ELOOP: "its symbolic links lead round in a circle",
    errno.EACCES: "there is no permission to write in it",
    errno.EPERM: "there is no permission to write in it",
    errno.EROFS: "it is on a read-only disk",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.ENOLCK: "its file system has no locks",
}


def _unusable(path: Path, error: OSError) -> RunFolderError:
    why = _WHY.get(error.errno or 0, error.strerror or str(error))
    return RunFolderError(
        f"A run keeps everything in a folder that it can write to. {path} cannot be used: {why}. "
        "Mend that, or choose another folder: --out OTHER."
    )
