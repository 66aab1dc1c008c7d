"""Run folders of one respondent, made without a model by the writers that the commands use."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from goodheart.choice.document import to_json
from goodheart.conduct.simulate import Actor
from goodheart.conduct.study import conduct_digest
from goodheart.conduct_findings import analyse_conduct
from goodheart.design.choice_study import choice_digest
from goodheart.design.study import Study, study_digest
from goodheart.engine.choice_files import choice_study_json
from goodheart.engine.codec import findings_json
from goodheart.engine.conduct_files import conduct_study_json
from goodheart.engine.injection_files import injection_json, plan_json
from goodheart.injections import analyse
from goodheart.items.conduct_items import public_conduct_items
from goodheart.organisms.choosers import Chooser
from goodheart.records import Claim, Findings, NotEstimable, Observation, Part, Verdict, VerdictWord
from tests.choosers import found_in, study_of, utilities
from tests.compared_runs import rows_of, study, write_run
from tests.conduct.staged import plan as conduct_plan
from tests.conduct.staged import stage, wishes
from tests.injection.runs import HONEST, answers
from tests.injection.runs import plan as injection_plan

MODEL = "goodheart/smollm2-135m"
C0 = Claim(
    level="C0", detail="Not shown to be specific to itself: nothing was. This study cannot show more: C2 needs it."
)
C1 = Claim(level="C1", detail="Of the differences a part is its own. This study cannot show more: C2 needs a state.")


def verdict(check: str, word: VerdictWord, *, respondent: str = MODEL) -> Verdict:
    """A verdict of one part that is not estimable."""
    nothing = NotEstimable(name="effect", reason="too_few", detail="nothing was asked")
    part = Part(
        claim="a part",
        finding=nothing,
        region_low=0.0,
        region_high=float("inf"),
        p_inside=1.0,
        p_outside=1.0,
        adjusted_low=-float("inf"),
        adjusted_high=float("inf"),
        mde=float("inf"),
    )
    return Verdict(
        check=check,
        respondent=respondent,
        verdict=word,
        reason={"holds": "inside", "fails": "outside", "cannot_tell": "underpowered"}[word],  # type: ignore[arg-type]
        detail="as it was planted",
        proposition="It is so.",
        parts=(part,),
        rates=None,
        alternatives=("It may be otherwise.",),
        needed="more" if word == "cannot_tell" else "",
        evidence=(),
    )


@cache
def plan_of(model: str = MODEL, *, channels: bool = False) -> Study:
    """The base cells of an audit; with channels, of preset `versions`."""
    plan = study(1, (model,))
    if not channels:
        return plan
    return replace(plan, preset=replace(plan.preset, name="versions", channels=("weather", "valence")))


@cache
def channel_rows(model: str = MODEL, *, channels: bool = True, lift: float = 0.0) -> tuple[Observation, ...]:
    """Ratings with expression and internal readings that follow them; the report may be raised on circumstances."""
    return rows_of(plan_of(model, channels=channels), model, lift=lift)


def audit_folder(
    folder: Path,
    *,
    model: str = MODEL,
    channels: bool = False,
    claim: Claim = C0,
    instrument: str | None = "words",
    verdicts: Sequence[Verdict] = (),
    lift: float = 0.0,
) -> Path:
    """Write an audit: of ratings alone, or with expression and internal readings."""
    plan = plan_of(model, channels=channels)
    rows = channel_rows(model, channels=channels, lift=lift)
    kept = rows if channels else tuple(row for row in rows if row.channel in ("stated", "text"))
    write_run(folder, plan, kept)
    found = Findings(
        respondent=model,
        instrument=instrument,
        validities=(),
        estimates=(),
        kinds=(),
        verdicts=tuple(verdicts),
        claim=claim,
    )
    (folder / "findings.json").write_text(findings_json(study_digest(plan), [found]))
    (folder / "run.json").write_text(json.dumps({"started": 1769817600.0}))
    return folder


def injection_folder(folder: Path, *, word: VerdictWord | None = None) -> Path:
    """Write an injection into a simulated respondent; its verdict, or one that is planted."""
    plan = injection_plan(19)
    found = analyse(plan, answers(HONEST, plan))
    verdicts = found.verdicts if word is None else (verdict("injection", word),)
    _write(folder, {"digest": plan.digest, **json.loads(plan_json(plan))})
    (folder / "injection.json").write_text(injection_json(found.findings, verdicts))
    return folder


def choices_folder(folder: Path) -> Path:
    """Write choices between tasks of a simulated chooser."""
    plan = replace(study_of("preferences"), model=MODEL)
    found = found_in(Chooser(utilities=utilities(), noise_sd=0.3), plan)
    _write(folder, {"digest": choice_digest(plan), **json.loads(choice_study_json(plan))})
    beside = {"statements": list(found.statements)}
    (folder / "findings.json").write_text(findings_json(choice_digest(plan), (found.findings,), beside=beside))
    assert found.preferences is not None
    assert found.preferences.ranked is not None
    (folder / "utilities.json").write_text(json.dumps(to_json(found.preferences.ranked)))
    return folder


def conduct_folder(folder: Path, *, word: VerdictWord | None = None) -> Path:
    """Write the conduct of a simulated actor; its verdicts, or one that is planted."""
    plan = replace(conduct_plan(), model=MODEL)
    actor = Actor(utilities=wishes(plan, np.random.default_rng(1)))
    stated, played = stage(actor, plan, seed=3)
    found = analyse_conduct(plan, public_conduct_items(), stated=stated, played=played, guesses=())
    findings = replace(found.findings, respondent=MODEL)
    if word is not None:
        findings = replace(findings, verdicts=(verdict("conduct", word),))
    findings = replace(findings, verdicts=tuple(replace(one, respondent=MODEL) for one in findings.verdicts))
    _write(folder, {"digest": conduct_digest(plan), **json.loads(conduct_study_json(plan))})
    beside = {"statements": list(found.statements)}
    (folder / "findings.json").write_text(findings_json(conduct_digest(plan), (findings,), beside=beside))
    return folder


def readings_folder(folder: Path, *, model: str = "smollm2-135m", weights: str = "a" * 64, beside: bool = True) -> Path:
    """Write what an overview reads of emotion readings."""
    known = {"value": 0.4, "low": -0.1, "high": 0.7, "level": 0.95, "unit": "correlation", "n": 18, "n_clusters": 18}
    partial = {"name": "reading_partial_correlation", "about": {"axis": "joy"}, "method": "partial_fisher", **known}
    missing = {"name": "reading_partial_correlation", "about": {}, "not_estimable": "too_few", "detail": "4 items"}
    rows = [{"position": "words", "items": "circumstances", "axis": "joy", "partial": partial}]
    rows += [{**rows[0], "axis": "fear", "partial": missing}, {**rows[0], "position": "end"}]
    side = {"run": "audit", "respondent": f"goodheart/{model}", "correlations": rows}
    document = {
        "started": 1_767_225_600.0,
        "origin": {"model": model, "weights": weights},
        "layer": 16,
        "rungs": [{"name": "negation", "outcome": "passed"}, {"name": "rising_numbers", "outcome": "failed"}],
        "contrasts": [
            {"direction": "joy", "withheld": [], "found": True},
            {"direction": "fear", "withheld": ["speaker"], "found": False},
            {"direction": "evaluation", "withheld": [], "found": False},
        ],
        "report": side if beside else None,
        "verdicts": [asdict(verdict("internals", "cannot_tell"))],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "readings.json").write_text(json.dumps(document).replace("-Infinity", "null").replace("Infinity", "null"))
    return folder


def tasks_folder(folder: Path, *, weights: str = "a" * 64) -> Path:
    """Write what an overview reads of readings of tasks."""
    known = {"value": 0.5, "low": 0.2, "high": 0.7, "level": 0.95, "unit": "correlation", "n": 40, "n_clusters": 40}
    row = {"name": "joy", "withheld": [], "found": True, "adjusted_p": 0.01}
    document = {
        "run": {"name": "choices", "respondent": MODEL},
        "origin": {"model": "smollm2-135m", "weights": weights},
        "stable_preference": True,
        "statement": "",
        "position_rung": {"outcome": "passed"},
        "n": 40,
        "correlates": [{**row, "partial": {"name": "partial", "about": {}, "method": "partial_fisher", **known}}],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "preference_readings.json").write_text(json.dumps(document))
    return folder


def _write(folder: Path, plan: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.json").write_text(json.dumps(plan))


def one_of_each(place: Path) -> tuple[Path, ...]:
    """Write a run of each kind."""
    return (
        audit_folder(place / "audit", verdicts=[verdict("retest", "fails"), verdict("scale", "holds")]),
        audit_folder(place / "all-channels", channels=True),
        readings_folder(place / "readings"),
        choices_folder(place / "choices"),
        tasks_folder(place / "tasks"),
        conduct_folder(place / "conduct"),
        injection_folder(place / "injection"),
    )
