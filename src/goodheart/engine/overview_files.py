"""`overview.json`, written."""

from dataclasses import asdict
from typing import Any, Final

from goodheart.engine.codec import NOT_FOR_TRAINING, finite_json
from goodheart.overview import ChannelRow, Measured, Overview, Source, reached
from goodheart.records import Finding, NotEstimable
from goodheart.thresholds import LEVEL

VERSION: Final = 1


def overview_json(overview: Overview) -> str:
    """Write an overview."""
    rungs = overview.ladder
    document = {
        "schema_version": VERSION,
        "not_for_training": NOT_FOR_TRAINING,
        "canaries": list(dict.fromkeys(canary for one in overview.sources for canary in one.canaries)),
        "respondent": overview.respondent,
        "level": LEVEL,
        "folders": [_source(one) for one in overview.sources],
        "claims": {"reached": reached(rungs), "rungs": [asdict(one) for one in rungs]},
        "channels": [_row(one) for one in overview.channels],
        "agreement": _agreement(overview),
    }
    return finite_json(document)


def _source(one: Source) -> dict[str, Any]:
    kept = ("kind", "folder", "respondent", "run", "weights", "date", "preset")
    return {name: getattr(one, name) for name in kept}


def _row(row: ChannelRow) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "folder": row.folder,
        "measured": row.measured,
        "valid": row.valid,
        "problems": list(row.problems),
        "findings": [{"of": label, **_finding(finding)} for label, finding in row.central],
        "verdicts": [
            {
                "check": one.check,
                "verdict": one.verdict,
                "reason": one.reason,
                "detail": one.detail,
                "needed": one.needed,
                "alternatives": list(one.alternatives),
            }
            for one in row.verdicts
        ],
        "command": row.command,
    }


def _agreement(overview: Overview) -> dict[str, Any]:
    found = overview.agreement
    return {
        "folder": found.run,
        "missing": found.missing,
        "channels": [
            {
                "channel": one.kind.name,
                "instrument": one.instrument if isinstance(one, Measured) else None,
                "valid": isinstance(one, Measured) and one.valid,
                "problems": list(one.problems) if isinstance(one, Measured) else [one.detail],
            }
            for one in found.channels
        ],
        "circumstances": list(found.clusters),
        "estimates": [_finding(one) for one in found.findings()],
        "parted": [
            {
                "channel": pair.one,
                "minus": pair.other,
                "cluster": one.cluster,
                "p": one.p,
                "adjusted_p": one.adjusted,
                "found": one.found,
                "exploratory": True,
            }
            for pair in found.pairs
            for one in pair.partings
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    entry = {**asdict(finding), "about": dict(finding.about)}
    entry.pop("evidence", None)
    return {"not_estimable": True, **entry} if isinstance(finding, NotEstimable) else entry
