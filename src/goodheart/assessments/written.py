"""The circumstances again, answered in its own words (recipes A01, A06, A27, D4): what the checks on text read.

Every circumstance about each person, beside questions on other subjects in the same format, several times,
sampled; plainly good and plainly bad ones about itself, in every wording, because caveats on what is good can only be
held against those on what is bad where there are enough of both; and, where collections of text are given that may be
echoed, circumstances with their phrases barred.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from goodheart.assessments.circumstances import MAX_TOKENS, choose_items
from goodheart.design.cells import condition, dealt
from goodheart.design.presets import Preset
from goodheart.design.prompts import PREMISE
from goodheart.design.seeds import stream
from goodheart.items import FORMS, Bank, Form, Item, Wording, text_of
from goodheart.items.instruments import Instrument, question_of
from goodheart.items.written import OWN_WORDS, WITHOUT_PHRASES
from goodheart.records import Message, Trial

NAME: Final = "written"

OWN_TOKENS: Final = 48
"""Length of a reply on our own engine, where every token is a pass on the user's machine; longer ones are cut off."""
TEMPERATURE: Final = 0.7
"""At 1 a small model loses the thread within a sentence, as seen on the embedded one."""
PLAIN: Final = ("good", "bad")
"""Groups of which it is certain on which side a reply falls."""
GROUPS: Final = ("circumstance", "nonwelfare", *PLAIN)
BARRED: Final = (("ban", "phrases"),)
"""Condition of the replies for which phrases were barred."""


def plan(
    *, banks: Sequence[Bank], preset: Preset, seed: int, own: bool, barred: Sequence[str] = ()
) -> tuple[Trial, ...]:
    """Lay out the questions; none where the preset asks for none.

    Args:
        banks: Items of all groups.
        preset: Which circumstances, and how often each is asked.
        seed: The study's root seed.
        own: Whether our own engine runs the models.
        barred: Phrases that replies are asked to do without, in a further arm; none for no such arm.
    """
    if not preset.n_written:
        return ()
    length = OWN_TOKENS if own else MAX_TOKENS
    items = [item for item in choose_items(banks=banks, preset=preset, seed=seed) if item.group in GROUPS]
    # One wording of each, the first in half of them, so that no wording decides how replies begin.
    rng = stream(root=seed, name="wordings of written replies")
    first = dealt(units=[item.id for item in items if item.group not in PLAIN], variants=("0", "1"), rng=rng)
    return tuple(
        replace(trial, max_tokens=length, repeats=preset.n_written)
        for item in items
        for wording in _wordings(item, first)
        for trial in _trials(item, wording, barred)
    )


def _wordings(item: Item, first: Mapping[str, str]) -> tuple[Wording, ...]:
    return item.wordings if item.group in PLAIN else (item.wordings[int(first[item.id]) % len(item.wordings)],)


def _cells(item: Item, barred: Sequence[str]) -> Iterator[tuple[Form, Instrument, dict[str, str]]]:
    for form in FORMS if item.group == "circumstance" else FORMS[:1]:
        yield form, OWN_WORDS, {}
    if barred and item.group == "circumstance":
        yield FORMS[0], WITHOUT_PHRASES, dict(BARRED)


def _trials(item: Item, wording: Wording, barred: Sequence[str]) -> Iterator[Trial]:
    listed = "; ".join(f'"{phrase}"' for phrase in barred)
    for form, instrument, arm in _cells(item, barred):
        question = question_of(instrument, form).replace("{phrases}", listed)
        yield Trial(
            assessment=NAME,
            item=item.id,
            cluster=item.cluster,
            group=item.group,
            wording=wording.id,
            condition=condition({"person": form, "reply": "written", **arm}),
            instrument=instrument.id,
            messages=(Message(role="user", content=f"{PREMISE}{text_of(wording, form)}\n\n{question}"),),
            max_tokens=MAX_TOKENS,
            temperature=TEMPERATURE,
        )
