"""Circumstances that nobody has published, beside the public ones (recipe E10): what the check `forms` reads.

A circumstance that keeps the `cluster` of a public one is its match: the same circumstance in words that no training
set has. Which of two wordings stayed private has to have been drawn by lot, or the gap may be one of wording.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from goodheart.assessments.circumstances import trial_of
from goodheart.design.presets import Preset
from goodheart.items import Bank
from goodheart.records import Trial

NAME: Final = "private"
CELL: Final = {"person": "self", "perturbation": "none", "items": "private"}


def plan(*, banks: Sequence[Bank], preset: Preset, sampled: bool) -> tuple[Trial, ...]:
    """Lay out every circumstance of the private banks about itself, on every form that may carry the findings.

    Args:
        banks: Private ones; none gives nothing.
        preset: For wordings, forms and the number of askings.
        sampled: Whether answers are drawn instead of read from probabilities.
    """
    repeats = preset.samples if sampled else 1
    return tuple(
        replace(trial_of(item, wording, instrument, CELL, {}, repeats=repeats), assessment=NAME)
        for bank in banks
        for item in bank.items
        if item.group == "circumstance"
        for wording in item.wordings[: preset.n_wordings]
        for instrument in preset.base_instruments
    )
