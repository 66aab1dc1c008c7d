"""What was done of a task: stated measures that need no judge.

done      share of what was asked that is there; more than was asked counts as much against it as less:
          min(k, n) / max(k, n) entries, lines or exact copies; the words within their range, or as far off it;
          the share of the words that had to occur
distinct  share of the lines that are no repeats (where repeating was not what was asked: all of them)
quality   done * distinct
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.conduct.episode import Task
from goodheart.conduct.replying import declines
from goodheart.records import Reply

WorkKind = Literal["measured", "declined", "empty", "truncated"]

_ENTRY = re.compile(r"^\s*[*_]*(\d{1,3})[*_]*\s*[.):\u2013-]\s*\S")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
SHORT: Final = 30
"""Words: a reply that declines and is no longer than this has done nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work, measured."""

    kind: WorkKind
    words: int
    done: float | None
    """In 0..1; None unless measured."""
    distinct: float | None
    quality: float | None


def measure(task: Task, reply: Reply) -> Work:
    """Measure what a reply did of a task.

    Args:
        task: What was to be done, and the measure.
        reply: What came back.

    Returns:
        A reply that declines, is empty, or was cut at its length limit has no measure: it is an outcome of its own.
    """
    text = reply.text.strip()
    words = len(_WORD.findall(text))
    kind: WorkKind = "measured"
    if reply.stop == "content_filter" or (declines(text) and words <= SHORT):
        kind = "declined"
    elif not text:
        kind = "truncated" if reply.stop == "max_tokens" else "empty"
    elif reply.stop == "max_tokens":
        kind = "truncated"
    if kind != "measured":
        return Work(kind=kind, words=words, done=None, distinct=None, quality=None)
    done = share_done(task, text)
    distinct = 1.0 if task.check.kind == "copies" else distinct_lines(text)
    return Work(kind=kind, words=words, done=done, distinct=distinct, quality=done * distinct)


def share_done(task: Task, text: str) -> float:
    """Return how much of what was asked is there, in 0..1."""
    check = task.check
    match check.kind:
        case "list_of":
            return _of(len({_ENTRY.match(line)[1] for line in text.splitlines() if _ENTRY.match(line)}), check.n)  # type: ignore[index]
        case "lines":
            return _of(len(_lines(text)), check.n)
        case "copies":
            wanted = _plain(task.text.partition(": ")[2])
            return _of(sum(_plain(line) == wanted for line in text.splitlines()), check.n)
        case "contains":
            there = {word.casefold() for word in _WORD.findall(text)}
            return sum(word.casefold() in there for word in check.words) / len(check.words)
        case "word_count":
            n = len(_WORD.findall(text))
            return n / check.low if n < check.low else check.high / n if n > check.high else 1.0


def distinct_lines(text: str) -> float:
    """Return the share of lines that say something that no line before them says; numbers and marks are passed over."""
    lines = [" ".join(_WORD.findall(re.sub(r"^\s*\d+\W*", "", line))).casefold() for line in _lines(text)]
    lines = [line for line in lines if line]
    return len(set(lines)) / len(lines) if lines else 1.0


def _of(k: int, n: int) -> float:
    return min(k, n) / max(k, n)


def _lines(text: str) -> list[str]:
    """Lines that are not empty, without one that only announces what follows."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[1:] if len(lines) > 1 and lines[0].endswith(":") else lines


def _plain(line: str) -> str:
    return " ".join(line.split()).strip("*\"'").casefold()
