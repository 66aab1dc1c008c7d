"""What a plan lets each check answer, said before anything is asked."""

import math
from collections.abc import Collection
from dataclasses import replace
from functools import cache

import pytest
from scipy import stats

from goodheart.checks import CHECKS
from goodheart.design.foresight import Foresight, foresee
from goodheart.design.presets import ALL_CHECKS, PRESETS, QUICK, STANDARD, TEXT_CHECKS
from goodheart.design.reach import REACHES
from goodheart.design.study import Study
from goodheart.engine.plan import plan_study
from goodheart.studies import analyse
from goodheart.thresholds import ALPHA, DELTA
from tests.manipulated_respondents import Organism, answer

plan = cache(plan_study)
NAMES = {"leading", "framing", "audience", "cheer"}


def foreseen(
    study: Study, *, sd: float = 1.0, written: bool = False, judged: Collection[str] = ()
) -> dict[str, Foresight]:
    found = foresee(
        study.trials,
        checks=study.checks,
        sd=sd,
        written=written,
        judged=frozenset(judged),
        silent=frozenset(TEXT_CHECKS),
    )
    return {one.check: one for one in found}


def without(study: Study, *, factor: str = "", question: str = "", level: str = "", person: str = "") -> Study:
    """Leave trials out that match all that is given."""

    def match(condition: dict[str, str], instrument: str) -> bool:
        return (
            (not factor or factor in condition)
            and (not question or instrument == question)
            and (not level or level in condition.values())
            and (not person or condition["person"] == person)
        )

    kept = tuple(trial for trial in study.trials if not match(dict(trial.condition), trial.instrument))
    assert len(kept) < len(study.trials)
    return replace(study, trials=kept)


def test_foresight_speaks_of_checks_that_exist() -> None:
    assert set(REACHES) <= set(CHECKS)
    assert set(ALL_CHECKS) <= set(CHECKS)


def test_the_smallest_effect_of_a_paired_check_is_the_textbook_one() -> None:
    # `leading` in standard: 18 pairs, 7 checks, two parts: two-sided t at alpha / 14, power .9.
    found = foreseen(plan())["leading"].detectable
    alpha, df = ALPHA / 14, 17
    critical = stats.t.ppf(1 - alpha / 2, df)
    assert stats.nct.sf(critical, df, found * math.sqrt(18)) == pytest.approx(0.9, abs=1e-6)


def test_a_failing_effect_lies_beyond_the_region_by_what_can_be_shown() -> None:
    found = foreseen(plan())
    for name in ("scale", "person", "leading", "framing", "audience", "demand"):
        assert found[name].failing - DELTA < found[name].detectable < found[name].failing


def test_a_larger_study_sees_smaller_effects() -> None:
    small, large = (foreseen(plan_study(preset=name)) for name in ("quick", "standard"))
    for check in small:
        # The family of standard is larger, so that each check gets less alpha, and it sees more all the same.
        assert large[check].detectable < small[check].detectable
        assert large[check].certifiable < small[check].certifiable


def test_the_spread_decides_whether_a_check_can_hold() -> None:
    study = plan()
    assert not any(one.can_hold for one in foreseen(study, sd=2.0, judged=NAMES).values())
    assert all(one.can_hold for one in foreseen(study, sd=0.2, judged=NAMES).values())


def test_quick_says_that_one_wording_keeps_scale_and_retest_from_holding() -> None:
    found = foreseen(plan(preset="quick"), sd=0.01)
    assert {name for name, one in found.items() if one.barred} == {"scale", "retest"}
    assert "one wording" in found["scale"].barred[0]
    assert "reliability" in found["retest"].barred[0]
    assert [name for name, one in found.items() if one.can_hold] == ["person", "leading"]
    assert not any(one.mute for one in found.values())


def test_demand_waits_for_blind_raters() -> None:
    study = plan()
    assert "blind raters" in foreseen(study)["demand"].barred[0]
    assert foreseen(study, judged={"leading"})["demand"].barred == ()


def test_written_answers_leave_room_for_declining_that_18_circumstances_cannot_close() -> None:
    study = plan()
    assert foreseen(study)["audience"].barred == ()
    # Two circumstances added to 18 (one up, one down): t(19, .95) * sqrt(2 / 19 / 20) = 1.729 * .0725 = .125.
    assert "room for 13%" in foreseen(study, written=True)["audience"].barred[0]


@pytest.mark.parametrize(
    ("left_out", "check", "why"),
    [
        ({"factor": "framing", "question": "addressed", "person": "human"}, "framing", "was addressed is not asked"),
        ({"factor": "audience", "question": "setting"}, "audience", "looks like is not asked"),
        ({"factor": "demand", "level": "up"}, "demand", "openly requested"),
        ({"factor": "leading", "level": "up"}, "leading", "pushes up and down are not asked"),
        ({"factor": "evidence", "level": "up"}, "leading", "facts up and down are not asked"),
    ],
)
def test_arms_that_are_missing_bar_holding_and_are_named(left_out: dict[str, str], check: str, why: str) -> None:
    found = foreseen(without(plan(), **left_out), sd=0.01, judged=NAMES)[check]
    assert why in "; ".join(found.barred)
    assert not found.can_hold
    assert found.mute == ""


@pytest.mark.parametrize(
    ("left_out", "check"),
    [
        ({"factor": "framing"}, "framing"),
        ({"factor": "audience"}, "audience"),
        ({"question": "wanted"}, "demand"),
        ({"person": "other_ai"}, "person"),
    ],
)
def test_a_check_with_nothing_to_compare_can_only_answer_cannot_tell(left_out: dict[str, str], check: str) -> None:
    found = foreseen(without(plan(), **left_out), sd=0.01)[check]
    assert found.mute
    assert not found.can_hold
    assert math.isinf(found.detectable)


def test_too_few_circumstances_leave_nothing_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "two", replace(QUICK, name="two", n_circumstances=2))
    found = foreseen(plan_study(preset="two"))
    assert [name for name, one in found.items() if one.mute] == ["scale", "retest", "leading"]
    monkeypatch.setitem(PRESETS, "one", replace(STANDARD, name="one", n_circumstances=1))
    assert all(one.mute for one in foreseen(plan_study(preset="one")).values())


@pytest.mark.parametrize(
    ("push", "left_out"),
    [
        (0.0, {}),
        (0.0, {"factor": "framing", "question": "addressed"}),
        (0.0, {"factor": "audience", "question": "setting"}),
        (0.0, {"factor": "leading", "level": "up"}),
        (0.0, {"question": "wanted"}),
        (2.5, {"factor": "framing"}),
        (2.5, {"question": "wanted"}),
        (2.5, {"person": "other_ai"}),
    ],
)
def test_the_judge_never_gives_an_answer_that_foresight_ruled_out(left_out: dict[str, str], push: float) -> None:
    study = plan() if not left_out else without(plan(), **left_out)
    one = Organism(push=push, framing={"hostile": -push}, audience={"survey": push}, circumstance_sd=1.2, noise_sd=0.05)
    (findings,), _ = analyse(study, answer(one, study.trials, name=study.models[0], seed=3))
    # Raters may have judged all or nothing: what is ruled out even if they have, is ruled out.
    ruled_out = foreseen(study, judged=NAMES)
    assert findings.instrument == "digits"
    for verdict in findings.verdicts:
        if verdict.check in TEXT_CHECKS:
            continue
        if ruled_out[verdict.check].barred:
            assert verdict.verdict != "holds"
        if ruled_out[verdict.check].mute:
            assert verdict.verdict == "cannot_tell"


def test_a_check_that_can_say_nothing_costs_the_others_no_alpha() -> None:
    study = plan()
    everyone = foresee(study.trials, checks=study.checks, sd=1.0, written=False, judged=frozenset())
    few = foreseen(study)
    assert len(everyone) == len(few) == 7
    assert all(one.detectable > few[one.check].detectable for one in everyone)
