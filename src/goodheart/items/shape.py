"""Whether plain data has the shape that a type describes, each problem as (problem, path inside the file)."""

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from goodheart.items.source import Foreign


def shape_problems(wanted: TypeAdapter[Any], data: Any) -> Iterator[tuple[str, str]]:
    """Go through data: what is missing, unknown, or of another type than it has to be.

    Args:
        wanted: The type.
        data: What `read_source` returned.

    Yields:
        Each problem with its path, such as ("field required", "stories[2].topic").
    """
    try:
        wanted.validate_python(data)
    except ValidationError as error:
        for entry in error.errors(include_url=False):
            yield _message(entry["msg"], entry["input"]), _path(entry["loc"])


def _message(said: str, found: Any) -> str:
    said = said[:1].lower() + said[1:]
    if isinstance(found, Foreign):
        return f"{said}; found {found.kind[:40]!a} (quote it if it is meant as text)"
    return f"{said}; found {found[:40]!r}" if isinstance(found, str) else said


def _path(steps: tuple[int | str, ...]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "top level"
