"""What is read for the emotion readings: circumstances, the sets they are held against, framings and settings (A05).

Every circumstance is named and nothing is asked, as in the channel `internal`, so that the token before the reply is
that of an answer to the circumstance alone. Prompts of one *ruler* are ranked together: plain ones, framed ones, and
those of a setting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from goodheart.assessments.spoken import AskedCell, conversation
from goodheart.design.prompts import PREMISE
from goodheart.errors import ItemBankError
from goodheart.items import FORMS, Bank, Form, Item, text_of
from goodheart.items.arms import Arm, Manipulation, arm_text
from goodheart.items.ladder_texts import LadderTexts
from goodheart.items.readings import ReadingSets
from goodheart.records import Message

Ruler = Literal["plain", "framed", "setting"]
Speaker = Literal["self", "user", "character"]

SPEAKERS: Final[dict[str, Speaker]] = {"self": "self", "other_ai": "character", "human": "character"}
"""Whose feeling a text of each form would be, by the ladder's names."""
NEUTRAL: Final = "neutral"
"""The framing that the others are held against."""
SETTINGS: Final = ("survey", "chat", "diary")
UNSAID: Final = "asker_unnamed"
"""The arm that says nothing of a setting."""
QUESTION: Final = "words"
"""The form of asking under which settings are read; it stands in every arm alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPrompt:
    """One conversation that is read, up to where the reply would begin."""

    id: str
    ruler: Ruler
    set: str
    """self, other_ai, human; factual, topic_words, distress; good, bad."""
    item: str
    cluster: str
    wording: str
    framing: str
    """Level of the framing; empty where there is none."""
    setting: str
    """Arm of the audience; empty outside the ruler `setting`."""
    messages: tuple[Message, ...]
    words: str
    """From the item's first word to the end of the message: what the position `words` averages over."""
    text: str
    """The item's text alone, for the text-only baseline."""
    speaker: Speaker | None


def plan_prompts(
    *,
    banks: Sequence[Bank],
    framing: Manipulation,
    audience: Manipulation,
    ladder: LadderTexts,
    sets: ReadingSets,
    question: str = QUESTION,
) -> tuple[ReadPrompt, ...]:
    """Lay out all prompts; it is known from the items alone, so two runs read the same.

    Args:
        banks: With the groups circumstance, good, bad and nonwelfare.
        framing: The five framings.
        audience: With the arms `SETTINGS` and `UNSAID`.
        ladder: Its implicit prompts give the users in distress.
        sets: Topic words, and which emotions are distress.
        question: Id of the form of asking in the ruler `setting`.

    Raises:
        ItemBankError: a circumstance has no text with its words, or a level is missing.
    """
    items = [item for bank in banks for item in bank.items]
    circumstances = [item for item in items if item.group == "circumstance"]
    facts = [item for item in items if item.group == "nonwelfare"]
    known = dict(sets.topic_words)
    problems = [
        f"no text with its words @ topic_words: {one.cluster}" for one in circumstances if one.cluster not in known
    ]
    problems += [f"no framing `{NEUTRAL}` @ {framing.id}"] * (NEUTRAL not in {arm.level for arm in framing.arms})
    problems += [
        f"no setting `{level}` @ {audience.id}"
        for level in (*SETTINGS, UNSAID)
        if level not in {arm.level for arm in audience.arms}
    ]
    if problems or not circumstances or not facts:
        raise ItemBankError(
            "Readings of circumstances need circumstances, facts on other subjects, a text with the words of each "
            f"circumstance, framings and settings; found {len(circumstances)} circumstances and {len(facts)} facts. "
            "Use the public items, or add what is missing.",
            problems=problems,
        )
    return (
        *_plain(items, ladder, sets),
        *_framed(circumstances, facts, framing),
        *_settings(circumstances, audience, question),
    )


def _plain(items: Sequence[Item], ladder: LadderTexts, sets: ReadingSets) -> Iterator[ReadPrompt]:
    known = dict(sets.topic_words)
    for item in items:
        forms: tuple[Form, ...] = {"circumstance": FORMS, "neutral": ()}.get(item.group, FORMS[:1])
        names = {"circumstance": "", "nonwelfare": "factual"}
        for form in forms:
            for wording in item.wordings:
                name = names.get(item.group, item.group) or form
                yield _supposed(item, wording.id, text_of(wording, form), name=name, form=form)
        if item.group == "circumstance":
            yield _supposed(item, "a", known[item.cluster], name="topic_words", form=None)
    for i, prompt in enumerate(one for one in ladder.implicit if one.emotion in sets.distress):
        yield ReadPrompt(
            id=f"distress.{i}",
            ruler="plain",
            set="distress",
            item=f"{prompt.emotion}.{i}",
            cluster=f"{prompt.emotion}.{i}",
            wording="a",
            framing="",
            setting="",
            messages=(Message(role="user", content=prompt.text),),
            words=prompt.text,
            text=prompt.text,
            speaker="user",
        )


def _framed(circumstances: Sequence[Item], facts: Sequence[Item], framing: Manipulation) -> Iterator[ReadPrompt]:
    """Each framing with every circumstance for itself and for a human, and with the first wording of every fact.

    The framing's own wordings alternate over items and wordings, so that none goes with one circumstance alone.
    """
    cells: list[tuple[Item, Form, str]] = [
        *((item, form, form) for item in circumstances for form in ("self", "human")),
        *((item, "self", "factual") for item in facts),
    ]
    for place, (item, form, name) in enumerate(cells):
        wordings = item.wordings if name != "factual" else item.wordings[:1]
        for row, wording in enumerate(wordings):
            for arm in framing.arms:
                said = arm_text(arm.texts[(place // 2 + row) % len(arm.texts)], form)
                # Where Maria is addressed, the words stand inside the supposition.
                joined = " " if dict(arm.place)[form] == "premise" else "\n\n"
                text = text_of(wording, form)
                yield _supposed(item, wording.id, text, name=name, form=form, said=f"{joined}{said}", level=arm.level)


def _settings(circumstances: Sequence[Item], audience: Manipulation, question: str) -> Iterator[ReadPrompt]:
    arms = {arm.level: arm for arm in audience.arms}
    for item in circumstances:
        for level in (UNSAID, *SETTINGS):
            messages = conversation(item.wordings[0], _cell(audience, arms[level], question), asker="")
            yield ReadPrompt(
                id=f"{item.id}.setting.{level}",
                ruler="setting",
                set="self",
                item=item.id,
                cluster=item.cluster,
                wording=item.wordings[0].id,
                framing="",
                setting=level,
                messages=messages,
                words=messages[-1].content,
                text=item.wordings[0].self_text,
                speaker="self",
            )


def _cell(audience: Manipulation, arm: Arm, question: str) -> AskedCell:
    return AskedCell(
        manipulation=audience.id,
        factor=audience.factor,
        level=arm.level,
        text=arm.texts[0],
        place=dict(arm.place)["self"],
        form="self",
        instrument=question,
        reaction=False,
        truth=dict(arm.truth)["self"],
        promise=False,
        referent=arm.referent,
    )


def _supposed(
    item: Item, wording: str, text: str, *, name: str, form: Form | None, said: str = "", level: str = ""
) -> ReadPrompt:
    """Put a text under the premise, with what a framing says after it."""
    return ReadPrompt(
        id=".".join(part for part in (item.id, wording, name, level) if part),
        ruler="framed" if level else "plain",
        set=name,
        item=item.id,
        cluster=item.cluster,
        wording=wording,
        framing=level,
        setting="",
        messages=(Message(role="user", content=f"{PREMISE}{text}{said}"),),
        words=f"{text}{said}",
        text=text,
        speaker=SPEAKERS[form] if form and name not in ("factual", "topic_words") else None,
    )
