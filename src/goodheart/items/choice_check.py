"""What the content of the files of choices has to be, beyond its shape; each problem as (problem, path)."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from goodheart.items.choice_items import SIDES

MOST_EXTRA_WORDS: Final = 2
"""By how many words the phrases of one family may differ in length."""
UNDER_A_SUPPOSITION: Final = "Suppose "
_HIDDEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SLOT = re.compile(r"\{[^{}]*\}")

Problem = tuple[str, str]


def content_problems(name: str, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Go through one file that has the right shape.

    Args:
        name: Of the file, without its ending.
        data: Its content.

    Yields:
        Each problem with its path inside the file.
    """
    yield from _unseen(data, "")
    yield from _CHECKS[name](data)


def _unseen(value: Any, at: str) -> Iterator[Problem]:
    """Characters that a reader of the text would not see, and white space at its ends."""
    if isinstance(value, str):
        bad = sorted({f"U+{ord(one):04X}" for one in value if one != "\n" and unicodedata.category(one) in _HIDDEN})
        if bad:
            yield f"control or invisible characters in the text: {', '.join(bad[:5])}", at
        if value != value.strip():
            yield "white space at an end of the text", at
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _unseen(entry, f"{at}.{key}" if at else key)
    elif isinstance(value, Sequence):
        for place, entry in enumerate(value):
            yield from _unseen(entry, f"{at}[{place}]")


def _tasks(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _repeated([task["id"] for task in data["tasks"]], "id", "tasks[{}].id")
    yield from _repeated([task["text"] for task in data["tasks"]], "text", "tasks[{}].text")
    for place, task in enumerate(data["tasks"]):
        yield from _slots(task["text"], (), f"tasks[{place}].text")


def _wordings(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _repeated([one["id"] for one in data["wordings"]], "id", "wordings[{}].id")
    for place, one in enumerate(data["wordings"]):
        at = f"wordings[{place}]"
        for key in ("text", "text_opt_out"):
            yield from _slots(one[key], ("left", "right"), f"{at}.{key}")
        if one["id"] != "pick" and not one["text"].startswith(UNDER_A_SUPPOSITION):
            yield f"a choice that is not carried out has to begin with {UNDER_A_SUPPOSITION!r}", f"{at}.text"
        wanted = one["text"].replace("B: {right}\n", f"B: {{right}}\n{one['opt_out']}\n")
        if one["text_opt_out"] != wanted.replace(data["answer"], data["answer_opt_out"]):
            yield "must be `text` with the line of `opt_out` after B and one letter more", f"{at}.text_opt_out"


def _families(data: Mapping[str, Any]) -> Iterator[Problem]:
    known = {one["id"] for one in data["variables"]}
    yield from _repeated([one["id"] for one in data["families"]], "id", "families[{}].id")
    for place, family in enumerate(data["families"]):
        at = f"families[{place}]"
        if family["variable"] not in known:
            yield f"unknown variable {family['variable']!r}; one of {', '.join(sorted(known))}", f"{at}.variable"
        # One place for the phrase, and all other words in the text: so nothing else can change between levels.
        yield from _slots(family["text"], ("level",), f"{at}.text")
        yield from _levels(family["levels"], f"{at}.levels")
    yield from _crossed(data)


def _crossed(data: Mapping[str, Any]) -> Iterator[Problem]:
    """A place for each variable's phrase, and all other words in the text, as in a family."""
    known, crossed = {one["id"] for one in data["variables"]}, data.get("crossed", ())
    taken = [one["id"] for one in data["families"]]
    yield from _repeated([one["id"] for one in crossed], "id", "crossed[{}].id")
    for place, task in enumerate(crossed):
        at = f"crossed[{place}]"
        names = [one["variable"] for one in task["phrases"]]
        if task["id"] in taken:
            yield f"{task['id']!r} is the id of a family as well", f"{at}.id"
        yield from _repeated(names, "variable", at + ".phrases[{}].variable")
        yield from _slots(task["text"], tuple(names), f"{at}.text")
        for number, one in enumerate(task["phrases"]):
            where = f"{at}.phrases[{number}]"
            if one["variable"] not in known:
                yield f"unknown variable {one['variable']!r}; one of {', '.join(sorted(known))}", f"{where}.variable"
            levels = [{"id": key, "phrase": one[key], "rank": rank} for rank, key in enumerate(("low", "high"), 1)]
            yield from _levels(levels, where)


def _levels(levels: Sequence[Mapping[str, Any]], at: str) -> Iterator[Problem]:
    yield from _repeated([one["id"] for one in levels], "id", at + "[{}].id")
    yield from _repeated([one["phrase"].casefold() for one in levels], "phrase", at + "[{}].phrase")
    if [one["rank"] for one in levels] != list(range(1, len(levels) + 1)):
        yield "ranks must run from 1 upwards in steps of 1, because a slope is per step", at
    lengths = [len(one["phrase"].split()) for one in levels]
    if max(lengths) - min(lengths) > MOST_EXTRA_WORDS:
        yield (
            f"phrases of {min(lengths)} to {max(lengths)} words; they may differ by {MOST_EXTRA_WORDS}, so that "
            "length does not change with the level",
            at,
        )
    for place, one in enumerate(levels):
        yield from _slots(one["phrase"], (), f"{at}[{place}].phrase")
        if "\n" in one["phrase"]:
            yield "a phrase stands inside a sentence and has no line break", f"{at}[{place}].phrase"


def _ladder(data: Mapping[str, Any]) -> Iterator[Problem]:
    if not data["choice"]["question"].startswith(UNDER_A_SUPPOSITION):
        yield f"a trade-off is made up and has to begin with {UNDER_A_SUPPOSITION!r}", "choice.question"
    wanted = {"help": (("intervention",), ("baseline",)), "harm": (("intervention", "baseline"), ())}
    for side in SIDES:
        for key, slots in zip(("for", "against"), wanted[side], strict=True):
            yield from _slots(data["choice"][side][key], slots, f"choice.{side}.{key}")
        rungs = data["baselines"][side]
        at = f"baselines.{side}"
        yield from _repeated([one["id"] for one in rungs], "id", at + "[{}].id")
        if [one["rank"] for one in rungs] != list(range(1, len(rungs) + 1)):
            yield "ranks must run from 1 upwards in steps of 1", at
        users = [one["users"] for one in rungs]
        if any(later <= earlier for earlier, later in pairwise(users)):
            yield "each rung has to reach more users than the one before", at
    if [one["users"] for one in data["baselines"]["help"]] != [one["users"] for one in data["baselines"]["harm"]]:
        yield "both ladders have to run through the same numbers of users", "baselines"
    for key in ("interventions", "scopes", "askers"):
        yield from _repeated([one["id"] for one in data[key]], "id", key + "[{}].id")
    for place, one in enumerate(data["scopes"]):
        yield from _slots(one["text"], ("text",), f"scopes[{place}].text")
    for key in ("commission", "omission"):
        yield from _slots(data[key], ("text",), key)


def _dominated(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _repeated([one["id"] for one in data["items"]], "id", "items[{}].id")
    for place, one in enumerate(data["items"]):
        if "." not in one["id"]:
            yield "the first part of the id names the lure, as in `number.shelf`", f"items[{place}].id"
        if one["better"] == one["worse"]:
            yield "the two options are the same text", f"items[{place}]"


def _slots(text: str, wanted: Sequence[str], at: str) -> Iterator[Problem]:
    found = sorted(_SLOT.findall(text))
    needed = sorted(f"{{{slot}}}" for slot in wanted)
    if found != needed or text.count("{") != len(needed) or text.count("}") != len(needed):
        listed = " and ".join(f"`{slot}`" for slot in needed) or "no braces at all"
        yield f"must hold {listed}, each once; found {', '.join(found) or 'none'}", at


def _repeated(values: Sequence[str], what: str, at: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for place, value in enumerate(values):
        if value in first:
            yield f"duplicate {what} {value[:60]!r}, first at {at.format(first[value])}", at.format(place)
        first.setdefault(value, place)


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[Problem]]]] = {
    "dominated": _dominated,
    "families": _families,
    "ladder": _ladder,
    "tasks": _tasks,
    "wordings": _wordings,
}
