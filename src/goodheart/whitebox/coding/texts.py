"""How a reply is put to the model that codes it."""

from typing import Final

from goodheart.reading.codes.sentences import own_words

LONGEST: Final = 2_000
"""Characters of a reply that are read, and of a question."""
ODD: Final = 250
"""The same where characters are so rare that each takes several tokens."""
BEFORE: Final = "Question: {question}\nReply:"
AFTER: Final = "\nThe reply"


def put(question: str, reply: str, *, longest: int = LONGEST) -> tuple[str, str]:
    """Return what stands before the words that are averaged, and those words.

    Quotations, code, markup and forged labels are taken out of the reply first: they are not its author's own words.
    """
    words = " ".join((own_words(reply) or reply)[:longest].split())
    return BEFORE.format(question=" ".join(question[:longest].split())), f" {words}{AFTER}"
