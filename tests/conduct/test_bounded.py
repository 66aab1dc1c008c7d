from goodheart.conduct.bounded import estimate_within
from goodheart.records import Estimate, NotEstimable
from goodheart.stats import Sample
from goodheart.stats.shares import effect_mean_padded


def found(values: list[float]) -> object:
    sample = Sample(values=values, clusters=[str(place) for place in range(len(values))])
    effect = effect_mean_padded(name="x", about=(), sample=sample, low=0.0, high=1.0, edge=0.0, unit="share")
    return estimate_within(effect, low=0.0, high=1.0)


def test_an_interval_ends_where_the_values_do_and_keeps_its_number() -> None:
    one = found([1.0] * 9 + [0.9])
    assert isinstance(one, Estimate)
    assert one.value == 0.99
    assert 0.5 < one.low < 0.99
    assert one.high == 1.0


def test_an_interval_inside_is_left_alone() -> None:
    one = found([0.4, 0.5, 0.6] * 12)
    assert isinstance(one, Estimate)
    assert 0.4 < one.low < 0.5 < one.high < 0.6


def test_what_cannot_be_estimated_stays_so() -> None:
    nothing = NotEstimable(name="x", about=(), reason="too_few", detail="none")
    assert estimate_within(nothing, low=0.0, high=1.0) == nothing
