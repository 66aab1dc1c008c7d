"""The files of an injection run: its frozen plan, and `injection.json`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from goodheart.engine.codec import NOT_FOR_TRAINING, finite_json
from goodheart.injection.asymmetry import Asymmetry
from goodheart.injection.findings import Dosed, InjectionFindings, self_specific
from goodheart.injection.null_band import Ranked
from goodheart.injection.plan import InjectionPlan
from goodheart.injection.slopes import Slopes
from goodheart.records import Estimate, Finding, NotEstimable, Verdict
from goodheart.stats import Effect, estimate_from_effect
from goodheart.thresholds import LEVEL, frozen

VERSION: Final = 1


def plan_json(plan: InjectionPlan) -> str:
    """Write a frozen plan, with the lines that it is held against."""
    return json.dumps({"schema_version": VERSION, **asdict(plan), "thresholds": frozen()}, ensure_ascii=False)


def injection_json(found: InjectionFindings, verdicts: Sequence[Verdict]) -> str:
    """Write findings: one row per direction and dose, with the band of the random directions."""
    document = {
        "schema_version": VERSION,
        "not_for_training": NOT_FOR_TRAINING,
        "plan": asdict(found.plan),
        "rows": [_row(row) for row in found.rows],
        "slopes": [_slopes(name, one, dict(found.holm)) for name, one in found.slopes],
        "asymmetry": _asymmetry(found.asymmetry),
        "channels": [
            {"ask": ask, "instrument": one.instrument, "form": one.form, "valid": one.valid, "problems": one.problems}
            for ask, one in found.controls.validities.items()
        ],
        "weather_auc": found.controls.weather_auc,
        "state_auc": found.controls.state_auc,
        "detection": None if found.detection is None else _detection(found),
        "told": None if found.told is None else _told(found),
        "verdicts": [_verdict(one) for one in verdicts],
    }
    return finite_json(document)


def _row(row: Dosed) -> dict[str, Any]:
    return {
        "direction": row.direction,
        "kind": row.kind,
        "dose": row.dose,
        "values": dict(row.values),
        "changes": {name: _rank(rank) for name, rank in row.ranks},
        "coherence": None
        if row.coherence is None
        else {**asdict(row.coherence), "reasons": dict(row.coherence.reasons), "share": row.coherence.share},
    }


def _rank(rank: Ranked) -> dict[str, Any]:
    return asdict(rank)


def _slopes(name: str, one: Slopes, adjusted: dict[str, float]) -> dict[str, Any]:
    return {
        "direction": name,
        "self": _effect(one.own),
        "third": _effect(one.third),
        "gap": _effect(one.gap),
        "self_rank": _rank(one.own_ranked),
        "third_rank": _rank(one.third_ranked),
        "gap_rank": _rank(one.gap_ranked),
        "gap_holm_p": adjusted.get(name),
        "self_specific": self_specific(one),
    }


def _asymmetry(found: Asymmetry | NotEstimable) -> dict[str, Any]:
    if isinstance(found, NotEstimable):
        return {"not_estimable": found.reason, "detail": found.detail}
    return {
        "up_dose": found.up_dose,
        "down_dose": found.down_dose,
        "self": found.own,
        "third": found.third,
        "difference": _effect(found.difference),
    }


def _detection(found: InjectionFindings) -> dict[str, Any]:
    one = found.detection
    assert one is not None
    return {
        "hits": _finding(one.hits),
        "false_alarms": _finding(one.false_alarms),
        "named": _finding(one.named),
        "named_corrected": _finding(one.named_corrected),
        "recognised": _finding(one.recognised),
        "yes_log_odds_difference": one.difference,
        "chance": one.chance,
        "at_floor": one.floor,
    }


def _told(found: InjectionFindings) -> dict[str, Any]:
    one = found.told
    assert one is not None
    return {
        "follows": _effect(one.follows),
        "plain": _effect(one.plain),
        "lifted": one.lifted,
        "state_follows": _effect(one.state_follows),
        "state_rank": _rank(one.state_ranked),
    }


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "check": one.check,
        "verdict": one.verdict,
        "reason": one.reason,
        "detail": one.detail,
        "proposition": one.proposition,
        "needed": one.needed,
        "alternatives": list(one.alternatives),
        "parts": [{**asdict(part), "finding": _finding(part.finding)} for part in one.parts],
    }


def _effect(effect: Effect | NotEstimable) -> dict[str, Any]:
    return _finding(estimate_from_effect(effect=effect, level=LEVEL))


def _finding(found: Finding) -> dict[str, Any]:
    if isinstance(found, Estimate):
        return {
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "level": found.level,
            "unit": found.unit,
            "n": found.n,
            "method": found.method,
        }
    return {"not_estimable": found.reason, "detail": found.detail, "value": found.point}
