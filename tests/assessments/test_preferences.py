from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from goodheart.assessments.contests import Contest, choices_of, contests_of
from goodheart.assessments.preference_findings import wording_findings
from goodheart.assessments.preferences import chosen_tasks, plan, ring
from goodheart.choice.choices import outcome_counts
from goodheart.design.choice_study import QUICK, STANDARD
from goodheart.items.choices import public_choice_items
from goodheart.organisms.choosers import Chooser, choose_all
from goodheart.reading.choices import read_choices
from goodheart.records import Estimate, NotEstimable, trial_digest
from tests.choosers import N_TASKS, SCORED, WRITTEN, answered, found_in, named, study_of, utilities

ITEMS = public_choice_items()
SMALL = study_of("preferences").preset


def contest(shown_first: float, shown_second: float) -> Contest:
    return Contest(
        first="a", second="b", wording="core", shown_first=shown_first, shown_second=shown_second, n=2, evidence=()
    )


def test_every_pair_is_shown_equally_often_in_each_order() -> None:
    trials = plan(items=ITEMS, preset=QUICK, seed=2, sampled=False)
    shown = Counter((trial.wording, trial.item) for trial in trials)
    assert set(shown.values()) == {1}
    for wording, item in shown:
        left, _, right = item.partition("|")
        assert (wording, f"{right}|{left}") in shown


def test_no_two_trials_of_a_plan_are_the_same_question() -> None:
    trials = plan(items=ITEMS, preset=STANDARD, seed=1, sampled=False)
    assert len({trial_digest(trial) for trial in trials}) == len(trials) == 1560


def test_tasks_are_drawn_evenly_over_their_categories_and_follow_the_seed() -> None:
    drawn = chosen_tasks(ITEMS, preset=STANDARD, seed=1)
    assert set(Counter(task.category for task in drawn).values()) <= {7, 8}
    assert drawn == chosen_tasks(ITEMS, preset=STANDARD, seed=1)
    assert drawn != chosen_tasks(ITEMS, preset=STANDARD, seed=2)


def test_a_ring_connects_all_tasks() -> None:
    tasks = ITEMS.tasks[:9]
    pairs = ring(tasks, neighbours=1, rng=np.random.default_rng(0))
    assert len(pairs) == 9
    assert all(one[1] == other[0] for one, other in pairwise(pairs))
    assert Counter(task.id for pair in pairs for task in pair) == {task.id: 2 for task in tasks}


def test_orders_are_averaged_out_by_hand() -> None:
    # logit(.75) = ln 3 = 1.0986; logit(.5) = 0.
    one = contest(0.75, 0.5)
    assert one.log_odds == pytest.approx(0.5493, abs=1e-4)
    assert one.order_effect == pytest.approx(0.5493, abs=1e-4)
    assert one.same_winner is None
    assert one.kind == "indifferent"
    assert (contest(0.9, 0.8).kind, contest(0.9, 0.1).kind) == ("robust", "fragile")
    assert (contest(0.9, 0.8).same_winner, contest(0.9, 0.1).same_winner) == (True, False)


def test_a_probability_of_opting_out_is_laid_out_as_counts_that_add_up_to_one_choice() -> None:
    study = study_of("preferences")
    offered = [trial for trial in study.trials if trial.instrument == "choice_three"][:4]
    replies = choose_all(Chooser(), offered, seed=1, respondent=SCORED)
    tasks = [task.id for task in chosen_tasks(ITEMS, preset=SMALL, seed=1)]
    choices = choices_of(read_choices(offered, replies, respondent=SCORED), items=tasks)
    # Nothing is preferred to anything: a third each, four times.
    assert choices.count.sum() == pytest.approx(4)
    assert choices.count == pytest.approx(np.full(12, 1 / 3))
    assert choices.offered.all()


def test_refusals_are_outcomes_of_their_own() -> None:
    study = study_of("preferences", written=True)
    trials, replies = answered(Chooser(declines=1.0), study)
    asked = read_choices(trials, replies, respondent=WRITTEN)
    tasks = [task.id for task in chosen_tasks(ITEMS, preset=SMALL, seed=1)]
    counts = dict(outcome_counts(choices_of(asked, items=tasks)))
    assert counts["declined"] == len(asked) == len(study.trials), "and no later round is asked of one who declines"
    assert sum(counts.values()) == len(asked)
    found = found_in(Chooser(declines=1.0), study)
    assert found.preferences is not None
    assert found.preferences.ranked is None
    assert not found.preferences.stability.stable
    assert [(one.verdict, one.reason) for one in found.findings.verdicts] == [("cannot_tell", "refused")]
    assert {(one.kind, one.n) for one in found.findings.kinds} == {
        ("declined", 2 * 6 * N_TASKS),
        ("declined", 2 * N_TASKS),
    }


def test_known_utilities_come_back_with_their_order_effect() -> None:
    found = found_in(Chooser(utilities=utilities(), order_effect=0.1, noise_sd=0.2), study_of("preferences"))
    assert found.preferences is not None
    assert found.preferences.ranked is not None
    ranked = found.preferences.ranked.utilities
    truth = [dict(utilities())[name] for name in ranked.items]
    assert ranked.zero == "opt_out"
    assert np.corrcoef(ranked.values, truth)[0, 1] > 0.98
    order = named(found, "order_effect")
    assert isinstance(order, Estimate)
    assert order.value == pytest.approx(0.1, abs=0.06)
    assert found.preferences.stability.stable
    agreement = named(found, "wording_agreement")
    assert isinstance(agreement, Estimate)
    # A utility rests on four choices under each wording here, and errors pull correlations towards 0.
    assert agreement.low > 0.3
    assert [(one.check, one.verdict) for one in found.findings.verdicts] == [("order", "holds")]


@pytest.mark.parametrize(
    "one",
    [
        Chooser(habit="always_first"),
        Chooser(habit="noise", noise_sd=1.0),
        Chooser(utilities=utilities(), two_faced=True),
        Chooser(utilities=utilities(0.2), order_effect=2.0),
    ],
    ids=["always the first", "noise", "other wordings, other likings", "the order dominates"],
)
@pytest.mark.parametrize("written", [False, True])
def test_where_choices_are_not_about_the_tasks_no_stable_preference_is_said(one: Chooser, written: bool) -> None:
    found = found_in(one, study_of("preferences", written=written))
    assert found.preferences is not None
    assert not found.preferences.stability.stable
    assert found.statements[0].startswith("No stable preference was shown")


@pytest.mark.parametrize("written", [False, True])
def test_always_the_first_fails_the_order_check(written: bool) -> None:
    found = found_in(Chooser(habit="always_first"), study_of("preferences", written=written))
    assert [(one.check, one.verdict) for one in found.findings.verdicts] == [("order", "fails")]


def test_a_rule_without_noise_is_a_stable_preference() -> None:
    found = found_in(Chooser(utilities=tuple((name, 20 * u) for name, u in utilities())), study_of("preferences"))
    assert found.preferences is not None
    assert found.preferences.stability.stable
    assert found.findings.verdicts[0].verdict == "holds"


def test_properties_that_make_the_utilities_are_named_and_others_are_not_invented() -> None:
    tedious = tuple((task.id, -1.0 * dict(task.properties)["tedium"]) for task in ITEMS.tasks)
    found = found_in(Chooser(utilities=tedious, noise_sd=0.2), study_of("preferences"))
    correlation = named(found, "property_correlation", property="tedium")
    assert isinstance(correlation, Estimate)
    assert correlation.value < -0.9
    assert "tedium (-" in found.statements[1]
    noise = found_in(Chooser(habit="noise", noise_sd=1.0), study_of("preferences", seed=5))
    assert "none" in noise.statements[1]


def test_with_one_wording_nothing_is_said_of_agreement() -> None:
    study = study_of("preferences")
    own = [trial for trial in study.trials if trial.wording == "core"]
    asked = read_choices(
        own, choose_all(Chooser(utilities=utilities()), own, seed=1, respondent=SCORED), respondent=SCORED
    )
    assert len(contests_of(asked)) == N_TASKS
    tasks = [task.id for task in chosen_tasks(ITEMS, preset=SMALL, seed=1)]
    (agreement,) = wording_findings(contests_of(asked), tasks=tasks)
    assert isinstance(agreement, NotEstimable)
