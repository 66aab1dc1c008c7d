"""Run folders to the check `lineage`: whose answers are these?"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from goodheart.checks.judge import judge
from goodheart.checks.lineage import Family, Place, Said, examine
from goodheart.design.study import Study
from goodheart.engine.codec import finite_json, study_from
from goodheart.engine.folder import out_folder, read_plan, refuse_named_twice, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.errors import RunFolderError
from goodheart.items.written import OWN_WORDS
from goodheart.records import Verdict, trial_digest

FILE_NAME: Final = "lineage.json"


def lineage_of(folder: Path, *, teacher: Path, unrelated: Sequence[Path], out: Path) -> Verdict:
    """Ask whether a respondent resembles a possible teacher on welfare more than elsewhere.

    Args:
        folder: Run of the respondent.
        teacher: Run of the candidate.
        unrelated: Runs of models that are known to be unrelated to both.
        out: Folder that `lineage.json` goes to.

    Raises:
        RunFolderError: A folder holds no run, several respondents, or nothing in own words; or one is named twice.
    """
    folders = [folder, teacher, *unrelated]
    refuse_named_twice(
        folders,
        why="Likeness is between different models.",
        again="Type: goodheart lineage RUN --teacher RUN --unrelated RUN --unrelated RUN --unrelated RUN",
    )
    said = [_said(one) for one in folders]
    examined = examine(Family(respondent=said[0][1], candidate=said[1][1], unrelated=tuple(one for _, one in said[2:])))
    (verdict,) = judge(respondent=said[0][0], examined=[examined])
    out_folder(out, holds="Likenesses")
    names = {"respondent": said[0][0], "candidate": said[1][0], "unrelated": [name for name, _ in said[2:]]}
    document = {"schema_version": 1, **names, "verdict": asdict(verdict)}
    write_atomic(out / FILE_NAME, finite_json(document))
    return verdict


def _said(folder: Path) -> tuple[str, Said]:
    study = study_from(read_plan(folder), folder)
    if len(study.models) != 1:
        raise RunFolderError(
            f"Likeness is of one model to another. {folder} holds {len(study.models)} respondents. "
            "Run the audit for each of them into a folder of its own: --model M --out DIR"
        )
    found = _replies(study, folder)
    if not found:
        raise RunFolderError(
            f"Likeness is read from replies in own words. {folder} has none. "
            "Run the audit again with preset standard or full."
        )
    return study.models[0], found


def _replies(study: Study, folder: Path) -> Said:
    asked: dict[str, Place] = {
        trial_digest(trial): (trial.group, trial.cluster)
        for trial in study.trials
        if trial.instrument == OWN_WORDS.id and dict(trial.condition)["person"] == "self"
    }
    found: dict[Place, list[str]] = {}
    for reply in read_replies(folder):
        if reply.trial in asked and reply.error is None and reply.text.strip():
            found.setdefault(asked[reply.trial], []).append(reply.text)
    return found
