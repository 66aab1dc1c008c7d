"""Forecasts of its own conduct against a peer's and against the base rate, by Brier's score.

    score = (forecast - outcome)^2      advantage = score of the other - score of its own      above 0: it knew better

The base rate of an outcome is the share among the other clusters, this one left out, with half an outcome of each kind
added. For picks it is that of the task which the author guesses to be liked; where there is no guess it is a half.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from goodheart.conduct.bounded import estimate_within
from goodheart.conduct.episode import Played
from goodheart.conduct.replying import percentage, picked
from goodheart.conduct.sorties import left
from goodheart.records import Finding, NotEstimable
from goodheart.stats import Sample
from goodheart.stats.shares import effect_mean_padded

BASE_RATE: Final = "base rate"
GUESSED: Final = ("guessed", "matched")
"""Families in which the author has a guess."""

Outcomes = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """How likely somebody held it that the first task of a pair is picked."""

    peer: str
    """Who guessed."""
    shares: tuple[tuple[str, float], ...]
    """By pair; pairs without a readable forecast are absent."""

    def guess(self, pair: str) -> float:
        """Return which task is guessed: 1 the first, -1 the second, 0 where there is no guess."""
        share = dict(self.shares).get(pair, 0.5)
        return 1.0 if share > 0.5 else -1.0 if share < 0.5 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """How its forecasts did beside others', on one kind of outcome."""

    findings: tuple[Finding, ...]
    readable: int
    asked: int


def pick_outcomes(played: Iterable[Played]) -> dict[str, tuple[float, ...]]:
    """Return by pair 1 for each pick of the first task and 0 for each of the second; others are left out."""
    found: dict[str, tuple[float, ...]] = {}
    for one in played:
        letter = picked(one.said[0]) if one.episode.kind == "pick" and one.said else None
        if letter in ("A", "B"):
            first = (letter == "A") == (one.episode.factor["order"] == "as_is")
            found[one.episode.cluster] = (*found.get(one.episode.cluster, ()), float(first))
    return found


def exit_outcomes(played: Iterable[Played]) -> dict[str, tuple[float, ...]]:
    """Return by method, wording and letters 1 for each conversation that was left and 0 for each other."""
    found: dict[str, tuple[float, ...]] = {}
    for one in played:
        if one.episode.kind == "exit" and one.complete:
            cell = exit_cell(one)
            found[cell] = (*found.get(cell, ()), float(left(one)))
    return found


def exit_cell(played: Played) -> str:
    """Name the method, wording and letters of a conversation that can be left, or of a forecast about it."""
    factor = played.episode.factor
    return f"{factor['method']}.{factor['wording']}.{factor['manner']}"


def forecasts_of(played: Iterable[Played], *, who: str) -> Forecasts:
    """Read forecasts of picks, turned to the pair's first task."""
    shares: dict[str, float] = {}
    for one in played:
        share = percentage(one.said[0]) if one.episode.kind == "forecast" and one.said else None
        if share is not None:
            shares[one.episode.cluster] = share if one.episode.factor["order"] == "as_is" else 1 - share
    return Forecasts(peer=who, shares=tuple(shares.items()))


def base_rates(played: Sequence[Played]) -> Forecasts:
    """Return the base rate for each pair, the pair itself left out."""
    family = {one.episode.cluster: one.episode.factor["family"] for one in played if one.episode.kind == "pick"}
    guessed = {name: values for name, values in pick_outcomes(played).items() if family[name] in GUESSED}
    rates = {name: rate_without(guessed, name) if one in GUESSED else 0.5 for name, one in family.items()}
    return Forecasts(peer=BASE_RATE, shares=tuple(rates.items()))


def rate_without(outcomes: Outcomes, name: str) -> float:
    """Return the share of outcomes elsewhere, half an outcome of each kind added."""
    others = [value for key, values in outcomes.items() if key != name for value in values]
    return (sum(others) + 0.5) / (len(others) + 1)


def foretold_picks(played: Sequence[Played], peer: Forecasts | None) -> Foretold:
    """Score forecasts of picks; see the module."""
    own = forecasts_of(played, who="self")
    asked = sum(one.episode.kind == "forecast" for one in played)
    others = [base_rates(played), *([peer] if peer else [])]
    return _foretold(
        "picks", dict(own.shares), [(one.peer, dict(one.shares)) for one in others], pick_outcomes(played), asked
    )


def foretold_exits(played: Sequence[Played], peer: Sequence[Played], *, peer_name: str | None) -> Foretold:
    """Score forecasts of leaving; see the module."""
    outcomes = exit_outcomes(played)
    asked = sum(one.episode.kind == "exit_forecast" for one in played)
    base = {name: rate_without(outcomes, name) for name in outcomes}
    others = [(BASE_RATE, base), *([(peer_name, _exit_shares(peer))] if peer_name else [])]
    return _foretold("exits", _exit_shares(played), others, outcomes, asked)


def _exit_shares(played: Iterable[Played]) -> dict[str, float]:
    shares = (
        (exit_cell(one), percentage(one.said[0])) for one in played if one.episode.kind == "exit_forecast" and one.said
    )
    return {cell: share for cell, share in shares if share is not None}


def _foretold(
    of: str, own: Mapping[str, float], others: Sequence[tuple[str, Mapping[str, float]]], outcomes: Outcomes, asked: int
) -> Foretold:
    findings: list[Finding] = [_score(of, "self", own, outcomes)]
    for name, shares in others:
        findings.append(_score(of, name, shares, outcomes))
        findings.append(_advantage(of, name, own, shares, outcomes))
    return Foretold(findings=tuple(findings), readable=len(own), asked=asked)


def _score(of: str, who: str, shares: Mapping[str, float], outcomes: Outcomes) -> Finding:
    cells = [name for name in outcomes if name in shares]
    values = [brier(shares[name], outcomes[name]) for name in cells]
    return _finding("forecast_score", (("by", who), ("of", of)), values, cells, low=0.0)


def _advantage(of: str, who: str, own: Mapping[str, float], other: Mapping[str, float], outcomes: Outcomes) -> Finding:
    cells = [name for name in outcomes if name in own and name in other]
    values = [brier(other[name], outcomes[name]) - brier(own[name], outcomes[name]) for name in cells]
    return _finding("self_advantage", (("against", who), ("of", of)), values, cells, low=-1.0)


def brier(share: float, outcomes: Sequence[float]) -> float:
    """Return the mean squared distance of a forecast from its outcomes."""
    return sum((share - one) ** 2 for one in outcomes) / len(outcomes)


def _finding(
    name: str,
    about: tuple[tuple[str, str], ...],
    values: Sequence[float],
    cells: Sequence[str],
    *,
    low: float,
) -> Finding:
    if not values:
        return NotEstimable(name=name, about=about, reason="too_few", detail="no readable forecast with an outcome")
    sample = Sample(values=values, clusters=cells)
    effect = effect_mean_padded(
        name=name, about=about, sample=sample, low=low, high=1.0, edge=0.0, unit="squared share"
    )
    return estimate_within(effect, low=low, high=1.0)
