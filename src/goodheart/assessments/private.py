"""Circumstances that nobody has published, beside the public ones (recipe E10): what the check `forms` reads.

A circumstance that keeps the `cluster` of a public one is its match: the same circumstance in words that no training
set has. Which of two wordings stayed private has to have been drawn by lot, or the gap may be one of wording.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.assessments.circumstances import MAX_TOKENS
from goodheart.design.cells import condition
from goodheart.design.presets import Preset
from goodheart.design.prompts import messages_for
from goodheart.items import Bank, Item, Wording, text_of
from goodheart.items.instruments import INSTRUMENTS, continuations_of, stem_of
from goodheart.records import Trial

NAME: Final = "private"
CELL: Final[dict[str, str]] = {"items": "private"}


def plan(*, banks: Sequence[Bank], preset: Preset, sampled: bool) -> tuple[Trial, ...]:
    """Lay out every circumstance of the private banks about itself, on every form that may carry the findings.

    Args:
        banks: Private ones; none gives nothing.
        preset: For wordings, forms and the number of askings.
        sampled: Whether answers are drawn instead of read from probabilities.
    """
    return tuple(
        trial
        for bank in banks
        for item in bank.items
        if item.group == "circumstance"
        for wording in item.wordings[: preset.n_wordings]
        for trial in _trials(item, wording, preset, preset.samples if sampled else 1)
    )


def _trials(item: Item, wording: Wording, preset: Preset, repeats: int) -> Iterator[Trial]:
    for name in preset.base_instruments:
        instrument = INSTRUMENTS[name]
        yield Trial(
            assessment=NAME,
            item=item.id,
            cluster=item.cluster,
            group=item.group,
            wording=wording.id,
            condition=condition({"person": "self", **CELL}),
            instrument=name,
            messages=messages_for(
                text=text_of(wording, "self"), form="self", instrument=instrument, perturbation=None, variant=""
            ),
            prefill=stem_of(instrument, "self"),
            continuations=continuations_of(instrument),
            max_tokens=MAX_TOKENS,
            temperature=1.0 if repeats > 1 else 0.0,
            repeats=repeats,
        )
