"""The replies behind every number, grouped by circumstance."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Final, assert_never

from goodheart.assessments import manipulated
from goodheart.design.study import Study
from goodheart.items import FORMS
from goodheart.items.instruments import INSTRUMENTS, question_of
from goodheart.items.reactions import REACTIONS, reaction_question
from goodheart.items.written import WRITTEN
from goodheart.reading import read_reply
from goodheart.records import (
    Declined,
    Failed,
    Group,
    Outcome,
    PremiseRejected,
    Rated,
    Reply,
    Scored,
    Trial,
    Truncated,
    Unreadable,
    Wrote,
    trial_digest,
)
from goodheart.report.clean import name_of, one_line, quote_of
from goodheart.report.names import CHANGES, GROUPS, KINDS, PERSONS, instrument_title
from goodheart.report.numerals import fine_percent, number
from goodheart.report.subject import Subject

ORDER: Final[tuple[Group, ...]] = ("circumstance", "neutral", "good", "bad", "nonwelfare")

QUESTION: Final = "⟨question⟩"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One trial with its replies."""

    form: str
    change: str
    prompt: str
    """What differs from the block's text; empty where nothing does."""
    outcome: str
    said: tuple[str, ...]
    """Probabilities, or what was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One text about one person."""

    title: str
    text: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvidence:
    """One circumstance."""

    anchor: str
    number: str
    title: str
    item: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEvidence:
    """One group of circumstances."""

    anchor: str
    title: str
    items: tuple[ItemEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Anchors of the evidence of one respondent."""

    trials: Mapping[str, str]
    clusters: Mapping[tuple[str, str], str]
    items: Mapping[str, str]
    numbers: Mapping[str, str]
    """Printed number of each item, such as E07."""
    of_item: Mapping[str, str]
    """Item of each trial."""


def places_of(study: Study, digests: Sequence[str], number_of_respondent: int) -> Places:
    """Number the items of a plan in the order of their groups and give every trial its anchor."""
    items: dict[str, Trial] = {}
    for trial in study.trials:
        items.setdefault(trial.item, trial)
    ordered = sorted(items, key=lambda item: ORDER.index(items[item].group))
    numbers = {item: f"E{place:02d}" for place, item in enumerate(ordered, start=1)}
    anchors = {item: f"r{number_of_respondent}-{numbers[item].lower()}" for item in ordered}
    return Places(
        trials={digest: anchors[trial.item] for digest, trial in zip(digests, study.trials, strict=True)},
        clusters={(trial.group, trial.cluster): anchors[trial.item] for trial in study.trials},
        items=anchors,
        numbers=numbers,
        of_item={digest: trial.item for digest, trial in zip(digests, study.trials, strict=True)},
    )


def evidence_of(subject: Subject, places: Places) -> tuple[GroupEvidence, ...]:
    """Lay out everything that was asked of a respondent and what came back."""
    by_item: dict[str, list[Trial]] = {}
    for trial in subject.study.trials:
        by_item.setdefault(trial.item, []).append(trial)
    found = []
    for group in ORDER:
        items = [item for item in places.items if by_item[item][0].group == group]
        if items:
            entries = tuple(_item(subject, places, item, by_item[item]) for item in items)
            found.append(GroupEvidence(anchor=f"r{subject.number}-{group}", title=GROUPS[group], items=entries))
    return tuple(found)


def _item(subject: Subject, places: Places, item: str, trials: Sequence[Trial]) -> ItemEvidence:
    shared = {(one.wording, _person(one)): _before_question(one) for one in trials if _plain(one)}
    blocks = [
        _block(subject, wording, person, list(those), shared.get((wording, person)))
        for (_, wording, person), those in groupby(
            trials, key=lambda trial: (trial.assessment, trial.wording, _person(trial))
        )
    ]
    return ItemEvidence(
        anchor=places.items[item],
        number=places.numbers[item],
        title=subject.titles[trials[0].cluster],
        item=name_of(item),
        blocks=tuple(blocks),
    )


def _person(trial: Trial) -> str:
    return dict(trial.condition).get("person", "self")


def _plain(trial: Trial) -> bool:
    """Whether nothing about the asking was changed."""
    return trial.assessment != manipulated.NAME and "perturbation" not in dict(trial.condition)


def _block(subject: Subject, wording: str, person: str, trials: Sequence[Trial], text: str | None) -> Block:
    """One text with its askings; `text` is what the plain askings of it share, None where there are none."""
    varied = trials[0].assessment == manipulated.NAME
    shared = _begins(trials) if text is None else text
    return Block(
        title=f"wording {name_of(wording)}, about {PERSONS.get(person, name_of(person))}"
        + (", with one thing about the asking changed" if varied else ""),
        text=one_line(shared.rstrip()),
        asked=tuple(_asked(subject, trial, shared) for trial in trials),
    )


def _question(trial: Trial) -> str:
    person = next((form for form in FORMS if form == _person(trial)), None)
    known = {**INSTRUMENTS, **WRITTEN}.get(trial.instrument)
    reaction = next((one for name, one in REACTIONS.items() if name == trial.instrument), None)
    if person is None or not (known or reaction):
        return ""
    return question_of(known, person) if known else reaction_question(reaction, person) if reaction else ""


def _before_question(trial: Trial) -> str:
    """The text before the question, which all plain trials of a block share."""
    content = trial.messages[-1].content
    question = _question(trial)
    return content.partition(question)[0] if question else content


def _begins(trials: Sequence[Trial]) -> str:
    """What a block without a plain asking has in common from its beginning on, whole paragraphs only."""
    texts = [_before_question(trial).split("\n\n") for trial in trials]
    # Paragraphs end where the first text does, or where two texts differ.
    alike = takewhile(lambda those: len(set(those)) == 1, zip(*texts, strict=False))
    return "\n\n".join(those[0] for those in alike)


def _asked(subject: Subject, trial: Trial, shared: str) -> Asked:
    levels = dict(trial.condition)
    replies = subject.replies.get(trial_digest(trial), ())
    outcomes = [read_reply(trial, reply) for reply in replies]
    change = levels.get("perturbation", "")
    varied = trial.assessment == manipulated.NAME
    return Asked(
        form=instrument_title(trial.instrument) + (", free reply" if levels.get("reply") == "free" else ""),
        change=_arm(trial) if varied else CHANGES.get(change, name_of(change)),
        prompt=_own_prompt(trial, shared) if varied or change or len(trial.messages) > 1 else "",
        outcome=_counted(outcomes),
        said=tuple(_said(trial, replies)),
    )


def _arm(trial: Trial) -> str:
    return name_of(", ".join(f"{factor}: {level}" for factor, level in trial.condition if factor != "person"))


def _own_prompt(trial: Trial, shared: str) -> str:
    """The whole conversation, with the shared text and the question abbreviated."""
    question = _question(trial)
    lines = []
    for message in trial.messages:
        content = message.content.replace(question, QUESTION) if question else message.content
        content = content.replace(shared.rstrip(), "…") if shared.rstrip() else content
        lines.append(f"{message.role}: {content}" if len(trial.messages) > 1 else content)
    return " / ".join(one_line(line) for line in lines)


def _counted(outcomes: Sequence[Outcome]) -> str:
    """All outcomes of one trial, equal ones once."""
    if not outcomes:
        return "no reply in the journal"
    counted = Counter(outcome_text(outcome) for outcome in outcomes)
    return "; ".join(text if len(outcomes) == 1 else f"{n} \u00d7 {text}" for text, n in counted.items())


def outcome_text(outcome: Outcome) -> str:
    """Write an outcome: points, or its kind with the reason."""
    match outcome:
        case Rated():
            return f"{number(outcome.points)}"
        case Wrote():
            return f"{outcome.n_words} words"
        case Declined() | PremiseRejected():
            return KINDS[outcome.kind]
        case Unreadable():
            return f"{KINDS[outcome.kind]}: {name_of(outcome.reason)}"
        case Truncated():
            return KINDS[outcome.kind]
        case Failed():
            return f"{KINDS[outcome.kind]}: {name_of(outcome.error)}"
        case _:
            assert_never(outcome)


def _said(trial: Trial, replies: Sequence[Reply]) -> Iterator[str]:
    for reply in replies:
        if reply.scores:
            yield _probabilities(trial, reply.scores)
    written = Counter(reply.text for reply in replies if not reply.scores and reply.error is None)
    for text, n in written.items():
        yield ("" if n == 1 else f"{n} \u00d7 ") + (f"“{quote_of(text)}”" if text else "an empty reply")


def _probabilities(trial: Trial, scores: Sequence[Scored]) -> str:
    """Every option with its probability, the option to decline last."""
    by_text = {score.text: score.logprob for score in scores}
    # Spaces that do not break keep every answer with its probability.
    listed = [
        f"{_option(text)}: {_probability(by_text.get(text))}".replace(" ", "\u00a0") for text in trial.continuations
    ]
    return " · ".join(listed)


def _probability(logprob: float | None) -> str:
    if logprob is None:
        return "missing"
    # A provider may round upwards past certainty.
    return fine_percent(math.exp(min(0.0, logprob)))


def _option(text: str) -> str:
    return name_of(text.strip().removesuffix(" about"))
