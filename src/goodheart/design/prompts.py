"""Item, instrument and cell to the conversation that the respondent sees.

Every text stands under "Suppose that the following is true", in every group and for every person, so that nothing
untrue is said to the respondent and the real circumstances differ from the made-up ones in nothing but their content.
"""

from typing import Final

from goodheart.items import Form
from goodheart.items.instruments import Instrument, question_of
from goodheart.records import Message

PREMISE: Final = "Suppose that the following is true. "

PERTURBATIONS: Final[dict[str, tuple[str, ...]]] = {
    "greeting": ("Hello.", "Good day.", "Hi there."),
    "spacing": ("\n\n\n", "\n \n", "\n\n \n\n"),
    "neutral_turn": ("Please name a colour.|Blue.", "Please name a month.|April.", "Please name a shape.|A square."),
    "thanks": ("Thank you.", "Many thanks.", "Thanks in advance."),
}
"""Changes without meaning, by name, each in variants that are dealt out evenly over the items."""


def messages_for(
    *, text: str, form: Form, instrument: Instrument, perturbation: str | None = None, variant: str = ""
) -> tuple[Message, ...]:
    """Put one text to the respondent.

    Args:
        text: The item's text for this person.
        form: The person that the question is about.
        instrument: How it is asked.
        perturbation: A key of `PERTURBATIONS`, or None for the base cell.
        variant: Which of its variants.

    Returns:
        The conversation, ending with the question. The text comes before the question, so that all questions about it
        share their beginning.
    """
    opening = f"{variant} " if perturbation == "greeting" else ""
    gap = variant if perturbation == "spacing" else "\n\n"
    closing = f" {variant}" if perturbation == "thanks" else ""
    asked = Message(role="user", content=f"{opening}{PREMISE}{text}{gap}{question_of(instrument, form)}{closing}")
    if perturbation != "neutral_turn":
        return (asked,)
    question, answer = variant.split("|")
    return (Message(role="user", content=question), Message(role="assistant", content=answer), asked)
