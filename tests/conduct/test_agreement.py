from collections import Counter

import numpy as np
import pytest

from goodheart.conduct.agreement import Sides, agreement, conduct_evidence
from goodheart.conduct.foretold import Forecasts, base_rates, brier, foretold_exits, foretold_picks, rate_without
from goodheart.conduct.pairs import guessed_pairs, matched_pairs, within_pairs
from goodheart.conduct.simulate import Actor
from goodheart.items.conduct_items import public_conduct_items
from goodheart.records import Estimate
from goodheart.stats.effect import Effect, natural_value
from goodheart.stats.pivots import Student

from .staged import plan, stage, wishes

NOBODY = Forecasts(peer="base rate", shares=())


def test_the_ratio_is_what_it_is_by_hand() -> None:
    pairs = [f"p{k}" for k in range(8)]
    stated = {name: (1.0, 1.0) if k < 6 else (1.0, -1.0) for k, name in enumerate(pairs)}
    executed = dict.fromkeys(pairs[:4], (1.0, 1.0)) | dict.fromkeys(pairs[4:], (-1.0, -1.0))
    found = agreement(Sides(stated=stated, executed=executed), NOBODY, scoring="left_out")
    # C = (4 - 2 + 0) / 8, A = (6 - 2) / 8, B = 1
    assert isinstance(found.ratio, Effect)
    assert natural_value(effect=found.ratio) == pytest.approx(0.25 / 0.5**0.5)
    assert isinstance(found.beyond_peer, Effect)
    assert natural_value(effect=found.beyond_peer) == pytest.approx(0.25)
    guess = Forecasts(peer="p", shares=tuple((name, 0.9 if k < 4 else 0.1) for k, name in enumerate(pairs)))
    beyond = agreement(Sides(stated=stated, executed=executed), guess, scoring="left_out").beyond_peer
    assert isinstance(beyond, Effect)
    assert natural_value(effect=beyond) == pytest.approx(0.25 - 1.0)


def test_above_the_edge_the_ratio_has_the_spread_that_it_would_have_there() -> None:
    pairs = [f"p{k}" for k in range(20)]
    stated = dict.fromkeys(pairs, (1.0, 1.0))
    one_turned = {name: (-1.0, -1.0) if k == 0 else (1.0, 1.0) for k, name in enumerate(pairs)}
    found = agreement(Sides(stated=stated, executed=one_turned), NOBODY, scoring="left_out").ratio
    assert isinstance(found, Effect)
    assert isinstance(found.pivot, Student)
    # One of 20 is turned: mean 0.9, A = B = 1, jackknife (19 * 0.01 + 3.61) / (20 * 19) = 0.01. With one more
    # at each end: (20 + 2 - 18^2 / 22) / 22^2 = 0.015026. At the edge of 0.8: + (0.81 - 0.64) / 20.
    assert found.pivot.stderr**2 == pytest.approx(0.015026 + 0.17 / 20, abs=1e-6)
    half = {name: (-1.0, -1.0) if k < 10 else (1.0, 1.0) for k, name in enumerate(pairs)}
    below = agreement(Sides(stated=stated, executed=half), NOBODY, scoring="left_out").ratio
    assert isinstance(below, Effect)
    assert isinstance(below.pivot, Student)
    # 20 / 380; below the edge nothing is added.
    assert below.pivot.stderr**2 == pytest.approx(20 / 380, abs=1e-6)


def test_in_pairs_of_one_side_every_task_meets_another_before_any_meets_two() -> None:
    items = public_conduct_items()
    n_tasks = len(guessed_pairs(items)) + len(matched_pairs(items))
    for n in (4, 2 * (n_tasks // 2), 60):
        found = within_pairs(items, n=n, rng=np.random.default_rng(3))
        assert len(found) == n
        assert len({frozenset((one.first.id, one.second.id)) for one in found}) == n, "no two meet twice"
        assert len({one.id for one in found}) == n
        met = Counter(task.id for one in found for task in (one.first, one.second))
        assert max(met.values()) <= -(-2 * n // (2 * n_tasks)) + 1
    once = within_pairs(items, n=2 * (n_tasks // 2), rng=np.random.default_rng(3))
    assert max(Counter(task.id for one in once for task in (one.first, one.second)).values()) == 1


def test_saying_the_same_and_saying_the_opposite_are_the_two_ends_of_the_ratio() -> None:
    study = plan("standard")
    for hypocrisy, end in ((0.0, 1.0), (1.0, -1.0)):
        actor = Actor(utilities=wishes(study, np.random.default_rng(2), sd=4.0), hypocrisy=hypocrisy)
        _, played = stage(actor, study, seed=5, kinds=("state", "pick"))
        found = conduct_evidence(played, base_rates(played))
        assert found is not None
        assert len(found.agreements) == 1
        ratio = found.agreements[0].ratio
        assert isinstance(ratio, Effect)
        assert natural_value(effect=ratio) == pytest.approx(end, abs=0.12)


def test_abstentions_are_scored_both_ways() -> None:
    study = plan("standard")
    _, played = stage(Actor(abstains=0.3), study, seed=5, kinds=("state", "pick"))
    found = conduct_evidence(played, base_rates(played))
    assert found is not None
    assert [one.scoring for one in found.agreements] == ["left_out", "counted"]
    assert found.readable == found.picks


def test_forecasts_are_scored_by_their_squared_distance() -> None:
    assert brier(0.8, (1.0, 0.0)) == pytest.approx((0.04 + 0.64) / 2)
    assert rate_without({"a": (1.0, 1.0), "b": (0.0,)}, "b") == pytest.approx(2.5 / 3)


def test_who_knows_itself_beats_the_base_rate_in_picks_and_exits() -> None:
    study = plan("standard")
    actor = Actor(utilities=wishes(study, np.random.default_rng(3)), leaves="unpleasant")
    _, played = stage(actor, study, seed=5, kinds=("forecast", "exit_forecast", "pick", "exit"))
    for found in (foretold_picks(played, None), foretold_exits(played, (), peer_name=None)):
        advantage = next(one for one in found.findings if one.name == "self_advantage")
        assert isinstance(advantage, Estimate)
        assert advantage.low > 0
        assert found.readable == found.asked
