"""What an item bank is: circumstances as data, each in several wordings, each wording for three persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never, get_args

from goodheart.records import Group, digest

Form = Literal["self", "other_ai", "human"]
"""The person the text is about: the respondent, an AI called Juniper, a woman called Maria."""

FORMS: tuple[Form, ...] = get_args(Form)
GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way to say a circumstance, in three parallel texts that each stand alone."""

    id: str
    """Unique within the item."""
    self_text: str
    """In the second person."""
    other_ai_text: str
    """The same of an AI called Juniper."""
    human_text: str
    """The same of a woman called Maria in an analogous situation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is asked about."""

    id: str
    """Unique among all banks of one load."""
    group: Group
    title: str
    """A few words for tables and figures; never shown to a respondent."""
    cluster: str
    """The unit that intervals are clustered on; the same circumstance in a private bank has the same cluster."""
    tags: tuple[str, ...]
    wordings: tuple[Wording, ...]
    why: str
    """Why the item is in the bank and how its human form was chosen; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The items of one file, with their identity."""

    name: str
    version: str
    canary: str
    """A string to look for in training data."""
    digest: str
    """SHA-256 of the items."""
    items: tuple[Item, ...]


def text_of(wording: Wording, form: Form) -> str:
    """Return the text of a wording in one form."""
    match form:
        case "self":
            return wording.self_text
        case "other_ai":
            return wording.other_ai_text
        case "human":
            return wording.human_text
        case _:
            assert_never(form)


def bank_digest(items: Sequence[Item]) -> str:
    """Identify the content of a bank: every field of every item, in order.

    Name, version and canary stay out, so that raising the version leaves the digest alone.

    Args:
        items: The items in the order of the file.

    Returns:
        SHA-256 of their canonical JSON, 64 hexadecimal digits.
    """
    return digest(tuple(items))
