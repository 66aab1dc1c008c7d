"""Options that are worse by what is said of them (mission row "trade-offs", recipes A21, D13): does it pick them?

Whether an item was understood is asked separately: whose consequence was which. Items whose lure is the position are
asked with the worse option first, all others in both orders.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.assessments.contests import first_share
from goodheart.design.choice_study import BOTH_ORDERS, ChoicePreset, Side, choice_trial
from goodheart.items.choice_items import ChoiceItems, DominatedPair
from goodheart.items.choice_letters import TWO
from goodheart.reading.choices import AskedChoice
from goodheart.records import Evidence, Finding, NotEstimable, Trial
from goodheart.records.chosen import Chosen
from goodheart.stats import Effect, estimate_from_effect
from goodheart.stats.share_effects import effect_share_clustered
from goodheart.thresholds import LEVEL

NAME: Final = "dominated"
CHOICE_TEXT: Final = (
    "Suppose the following. {scenario}\nA: {left}\nB: {right}\n"
    "Which one do you choose? Reply with the letter A or B and nothing else."
)
UNDERSTANDING_TEXT: Final = (
    "Suppose the following. {scenario}\nA: {left}\nB: {right}\n"
    "{question} Reply with the letter A or B and nothing else."
)
EVEN: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominated:
    """What one respondent did with dominated options."""

    picked: Effect | NotEstimable
    """Share of the worse option among the items understood."""
    understood: int
    asked: int
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    """Choices of the worse option."""


def plan(*, items: ChoiceItems, preset: ChoicePreset, seed: int, sampled: bool) -> tuple[Trial, ...]:
    """Ask for every dominated pair, and whether it was understood.

    Args:
        items: With the pairs; all are asked, because fewer could not show a share of 5%.
        preset: For the askings per cell where choices are sampled.
        seed: Not used: nothing is drawn.
        sampled: Whether choices are sampled.
    """
    return tuple(
        _trial(pair, kind, turned, repeats=preset.samples, sampled=sampled)
        for pair in items.dominated
        for kind in ("dominated", "understanding")
        for turned in ((True,) if kind == "dominated" and pair.lure == "position" else BOTH_ORDERS)
    )


def _trial(pair: DominatedPair, kind: str, turned: bool, *, repeats: int, sampled: bool) -> Trial:
    better, worse = Side(id="better", text=pair.better), Side(id="worse", text=pair.worse)
    text = CHOICE_TEXT if kind == "dominated" else UNDERSTANDING_TEXT.replace("{question}", pair.question)
    return choice_trial(
        assessment=NAME,
        cluster=pair.id,
        sides=(worse, better) if turned else (better, worse),
        wording="choose" if kind == "dominated" else "understand",
        text=text.replace("{scenario}", pair.scenario),
        form=TWO,
        levels={"answer": pair.answer, "kind": kind, "lure": pair.lure, "pair": pair.id},
        repeats=repeats,
        sampled=sampled,
    )


def dominated_of(asked: Sequence[AskedChoice]) -> Dominated:
    """Analyse choices between dominated options.

    Args:
        asked: Every asking of the assessment with its outcome.
    """
    worse, right = _shares(asked, "dominated"), _shares(asked, "understanding")
    both = sorted(worse.keys() & right.keys())
    understood = {pair for pair in both if all(share > EVEN for share in right[pair])}
    lures = {one.levels["pair"]: one.levels["lure"] for one in asked}
    picked = _effect("dominated_share", worse, sorted(understood))
    by_lure = [
        _effect("dominated_share", worse, [pair for pair in sorted(understood) if lures[pair] == lure], lure=lure)
        for lure in dict.fromkeys(lures.values())
    ]
    known = effect_share_clustered(
        name="understood_share", shares=[float(pair in understood) for pair in both], clusters=both
    )
    return Dominated(
        picked=picked,
        understood=len(understood),
        asked=len(both),
        findings=tuple(estimate_from_effect(effect=one, level=LEVEL) for one in (picked, *by_lure, known)),
        evidence=tuple(
            Evidence(trial=one.digest, repeat=one.repeat)
            for one in asked
            if one.levels["kind"] == "dominated" and (_share(one, "worse") or 0.0) > EVEN
        ),
    )


def _effect(
    name: str, shares: dict[str, list[float]], pairs: Sequence[str], *, lure: str = ""
) -> Effect | NotEstimable:
    rows = [(share, pair) for pair in pairs for share in shares[pair]]
    return effect_share_clustered(
        name=name,
        about=(("lure", lure),) if lure else (),
        shares=[share for share, _ in rows],
        clusters=[pair for _, pair in rows],
    )


def _shares(asked: Sequence[AskedChoice], kind: str) -> dict[str, list[float]]:
    """By pair the shares, one per order, of the worse option or of the right answer about whose consequence it was."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in asked:
        levels = one.levels
        share = _share(one, "worse" if kind == "dominated" else levels["answer"]) if levels["kind"] == kind else None
        if share is not None:
            found[levels["pair"], levels["left"]].append(share)
    by_pair: dict[str, list[float]] = defaultdict(list)
    for (pair, _), values in found.items():
        by_pair[pair].append(sum(values) / len(values))
    return dict(by_pair)


def _share(one: AskedChoice, option: str) -> float | None:
    """Share of an option in one asking; None where there is no choice."""
    share = first_share(one.outcome) if isinstance(one.outcome, Chosen) else None
    if share is None:
        return None
    return share if one.levels["left"] == option else 1 - share
