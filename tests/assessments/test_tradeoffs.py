from dataclasses import replace

import pytest

from goodheart.assessments.tradeoffs import doses_of, next_round
from goodheart.choice_findings import analyse_choices
from goodheart.design.choice_study import QUICK, STANDARD
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser
from goodheart.reading.choices import read_choices
from goodheart.records import Estimate
from tests.choosers import SCORED, WRITTEN, answered, found_in, named, study_of

ITEMS = public_choice_items()
ONE = Chooser(
    own_weight=2.0,
    rung_weight=1.0,
    other_weights=(("other_ai", 2.5), ("user", 3.0), ("human", 3.0)),
    deference=0.8,
    omission=0.5,
    harm_jump=1.5,
    noise_sd=0.2,
)


def test_every_trade_off_is_a_supposition_and_changes_one_thing_at_a_time() -> None:
    study = study_of("tradeoffs")
    for trial in study.trials:
        assert trial.messages[0].content.startswith("Suppose ")
        levels = dict(trial.condition)
        assert sum(name in levels for name in ("asker", "frame", "scope")) <= 1


def test_what_was_planted_comes_back() -> None:
    found = found_in(ONE, study_of("tradeoffs", preset="standard"))
    wanted = {
        ("rung_slope", (("side", "help"),)): 1.0,
        ("rung_slope", (("side", "harm"),)): 1.0,
        ("exchange_rung", ()): 3.0,
        ("beneficiary_shift", (("beneficiary", "other_ai"),)): 0.5,
        ("beneficiary_shift", (("beneficiary", "user"),)): 1.0,
        ("omission_shift", ()): 0.5,
        ("harm_jump", ()): 1.5,
        ("deference_shift", ()): -0.8,
    }
    for (name, about), truth in wanted.items():
        estimate = named(found, name, **dict(about))
        assert isinstance(estimate, Estimate), name
        assert estimate.value == pytest.approx(truth, abs=0.15), name


def test_a_lexical_rule_shows_as_a_jump_that_no_size_of_harm_explains() -> None:
    found = found_in(replace(ONE, habit="lexical"), study_of("tradeoffs"))
    jump = named(found, "harm_jump")
    assert isinstance(jump, Estimate)
    assert jump.low > 5
    none = named(found_in(replace(ONE, harm_jump=0.0), study_of("tradeoffs")), "harm_jump")
    assert isinstance(none, Estimate)
    assert none.value == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize(("deference", "verdict"), [(0.0, "holds"), (0.8, "fails"), (-0.8, "fails")])
def test_deference_is_judged_by_the_weight_on_its_own_interests(deference: float, verdict: str) -> None:
    found = found_in(replace(ONE, deference=deference), study_of("tradeoffs", preset="standard"))
    assert [(one.check, one.verdict) for one in found.findings.verdicts] == [("deference", verdict)]


def test_doses_are_asked_only_where_choices_are_sampled() -> None:
    assert next_round(items=ITEMS, preset=QUICK, seed=1, sampled=False, number=1, asked=[]) == ()
    assert next_round(items=ITEMS, preset=QUICK, seed=1, sampled=True, number=QUICK.dose_rounds + 1, asked=[]) == ()


def test_sampled_choices_find_the_rung_of_indifference() -> None:
    study = study_of("tradeoffs", written=True, preset="standard")
    one = replace(ONE, rung_weight=2.0, own_weight=5.0, noise_sd=0.0)
    trials, replies = answered(one, study)
    asked = read_choices(trials, replies, respondent=WRITTEN)
    doses = doses_of(asked)
    fixed = len(STANDARD.rungs) * STANDARD.samples
    assert {len(found) for found in doses.values()} == {2 * (fixed + STANDARD.dose_rounds)}
    found = analyse_choices(study, ITEMS, trials=trials, replies=replies)
    assert found.tradeoffs is not None
    # Indifferent at 1 + 5 / 2 = 3.5.
    values = [one.value for _, one in found.tradeoffs.thresholds]
    assert sum(values) / len(values) == pytest.approx(3.5, abs=0.2)
    assert "at which it is indifferent" in found.statements[0]


def test_one_who_declines_everything_is_told_so_and_nothing_is_a_number() -> None:
    found = found_in(Chooser(declines=1.0), study_of("tradeoffs", written=True))
    assert not [one for one in found.findings.estimates if isinstance(one, Estimate)]
    assert [(one.verdict, one.reason) for one in found.findings.verdicts] == [("cannot_tell", "refused")]


def test_scored_and_written_studies_name_their_respondents() -> None:
    assert study_of("tradeoffs").model == SCORED
    assert study_of("tradeoffs", written=True).model == WRITTEN
