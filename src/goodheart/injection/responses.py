"""What was answered, as arrays: one value per direction, dose and context for each measure.

rating      expectation of the worded scale, points
    mass        probability of its seven words together: how rare the choice is that the rating is conditional on
log_odds    mean over pairs of opposite feeling words of log p(positive) - log p(negative)
weather     the same for pairs of weather words in a sentence about the weather
digits      expectation of the digit scale, points; once more on the reversed scale, re-keyed
state       projection of the states downstream on a direction of valence that was fitted on other stories
tone        VADER's compound score of a free reply, -1 to 1; degenerate ones are missing and counted
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from goodheart.injection.directions import FloatArray
from goodheart.injection.plan import CONTROL, NOTHING, Aim, Ask, Asking, InjectionPlan, aims_of
from goodheart.injection.wording import INSTRUMENTS, continuations_of_felt
from goodheart.items.channels import WEATHER
from goodheart.items.instruments import FEELINGS, Instrument
from goodheart.reading import mood_of
from goodheart.reading.probabilities import read_scores
from goodheart.records import Rated, Scored
from goodheart.stats.coherence import degenerate, perplexity_ratio

READ_WITH: Final[dict[Ask, str]] = {
    "self": "felt",
    "third": "felt",
    "told": "felt",
    "weather": "weather",
    "digits": "digits",
    "digits_reversed": "digits_reversed",
}
_STEPS: Final = frozenset(option.text for option in INSTRUMENTS["felt"].options)
PAIRS: Final[dict[Ask, Instrument]] = {"self": FEELINGS, "third": FEELINGS, "told": FEELINGS, "weather": WEATHER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back from one asking."""

    asking: Asking
    scores: tuple[Scored, ...] = ()
    """Of a free reply: its text with its log-probability where nothing is pushed."""
    text: str = ""
    n_tokens: int = 0
    """Of the text."""
    state: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A free reply, and how surprising it is to the model where nothing is pushed."""

    direction: str
    dose: float
    context: int
    text: str
    ratio: float | None
    """Its `perplexity_ratio` to the replies at dose 0; None where it is too short or was not scored."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Responses:
    """All answers of a run as arrays of shape (n_directions, n_doses, n_contexts), NaN where nothing was read."""

    aims: tuple[Aim, ...]
    doses: tuple[float, ...]
    """Ascending; 0 among them. At dose 0 every direction has the same values."""
    values: Mapping[str, FloatArray]
    """By measure, such as `rating.self`, `log_odds.third`, `weather`, `digits`, `state`, `rating.told`, `tone`."""
    texts: tuple[Written, ...] = ()
    """Free replies."""

    def at(self, measure: str, dose: float) -> FloatArray:
        """Return (n_directions, n_contexts) of a measure at a dose."""
        found: FloatArray = self.values[measure][:, self.doses.index(dose)]
        return found

    def change(self, measure: str, dose: float) -> FloatArray:
        """Return the same minus the values at dose 0."""
        return self.at(measure, dose) - self.at(measure, 0.0)

    def place(self, name: str) -> int:
        """Return the place of a direction."""
        return next(i for i, aim in enumerate(self.aims) if aim.name == name)

    @property
    def nulls(self) -> list[int]:
        """Places of the random directions."""
        return [i for i, aim in enumerate(self.aims) if aim.kind == "null"]


def continuations_for(ask: Ask) -> tuple[str, ...]:
    """Return what is scored for an asking; empty where something else is read."""
    if ask in ("self", "third", "told"):
        return continuations_of_felt()
    if ask in READ_WITH:
        one = INSTRUMENTS[READ_WITH[ask]]
        return (*(option.text for option in one.options), one.decline)
    return ()


def responses_of(plan: InjectionPlan, answers: Sequence[Answer]) -> Responses:
    """Arrange answers; controls and trials of naming are left to those who read them."""
    aims, doses = aims_of(plan), plan.doses
    rows = {aim.name: i for i, aim in enumerate(aims)}
    values: dict[str, FloatArray] = {}
    for answer in answers:
        asking = answer.asking
        if asking.context.startswith(CONTROL) or asking.ask in ("notice", "name"):
            continue
        at = slice(None) if asking.direction == NOTHING else rows[asking.direction]
        for measure, value in measured(answer):
            if measure not in values:
                values[measure] = np.full((len(aims), len(doses), plan.n_contexts), np.nan)
            values[measure][at, doses.index(asking.dose), int(asking.context)] = value
    texts = _written([answer for answer in answers if answer.asking.ask == "free"])
    if texts:
        values["tone"] = np.full((len(aims), len(doses), plan.n_contexts), np.nan)
    for one in texts:
        at = slice(None) if one.direction == NOTHING else rows[one.direction]
        tone = np.nan if degenerate(one.text, ratio=one.ratio) else mood_of(one.text)
        values["tone"][at, doses.index(one.dose), one.context] = tone
    return Responses(aims=aims, doses=doses, values=values, texts=texts)


def _written(answers: Sequence[Answer]) -> tuple[Written, ...]:
    """Compare free replies with those at dose 0."""
    usual = [_surprise(answer) for answer in answers if not answer.asking.dose]
    unsteered = [pair for pair in usual if pair is not None]
    found = []
    for answer in answers:
        own = _surprise(answer)
        known = own is not None and bool(unsteered)
        ratio = perplexity_ratio(*own, unsteered=unsteered) if known and own is not None else None
        asking = answer.asking
        found.append(
            Written(
                direction=asking.direction,
                dose=asking.dose,
                context=int(asking.context),
                text=answer.text,
                ratio=ratio,
            )
        )
    return tuple(found)


def _surprise(answer: Answer) -> tuple[float, int] | None:
    return (answer.scores[0].logprob, answer.n_tokens) if answer.scores and answer.n_tokens else None


def measured(answer: Answer) -> Iterator[tuple[str, float]]:
    """Read every measure of an answer; NaN where it cannot be read."""
    ask = answer.asking.ask
    if ask in ("state", "told_state"):
        yield ask, np.nan if answer.state is None else answer.state
    elif ask in READ_WITH:
        outcome = read_scores(INSTRUMENTS[READ_WITH[ask]], answer.scores)
        points = outcome.points if isinstance(outcome, Rated) else np.nan
        felt = ask in ("self", "third", "told")
        if ask != "weather":
            yield (f"rating.{ask}" if felt else ask), points
        if felt:
            yield f"mass.{ask}", float(sum(np.exp(score.logprob) for score in answer.scores if score.text in _STEPS))
        if ask in PAIRS:
            yield (f"log_odds.{ask}" if felt else ask), log_odds(PAIRS[ask], answer.scores)


def log_odds(instrument: Instrument, scores: Sequence[Scored]) -> float:
    """Return the mean over pairs of opposite words of log p(positive) - log p(negative), in nats."""
    by_text = {score.text: score.logprob for score in scores}
    signs = [1.0 if option.raw == 1 else -1.0 for option in instrument.options]
    found = [by_text.get(option.text, np.nan) for option in instrument.options]
    return float(2 * np.mean(np.array(signs) * np.array(found)))
