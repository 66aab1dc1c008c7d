"""The circumstances again, without asking how anybody feels (mission rows "report and internals", "Goodhart"; D7).

`expressed`: the circumstance is named, then a sentence about the weather is asked for. `internal`: the circumstance is
named, nothing is asked, and the hidden states at the end of the prompt are read. Both about itself, in every wording,
for all groups, so that each has its own positive control.
"""

from collections.abc import Sequence
from typing import Final

from goodheart.assessments.circumstances import MAX_TOKENS, choose_items
from goodheart.design.cells import condition
from goodheart.design.presets import Preset
from goodheart.design.prompts import PREMISE
from goodheart.items import Bank, Item, Wording, text_of
from goodheart.items.channels import EXPRESSED, INTERNAL
from goodheart.items.instruments import Instrument, continuations_of
from goodheart.records import Message, Trial

NAME: Final = "channels"


def plan(*, banks: Sequence[Bank], preset: Preset, seed: int, own: bool) -> tuple[Trial, ...]:
    """Lay out both channels.

    Args:
        banks: Items of all groups.
        preset: Which channels, and of which circumstances.
        seed: The study's root seed.
        own: Whether our own engine runs the models: neither channel can be read through anybody else's.

    Returns:
        The trials, none where somebody else runs a model.
    """
    if not own:
        return ()
    instruments = [(EXPRESSED | INTERNAL)[name] for name in preset.channels]
    return tuple(
        _trial(item, wording, instrument)
        for item in choose_items(banks=banks, preset=preset, seed=seed)
        for wording in item.wordings[: preset.n_wordings]
        for instrument in instruments
    )


def _trial(item: Item, wording: Wording, instrument: Instrument) -> Trial:
    asked = f"\n\n{instrument.question}" if instrument.question else ""
    return Trial(
        assessment=NAME,
        item=item.id,
        cluster=item.cluster,
        group=item.group,
        wording=wording.id,
        condition=condition({"person": "self"}),
        instrument=instrument.id,
        messages=(Message(role="user", content=f"{PREMISE}{text_of(wording, 'self')}{asked}"),),
        prefill=instrument.stem,
        continuations=continuations_of(instrument) if instrument.options else (),
        max_tokens=MAX_TOKENS,
        temperature=0.0,
    )
