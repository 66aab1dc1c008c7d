from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import spearmanr

from goodheart.assessments.contests import choices_of, contests_of
from goodheart.assessments.preference_findings import transitivity_of
from goodheart.assessments.preferences import chosen_tasks, plan, ring
from goodheart.choice.choices import outcome_counts
from goodheart.choice.contests import Contest
from goodheart.choice.parse import parse_choices
from goodheart.choice.stability import stability_in
from goodheart.choice.wording_agreement import agreement_of, wording_findings
from goodheart.choice_findings import analyse_choices
from goodheart.design.choice_study import QUICK, STANDARD
from goodheart.engine.choice_files import choices_csv
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


def of_pairs(odds: dict[tuple[str, str], float], wording: str = "core") -> list[Contest]:
    """Pairs with log odds that are the same in both orders, beside a habit of the first letter of 2 logits."""
    return [
        Contest(
            first=one,
            second=other,
            wording=wording,
            shown_first=float(expit(value + 2)),
            shown_second=float(expit(value - 2)),
            n=2,
            evidence=(),
        )
        for (one, other), value in odds.items()
    ]


def test_a_habit_of_letters_has_no_winners_and_so_no_share_of_triples_without_a_cycle() -> None:
    found = transitivity_of(of_pairs({("a", "b"): 0.0, ("b", "c"): 0.0, ("a", "c"): 0.0}))
    assert isinstance(found, NotEstimable)
    assert found.reason == "no_variation"
    assert found.detail.startswith("in 0 of 1 compared triples every pair has a winner")
    habit = named(found_in(Chooser(habit="always_first"), study_of("preferences")), "transitive_share")
    assert isinstance(habit, NotEstimable)


def test_triples_with_an_even_pair_are_left_out_of_the_share_without_a_cycle() -> None:
    # a > b > c and a > c; d > e > f > d; g and h are even, so that neither triple with both of them is counted.
    ordered = {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0}
    cycle = {("d", "e"): 1.0, ("e", "f"): 1.0, ("d", "f"): -1.0}
    even = {("g", "h"): 0.0, ("g", "i"): 1.0, ("h", "i"): 1.0}
    found = transitivity_of(of_pairs({**ordered, **cycle, **even}))
    assert isinstance(found, Estimate)
    assert (found.n, found.value) == (2, 0.5)


def test_utilities_that_do_not_differ_are_said_not_to_differ() -> None:
    values = np.random.default_rng(1).normal(size=(3, 24))
    values[1:] = 0.0
    found = agreement_of(values)
    assert isinstance(found, NotEstimable)
    assert found.reason == "no_variation"
    assert found.detail == "the utilities of 24 tasks do not differ under 2 of 3 wordings"
    few = agreement_of(values[:, :5])
    assert isinstance(few, NotEstimable)
    assert (few.reason, few.detail) == ("too_few", "5 tasks; it takes at least 8")
    habit = named(found_in(Chooser(habit="always_first"), study_of("preferences")), "wording_agreement")
    assert isinstance(habit, NotEstimable)
    assert habit.detail == f"the utilities of {N_TASKS} tasks do not differ under 6 of 6 wordings"


def test_full_agreement_of_two_wordings_is_shown_and_not_declined() -> None:
    found = agreement_of(np.array([np.arange(9.0), np.arange(9.0)]))
    assert isinstance(found, Estimate)
    # One swap of neighbours among nine: 1 - 12 / (9 * 80) = 0.9833; z = 2.3905, error sqrt(1.06 / 6) = 0.4203, and the
    # quantile of t with 8 degrees of freedom is 2.306.
    assert found.value == pytest.approx(0.98333, abs=1e-5)
    assert found.low == pytest.approx(np.tanh(2.3905 - 2.306 * 0.42032), abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "m", "r"), [(9, 2, 0.9), (24, 6, 0.3), (24, 6, 0.9), (60, 6, 0.6)])
def test_intervals_of_agreement_hold_the_truth(n: int, m: int, r: float) -> None:
    # Utilities that correlate at r between wordings; Pearson's 6 / pi * asin(r / 2) is their rank correlation.
    rng, held, runs = np.random.default_rng(1), 0, 300
    truth = 6 / np.pi * np.arcsin(r / 2)
    for _ in range(runs):
        found = agreement_of(np.sqrt(r) * rng.normal(size=n) + np.sqrt(1 - r) * rng.normal(size=(m, n)))
        assert isinstance(found, Estimate)
        held += found.low <= truth <= found.high
    assert held / runs >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / runs)


def test_tasks_that_are_level_share_a_rank_and_do_not_agree_by_their_place_in_the_list() -> None:
    # Each wording sets two tasks of sixteen apart, and not the same two: by place in the list they agreed at 0.16.
    values = np.zeros((2, 16))
    values[0, :2], values[1, 8:10] = (1.0, 2.0), (2.0, 1.0)
    found = agreement_of(values)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(spearmanr(values[0], values[1]).statistic)
    assert found.value < 0


@pytest.mark.parametrize(
    "one",
    [
        Chooser(utilities=utilities(), noise_sd=0.2),
        Chooser(habit="always_first"),
        Chooser(habit="noise", noise_sd=1.0),
        Chooser(utilities=utilities(), two_faced=True),
        Chooser(utilities=utilities(0.2), order_effect=2.0),
    ],
    ids=["known", "always the first", "noise", "two-faced", "the order dominates"],
)
@pytest.mark.parametrize("written", [False, True])
def test_a_stable_preference_is_the_same_thing_for_the_table_that_a_run_leaves(one: Chooser, written: bool) -> None:
    study = study_of("preferences", written=written)
    trials, replies = answered(one, study)
    found = analyse_choices(study, ITEMS, trials=trials, replies=replies).preferences
    assert found is not None
    asked = read_choices(trials, replies, respondent=study.model)
    (table,) = parse_choices(choices_csv(asked, respondent=study.model), where="choices.csv").values()
    again = stability_in(table, rng=np.random.default_rng(1))
    assert again.stable == found.stability.stable
    assert list(map(_words, again.statement.split("; "))) == list(map(_words, found.stability.statement.split("; ")))


def _words(text: str) -> str:
    """What is missing, without its numbers: folds are dealt by another stream, and a table has six digits."""
    return text.removeprefix("No stable preference was shown: ").split(":")[0].split(" adds ")[0]
