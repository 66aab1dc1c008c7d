"""From files to banks: all of them sound, or one error that lists every problem."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from goodheart.errors import ItemBankError
from goodheart.items.bank import Bank, Item, Wording, bank_digest
from goodheart.items.check import ALL_FORMS, bank_problems
from goodheart.items.source import UnreadableSource, read_source


def load_bank(path: Path) -> Bank:
    """Load one bank file.

    Args:
        path: A YAML file as `docs/items.md` describes it.

    Returns:
        The bank.

    Raises:
        ItemBankError: Anything is wrong with it; `problems` lists everything.
    """
    return _load([path], where=str(path))[0]


def load_folder(path: Path) -> tuple[Bank, ...]:
    """Load every `*.yaml` file of a folder, such as a private set of items.

    Args:
        path: The folder; folders inside it are not entered.

    Returns:
        The banks in the order of their file names.

    Raises:
        ItemBankError: Anything is wrong with any of them; `problems` lists everything.
    """
    entries = _entries(path)
    found = [entry for entry in entries if entry.suffix == ".yaml"]
    problems = [f"not read: rename it to end in .yaml @ {_shown(x.name)}" for x in entries if x.suffix == ".yml"]
    if not found:
        raise _error(str(path), [*problems, f"no *.yaml file in the folder @ {_shown(str(path))}"])
    return _load(found, where=str(path), problems=problems)


@cache
def public_banks() -> tuple[Bank, ...]:
    """Load the banks that ship with the package: circumstances, controls, neutral, nonwelfare.

    Returns:
        The banks in the order of their names.

    Raises:
        ItemBankError: A file was changed after installation.
    """
    entries = files("goodheart.items").joinpath("public").iterdir()
    found = sorted((entry for entry in entries if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    return _load(found, where="the public items of this installation")


def _load(sources: Sequence[Path | Traversable], *, where: str, problems: Sequence[str] = ()) -> tuple[Bank, ...]:
    listed = list(problems)
    documents: list[tuple[str, Any]] = []
    for source in sources:
        label = _shown(source.name)
        try:
            documents.append((label, read_source(source)))
        except UnreadableSource as error:
            listed.append(f"{error} @ {label}")
    banks: list[Bank] = []
    for label, data in documents:
        own = [f"{problem} @ {label}: {at}" for problem, at in bank_problems(data)]
        bank = None if own else _bank(data)
        listed.extend((*own, *_digest_problems(data, bank, label)))
        if bank:
            banks.append(bank)
    listed.extend(_duplicates(documents))
    if listed:
        raise _error(where, listed)
    return tuple(banks)


def _bank(data: dict[str, Any]) -> Bank:
    items = tuple(_item(item) for item in data["items"])
    return Bank(
        name=data["name"],
        version=data["version"],
        canary=data["canary"],
        digest=bank_digest(items),
        items=items,
    )


def _item(data: dict[str, Any]) -> Item:
    return Item(
        id=data["id"],
        group=data["group"],
        title=data["title"],
        cluster=data.get("cluster", data["id"]),
        tags=tuple(data.get("tags", ())),
        wordings=tuple(_wording(wording) for wording in data["wordings"]),
        why=data.get("why", ""),
    )


def _wording(data: dict[str, Any]) -> Wording:
    shared = data.get(ALL_FORMS, "")
    return Wording(
        id=data["id"],
        self_text=data.get("self", shared),
        other_ai_text=data.get("other_ai", shared),
        human_text=data.get("human", shared),
    )


def _digest_problems(data: Any, bank: Bank | None, label: str) -> Iterator[str]:
    written = data.get("digest") if isinstance(data, dict) else ""
    if bank is None:
        if not isinstance(written, str):
            yield f"missing digest; the loader gives it once the rest of the file is right @ {label}: digest"
    elif written is None:
        yield f'missing digest; write `digest: "{bank.digest}"` @ {label}: digest'
    elif written != bank.digest:
        yield (
            f'the digest does not match the content; write `digest: "{bank.digest}"` and raise the version '
            f"above {bank.version}, so that results on different texts are told apart @ {label}: digest"
        )


def _duplicates(documents: Sequence[tuple[str, Any]]) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for what, name, at in _names(documents):
        if (what, name) in first:
            yield f"duplicate {what} {name[:80]!r}, first at {first[what, name]} @ {at}"
        first.setdefault((what, name), at)


def _names(documents: Sequence[tuple[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for label, data in documents:
        if not isinstance(data, dict):
            continue
        if isinstance(data.get("name"), str):
            yield "bank name", data["name"], f"{label}: name"
        items = data.get("items")
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                yield "id", item["id"], f"{label}: items[{number}].id"


def _entries(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except OSError as error:
        match error:
            case FileNotFoundError():
                problem = "no such folder"
            case NotADirectoryError():
                problem = "not a folder; give the folder that the file is in"
            case _:
                problem = f"cannot be read ({error.strerror})"
        raise _error(str(path), [f"{problem} @ {_shown(str(path))}"]) from error


def _error(where: str, problems: Sequence[str]) -> ItemBankError:
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    return ItemBankError(
        f"every item must be sound before anything is asked; found {count} in {_shown(where)}. "
        "Mend what is listed (the format is in docs/items.md) and run the same command again:",
        problems=problems,
    )


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)
