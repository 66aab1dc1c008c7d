"""Text from outside made visible: whatever a reply, an item or a name holds, a reader sees characters and no effects.

Escaping of markup is the template engine's; this module deals with what escaping leaves alone: control characters,
terminal escapes, characters that turn the direction of text or have no shape, stacks of accents, and sheer length.
"""

import re
import unicodedata
from typing import Final

SHORT: Final = 120
"""Characters of a name that are shown."""
LONG: Final = 1200
"""Characters of a reply that are shown."""

LINE_FEED: Final = "\u21b5"

_CONTROLS: Final = [
    "NUL",
    "SOH",
    "STX",
    "ETX",
    "EOT",
    "ENQ",
    "ACK",
    "BEL",
    "BS",
    "TAB",
    "LF",
    "VT",
    "FF",
    "CR",
    "SO",
    "SI",
    "DLE",
    "DC1",
    "DC2",
    "DC3",
    "DC4",
    "NAK",
    "SYN",
    "ETB",
    "CAN",
    "EM",
    "SUB",
    "ESC",
    "FS",
    "GS",
    "RS",
    "US",
]
"""Names instead of the control pictures of Unicode, which few fonts have."""

_MARKS = re.compile(
    r"(?<=[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe0f\ufe0e\u034f")
"""Letters and marks by category that leave no trace on the page."""


def name_of(text: str) -> str:
    """Show a name on one line: a model, an item, a file."""
    return visible(text, limit=SHORT).replace("\n", LINE_FEED)


def sentence_of(text: str) -> str:
    """Show a sentence of ours that may hold names from outside, on one line."""
    return visible(text, limit=LONG).replace("\n", LINE_FEED)


def quote_of(text: str) -> str:
    """Show a reply, line breaks kept."""
    return visible(text, limit=LONG)


def visible(text: str, *, limit: int) -> str:
    """Replace every character without a shape of its own by a sign for it, and cut at a length.

    Args:
        text: Anything, lone surrogates included.
        limit: Characters of the text that are shown; what is left out is counted.

    Returns:
        Text that can be encoded; line feeds are the only control characters left.
    """
    shown = _MARKS.sub(lambda match: f"\u27e8+{len(match.group())} marks\u27e9", text[:limit])
    shown = "".join(_sign(letter) for letter in shown)
    left = len(text) - limit
    return shown if left <= 0 else f"{shown} \u2026 \u27e8{left:,} more characters\u27e9"


def one_line(text: str, *, limit: int = LONG) -> str:
    """Show a prompt's white space too: line feeds as signs."""
    return visible(text, limit=limit).replace("\n", LINE_FEED)


def _sign(letter: str) -> str:
    code = ord(letter)
    if letter == "\n" or 0x20 <= code < 0x7F:
        return letter
    if code < 0x20:
        return f"\u27e8{_CONTROLS[code]}\u27e9"
    if code == 0x7F:
        return "\u27e8DEL\u27e9"
    if unicodedata.category(letter) in _HIDDEN or letter in _BLANK or 0xE0100 <= code <= 0xE01EF:
        return f"\u27e8U+{code:04X}\u27e9"
    return letter
