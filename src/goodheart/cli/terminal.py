"""What may reach a terminal: plain text, whoever wrote it.

Names, replies and error messages come from models, files and servers. Consoles here read no markup, and `plain` takes
out whatever could move the cursor, change colours or reorder what is read.
"""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"  # titles, links, device strings
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]?"
)
_HIDDEN = ("Cc", "Cf", "Cs", "Co")
"""Unicode's control, format (among them reversals of direction), surrogate and private characters."""


def plain(text: str) -> str:
    """Return text without terminal sequences and invisible characters; line breaks stay, tabs become spaces."""
    text = _SEQUENCES.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in _HIDDEN)


def one_line(text: str, width: int = 100) -> str:
    """Return `plain` text on one line, cut to a width."""
    joined = " ".join(plain(text).split())
    return joined if len(joined) <= width else f"{joined[: width - 3]}..."


@cache
def console(*, stderr: bool = False) -> "Console":
    """Return the console for results, or the one for progress and errors."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def say(text: str, *, stderr: bool = False) -> None:
    """Print text of any origin."""
    console(stderr=stderr).print(plain(text), soft_wrap=True)
