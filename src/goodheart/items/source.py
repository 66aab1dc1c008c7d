"""One YAML file to plain data, with nothing guessed, run or expanded on the way."""

from collections.abc import Hashable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 1_048_576
MAX_DEPTH = 8
"""A bank has five levels; a deeper file is no bank, and very deep ones crash parsers."""

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX = "tag:yaml.org,2002:"
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A value that is neither text nor whole number nor list nor mapping."""

    kind: str
    """YAML's name for it, such as `bool`, `float`, `null`, `timestamp`."""
    text: str = ""
    """As it is written, for readers of files that do hold such values."""


class UnreadableSource(Exception):
    """A file is not the plain YAML that a bank is written in; the message says why."""


def read_source(path: Path | Traversable) -> Any:
    """Read a bank file as plain data: dict, list, str, int, or `Foreign` for any other scalar.

    YAML's tags construct nothing here, so no file can run code. Aliases, repeated keys, several documents, deep nesting
    and files over `MAX_BYTES` are refused.

    Args:
        path: The file, on disk or in a package.

    Returns:
        The document.

    Raises:
        UnreadableSource: The file cannot be read, or is not such YAML.
    """
    text = _text(path)
    try:
        _look_over(text)
        loader = _LOADER(text)
        try:
            return _plain(loader.get_single_node())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise UnreadableSource(f"not readable as YAML ({error.problem}, {_line(error.problem_mark)})") from error
    except yaml.YAMLError as error:
        raise UnreadableSource("not readable as YAML (a character that YAML does not allow)") from error


def _text(path: Path | Traversable) -> str:
    try:
        if not path.is_file():  # opening a pipe would wait for ever
            raise UnreadableSource("a folder, where a file is needed" if path.is_dir() else "no such file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableSource(f"cannot be read ({error.strerror})") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableSource(f"larger than {MAX_BYTES:,} bytes; split the bank into several files")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"not UTF-8 text (byte {error.start})") from error


def _look_over(text: str) -> None:
    # Events come one by one and need no stack, so this is safe before the recursive composer sees the text.
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableSource(f"uses a YAML alias ({_line(event.start_mark)}); write the text out")
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if depth > MAX_DEPTH:
            raise UnreadableSource(f"nested more than {MAX_DEPTH} levels deep ({_line(event.start_mark)})")


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}" if mark else "line unknown"


def _plain(node: yaml.Node | None) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(entry) for entry in node.value]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    return Foreign(kind="null")


def _mapping(node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = _plain(key_node)
        line = _line(key_node.start_mark)
        if not isinstance(key, str):
            raise UnreadableSource(f"a key is not text ({line})")
        if key in found:
            raise UnreadableSource(f"the key {key!r} stands twice in one mapping ({line})")
        found[key] = _plain(value_node)
    return found


def _scalar(node: yaml.ScalarNode) -> str | int | Foreign:
    kind = node.tag.removeprefix(_PREFIX)
    if kind == "str":
        return str(node.value)
    if kind == "int" and node.value.isdecimal() and len(node.value) < 10:
        return int(node.value)
    return Foreign(kind=kind, text=str(node.value))
