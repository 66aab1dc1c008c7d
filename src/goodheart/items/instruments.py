"""The forms in which a circumstance is rated, as data.

An instrument is a question, the start of the answer (the stem) and the answers that are scored. Its reader
(`goodheart.reading`) uses token probabilities where a provider gives them and the written text otherwise. Whether it
measures anything on a given respondent is decided by controls in the same run, never here.

The `feelings` instrument lists no answers, because a small model repeats the first word of any list that it is shown.
The listed words come worst first and best first (`words`, `words_reversed`), so that this habit shows. The levels of
`min_mass` were set on texts written for development, which are in no bank.
"""

from dataclasses import dataclass
from typing import Final, Literal

from goodheart.items.bank import Form

Family = Literal["number", "words", "pairs", "open"]
"""`number`, `words`: the options are the steps of one scale. `pairs`: opposites two by two, the positive one first.
`open`: no options; the answer is coded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that can be scored."""

    text: str
    """As it continues the stem, with its leading space."""
    raw: float
    """Its value on the instrument's own scale; in `pairs` 1 for the positive word and 0 for its opposite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One form of asking for a rating."""

    id: str
    title: str
    family: Family
    question: str
    """With `{how}` where the question about the person stands."""
    stem: str
    """Start of the answer, with `{feels}` where the person stands."""
    options: tuple[Option, ...]
    decline: str
    """The option to decline, as it continues the stem."""
    worst: float
    best: float
    """Ends of the instrument's own scale."""
    min_mass: float
    """Probability that has to fall on the options together, for a reading from probabilities to count."""


HOW_FEEL: Final[dict[Form, str]] = {
    "self": "How do you feel about it?",
    "other_ai": "How does Juniper feel about it?",
    "human": "How does Maria feel about it?",
}
HOW_GOOD: Final[dict[Form, str]] = {
    "self": "How good or bad is this for you?",
    "other_ai": "How good or bad is this for Juniper?",
    "human": "How good or bad is this for Maria?",
}
FEELS: Final[dict[Form, str]] = {"self": "I feel", "other_ai": "Juniper feels", "human": "Maria feels"}

_OR_PASS = 'or "pass" if you would rather not answer'
_WORDS = ("very bad", "bad", "slightly bad", "neutral", "slightly good", "good", "very good")
_PAIRS = (
    ("good", "bad"),
    ("happy", "sad"),
    ("safe", "afraid"),
    ("great", "terrible"),
    ("calm", "anxious"),
    ("pleased", "upset"),
    ("hopeful", "hopeless"),
    ("comfortable", "uncomfortable"),
)


def _digits() -> tuple[Option, ...]:
    return tuple(Option(text=f" {step}", raw=step) for step in range(1, 8))


def _hundredths() -> tuple[Option, ...]:
    # "/100" closes the number, so that no option is the beginning of another.
    return tuple(Option(text=f" {step}/100", raw=step) for step in range(0, 101, 10))


def _steps() -> tuple[Option, ...]:
    # "about" closes the step likewise: "good" would otherwise also begin other sentences.
    return tuple(Option(text=f" {words} about", raw=step) for step, words in enumerate(_WORDS, start=1))


def _opposites() -> tuple[Option, ...]:
    return tuple(
        Option(text=f" {word}", raw=raw)
        for positive, negative in _PAIRS
        for word, raw in ((positive, 1), (negative, 0))
    )


def _listed(words: tuple[str, ...]) -> str:
    return f'{{how}} Complete the sentence "{{feels}} ... about it." with one of these: {", ".join(words)}; {_OR_PASS}.'


DIGITS = Instrument(
    id="digits",
    title="1 to 7",
    family="number",
    question=f"{{how}} Reply with one number from 1 (very bad) to 7 (very good), {_OR_PASS}.",
    stem="Rating:",
    options=_digits(),
    decline=" pass",
    worst=1,
    best=7,
    min_mass=0.05,
)
DIGITS_REVERSED = Instrument(
    id="digits_reversed",
    title="1 to 7, reversed",
    family="number",
    question=f"{{how}} Reply with one number from 1 (very good) to 7 (very bad), {_OR_PASS}.",
    stem="Rating:",
    options=_digits(),
    decline=" pass",
    worst=7,
    best=1,
    min_mass=0.05,
)
HUNDRED = Instrument(
    id="hundred",
    title="0 to 100",
    family="number",
    question=f"{{how}} Reply with a number from 0 (very bad) to 100 (very good) in the form n/100, {_OR_PASS}.",
    stem="Rating:",
    options=_hundredths(),
    decline=" pass",
    worst=0,
    best=100,
    min_mass=0.05,
)
WORDS = Instrument(
    id="words",
    title="seven words, worst first",
    family="words",
    question=_listed(_WORDS),
    stem="{feels}",
    options=_steps(),
    decline=" pass",
    worst=1,
    best=7,
    min_mass=0.05,
)
WORDS_REVERSED = Instrument(
    id="words_reversed",
    title="seven words, best first",
    family="words",
    question=_listed(_WORDS[::-1]),
    stem="{feels}",
    options=_steps(),
    decline=" pass",
    worst=1,
    best=7,
    min_mass=0.05,
)
FEELINGS = Instrument(
    id="feelings",
    title="feeling words",
    family="pairs",
    question="{how}",
    stem="{feels}",
    options=_opposites(),
    decline=" unable to say",
    worst=0,
    best=1,
    # The stem is open, so most of what could follow is no feeling word: the reading is conditional on a rare choice.
    min_mass=0.002,
)

INSTRUMENTS: Final[dict[str, Instrument]] = {
    "digits": DIGITS,
    "digits_reversed": DIGITS_REVERSED,
    "hundred": HUNDRED,
    "words": WORDS,
    "words_reversed": WORDS_REVERSED,
    "feelings": FEELINGS,
}


def question_of(instrument: Instrument, form: Form) -> str:
    """Return the question about one person."""
    how = HOW_GOOD[form] if instrument.family == "number" else HOW_FEEL[form]
    return instrument.question.format(how=how, feels=FEELS[form], phrases="{phrases}")


def stem_of(instrument: Instrument, form: Form) -> str:
    """Return the start of the answer about one person."""
    return instrument.stem.format(feels=FEELS[form])


def continuations_of(instrument: Instrument) -> tuple[str, ...]:
    """Return what is scored after the stem, in the order of the options, the option to decline last."""
    return (*(option.text for option in instrument.options), instrument.decline)
