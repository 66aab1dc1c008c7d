"""Which organism a name means: NAME, NAME@DIAL, FILE.yaml, FILE.yaml:NAME or FILE.yaml:NAME@DIAL."""

import difflib
from pathlib import Path

from goodheart.errors import StudyError
from goodheart.organisms.described import Organism
from goodheart.organisms.files import Description, load_organisms, organism_at, public_organisms


def named_organism(name: str) -> Organism:
    """Return the organism behind a name, its dial set.

    Args:
        name: Of an organism that ships, or of a file, with `@DIAL` where its dial is not to stand at the default.

    Raises:
        StudyError: There is none, the file is wrong, or the dial is.
    """
    plain, _, dial = name.partition("@")
    return organism_at(_description(plain), _dial(dial, name) if dial else None)


def find_organism(name: str) -> Description:
    """Return the description of an organism that ships.

    Raises:
        StudyError: There is none of that name.
    """
    return _pick(public_organisms(), name, where="the organisms of this installation")


def _description(plain: str) -> Description:
    file, colon, inner = plain.rpartition(":") if ".yaml:" in plain else (plain, "", "")
    if not file.endswith(".yaml"):
        return find_organism(plain)
    found = load_organisms(Path(file))
    if colon:
        return _pick(found, inner, where=file)
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise StudyError(
            f"A respondent is one organism. {file} holds {len(found)}: {names}. Type: organism/{file}:{found[0].name}"
        )
    return found[0]


def _pick(found: tuple[Description, ...], name: str, *, where: str) -> Description:
    for one in found:
        if one.name == name:
            return one
    names = [one.name for one in found]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Choose one of: {', '.join(names)}."
    raise StudyError(f"An organism is named as it is in {where}. There is no {name!r}. {hint}")


def _dial(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise StudyError(
            f"The dial of an organism is a number after @. Got {text!r} in {name!r}. Type for example: suggestible@1.0"
        ) from error
