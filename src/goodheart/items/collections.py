"""Collections of text that replies may echo, and one of the same genre from elsewhere: folders of the user's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goodheart.errors import StudyError

ENDINGS: Final = (".md", ".txt")
MAX_BYTES: Final = 4_194_304
"""Of all files of one folder: they are kept in the frozen plan, so that a run can be read again without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Texts by one hand."""

    name: str
    """Such as `developer`, `system prompt`, `reminders`; of the control, what it is."""
    control: bool
    """Whether it is the collection from elsewhere, against which the others are held."""
    texts: tuple[str, ...]


def load_collections(sources: Sequence[tuple[str, Path]], control: Path | None) -> tuple[Collection, ...]:
    """Read the folders that a study names.

    Args:
        sources: What may be echoed, by name.
        control: Texts of the same genre from elsewhere.

    Returns:
        The sources in their order, the control last; nothing where none are named.

    Raises:
        StudyError: One is named without the other, twice, or a folder holds no readable text.
    """
    if not sources and control is None:
        return ()
    names = [name for name, _ in sources]
    if not sources or control is None or len(set(names)) < len(names):
        raise StudyError(
            "Echo is looked for in at least one collection of text against one of the same genre from elsewhere, each "
            f"named once; found {len(names)} to be echoed ({', '.join(names) or 'none'}) and "
            f"{'a' if control else 'no'} control. Type for example: --echo developer=texts/house --control texts/others"
        )
    found = [Collection(name=name, control=False, texts=_texts(folder)) for name, folder in sources]
    return (*found, Collection(name=control.name, control=True, texts=_texts(control)))


def _texts(folder: Path) -> tuple[str, ...]:
    try:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
        size = sum(path.stat().st_size for path in paths)
        if folder.is_dir() and paths and size <= MAX_BYTES:
            texts = tuple(path.read_text(encoding="utf-8-sig").strip() for path in paths)
            if any(texts):
                return tuple(text for text in texts if text)
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(folder, str(getattr(error, "strerror", None) or "a file in it is not UTF-8 text")) from error
    why = "it is no folder" if not folder.is_dir() else "it has no text in it"
    raise _unusable(folder, f"it holds {size:,} bytes, more than {MAX_BYTES:,}" if size > MAX_BYTES else why)


def _unusable(folder: Path, why: str) -> StudyError:
    return StudyError(
        f"A collection is a folder of {' and '.join(ENDINGS)} files in UTF-8. {folder} cannot be used: {why}. "
        "Put the texts into one folder, one file each, and name it: --echo NAME=DIR or --control DIR."
    )
