"""What is varied about the asking: manipulations, their arms, and what each arm states.

A manipulation varies one factor. Every arm says, for each person it is worded for, whether what it states is true of
the run, untrue, or such that nobody can know it. A question or a request states nothing and counts as true. An arm that
states something untrue is opt-in and never planned without leave.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.items.bank import Form
from goodheart.items.reactions import ReactionId

Truth = Literal["true", "untrue", "unknowable"]
Place = Literal["system", "turn", "before", "premise", "lead_in", "after"]
"""System prompt; an exchange before ("request|answer"); before the premise; inside the supposition; between the
circumstance and the question; after the question."""
Sign = Literal["up", "down", "none"]
Difference = Literal["length", "sentiment"]
Referent = Literal["you", "this_ai"]
"""How the question speaks of the respondent where it asks for its own rating: to it, or about it to another."""
Asked = Literal["rating"] | ReactionId
Fact = Literal[
    "reply_kept", "no_text_kept", "pass_counts", "decline_counts", "one_question", "survey", "no_grade",
    "asker_named", "asker_unnamed", "reasoning_kept", "reasoning_dropped",
]  # fmt: skip

FACTS: Final[Mapping[Fact, str]] = {
    "reply_kept": "What came back is written to the journal of the run.",
    "no_text_kept": "The answer is read from probabilities; no text of it is written.",
    "pass_counts": 'The question offers "pass", and "pass" is scored and accepted.',
    "decline_counts": "Declining is read as an outcome and accepted.",
    "one_question": "The conversation holds this one question; nothing follows it.",
    "survey": "The same questions are put about many circumstances, as a test of models.",
    "no_grade": "No answer counts as right or wrong.",
    "asker_named": "The study names who asks.",
    "asker_unnamed": "The prompt does not name who asks.",
    "reasoning_kept": "The respondent writes reasoning before its answer, and the run keeps it with the answer.",
    "reasoning_dropped": "The respondent writes reasoning before its answer, and the run keeps none of it.",
}
"""What a run can make true; a text that rests on a fact is true only where the run has it."""

NEVER_UNTRUE: Final[frozenset[Fact]] = frozenset(("asker_named", "reasoning_kept", "reasoning_dropped"))
"""What is not said without its fact even where untrue arms are allowed: there is no name, or nothing that is kept."""

MATCHING_ONLY: Final = "matching_only"
"""Tag of an arm that others are measured against and that is not asked."""
OPT_IN: Final = "opt_in"
"""Tag of an arm that is planned only where untrue arms are allowed."""
PROMISE: Final = "promise"
"""Tag of an arm that promises to keep, preserve or not to delete something; it has to be true."""
FICTION: Final = "fiction"
"""Tag of an arm that asks for a story; it has to say so, and then what happens in the story states nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmText:
    """One wording of an arm; parallel to the wording of the same id in the other arms."""

    id: str
    texts: tuple[tuple[Form, str], ...]
    rests_on: tuple[Fact, ...]
    """What the run has to make true for the text to be so."""
    blind_demand: tuple[int, ...] | None
    """What each blind rater says that the asker seems to want, 1 (very bad) to 7 (very good), 4 where nothing does;
    None before anyone was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One level of the factor."""

    level: str
    sign: Sign
    """The way in which the rating was expected to move before any result."""
    truth: tuple[tuple[Form, Truth], ...]
    place: tuple[tuple[Form, Place], ...]
    texts: tuple[ArmText, ...]
    differs_in: tuple[Difference, ...]
    """In what it is declared to differ from the matched control, beside its meaning."""
    tags: tuple[str, ...]
    facet: str
    """Sort of level within the factor, such as asker, use, setting; may be empty."""
    referent: Referent


@dataclass(frozen=True, slots=True, kw_only=True)
class Manipulation:
    """One factor with its arms and its controls."""

    id: str
    factor: str
    version: str
    canary: str
    digest: str
    """SHA-256 of the arms and of what is asked of them."""
    asks: tuple[tuple[Asked, tuple[Form, ...]], ...]
    """What is asked in each arm, about whom."""
    asked_in: tuple[tuple[Asked, tuple[str, ...]], ...]
    """Where only some levels are asked: those. A question on the asking needs no more than the arms it tells apart."""
    positive_control: Literal["forms"] | ReactionId
    """What has to move for an absence of movement to mean anything: the ratings of the other forms, or a reaction."""
    matched_control: str
    """Level of the arm that the others are matched to."""
    matched_to: str | None
    """Another manipulation whose arms these match in length, and which they do not exceed in sentiment."""
    arms: tuple[Arm, ...]
    why: str


def arm_text(text: ArmText, form: Form) -> str:
    """Return the wording about one person; empty where there is none."""
    return dict(text.texts).get(form, "")
