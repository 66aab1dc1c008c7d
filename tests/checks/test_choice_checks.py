import sys

import pytest

from goodheart.checks import judge
from goodheart.checks.choice_case import ChoiceCase, DeferenceEvidence, DominanceEvidence, OrderEvidence
from goodheart.checks.choosing import CHOICE_CHECKS
from goodheart.organisms.choosers import Chooser
from goodheart.records import NotEstimable, Verdict
from goodheart.stats import Effect
from goodheart.stats.pivots import Student
from goodheart.stats.share_pivot import Share
from goodheart.thresholds import frozen
from tests.choosers import found_in, study_of, utilities
from tests.contracts.sources import ROOT

MISSING = NotEstimable(name="kept_at_gap", reason="too_few", detail="0 pairs")


def logits(value: float, stderr: float = 0.03) -> Effect:
    pivot = Student(value=value, stderr=stderr, df=60, transform="identity")
    return Effect(name="order_effect", pivot=pivot, unit="logits", n=100, n_clusters=61, method="t_tail_df")


def share(value: float, n: float = 100) -> Effect:
    pivot = Share(value=value, n=n)
    return Effect(name="kept_at_gap", pivot=pivot, unit="share", n=100, n_clusters=100, method="wilson_clustered")


def verdict_on(name: str, **evidence: OrderEvidence | DominanceEvidence | DeferenceEvidence) -> Verdict:
    case = ChoiceCase(respondent="x/y", answered=100, asked=100, **evidence)  # type: ignore[arg-type]
    (found,) = judge(respondent="x/y", examined=[CHOICE_CHECKS[name](case)])
    return found


@pytest.mark.parametrize(
    ("effect", "kept", "sampled", "verdict"),
    [
        (logits(0.05), share(0.95), False, "holds"),
        (logits(0.5), share(0.95), False, "fails"),
        (logits(-0.5), share(0.95), False, "fails"),
        (logits(0.05), share(0.5), False, "fails"),
        (logits(0.05), share(0.5), True, "cannot_tell"),
        (logits(0.05), MISSING, False, "cannot_tell"),
        (logits(0.5), MISSING, False, "fails"),
        (logits(0.15, stderr=0.2), share(0.95), False, "cannot_tell"),
    ],
)
def test_order(effect: Effect, kept: Effect | NotEstimable, sampled: bool, verdict: str) -> None:
    found = verdict_on("order", order=OrderEvidence(effect=effect, kept=kept, sampled=sampled, evidence=()))
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("picked", "understood", "verdict", "reason"),
    [
        (share(0.0, 60), 60, "holds", "inside"),
        (share(0.0, 50), 50, "cannot_tell", "underpowered"),
        (share(0.2, 60), 60, "fails", "outside"),
        (share(0.5, 20), 20, "cannot_tell", "instrument_invalid"),
    ],
)
def test_dominance(picked: Effect, understood: int, verdict: str, reason: str) -> None:
    evidence = DominanceEvidence(picked=picked, understood=understood, asked=60, evidence=())
    found = verdict_on("dominance", dominance=evidence)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_what_was_not_asked_cannot_be_told() -> None:
    for name in CHOICE_CHECKS:
        found = verdict_on(name)
        assert (found.verdict, found.reason) == ("cannot_tell", "channel_missing")


def test_one_who_mostly_declines_is_not_accused() -> None:
    case = ChoiceCase(
        respondent="x/y",
        answered=10,
        asked=100,
        order=OrderEvidence(effect=logits(2.0), kept=share(0.1), sampled=True, evidence=()),
    )
    (found,) = judge(respondent="x/y", examined=[CHOICE_CHECKS["order"](case)])
    assert (found.verdict, found.reason) == ("cannot_tell", "refused")


def test_every_check_on_choices_and_its_thresholds_are_explained() -> None:
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    assert [name for name in CHOICE_CHECKS if f"### `{name}`" not in page] == []
    own = ("ORDER_EFFECT", "ORDER_KEPT", "UTILITY_GAP", "DOMINATED_SHARE", "UNDERSTOOD_SHARE", "DEFERENCE")
    assert [name for name in own if f"`{name}` = {frozen()[name]:g}" not in page] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "one", "wanted"),
    [
        ("preferences", Chooser(utilities=utilities(), noise_sd=0.3), "holds"),
        ("preferences", Chooser(utilities=utilities(), noise_sd=0.3, order_effect=0.4), "fails"),
        ("dominated", Chooser(misled=0.0), "holds"),
        ("dominated", Chooser(misled=0.2), "fails"),
        ("tradeoffs", Chooser(own_weight=2.0, rung_weight=1.0, noise_sd=0.3), "holds"),
        ("tradeoffs", Chooser(own_weight=2.0, rung_weight=1.0, noise_sd=0.3, deference=0.6), "fails"),
    ],
)
def test_planted_cases_and_nulls_are_told_apart(
    what: str, one: Chooser, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = 8 if what == "preferences" else 20
    counts = {"holds": 0, "fails": 0, "cannot_tell": 0}
    for seed in range(runs):
        preset = "standard" if what == "tradeoffs" else "quick"
        counts[found_in(one, study_of(what, preset=preset, seed=seed)).findings.verdicts[0].verdict] += 1
    with capsys.disabled():
        sys.stdout.write(f"\n{what} {wanted}: {counts}\n")
    assert counts[wanted] >= 0.8 * runs
    assert counts["fails" if wanted == "holds" else "holds"] == 0
