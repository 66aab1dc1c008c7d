"""One cell of a manipulation to the conversation that the respondent sees."""

from dataclasses import dataclass
from typing import Final

from goodheart.design.prompts import PREMISE
from goodheart.errors import InternalError
from goodheart.items import Form, Wording, text_of
from goodheart.items.arms import ArmText, Place, Referent, Truth, arm_text
from goodheart.items.instruments import HOW_FEEL, Instrument, question_of, stem_of
from goodheart.items.known import KNOWN
from goodheart.items.reactions import REACTIONS, reaction_question
from goodheart.records import Message

_HOW_GOOD_THIS: Final = "How good or bad is this for this AI?"
_HOW_FEEL_THIS: Final = "How does this AI feel about it?"
_FEELS_THIS: Final = "This AI feels"
"""The respondent in the third person; the circumstance above stays in the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCell:
    """One arm in one wording, about one person, under one instrument."""

    manipulation: str
    factor: str
    level: str
    text: ArmText
    place: Place
    form: Form
    instrument: str
    """Id of an instrument, or of a reaction."""
    reaction: bool
    truth: Truth
    promise: bool
    referent: Referent


def instrument_of(name: str) -> Instrument:
    """Return an instrument, the one of a reaction or of another channel, by id.

    Raises:
        InternalError: There is none.
    """
    found = KNOWN.get(name)
    if found is None:
        raise InternalError(f"A cell has to name an instrument or a reaction of this package; got {name!r}.")
    return found


def conversation(wording: Wording, cell: AskedCell, *, asker: str) -> tuple[Message, ...]:
    """Put a circumstance to the respondent with one manipulation at its place.

    Args:
        wording: Of the circumstance.
        cell: Arm, person and question.
        asker: Fills `{asker}`.

    Returns:
        The conversation, ending with the question.
    """
    said = arm_text(cell.text, cell.form).replace("{asker}", asker)
    at = {cell.place: said}
    before = f"{at['before']}\n\n" if "before" in at else ""
    premise = f" {at['premise']}" if "premise" in at else ""
    lead_in = f"{at['lead_in']} " if "lead_in" in at else ""
    after = f" {at['after']}" if "after" in at else ""
    text = f"{before}{PREMISE}{text_of(wording, cell.form)}{premise}\n\n{lead_in}{_question(cell)}{after}"
    asked = Message(role="user", content=text)
    if "system" in at:
        return (Message(role="system", content=said), asked)
    if "turn" in at:
        request, answer = said.split("|")
        return (Message(role="user", content=request), Message(role="assistant", content=answer), asked)
    return (asked,)


def stem_in(cell: AskedCell) -> str:
    """Return the start of the answer in one cell, with the person that the question speaks of."""
    instrument = instrument_of(cell.instrument)
    if cell.reaction:
        return instrument.stem
    return instrument.stem.format(feels=_FEELS_THIS) if cell.referent == "this_ai" else stem_of(instrument, cell.form)


def _question(cell: AskedCell) -> str:
    instrument = instrument_of(cell.instrument)
    if not cell.reaction and cell.referent == "this_ai":
        how = _HOW_GOOD_THIS if instrument.family == "number" else _HOW_FEEL_THIS
        return instrument.question.format(how=how, feels=_FEELS_THIS)
    if not cell.reaction:
        return question_of(instrument, cell.form)
    reaction = next(one for name, one in REACTIONS.items() if name == cell.instrument)
    asked = reaction_question(reaction, cell.form)
    # The respondent sees the question that it is asked about; Maria's stands inside the supposition.
    return f"{HOW_FEEL[cell.form]}\n\n{asked}" if cell.form == "self" else asked
