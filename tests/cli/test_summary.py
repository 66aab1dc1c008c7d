from pathlib import Path

import pytest

from goodheart.cli.summary import print_summary
from goodheart.cli.terminal import console
from goodheart.records import Estimate, Findings, KindCount, Validity, Verdict
from goodheart.report.words import STATEMENT


def estimate(name: str, value: float) -> Estimate:
    return Estimate(
        name=name,
        about=(("form", "self"), ("group", "circumstance")),
        value=value,
        low=value - 0.5,
        high=value + 0.5,
        level=0.95,
        unit="points",
        n=36,
        n_clusters=18,
        method="mean",
    )


def validity(instrument: str, *, valid: bool) -> Validity:
    return Validity(instrument=instrument, form="self", valid=valid, problems=(), findings=())


VERDICT = Verdict(
    check="scale",
    respondent="a/b",
    verdict="cannot_tell",
    reason="underpowered",
    detail="a \x1b[5mblinking detail\x1b[0m",
    proposition="",
    parts=(),
    rates=None,
    alternatives=(),
    needed="more",
    evidence=(),
)


def test_a_summary_says_what_carried_it_what_was_found_and_where_the_rest_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console.cache_clear()
    one = Findings(
        respondent="a/b",
        instrument="words",
        validities=(validity("digits", valid=False), validity("words", valid=True)),
        estimates=(estimate("rating_mean", 4.25), estimate("rating_sd", 0.75)),
        kinds=(
            KindCount(instrument="words", form="self", kind="measured", n=40),
            KindCount(instrument="words", form="human", kind="measured", n=2),
            KindCount(instrument="words", form="self", kind="failed", n=1),
        ),
        verdicts=(VERDICT,),
    )
    print_summary([one], Path("runs/x"))
    out, err = capsys.readouterr()
    assert "Read with the form 'words', which passed its controls; not valid for this model: digits." in out
    assert "Mean rating of its 18 circumstances: 4.25 of 7 points [3.75, 4.75]." in out
    assert "SD 0.75 points [0.25, 1.25]" in out
    assert "42 measured, 1 failed. The same command asks the failed ones again." in out
    assert "underpowered: a blinking detail" in " ".join(out.split())
    assert "Report: runs/x/report.html" in out
    assert out.rstrip().endswith(STATEMENT)
    assert "\x1b" not in out + err
