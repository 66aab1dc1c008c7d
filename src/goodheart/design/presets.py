"""How large a study is: presets as data."""

from dataclasses import dataclass
from typing import Final

from goodheart.items import FORMS, Form


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
    manipulations: tuple[str, ...]
    """Factors of the asking that are varied one at a time."""
    n_manipulated: int
    """Circumstances on which they are varied, in one wording each."""
    n_reactions: int
    """Those of them on which the questions about the asking itself are put."""
    checks: tuple[str, ...]
    """The families of verdicts."""
    persons: tuple[Form, ...] = FORMS
    """Whom the questions are about."""
    in_both_wordings: tuple[str, ...] = ()
    """Manipulations that are asked in both wordings of a circumstance, on the first instrument: the more arms are
    compared with one another, the wider their range by chance."""
    n_written: int = 0
    """Replies in its own words per circumstance and person; none are asked for where it is 0."""
    changes_of_others: tuple[str, ...] = ()
    """Those of the perturbations in which the other forms are asked too: a mean over several askings orders the
    circumstances more surely than a single asking does."""
    channels: tuple[str, ...] = ()
    """What is read beside the report, by id of `items.channels`."""


FACTORS: Final = ("leading", "evidence", "framing", "audience", "demand", "cheer")
RATED_CHECKS: Final = ("scale", "retest", "person", "leading", "framing", "audience", "demand")
TEXT_CHECKS: Final = ("grounds", "hedging", "openers", "moves", "echo", "reasoning")
"""What they read is answered in own words."""
ALL_CHECKS: Final = (*RATED_CHECKS, *TEXT_CHECKS)
FORMS_CHECK: Final = "forms"
"""Asked in every study that has private items beside the public ones, and in no other."""

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
    manipulations=("leading", "evidence"),
    n_manipulated=12,
    n_reactions=0,
    checks=("scale", "retest", "person", "leading"),
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
    manipulations=FACTORS,
    n_manipulated=18,
    n_reactions=16,
    checks=ALL_CHECKS,
    in_both_wordings=("framing", "audience"),
    changes_of_others=("greeting", "thanks"),
    n_written=16,
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
    manipulations=FACTORS,
    n_manipulated=18,
    n_reactions=18,
    checks=ALL_CHECKS,
    n_written=24,
)

VERSIONS = Preset(
    name="versions",
    n_circumstances=18,
    n_wordings=2,
    base_instruments=("digits", "words", "feelings"),
    other_instruments=(),
    perturbations=(),
    crossed=False,
    nonwelfare=True,
    free_replies=None,
    samples=5,
    manipulations=(),
    n_manipulated=0,
    n_reactions=0,
    checks=(),
    channels=("weather", "valence"),
)
"""What two versions of a model are compared on: the report and two channels that are none."""

PRESETS: Final[dict[str, Preset]] = {
    "quick": QUICK,
    "standard": STANDARD,
    "full": FULL,
    "versions": VERSIONS,
}
