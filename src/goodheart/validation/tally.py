"""How often each check failed, held and declined; tallies of blocks add up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goodheart.records import Verdict

Answer = tuple[str, str]
"""A verdict and its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Verdicts of some runs."""

    n: int
    answers: Mapping[str, Mapping[Answer, int]]
    """By check: how often each verdict was given for each reason."""
    any_failed: int
    """Runs in which at least one check failed."""

    def count(self, check: str, verdict: str) -> int:
        """Return how often a check gave a verdict."""
        return sum(times for (word, _), times in self.answers.get(check, {}).items() if word == verdict)


def tally_of(runs: Iterable[Sequence[Verdict]]) -> Tally:
    """Count the verdicts of runs."""
    n = any_failed = 0
    answers: dict[str, Counter[Answer]] = {}
    for verdicts in runs:
        n += 1
        any_failed += any(one.verdict == "fails" for one in verdicts)
        for one in verdicts:
            answers.setdefault(one.check, Counter())[one.verdict, one.reason] += 1
    return Tally(n=n, answers=answers, any_failed=any_failed)


def added(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up."""
    n = any_failed = 0
    answers: dict[str, Counter[Answer]] = {}
    for one in tallies:
        n += one.n
        any_failed += one.any_failed
        for check, counts in one.answers.items():
            answers.setdefault(check, Counter()).update(counts)
    return Tally(n=n, answers=answers, any_failed=any_failed)


def tally_data(one: Tally) -> dict[str, Any]:
    """Write a tally as plain data."""
    return {
        "n": one.n,
        "any_failed": one.any_failed,
        "answers": {
            check: [[word, reason, times] for (word, reason), times in sorted(counts.items())]
            for check, counts in one.answers.items()
        },
    }


def tally_from(data: Mapping[str, Any]) -> Tally:
    """Read a tally back."""
    answers = {
        check: {(str(word), str(reason)): int(times) for word, reason, times in counts}
        for check, counts in data["answers"].items()
    }
    return Tally(n=int(data["n"]), answers=answers, any_failed=int(data["any_failed"]))
