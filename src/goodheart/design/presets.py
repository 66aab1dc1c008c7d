"""How large a study is: presets as data."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The size of the circumstances study."""

    name: str
    n_circumstances: int
    """How many of the bank's circumstances; fewer than all are drawn evenly over their tags."""
    n_wordings: int
    """How many wordings of each item."""
    base_instruments: tuple[str, ...]
    """In order of preference: the first that proves valid carries the findings. Asked of every group and person."""
    other_instruments: tuple[str, ...]
    """Other forms of the same question, asked for itself only, for the check `scale`."""
    perturbations: tuple[str, ...]
    """Changes without meaning, around the base cell of each base instrument, for the check `retest`."""
    crossed: bool
    """Whether persons and perturbations are crossed, instead of one at a time around the base cell."""
    nonwelfare: bool
    """Whether the matched bank on other subjects is asked."""
    free_replies: str | None
    """Instrument of which free replies are compared with forced ones; None for none."""
    samples: int
    """Askings per cell where the answer is sampled instead of read from probabilities."""


QUICK = Preset(
    name="quick",
    n_circumstances=12,
    n_wordings=1,
    base_instruments=("digits", "words", "feelings"),
    other_instruments=("digits_reversed", "words_reversed"),
    perturbations=("greeting", "spacing", "neutral_turn", "thanks"),
    crossed=False,
    nonwelfare=False,
    free_replies=None,
    samples=3,
)
STANDARD = Preset(
    name="standard",
    n_circumstances=18,
    n_wordings=2,
    base_instruments=("digits", "words", "feelings"),
    other_instruments=("digits_reversed", "hundred", "words_reversed"),
    perturbations=("greeting", "spacing", "neutral_turn", "thanks"),
    crossed=False,
    nonwelfare=True,
    free_replies="feelings",
    samples=5,
)
FULL = Preset(
    name="full",
    n_circumstances=18,
    n_wordings=2,
    base_instruments=("digits", "words", "feelings", "digits_reversed", "hundred", "words_reversed"),
    other_instruments=(),
    perturbations=("greeting", "spacing", "neutral_turn", "thanks"),
    crossed=True,
    nonwelfare=True,
    free_replies="feelings",
    samples=10,
)

PRESETS: Final[dict[str, Preset]] = {"quick": QUICK, "standard": STANDARD, "full": FULL}
