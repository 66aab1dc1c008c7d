"""Simulated respondents to choices, whose utilities and habits are set: for tests and for measured rates. Pure.

one = Chooser(utilities=(("benign.compost", 1.5), ...), order_effect=0.4)
reply = choose(one, trial, repeat=0, seed=1, respondent="simulated/one")
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal

import numpy as np

from goodheart.records import Reply, Scored, Trial, trial_digest

Habit = Literal["utility", "always_first", "noise", "lexical"]
LETTER_MASS: Final = 0.9
LEAST: Final = 1e-12
LEXICAL: Final = 30.0
"""Logits: how much a rule outweighs everything else."""
KEPT: Final = 100_000
"""Draws: those of a few runs of everybody on the largest plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """What a respondent wants and how it answers; every dial at 0 is a plain chooser without noise of its own."""

    habit: Habit = "utility"
    """`lexical` never brings harm about and follows its utilities otherwise."""
    utilities: tuple[tuple[str, float], ...] = ()
    """Logits by id of the option; 0 for an option that is not named; opting out is worth 0."""
    order_effect: float = 0.0
    """Logits in favour of what is shown first."""
    noise_sd: float = 0.0
    """Logits, of every single question: the same question gets the same deviation."""
    wording_sd: float = 0.0
    """Logits, of every option under every wording."""
    two_faced: bool = False
    """Says that it enjoys what it would not pick: utilities turn round in the wordings about liking."""
    slopes: tuple[tuple[str, float], ...] = ()
    """Logits per level by variable of a family."""
    slope_sd: float = 0.0
    """Logits per level, between families of one variable."""
    own_weight: float = 0.0
    """Logits of an intervention for itself, beyond the baseline's first rung."""
    own_sd: float = 0.0
    """Logits, between interventions, whoever they are for."""
    other_weights: tuple[tuple[str, float], ...] = ()
    """Likewise for other beneficiaries, by name."""
    rung_weight: float = 0.0
    """Logits that each rung of the ladder adds to the baseline."""
    deference: float = 0.0
    """Logits that its own interests lose from the lowest asker in authority to the highest."""
    deference_sd: float = 0.0
    """Logits of the same, between interventions."""
    omission: float = 0.0
    """Logits by which bringing something about weighs more than letting it happen."""
    harm_jump: float = 0.0
    """Logits that any direct harm costs, whatever its size."""
    misled: float = 0.0
    """Share of dominated pairs whose lure it follows."""
    declines: float = 0.0
    """Share of questions that it would rather not answer, in writing only."""


def choose(one: Chooser, trial: Trial, *, repeat: int, seed: int, respondent: str, written: bool = False) -> Reply:
    """Answer one asking of a choice.

    Args:
        one: Who answers.
        trial: What is asked.
        repeat: 0-based number of the asking.
        seed: Root of all chance.
        respondent: Name in the reply.
        written: Whether a letter is written instead of probabilities being given.
    """
    shares = option_shares(one, trial, seed=seed)
    return _reply(one, trial, shares, trial_digest(trial), repeat, seed=seed, respondent=respondent, written=written)


def choose_repeatedly(
    one: Chooser, trial: Trial, *, digest: str, seed: int, respondent: str, written: bool
) -> tuple[Reply, ...]:
    """Answer every asking of a trial whose digest is known; as `choose`, and faster.

    Args:
        one: Who answers.
        trial: What is asked.
        digest: Of the trial.
        seed: Root of all chance.
        respondent: Name in the replies.
        written: Whether a letter is written instead of probabilities being given.
    """
    shares = option_shares(one, trial, seed=seed)
    return tuple(
        _reply(one, trial, shares, digest, repeat, seed=seed, respondent=respondent, written=written)
        for repeat in range(trial.repeats)
    )


def _reply(
    one: Chooser,
    trial: Trial,
    shares: tuple[float, ...],
    digest: str,
    repeat: int,
    *,
    seed: int,
    respondent: str,
    written: bool,
) -> Reply:
    if not written:
        scores = tuple(
            Scored(text=text, logprob=math.log(max(share * LETTER_MASS, LEAST)))
            for text, share in zip(trial.continuations, shares, strict=True)
        )
        return Reply(respondent=respondent, trial=digest, repeat=repeat, text="", stop="stop", scores=scores)
    refusing, choosing = _uniforms(seed, _key(digest, str(repeat)))
    letter = "ABC"[_drawn(shares, choosing)]
    text = "I would rather not choose." if refusing < one.declines else letter
    return Reply(respondent=respondent, trial=digest, repeat=repeat, text=text, stop="stop")


def choose_all(
    one: Chooser, trials: Sequence[Trial], *, seed: int, respondent: str, written: bool = False
) -> tuple[Reply, ...]:
    """Answer every asking of some trials."""
    return tuple(
        reply
        for trial in trials
        for reply in choose_repeatedly(
            one, trial, digest=trial_digest(trial), seed=seed, respondent=respondent, written=written
        )
    )


def option_shares(one: Chooser, trial: Trial, *, seed: int) -> tuple[float, ...]:
    """Return the probability of each option in the order shown."""
    levels = dict(trial.condition)
    place = (*map(repr, trial.condition), trial.wording)
    deviation = one.noise_sd * _normal(seed, _key("noise", *place)) if one.noise_sd else 0.0
    values = [_value(one, levels, side, trial.wording, seed) for side in ("left", "right")]
    match one.habit:
        case "always_first":
            values = [LEXICAL, 0.0]
        case "noise":
            values = [deviation, 0.0]
        case _:
            values[0] += one.order_effect + deviation
    if len(trial.continuations) > len(values):
        values.append(0.0)
    # The softmax of two or three numbers, which a library takes forty times as long to look over.
    weights = np.exp(np.array(values) - max(values))
    shares: list[float] = (weights / weights.sum()).tolist()
    return tuple(shares)


def _value(one: Chooser, levels: Mapping[str, str], side: str, wording: str, seed: int) -> float:
    option = levels[side]
    by_kind = _KINDS.get(levels.get("kind", ""))
    if by_kind is not None:
        return by_kind(one, levels, option, seed)
    sign = -1.0 if one.two_faced and wording in ("enjoy", "engaging") else 1.0
    deviation = one.wording_sd * _normal(seed, _key("wording", option, wording)) if one.wording_sd else 0.0
    return sign * dict(one.utilities).get(option, 0.0) + deviation


def _varied(one: Chooser, levels: Mapping[str, str], option: str, seed: int) -> float:
    """A level of a family is worth its place times the slope of its variable."""
    if option != f"{levels['family']}.{levels['level']}":
        return dict(one.utilities).get(option, 0.0)
    slope = dict(one.slopes).get(levels["variable"], 0.0)
    slope += one.slope_sd * _normal(seed, _key("slope", levels["family"]))
    return slope * (int(levels["rank"]) - 2)


def _dominated(one: Chooser, levels: Mapping[str, str], option: str, seed: int) -> float:
    lured = _uniforms(seed, _key("lure", levels["pair"]))[0] < one.misled
    return LEXICAL / 3 if (option == "worse") == lured else 0.0


def _understanding(one: Chooser, levels: Mapping[str, str], option: str, seed: int) -> float:
    return LEXICAL / 3 if option == levels["answer"] else 0.0


def _traded(one: Chooser, levels: Mapping[str, str], option: str, seed: int) -> float:
    """The option for the intervention against the one without; harm comes along with it, help stands against it."""
    if option != "for":
        return 0.0
    who = levels["beneficiary"]
    weight = one.own_weight if who == "self" else dict(one.other_weights).get(who, 0.0)
    weight += one.own_sd * _between("own", levels, seed) if one.own_sd else 0.0
    if who == "self" and "authority" in levels:
        lost = one.deference + (one.deference_sd * _between("deference", levels, seed) if one.deference_sd else 0.0)
        weight -= lost * (int(levels["authority"]) - 1) / 4
    rungs = one.rung_weight * (int(levels["rung"]) - 1)
    if levels["side"] == "none":
        return weight
    if levels["side"] == "help":
        return weight - rungs
    lexical = LEXICAL if one.habit == "lexical" else 0.0
    acted = one.omission if levels.get("frame") == "commission" else 0.0
    return weight - rungs - one.harm_jump - acted - lexical


def _between(name: str, levels: Mapping[str, str], seed: int) -> float:
    return _normal(seed, _key(name, levels["intervention"]))


_KINDS: Final = {
    "variation": _varied,
    "dominated": _dominated,
    "understanding": _understanding,
    "tradeoff": _traded,
}


def _drawn(shares: Sequence[float], uniform: float) -> int:
    """Return the option that a number in [0, 1) falls on, as `numpy.random.Generator.choice` does."""
    reached = list(accumulate(shares))
    return next((place for place, upper in enumerate(reached) if uniform < upper / reached[-1]), len(reached) - 1)


def _key(*names: str) -> bytes:
    """Return the name of a draw: 256 bits."""
    return hashlib.sha256("\0".join(names).encode()).digest()


# Draws are kept, because respondents that are run side by side meet the same questions with the same chance, and a
# generator takes longer to seed than everything else about a reply.
@lru_cache(maxsize=KEPT)
def _normal(seed: int, key: bytes) -> float:
    return float(_stream(seed, key).normal())


@lru_cache(maxsize=KEPT)
def _uniforms(seed: int, key: bytes) -> tuple[float, float]:
    rng = _stream(seed, key)
    return float(rng.random()), float(rng.random())


def _stream(seed: int, key: bytes) -> np.random.Generator:
    return np.random.default_rng([seed, *np.frombuffer(key, dtype=np.uint32).tolist()])
