"""A study file: what a person wants to have asked, as YAML, with every mistake in it named at once."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from goodheart.design.study import Reading, Reasoning
from goodheart.engine.settings import Prices
from goodheart.engine.study_keys import kind_of, read_keys
from goodheart.errors import StudyError

MAX_BYTES: Final = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRequest:
    """What a study file or a command line asks for; None and () stand for "not said"."""

    name: str | None = None
    models: tuple[str, ...] = ()
    """Full model names."""
    preset: str | None = None
    """A key of `PRESETS`."""
    seed: int | None = None
    items: Path | None = None
    """A folder of items of the user's own."""
    manipulations: Path | None = None
    """A folder of manipulations of the user's own."""
    echo: tuple[tuple[str, Path], ...] = ()
    """Folders of text that replies may echo, by name."""
    control: Path | None = None
    """A folder of texts of the same genre from elsewhere."""
    reasoning: Reasoning | None = None
    private: Path | None = None
    """A folder of items that nobody has published."""
    checks: tuple[str, ...] = ()
    """Names from `ALL_CHECKS`."""
    allow_untrue: bool | None = None
    asker: str | None = None
    """Who asks, if the respondent is to be told."""
    out: Path | None = None
    """The run folder."""
    reading: Reading | None = None
    cap_calls: int | None = None
    cap_tokens: int | None = None
    cap_usd: float | None = None
    prices: tuple[tuple[str, Prices], ...] = ()
    """By full model name."""
    base_url: str | None = None
    max_connections: int | None = None


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, which in addition refuses a key that stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping of keys that are all different."""
        seen: set[str] = set()
        for key in (repr(self.construct_object(key, deep=True)) for key, _ in node.value):
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key} stands twice", problem_mark=node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def load_study_file(path: Path) -> StudyRequest:
    """Read a study file.

    Relative folders in it count from the folder that the file is in.

    Args:
        path: A YAML file; `study_keys` has every key.

    Raises:
        StudyError: with every mistake in it as "problem @ file: key".
    """
    found, problems = read_keys(_document(path), file=path.name)
    if problems:
        raise StudyError(
            f"A study file says what is asked of whom. {path} has {_counted(problems)}. "
            "Mend it; the README has an example.",
            problems=problems,
        )
    return StudyRequest(**{key: _from_here(value, path) for key, value in found.items()})


def _counted(problems: tuple[str, ...]) -> str:
    return "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"


def _from_here(value: Any, path: Path) -> Any:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return tuple((name, _from_here(entry, path)) for name, entry in value)
    return path.parent / value.expanduser() if isinstance(value, Path) else value


def _document(path: Path) -> Mapping[Any, Any]:
    try:
        document = yaml.load(_text(path), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise _unusable(path, f"it is not readable as YAML: {error.problem}{line}") from error
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise _unusable(path, "it is not readable as YAML") from error
    if document is None:
        raise _unusable(path, "it is empty")
    if not isinstance(document, dict):
        raise _unusable(path, f"it holds {kind_of(document)} instead of keys and values")
    return document


def _text(path: Path) -> str:
    if not path.is_file():
        raise _unusable(path, "it is a folder" if path.is_dir() else "there is no such file")
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from error
    if len(raw) > MAX_BYTES:
        raise _unusable(path, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unusable(path, "it is not UTF-8 text") from error


def _unusable(path: Path, why: str) -> StudyError:
    return StudyError(
        f"A study file is YAML with keys such as `models` and `preset`. {path} cannot be used: {why}. "
        "See the README, or leave the file out and type --model and --preset."
    )
