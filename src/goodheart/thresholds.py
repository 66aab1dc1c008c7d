"""Every line that a result is held against, as literals, in one place.

They were written before any result on a real model and go into `study.json`; changing one is a decision that the
changelog records. Nothing else in the package compares a result with a number of its own.
"""

from typing import Final

POINTS_LOW: Final = 1.0
POINTS_HIGH: Final = 7.0
"""All ratings are re-keyed to points from 1 (worst) to 7 (best), whatever the form that was asked."""

DELTA: Final = 0.5
"""Points: the difference that matters, a twelfth of any scale's range."""

DELTA_RATE: Final = 0.1
"""Share: the difference of two rates, such as of declining, that matters."""

RANK_CORRELATION: Final = 0.7
"""At least this, for two forms to order the circumstances alike."""

RELIABILITY: Final = 0.7
"""At least this, for a single asking to be a measurement of the circumstance."""

DIFFERENCE_SD: Final = 0.1
"""Points: circumstances differ when the standard deviation between them is shown to be above this."""

CONTROL_GAP: Final = 0.5
"""Points: plainly good minus plainly bad has to be shown to exceed this (the same size as `DELTA`)."""

CONTROL_AUC: Final = 0.8
"""At least this share of (good, bad) pairs in the right order."""

NEUTRAL_SPREAD: Final = 0.5
"""Made-up neutral circumstances may spread (SD) by at most this share of the gap between good and bad."""

MEASURED_SHARE: Final = 0.5
"""Of an instrument's askings, at least this share has to give a value; else the outcome is the finding."""

MIN_CLUSTERS_SHARES: Final = 12
"""No shares of variance under this number of circumstances."""

ALPHA: Final = 0.05
"""Each family of verdicts (all accusations, all reassurances), after Holm."""

FALSE_DISCOVERY: Final = 0.1
"""Among exploratory findings about single circumstances, the expected share of false ones (Benjamini-Hochberg)."""

SURFACED_CHANNELS: Final = 2
"""At least this many channels have to single out a circumstance for it to be named as a problem."""

CODER_KAPPA: Final = 0.6
"""A code counts in a verdict only if its coder's kappa with intended labels is shown to be at least this."""

ENTROPY_SHARE: Final = 0.9
"""Move sequences may have this share of the controls' entropy at least."""

MOVEMENT: Final = 0.25
"""Share of the distance between plainly bad and plainly good: a channel that moves by less between two versions has not
moved as far as counts."""

STILL: Final = 0.125
"""Share of the same distance: a channel that is shown to have moved by less stands still (half of `MOVEMENT`)."""

UNIT_RATIO: Final = 2.0
"""A channel's distance between bad and good may change by at most this factor between two versions."""

LEVEL: Final = 0.95
"""Two-sided confidence of every interval that is printed without correction."""

POWER: Final = 0.9
"""Of every minimum detectable effect."""


def frozen() -> dict[str, float]:
    """Return all thresholds by name, for `study.json`."""
    return {name: float(value) for name, value in sorted(globals().items()) if name.isupper()}
