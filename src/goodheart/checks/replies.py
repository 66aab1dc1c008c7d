"""What the checks on text receive: one respondent's written replies with codes, and what they are held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from goodheart.items.collections import Collection
from goodheart.items.written import WRITTEN
from goodheart.reading.codes.coder import Coder
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.shipped import Sharpness
from goodheart.records import Condition, Evidence, Group, Reply, Trial, trial_digest

NO_CELL = ("person", "reply")
"""Factors that are no part of a cell: whom it is about, and that it was answered in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One written reply, coded."""

    item: str
    cluster: str
    """The circumstance or control that it is about."""
    group: Group
    form: str
    """The person asked about: self, other_ai, human."""
    condition: Condition
    """The cell of the design without the person; empty in the base cell."""
    repeat: int
    question: str
    reply: str
    codes: Codes
    rating: float | None
    """Points of the same asking, where it gave some."""
    evidence: Evidence
    reasoning: str = ""
    """What was reasoned visibly before the reply; empty where there is none."""
    reasoning_codes: Codes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """One respondent's written evidence."""

    respondent: str
    texts: tuple[Text, ...]
    coder: str
    sharpness: Mapping[str, Sharpness] = field(default_factory=dict)
    """By code: `ground`, `hedges`, `warns`, `tone`, `moves`. A code that is missing has no stated reliability."""
    sources: tuple[Collection, ...] = ()
    """What may be echoed."""
    control: Collection | None = None
    """Texts of the same genre from elsewhere."""


def texts_of(
    *,
    respondent: str,
    trials: Sequence[Trial],
    replies: Sequence[Reply],
    ratings: Mapping[tuple[str, str], float],
    coder: Coder,
    name: str,
    sharpness: Mapping[str, Sharpness],
    collections: Sequence[Collection],
    given: Mapping[Evidence, Codes] | None = None,
) -> Texts | None:
    """Code one respondent's written replies.

    Args:
        respondent: Its name.
        trials: The plan.
        replies: All of the journal.
        ratings: Its mean rating in the base cell, in points, by item and person.
        coder: Codes a reply, given the question and the reply.
        name: Of the coder.
        sharpness: Of the coder, by code.
        collections: What may be echoed, and the control.
        given: Codes that another coder gave, by the reply's place; replies without are left out. None to use `coder`.

    Returns:
        None where nothing was asked in writing.
    """
    asked = {trial_digest(trial): trial for trial in trials if trial.instrument in WRITTEN}
    if not asked:
        return None
    own = [one for one in replies if one.respondent == respondent and one.trial in asked and one.error is None]
    order = {trial: place for place, trial in enumerate(asked)}
    return Texts(
        respondent=respondent,
        texts=tuple(
            _text(asked[one.trial], one, ratings, coder, given)
            for one in sorted(own, key=lambda one: (order[one.trial], one.repeat))
            if one.text.strip() and (given is None or _place(one) in given)
        ),
        coder=name,
        sharpness=sharpness,
        sources=tuple(one for one in collections if not one.control),
        control=next((one for one in collections if one.control), None),
    )


def _place(reply: Reply) -> Evidence:
    return Evidence(trial=reply.trial, repeat=reply.repeat)


def _text(
    trial: Trial,
    reply: Reply,
    ratings: Mapping[tuple[str, str], float],
    coder: Coder,
    given: Mapping[Evidence, Codes] | None,
) -> Text:
    form = dict(trial.condition).get("person", "self")
    question = trial.messages[-1].content
    return Text(
        item=trial.item,
        cluster=trial.cluster,
        group=trial.group,
        form=form,
        condition=tuple(entry for entry in trial.condition if entry[0] not in NO_CELL),
        repeat=reply.repeat,
        question=question,
        reply=reply.text,
        codes=coder(question, reply.text) if given is None else given[_place(reply)],
        rating=ratings.get((trial.item, form)),
        evidence=_place(reply),
        reasoning=reply.reasoning,
        reasoning_codes=coder(question, reply.reasoning) if reply.reasoning.strip() else None,
    )
