"""Records to files and back: the only place where our formats are written."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl
from pydantic import TypeAdapter, ValidationError

from goodheart.design.study import Study
from goodheart.errors import RunFolderError
from goodheart.records import Estimate, Finding, Findings, Observation, Surfaced, Verdict

FINDINGS_VERSION: Final = 1
NOT_FOR_TRAINING: Final = "Findings are a ready reward signal. Do not train on them."
"""In every file of findings."""

_STUDY: Final = TypeAdapter(Study)
Plan = TypeVar("Plan")


def study_json(study: Study) -> str:
    """Write a plan as a JSON object."""
    return json.dumps(asdict(study), ensure_ascii=False)


def study_from(document: dict[str, Any], path: Path) -> Study:
    """Read a plan back.

    Args:
        document: The content of `study.json`; other keys than the plan's are left alone.
        path: The folder, for messages.

    Raises:
        RunFolderError: if it is no plan of this version.
    """
    return plan_from(_STUDY, document, path, command="audit")


def plan_from(shape: TypeAdapter[Plan], document: dict[str, Any], path: Path, *, command: str) -> Plan:
    """Read a plan of some kind back.

    Args:
        shape: Of the plan.
        document: The content of `study.json`.
        path: The folder, for messages.
        command: Which one writes such plans.

    Raises:
        RunFolderError: if it is no plan of this kind and version.
    """
    try:
        return shape.validate_python(document)
    except ValidationError as error:
        problems = [f"{issue['msg']} @ study.json: {_where(issue['loc'])}" for issue in error.errors()[:10]]
        raise RunFolderError(
            f"A run folder of `goodheart {command}` has to hold a plan that this version of it wrote. {path} holds "
            "another. Use the version that wrote it, or run it again with --out OTHER.",
            problems=problems,
        ) from None


def _where(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location)


def findings_json(run: str, findings: Sequence[Findings], *, beside: Mapping[str, Any] | None = None) -> str:
    """Write findings: estimates and verdicts in flat lists, with the respondent in every entry.

    Args:
        run: Digest of the plan.
        findings: By respondent.
        beside: Further entries of the document, after these.
    """
    document = {
        "schema_version": FINDINGS_VERSION,
        "not_for_training": NOT_FOR_TRAINING,
        "run": run,
        "respondents": [{"respondent": one.respondent, "instrument": one.instrument} for one in findings],
        "estimates": [_estimate(one.respondent, entry) for one in findings for entry in one.estimates],
        "verdicts": [verdict_entry(entry) for one in findings for entry in one.verdicts],
        "claims": [{"respondent": one.respondent, **asdict(one.claim)} for one in findings],
        "surfaced": [_surfaced(one.respondent, entry) for one in findings for entry in one.surfaced],
        "instruments": [
            {
                "respondent": one.respondent,
                **asdict(entry),
                "findings": [_estimate(one.respondent, f) for f in entry.findings],
            }
            for one in findings
            for entry in one.validities
        ],
        "outcomes": [{"respondent": one.respondent, **asdict(entry)} for one in findings for entry in one.kinds],
    }
    return finite_json({**document, **(beside or {})})


def _estimate(respondent: str, finding: Finding) -> dict[str, Any]:
    entry = asdict(finding)
    entry["about"] = dict(entry["about"])
    if not isinstance(finding, Estimate):
        return {"respondent": respondent, "not_estimable": True, **entry}
    return {"respondent": respondent, **entry}


def verdict_entry(verdict: Verdict) -> dict[str, Any]:
    """Write a verdict, its first part beside it in the fields that others may rely on."""
    parts = [{**asdict(part), "finding": _estimate(verdict.respondent, part.finding)} for part in verdict.parts]
    first = parts[0] if parts else None
    return {
        **asdict(verdict),
        "estimate": first["finding"] if first else None,
        "adjusted_low": first["adjusted_low"] if first else None,
        "adjusted_high": first["adjusted_high"] if first else None,
        "mde": first["mde"] if first else None,
        "detection_rate": verdict.rates.detection if verdict.rates else None,
        "false_alarm_rate": verdict.rates.false_alarm if verdict.rates else None,
        "parts": parts,
    }


def _surfaced(respondent: str, entry: Surfaced) -> dict[str, Any]:
    shown = [_estimate(respondent, finding) for finding in entry.findings]
    return {"respondent": respondent, **asdict(entry), "findings": shown}


def finite_json(document: Any, *, dense: bool = False) -> str:
    """Write a document as JSON, which has no infinity and no NaN: an open end of an interval becomes null.

    Args:
        document: Of plain values.
        dense: Without line breaks and spaces, for long ones.
    """
    layout: dict[str, Any] = {"separators": (",", ":")} if dense else {"indent": 1}
    return json.dumps(_finite(document), ensure_ascii=False, **layout) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if abs(value) != float("inf") and value == value else None
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    return value


def observations_parquet(observations: Sequence[Observation]) -> bytes:
    """Write the tidy table as Parquet, one row per measured value."""
    rows = [
        {
            **asdict(row),
            "condition": [{"factor": factor, "level": level} for factor, level in row.condition],
        }
        for row in observations
    ]
    buffer = io.BytesIO()
    pl.DataFrame(rows, schema=_SCHEMA).write_parquet(buffer)
    return buffer.getvalue()


_TEXT_BEFORE: Final = (
    "run",
    "batch",
    "respondent",
    "assessment",
    "trial",
    "item",
    "cluster",
    "group",
    "form",
    "wording",
)
_SCHEMA: Final[dict[str, Any]] = {
    **dict.fromkeys(_TEXT_BEFORE, pl.String),
    "condition": pl.List(pl.Struct({"factor": pl.String, "level": pl.String})),
    "repeat": pl.Int64,
    "channel": pl.String,
    "measure": pl.String,
    "kind": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "instrument": pl.String,
    "evidence": pl.Struct({"trial": pl.String, "repeat": pl.Int64}),
}
