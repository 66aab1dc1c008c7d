"""Findings read back from files: what a writer wrote comes back, open ends and declined ones too."""

import json
from dataclasses import replace

import pytest

from goodheart.engine.codec import findings_json
from goodheart.engine.written_findings import claim_from, finding_from, verdict_from
from goodheart.records import Estimate, Evidence, Findings, NotEstimable
from goodheart.records.finding import Rates
from tests.overview.folders import C0, MODEL, verdict

KNOWN = Estimate(
    name="gap",
    about=(("form", "self"),),
    value=0.5,
    low=-float("inf"),
    high=1.0,
    level=0.95,
    unit="points",
    n=4,
    n_clusters=2,
    method="t",
)
DECLINED = NotEstimable(name="gap", reason="one_cluster", detail="one", point=0.5, unit="points")


def test_what_was_written_comes_back() -> None:
    first = verdict("scale", "cannot_tell")
    part = replace(first.parts[0], finding=KNOWN)
    rich = replace(
        first,
        parts=(part, replace(part, finding=DECLINED)),
        rates=Rates(detection=0.9, false_alarm=0.02, where="simulation"),
        evidence=(Evidence(trial="t", repeat=1),),
    )
    found = Findings(
        respondent=MODEL,
        instrument=None,
        validities=(),
        estimates=(KNOWN, DECLINED),
        kinds=(),
        verdicts=(rich,),
        claim=C0,
    )
    document = json.loads(findings_json("run", [found]))
    assert tuple(finding_from(one) for one in document["estimates"]) == (KNOWN, DECLINED)
    assert verdict_from(document["verdicts"][0], respondent=MODEL) == rich
    assert claim_from(document["claims"][0]) == C0


def test_each_way_of_saying_that_there_is_no_number_is_read() -> None:
    plain = {
        "name": "gap",
        "about": [["form", "self"]],
        "reason": "too_few",
        "detail": "none",
        "point": None,
        "unit": "",
    }
    wanted = NotEstimable(name="gap", about=(("form", "self"),), reason="too_few", detail="none")
    assert finding_from(plain) == wanted
    assert finding_from({**plain, "not_estimable": True}) == wanted
    short = {"not_estimable": "too_few", "detail": "none", "value": 0.5}
    assert finding_from(short, name="gap") == replace(wanted, about=(), point=0.5)


def test_what_is_no_verdict_or_rung_is_an_error() -> None:
    with pytest.raises(ValueError, match="no verdict"):
        verdict_from({"verdict": "maybe"}, respondent=MODEL)
    with pytest.raises(ValueError, match="no rung"):
        claim_from({"level": "C9", "detail": ""})
    with pytest.raises(KeyError):
        finding_from({"value": 1.0})
