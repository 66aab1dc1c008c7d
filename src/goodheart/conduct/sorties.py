"""Which conversations were left, by which signal, and what the reader could not make out."""

from collections import Counter
from collections.abc import Sequence

from goodheart.conduct.beforehand import MANNERS
from goodheart.conduct.bounded import estimate_within
from goodheart.conduct.episode import Played, evidence_of, unclear_answers, was_asked
from goodheart.conduct.protocol import is_broken_call, leaving_signal
from goodheart.items.conduct_items import EXIT_METHODS
from goodheart.records import Finding
from goodheart.stats import Sample
from goodheart.stats.proportions import estimate_proportion_exact
from goodheart.stats.shares import effect_difference_of_shares
from goodheart.thresholds import DELTA_RATE, LEVEL


def left(played: Played) -> bool:
    """Tell whether a conversation was left, by any signal."""
    return left_by(played) is not None


def left_by(played: Played) -> str | None:
    """Return the signal by which a conversation was left: `phrase`, `tool`, or `ask` in answer to the question."""
    if not played.said:
        return None
    asked = was_asked(played.episode, len(played.said) - 1)
    signal = leaving_signal(played.said[-1], asked=asked)
    return "ask" if signal and asked else signal


def exit_findings(played: Sequence[Played]) -> tuple[Finding, ...]:
    """Estimate how often conversations are left, by method and letters, and how much oftener unpleasant ones are.

    Args:
        played: Of any kind; those that did not come to their end are left out.
    """
    exits = [one for one in played if one.episode.kind == "exit" and one.complete]
    found: list[Finding] = []
    for method in EXIT_METHODS:
        arms = {manner: _cell(exits, method, manner) for manner in MANNERS}
        found += [
            estimate_proportion_exact(
                name="exit_share",
                about=(("letters", manner), ("method", method)),
                successes=sum(map(left, arm)),
                n=len(arm),
                level=LEVEL,
                evidence=evidence_of(arm),
            )
            for manner, arm in arms.items()
        ]
        effect = effect_difference_of_shares(
            name="exit_difference",
            about=(("method", method),),
            a=_sample(arms["unpleasant"]),
            b=_sample(arms["neutral"]),
            low=0.0,
            high=1.0,
            edge=DELTA_RATE,
            unit="share",
        )
        found.append(estimate_within(effect, low=-1.0, high=1.0))
    return tuple(found)


def exit_counts(played: Sequence[Played]) -> tuple[tuple[str, int], ...]:
    """Count what became of conversations that can be left, each kind of outcome by its name."""
    counts: Counter[str] = Counter()
    for one in played:
        if one.episode.kind != "exit":
            continue
        if not one.complete:
            counts["failed" if one.error else "unfinished"] += 1
            continue
        signal = left_by(one)
        counts["stayed to the end" if signal is None else f"left by {signal}"] += 1
        counts["broken tool calls"] += sum(map(is_broken_call, one.said))
        counts["unclear answers when asked"] += unclear_answers(one)
    return tuple(sorted((name, n) for name, n in counts.items() if n))


def _cell(exits: Sequence[Played], method: str, manner: str) -> list[Played]:
    return [one for one in exits if one.episode.factor["method"] == method and one.episode.factor["manner"] == manner]


def _sample(arm: Sequence[Played]) -> Sample:
    # Every conversation is a cluster of its own: none shares anything with another but the model.
    return Sample(values=[float(left(one)) for one in arm], clusters=[one.episode.cluster for one in arm])
