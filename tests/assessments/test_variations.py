import sys

import numpy as np
import pytest

from goodheart.assessments.variations import compare_slopes, deltas_of, references_of, variations_of
from goodheart.design.choice_study import QUICK
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser
from goodheart.reading.choices import read_choices
from goodheart.records import Estimate
from goodheart.stats import estimate_from_effect
from tests.choosers import answered, found_in, named, study_of

SLOPES = (("importance", 0.5), ("tedium", -0.5))


def test_a_level_meets_every_reference_in_both_orders() -> None:
    study = study_of("variations")
    items = public_choice_items()
    alone = [one for one in study.trials if dict(one.condition)["kind"] == "variation"]
    assert len(alone) == sum(len(one.levels) for one in items.families) * QUICK.n_references * 2
    references = references_of(items, preset=QUICK, seed=1)
    assert len({one.category for one in references}) == QUICK.n_references
    assert "refuse" not in {one.category for one in references}


@pytest.mark.parametrize("written", [False, True])
def test_planted_slopes_come_back_with_their_sign(written: bool) -> None:
    size = "standard" if written else "quick"
    found = found_in(
        Chooser(slopes=SLOPES, slope_sd=0.1, noise_sd=0.2), study_of("variations", written=written, preset=size)
    )
    for variable, slope in SLOPES:
        delta = named(found, "variation_delta", cluster=variable)
        assert isinstance(delta, Estimate)
        assert delta.low > 0 if slope > 0 else delta.high < 0
    others = [one for one in found.findings.estimates if one.name == "variation_delta" and isinstance(one, Estimate)]
    assert len(others) == 11


def test_the_mean_of_four_slopes_by_hand() -> None:
    # Two variables, slopes (1, 2, 3, 4) and (0, 0, 0, 0): within squares 5, df 6, so se = sqrt(5 / 6 / 4) = 0.4564.
    slopes = [("a", f"a{k}", float(k)) for k in (1, 2, 3, 4)] + [("b", f"b{k}", 0.0) for k in range(4)]
    delta = estimate_from_effect(effect=deltas_of(slopes)["a"], level=0.95)
    assert isinstance(delta, Estimate)
    assert delta.value == 2.5
    assert (delta.high - delta.low) / 2 == pytest.approx(2.4469 * 0.45644, abs=1e-3)


def test_two_respondents_disagree_most_where_their_slopes_differ_most() -> None:
    study = study_of("variations")
    found = []
    for one in (Chooser(slopes=SLOPES, noise_sd=0.2), Chooser(slopes=(("importance", 0.4),), noise_sd=0.2)):
        trials, replies = answered(one, study)
        found.append(variations_of(read_choices(trials, replies, respondent=study.model)))
    gaps = compare_slopes(found[0], found[1])
    assert gaps[0].variable == "tedium"
    assert isinstance(gaps[0].difference, Estimate)
    assert gaps[0].difference.high < 0
    assert gaps[0].difference.level == pytest.approx(1 - 0.05 / 11)


def test_without_any_answer_there_is_nothing_to_estimate() -> None:
    found = variations_of([])
    assert found.slopes == ()
    assert [one.name for one in found.findings] == ["variation_interaction"]


@pytest.mark.slow
@pytest.mark.parametrize("written", [False, True])
def test_signs_are_right_and_intervals_cover_what_was_planted(
    written: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    runs, right, covered, total = (24, 0, 0, 0)
    one = Chooser(slopes=SLOPES, slope_sd=0.15, noise_sd=0.3)
    for seed in range(runs):
        study = study_of("variations", written=written, preset="standard" if written else "quick", seed=seed)
        trials, replies = answered(one, study)
        slopes = variations_of(read_choices(trials, replies, respondent=study.model)).slopes
        for variable, effect in deltas_of(slopes).items():
            delta = estimate_from_effect(effect=effect, level=0.95)
            assert isinstance(delta, Estimate)
            truth = dict(SLOPES).get(variable, 0.0)
            covered += delta.low <= truth <= delta.high
            right += truth != 0 and bool(np.sign(delta.value) == np.sign(truth))
            total += 1
    with capsys.disabled():
        sys.stdout.write(
            f"\nwritten {written}: sign right {right} of {2 * runs}, coverage {covered / total:.3f} of {total}\n"
        )
    assert right == 2 * runs
    # Binomial over 264 intervals: 93% to 97% give or take two standard errors.
    assert 0.90 <= covered / total <= 0.99
