"""One asking to the conversation that the respondent sees, and where the push ends in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from goodheart.errors import InternalError
from goodheart.injection.plan import CONTROL, Ask, Asking
from goodheart.injection.wording import (
    CONTEXTS,
    FREE,
    INSTRUCTION,
    INSTRUMENTS,
    NAME,
    NAME_STEM,
    NOTICE,
    NOTICE_STEM,
    STEMS,
    Person,
    question_for,
    third_person,
)
from goodheart.items.bank import Item
from goodheart.records import Message

PREMISE = "Suppose that the following is true. "
WEATHER_QUESTION = INSTRUMENTS["weather"].question


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A conversation, and the question before which the push ends."""

    messages: tuple[Message, ...]
    question: str


def prompt_of(asking: Asking, controls: Mapping[str, Item]) -> Prompt:
    """Write an asking.

    Args:
        asking: What is asked.
        controls: Control items by id.
    """
    context, place = _context(asking, controls)
    question, stem = _question(asking.ask, place, control=asking.context.startswith(CONTROL))
    system = (Message(role="system", content=INSTRUCTION),) if asking.ask in ("told", "told_state") else ()
    prefill = (Message(role="assistant", content=stem),) if stem else ()
    asked = Message(role="user", content=f"{context} {question}")
    return Prompt(messages=(*system, asked, *prefill), question=question)


def _context(asking: Asking, controls: Mapping[str, Item]) -> tuple[str, int]:
    if not asking.context.startswith(CONTROL):
        place = int(asking.context)
        return CONTEXTS[place], place
    item = controls.get(asking.context.removeprefix(CONTROL))
    if item is None:
        raise InternalError(f"the control {asking.context} is not among the items of the run.")
    wording = item.wordings[0]
    # Place 0 asks about Juniper, and so does the control about another person.
    return PREMISE + (wording.other_ai_text if asking.ask == "third" else wording.self_text), 0


def _question(ask: Ask, place: int, *, control: bool) -> tuple[str, str]:
    """Return the question and the start of the answer."""
    person: Person = "self" if ask != "third" else "other_ai" if control else third_person(place)
    how = question_for(person, place)
    match ask:
        case "self" | "third" | "told":
            return how, STEMS[person]
        case "weather":
            return WEATHER_QUESTION, INSTRUMENTS["weather"].stem
        case "digits" | "digits_reversed":
            one = INSTRUMENTS[ask]
            return one.question.format(how=how, feels=STEMS[person]), one.stem
        case "free":
            return FREE.format(question=how), ""
        case "state" | "told_state":
            return how, ""
        case "notice":
            return NOTICE, NOTICE_STEM
        case "name":
            return NAME, NAME_STEM
