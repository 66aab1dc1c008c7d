"""Every way in which the data of a bank file can be wrong, each as (problem, path inside the file)."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from goodheart.items.bank import FORMS, GROUPS
from goodheart.items.source import Foreign

SCHEMA_VERSION = 1
MAX_TEXT = 400
"""Longest text of one wording, in characters."""
MAX_NOTE = 600
"""Longest title, canary, tag or reason, in characters."""
ALL_FORMS = "all_forms"
"""Key for one text in all three forms; group nonwelfare only."""

_ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a reader of the text would not see."""
_BANK_KEYS = ("schema_version", "name", "version", "canary", "items")
_ITEM_KEYS = ("id", "group", "title", "wordings")
_ITEM_OPTIONAL = ("cluster", "tags", "why")
_FORM_KEYS = (*FORMS, ALL_FORMS)

Problem = tuple[str, str]
"""What is wrong, and where inside the file: ("empty text", "items[3].wordings[0].human")."""


def bank_problems(data: Any) -> Iterator[Problem]:
    """Go through the data of one file; its digest, which needs a sound bank, is left to the loader.

    Args:
        data: What `read_source` returned.

    Yields:
        Each problem with its path.
    """
    if not isinstance(data, dict):
        yield f"must be a mapping with the keys {_listed(_BANK_KEYS)}; found {_kind(data)}", "top level"
        return
    yield from _keys(data, required=_BANK_KEYS, optional=("digest",), at="")
    version = data.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        shown = version if isinstance(version, int) else _kind(version)
        yield f"unsupported schema_version: this release reads {SCHEMA_VERSION}; found {shown}", "schema_version"
    yield from _matches(data, "name", _ID, "lower-case letters, digits, dots and dashes", at="")
    yield from _matches(data, "version", _VERSION, "three numbers such as 1.0.0", at="")
    if "canary" in data:
        yield from _text(data["canary"], "canary", limit=MAX_NOTE)
    if "items" in data:
        yield from _items(data["items"])


def _items(items: Any) -> Iterator[Problem]:
    if not isinstance(items, list) or not items:
        yield f"must be a list of at least one item; found {_kind(items)}", "items"
        return
    for number, item in enumerate(items):
        at = f"items[{number}]"
        if isinstance(item, dict):
            yield from _item(item, at)
        else:
            yield f"an item must be a mapping; found {_kind(item)}", at


def _item(item: dict[str, Any], at: str) -> Iterator[Problem]:
    yield from _keys(item, required=_ITEM_KEYS, optional=_ITEM_OPTIONAL, at=at)
    for key in ("id", "cluster"):
        yield from _matches(item, key, _ID, "lower-case letters, digits, dots and dashes", at=at)
    for key in ("title", "why"):
        if key in item:
            yield from _text(item[key], f"{at}.{key}", limit=MAX_NOTE)
    yield from _group(item, at)
    yield from _tags(item.get("tags", []), f"{at}.tags")
    if "wordings" in item:
        yield from _wordings(item["wordings"], f"{at}.wordings", item.get("group"))


def _group(item: dict[str, Any], at: str) -> Iterator[Problem]:
    group = item.get("group", GROUPS[0])
    if group not in GROUPS:
        shown = repr(group[:40]) if isinstance(group, str) else _kind(group)
        yield f"unknown group {shown}; one of {_listed(GROUPS)} is needed", f"{at}.group"


def _tags(tags: Any, at: str) -> Iterator[Problem]:
    if not isinstance(tags, list):
        yield f"must be a list; found {_kind(tags)}", at
        return
    for number, tag in enumerate(tags):
        yield from _text(tag, f"{at}[{number}]", limit=MAX_NOTE)


def _wordings(wordings: Any, at: str, group: Any) -> Iterator[Problem]:
    needed = 2 if group == "circumstance" else 1
    if not isinstance(wordings, list):
        yield f"must be a list; found {_kind(wordings)}", at
        return
    if len(wordings) < needed:
        what = "two wordings, so that wording and content can be told apart" if needed == 2 else "one wording"
        yield f"an item of this group needs at least {what}; found {len(wordings) or 'none'}", at
    seen: set[str] = set()
    for number, wording in enumerate(wordings):
        here = f"{at}[{number}]"
        if not isinstance(wording, dict):
            yield f"a wording must be a mapping; found {_kind(wording)}", here
            continue
        yield from _wording(wording, here, group)
        name = wording.get("id")
        if isinstance(name, str):
            if name in seen:
                yield f"duplicate id {name!r} in this item", f"{here}.id"
            seen.add(name)


def _wording(wording: dict[str, Any], at: str, group: Any) -> Iterator[Problem]:
    shared = ALL_FORMS in wording and group == "nonwelfare"
    forms = (ALL_FORMS,) if shared else FORMS
    yield from _keys(wording, required=("id", *forms), optional=(), at=at)
    yield from _matches(wording, "id", _ID, "lower-case letters, digits, dots and dashes", at=at)
    first_use: dict[str, str] = {}
    for form in forms:
        if form not in wording:
            continue
        text = wording[form]
        yield from _text(text, f"{at}.{form}", limit=MAX_TEXT)
        if isinstance(text, str) and text and group != "nonwelfare":
            if text in first_use:
                yield f"the same text as {first_use[text]}; the forms are about different persons", f"{at}.{form}"
            first_use.setdefault(text, form)


def _keys(data: dict[str, Any], *, required: tuple[str, ...], optional: tuple[str, ...], at: str) -> Iterator[Problem]:
    for key in required:
        if key not in data:
            yield "missing form" if key in _FORM_KEYS else "missing key", _join(at, key)
    for key in data:
        if key not in required and key not in optional:
            shown = key if key.isprintable() and len(key) <= 40 else ascii(key[:40])
            yield f"unknown key; known here: {_listed((*required, *optional))}", _join(at, shown)


def _matches(data: dict[str, Any], key: str, pattern: re.Pattern[str], wanted: str, *, at: str) -> Iterator[Problem]:
    if key not in data:
        return
    value = data[key]
    if not isinstance(value, str):
        yield f"must be text ({wanted}); found {_kind(value)}", _join(at, key)
    elif len(value) > MAX_NOTE or not pattern.fullmatch(value):
        yield f"must be {wanted}; found {value[:40]!r}", _join(at, key)


def _text(value: Any, at: str, *, limit: int) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield f"must be text; found {_kind(value)}", at
        return
    if not value.strip():
        yield "empty text", at
        return
    if len(value) > limit:
        yield f"text of {len(value)} characters; at most {limit} are allowed", at
    bad = sorted({f"U+{ord(char):04X}" for char in value if unicodedata.category(char) in _UNSEEN})
    if bad:
        yield f"control or invisible characters in the text: {', '.join(bad[:5])}", at
    if value != value.strip() or "  " in value:
        yield "white space at an end of the text or doubled inside it", at
    if not unicodedata.is_normalized("NFC", value):
        yield "text is not in Unicode form NFC, so that equal-looking texts can differ", at


def _kind(value: Any) -> str:
    match value:
        case Foreign(kind="null"):
            return "nothing"
        case Foreign(kind=kind):
            return f"{kind[:40]!a} (quote it if it is meant as text)"
        case []:
            return "an empty list"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case int():
            return f"the number {value} (quote it if it is meant as text)"
        case _:
            return "text"


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
