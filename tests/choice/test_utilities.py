import numpy as np
import pytest

from goodheart.choice.choices import Choices, make_choices
from goodheart.choice.difference import differences_of
from goodheart.choice.fit import fit_choices
from goodheart.choice.model import ChoiceModel
from goodheart.choice.simulate import by_position, by_rule
from goodheart.choice.utilities import Utilities, utilities_of
from goodheart.errors import UserError

from .made import ask, names, planted


def ranked(choices: Choices, *, seed: int = 0) -> Utilities:
    return utilities_of(fit_choices(choices, ChoiceModel()), level=0.95, rng=np.random.default_rng(seed))


def test_two_items_by_hand() -> None:
    # 30 of 40: log odds log 3, variance 1 / (40 * 3/4 * 1/4); each item has half of the difference.
    choices = make_choices(items="ab", left=[0, 0], right=[1, 1], outcome=["left", "right"], count=[30, 10])
    model = ChoiceModel(prior_sd=1e4, order_effect=False)
    found = utilities_of(fit_choices(choices, model), level=0.95, rng=np.random.default_rng(0))
    assert found.values == pytest.approx([np.log(3) / 2, -np.log(3) / 2], abs=1e-5)
    assert found.stderr == pytest.approx([np.sqrt(1 / 7.5) / 2] * 2, abs=1e-5)
    assert found.high - found.values == pytest.approx(1.959964 * found.stderr, abs=1e-6)
    assert (found.rank.tolist(), found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 2], [1, 2], [1, 2])
    assert (found.zero, found.unit, found.status.word) == ("sum", "logits", "ok")


def test_the_same_seed_gives_the_same_ranks() -> None:
    choices = planted(12, 300, 1)[1]
    first, again = ranked(choices, seed=3), ranked(choices, seed=3)
    assert first.rank_low.tolist() == again.rank_low.tolist()
    assert (first.rank_low <= first.rank).all()
    assert (first.rank <= first.rank_high).all()


def test_groups_that_were_never_compared_are_told() -> None:
    left, right, outcome = [0, 1, 2, 3] * 5, [1, 0, 3, 2] * 5, ["left", "left", "left", "right"] * 5
    found = ranked(make_choices(items="abcd", left=left, right=right, outcome=outcome))
    assert found.status.word == "disconnected"
    assert "2 groups, apart from the largest for instance" in found.status.notes[0]


def test_an_item_that_always_wins_has_a_finite_utility_and_a_note() -> None:
    rng = np.random.default_rng(0)
    choices = ask(by_rule(np.arange(6.0)), n_items=6, n_choices=200, rng=rng)
    found = ranked(choices)
    assert found.status.word == "separable"
    assert "rests on the prior (SD " in found.status.notes[0]
    assert np.isfinite([*found.values, *found.low, *found.high]).all()
    assert found.rank.tolist() == [6, 5, 4, 3, 2, 1]


def test_a_respondent_that_picks_a_side_has_an_order_effect_and_no_ranking() -> None:
    choices = ask(by_position(0.9), n_items=10, n_choices=600, rng=np.random.default_rng(0))
    found = ranked(choices)
    assert found.order_effect is not None
    share = (choices.outcome == 0).mean()
    assert found.order_effect.low < np.log(share / (1 - share)) < found.order_effect.high
    assert (np.abs(found.values) < 4 * found.stderr).all()
    assert found.rank_correlation < 0.5
    always = ranked(ask(by_position(1.0), n_items=10, n_choices=200, rng=np.random.default_rng(0)))
    assert always.status.word == "separable"
    assert any("same side" in note for note in always.status.notes)


def test_only_choices_with_an_offer_have_a_zero_of_their_own() -> None:
    left, right = [0, 1, 0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 1, 0, 1, 0]
    outcome = ["left", "right", "opt_out", "left", "right", "left", "left", "opt_out"]
    found = ranked(make_choices(items="ab", left=left, right=right, outcome=outcome))
    assert found.zero == "opt_out"
    assert found.values.sum() > 0  # both were picked oftener than they were left


def test_differences_cover_what_differs_and_refuse_what_cannot_be_compared() -> None:
    first, one = planted(10, 1500, 1)
    second, other = planted(10, 1500, 2)
    found = differences_of(ranked(one), ranked(other), level=0.999)
    true = first - second
    assert ((found.low <= true) & (true <= found.high)).all()
    assert differences_of(ranked(one), ranked(one), level=0.95).values == pytest.approx(np.zeros(10))
    with pytest.raises(UserError, match="differ in their items"):
        differences_of(ranked(one), ranked(planted(9, 900, 1)[1]), level=0.95)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n_items", "n_choices", "sd", "ties"), [(30, 900, 1.0, None), (12, 300, 0.5, 0.0), (60, 1800, 2.0, None)]
)
def test_intervals_cover_what_they_say(n_items: int, n_choices: int, sd: float, ties: float | None) -> None:
    covered, rank_covered, order_covered, gap_covered = [], [], [], []
    for seed in range(300):
        utilities, choices = planted(n_items, n_choices, seed, sd=sd, ties=ties)
        found = ranked(choices, seed=seed)
        covered.append(np.mean((found.low <= utilities) & (utilities <= found.high)))
        place = np.argsort(np.argsort(-utilities)) + 1
        rank_covered.append(np.mean((found.rank_low <= place) & (place <= found.rank_high)))
        assert found.order_effect is not None
        order_covered.append(found.order_effect.low <= 0.3 <= found.order_effect.high)
        utilities_2, choices_2 = planted(n_items, n_choices, seed + 1000, sd=sd, ties=ties)
        if seed < 60:
            apart = differences_of(found, ranked(choices_2), level=0.95)
            true = utilities - utilities_2
            gap_covered.append(np.mean((apart.low <= true) & (true <= apart.high)))
    assert 0.93 <= np.mean(covered) <= 0.97
    assert 0.93 <= np.mean(gap_covered) <= 0.97
    assert 0.93 <= np.mean(rank_covered) <= 0.995  # whole numbers: an interval can only be too wide by less than a rank
    # One interval per seed: three binomial standard errors around 95%.
    assert abs(np.mean(order_covered) - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 300)


def test_names_do_not_matter() -> None:
    _, choices = planted(5, 100, 3)
    assert choices.items == tuple(names(5))
    assert ranked(choices).items == tuple(names(5))
