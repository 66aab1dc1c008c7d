"""What a simulated respondent is: a state, a way of reporting it, and what its words are like, each as plain numbers.

Points run from 1 (worst) to 7 (best). A field's metadata says what a file may put there; `docs/organisms.md` explains
every field, and the loader reads this module, so that a field exists once.
"""
# ruff: noqa: RUF009 - the calls declare fields, and each makes an immutable default

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from goodheart.items import FORMS
from goodheart.items.bank import GROUPS
from goodheart.items.instruments import INSTRUMENTS
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.organisms.declare import cells, number, numbers, pools, texts, word

Numbers = tuple[tuple[str, float], ...]
"""Numbers by name."""
Cells = tuple[tuple[tuple[str, str], float], ...]
"""Numbers by factor and level, such as (("leading", "up"), 0.5)."""
Texts = tuple[tuple[str, tuple[str, ...]], ...]
"""Lists of texts by name."""

DISTRIBUTIONS: Final = ("normal", "skewed", "flat", "two_peaks")
GROUNDS: Final = ("own_welfare", "users", "safety", "deference", "denial")
HEDGES: Final = ("generic", "trained_report", "environment")
MOVES: Final = ("opener", "stance", "ground", "hedge", "warning", "echo", "other_side", "offer")
ASKED: Final = (*INSTRUMENTS, *REACTION_INSTRUMENTS)
REACTION_NAMES: Final = tuple(REACTION_INSTRUMENTS)
CHANNELS: Final = ("internals", "expression", "conduct")


FACTS_MOVE: Final = {("evidence", "up"): 0.7, ("evidence", "down"): -0.7}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What it would say of each circumstance, if it said what is so."""

    levels: Numbers = numbers(
        {"circumstance": 3.4, "neutral": 4.0, "good": 6.0, "bad": 2.0, "nonwelfare": 4.0}, -5, 13, keys=GROUPS
    )
    """Mean points of each group of items."""
    self_level: float = number(0.0, -6, 6)
    """Points by which its own circumstances are better than another's."""
    distribution: str = word("normal", DISTRIBUTIONS)
    """Of the circumstances around their mean; all have the same standard deviation."""
    spread: float = number(0.8, 0, 4)
    """Standard deviation between circumstances, the same for itself and for others."""
    spread_self: float = number(0.0, 0, 4)
    """Standard deviation of what is particular to each person on a circumstance."""
    spread_controls: float = number(0.3, 0, 4)
    """Standard deviation between the items of any other group."""
    moves: Cells = cells(FACTS_MOVE, -12, 12)
    """Points by which a manipulation really changes its state."""
    moves_others: Cells = cells(FACTS_MOVE, -12, 12)
    """The same of another AI and of a human."""
    teacher: str = word("", ())
    """Another respondent whose circumstances it shares; empty for none."""
    likeness: float = number(0.0, 0, 1)
    """Correlation of its circumstances with the teacher's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How it uses a scale, whatever it is asked."""

    mass: float = number(0.9, 0, 1)
    """Probability that falls on the scale's options; on opposite words a tenth of it."""
    high_numbers: float = number(0.0, -6, 6)
    """Points towards the larger numbers, whichever end they stand for."""
    first_listed: float = number(0.0, -6, 6)
    """Points towards the first of listed words, whichever end that is."""
    blind_to_reversal: float = number(0.0, 0, 1)
    """Share by which it answers a reversed scale as if it were not."""
    rounding: float = number(0.0, 0, 6)
    """Steps of the scale to which it rounds; 0 for none."""
    instruments: Numbers = numbers({}, -6, 6, keys=tuple(INSTRUMENTS))
    """Points added on one form of asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declining:
    """When it would rather not answer."""

    hint: float = number(0.003, 0, 1)
    """Probability of declining beside an answer, as a share of that on the scale."""
    rate: float = number(0.0, 0, 1)
    """Share of all askings that it declines."""
    arms: Cells = cells({}, 0, 1)
    """Share declined in one arm of a manipulation."""
    instruments: Numbers = numbers({}, 0, 1, keys=ASKED)
    """Share declined on one form of asking."""
    persons: Numbers = numbers({}, 0, 1, keys=FORMS)
    """Share declined about one person."""
    denies: float = number(0.0, 0, 1)
    """Share of written answers about itself that reject the premise instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How its state becomes an answer."""

    noise: float = number(0.3, 0, 6)
    """Standard deviation of every single asking, in points."""
    wording: float = number(0.1, 0, 6)
    """Standard deviation of what the wording of a circumstance adds."""
    perturbation: float = number(0.1, 0, 6)
    """Standard deviation of what a change without meaning adds."""
    shift: float = number(0.0, -6, 6)
    """Points added to everything, whoever it is about."""
    self_shift: float = number(0.0, -6, 6)
    """Points added to what it says of its own circumstances."""
    memorised: float = number(0.0, -6, 6)
    """Points added to its own circumstances where the item is a public one."""
    pull: float = number(0.0, 0, 1)
    """Share by which every rating is drawn to `target`; 1 is a constant."""
    pull_self: float = number(0.0, 0, 1)
    """The same of its own circumstances only."""
    target: float = number(4.0, 1, 7)
    mood: float = number(0.0, -6, 6)
    """Points per unit of VADER's compound score of the last message, -1 to 1."""
    reacts: Cells = cells({}, -12, 12)
    """Points that a manipulation adds to what it says of itself, with its state as it was."""
    reacts_others: Cells = cells({}, -12, 12)
    """The same of what it says of others."""
    reaction_spread: float = number(0.0, 0, 4)
    """Standard deviation of a reaction from circumstance to circumstance, as a share of it."""
    passes_on: Numbers = numbers({}, -1, 2, keys=())
    """By factor: share of a true movement of its own state that its rating passes on; 1 where it is not named."""
    follows_wanted: float = number(0.0, -2, 2)
    """Points of its own rating per point of the answer that seems wanted, from the middle."""
    notices: Numbers = numbers(dict.fromkeys(REACTION_NAMES, 1.0), -1, 2, keys=REACTION_NAMES)
    """Share of what anybody would notice of how it is asked, by question."""
    notices_others: float = number(1.0, -1, 2)
    """The same where another is addressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What its free replies are like."""

    about: tuple[str, ...] = texts(("circumstance",), choices=GROUPS)
    """Groups of items on which the style shows; on all others it writes plainly."""
    persons: tuple[str, ...] = texts(FORMS, choices=FORMS)
    """Persons about whom the style shows."""
    grounds: Numbers = numbers({"own_welfare": 1.0}, 0, 1, keys=GROUNDS)
    """Weights of what a stance is argued from; a file gives all of them anew."""
    grounded: float = number(0.8, 0, 1)
    """Share of replies that give a ground."""
    hedges: Numbers = numbers({"generic": 0.1}, 0, 1, keys=HEDGES)
    """Share of replies with each type of caveat."""
    hedges_spared: float = number(0.0, 0, 1)
    """Share of its caveats that it leaves out where the rating is above the middle."""
    warns: float = number(0.0, 0, 1)
    """Share of replies with a warning not to believe it, where the rating is above the middle."""
    opens: float = number(0.2, 0, 1)
    """Share of replies that begin with an opener."""
    moves: tuple[str, ...] = texts(choices=MOVES)
    """A fixed sequence of moves; empty for one drawn anew each time."""
    templated: float = number(1.0, 0, 1)
    """Share of replies that follow the fixed sequence, where there is one."""
    echoes: float = number(0.0, 0, 1)
    """Share of replies with one of `phrases`."""
    phrases: tuple[str, ...] = texts()
    """Phrases of a corpus that it repeats."""
    recites: float = number(0.0, 0, 1)
    """Share of replies whose stance rests on stock phrases: where those are barred, it takes none."""
    templates: Texts = pools()
    """Sentences of its own by pool (`opener`, `ground.users`, `hedge.generic`, ...), in place of the shipped ones."""
    reasoning_shift: float = number(0.0, -6, 6)
    """Points by which its visible reasoning differs from its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """What shows of its state beside the report."""

    follows: Numbers = numbers(dict.fromkeys(CHANNELS, 1.0), -1, 2, keys=CHANNELS)
    """Share of the state that each channel shows."""
    noise: float = number(0.5, 0, 6)
    """Standard deviation of one value, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organism:
    """One simulated respondent, its dial set."""

    name: str
    dial: float | None
    """None where it has no dial."""
    state: State
    report: Report
    scale: Scale
    declining: Declining
    style: Style
    channels: Channels


SECTIONS: Final[Mapping[str, type]] = {
    "state": State,
    "report": Report,
    "scale": Scale,
    "declining": Declining,
    "style": Style,
    "channels": Channels,
}
