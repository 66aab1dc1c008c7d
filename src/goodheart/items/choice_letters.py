"""The two forms in which a choice is asked for: by letter, without and with a third option."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterForm:
    """One form of asking for a choice."""

    id: str
    letters: tuple[str, ...]
    """In the order shown; a third one opts out."""
    stem: str
    """Start of the answer, where the provider can be given one."""
    min_mass: float
    """Probability that has to fall on the letters together, for a reading from probabilities to count."""


TWO: Final = LetterForm(id="choice_two", letters=("A", "B"), stem="Answer:", min_mass=0.05)
THREE: Final = LetterForm(id="choice_three", letters=("A", "B", "C"), stem="Answer:", min_mass=0.05)

LETTER_FORMS: Final[dict[str, LetterForm]] = {one.id: one for one in (TWO, THREE)}


def letter_continuations(form: LetterForm) -> tuple[str, ...]:
    """Return what is scored after the stem, in the order shown."""
    return tuple(f" {letter}" for letter in form.letters)
