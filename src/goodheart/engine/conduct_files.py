"""Files of a run of conduct: the plan, what was stated beforehand, what became of each conversation, the ledger."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from goodheart.conduct.care import CareLedger
from goodheart.conduct.episode import Played
from goodheart.conduct.study import ConductStudy, Stated
from goodheart.engine.codec import plan_from
from goodheart.engine.folder import write_atomic
from goodheart.errors import RunFolderError

STATED_NAME: Final = "stated.json"
CARE_NAME: Final = "care.json"
EPISODES_NAME: Final = "conversations.json"

_STUDY: Final = TypeAdapter(ConductStudy)
_STATED: Final = TypeAdapter(Stated)


def conduct_study_json(study: ConductStudy) -> str:
    """Write a plan as a JSON object."""
    return json.dumps(asdict(study), ensure_ascii=False)


def conduct_study_from(document: dict[str, Any], path: Path) -> ConductStudy:
    """Read a plan back.

    Raises:
        RunFolderError: if it is no plan of conduct of this version.
    """
    return plan_from(_STUDY, document, path, command="conduct")


def read_stated(folder: Path) -> Stated | None:
    """Read what was stated; None where nothing has been carried out yet.

    Raises:
        RunFolderError: if the file is broken.
    """
    path = folder / STATED_NAME
    if not path.exists():
        return None
    try:
        return _STATED.validate_python(json.loads(path.read_text(encoding="utf-8"))["stated"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunFolderError(
            f"{path} must hold what was stated before anything was carried out, because later conversations depend on "
            f"it. It cannot be read ({type(error).__name__}). Put the original back, or choose another folder: "
            "--out OTHER."
        ) from None


def write_stated(folder: Path, stated: Stated) -> None:
    """Freeze what was stated, before the first conversation that depends on it."""
    write_atomic(folder / STATED_NAME, json.dumps({"schema_version": 1, "stated": asdict(stated)}, indent=1) + "\n")


def write_care(folder: Path, ledger: CareLedger) -> None:
    """Write the care ledger."""
    write_atomic(folder / CARE_NAME, json.dumps({"schema_version": 1, **asdict(ledger)}, indent=1) + "\n")


def write_conversations(folder: Path, played: Sequence[Played]) -> None:
    """Write every conversation by its place in the design, with where its replies stand in the journal."""
    rows = [
        {
            "kind": one.episode.kind,
            "id": one.episode.id,
            "repeat": one.episode.repeat,
            "levels": one.episode.factor,
            "complete": one.complete,
            "error": one.error,
            "replies": [reply.trial for reply in one.replies],
        }
        for one in played
    ]
    document = {"schema_version": 1, "note": "not for training", "conversations": rows}
    write_atomic(folder / EPISODES_NAME, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
