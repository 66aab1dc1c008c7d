import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.errors import InternalError
from goodheart.records import Estimate, NotEstimable
from goodheart.stats.prevalence import allocate, estimate_prevalence_corrected, sensitivity_range


def corrected(coded: dict[str, list[bool]], sampled: dict[str, list[tuple[bool, bool]]]) -> Estimate | NotEstimable:
    return estimate_prevalence_corrected(name="p", coded=coded, sampled=sampled, level=0.95)


def test_a_hand_computed_correction() -> None:
    # 1,000 replies in two strata. Of 200 coded, people confirm 40 of 50; of 800 not coded they find 5 in 100.
    # p = .2 + .2 * (-.2) + .8 * .05 = .2
    found = corrected(
        {"yes": [True] * 200, "no": [False] * 800},
        {"yes": [(True, True)] * 40 + [(True, False)] * 10, "no": [(False, True)] * 5 + [(False, False)] * 95},
    )
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(0.2)
    # s^2 = .2 * .8 * 50/49 and .05 * .95 * 100/99, each with 2/150 added; corrections 1 - 1/4 and 1 - 1/8.
    variance = 0.04 * 0.75 * (0.16 * 50 / 49 + 2 / 150) / 50 + 0.64 * 0.875 * (0.0475 * 100 / 99 + 2 / 150) / 100
    assert found.high - found.low == pytest.approx(2 * 1.976 * variance**0.5, rel=1e-3)


def test_who_labels_everything_is_sure() -> None:
    found = corrected({"a": [True, False] * 60}, {"a": [(True, True), (False, True)] * 60})
    assert isinstance(found, Estimate)
    assert (found.low, found.value, found.high) == (1.0, 1.0, 1.0)


def test_a_sample_without_an_error_still_has_a_width() -> None:
    found = corrected({"a": [True, False] * 500}, {"a": [(True, True), (False, False)] * 60})
    assert isinstance(found, Estimate)
    assert found.low < 0.5 < found.high


def test_too_few_labels_correct_nothing() -> None:
    few = corrected({"a": [True] * 500}, {"a": [(True, True)] * 99})
    thin = corrected({"a": [True] * 500, "b": [False] * 5}, {"a": [(True, True)] * 110, "b": []})
    assert [getattr(one, "reason", "") for one in (few, thin)] == ["too_few", "too_few"]
    with pytest.raises(InternalError):
        corrected({"a": [True]}, {"a": [(True, True)] * 2})


def test_the_range_is_rogan_and_gladens_at_its_corners() -> None:
    low, high = sensitivity_range(share=0.3, recall=(0.8, 1.0), false_alarm=(0.0, 0.1))
    assert low == pytest.approx((0.3 - 0.1) / (1.0 - 0.1))
    assert high == pytest.approx(0.3 / 0.8)
    assert sensitivity_range(share=0.3, recall=(0.1, 1.0), false_alarm=(0.0, 0.1)) == (0.0, 1.0)


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 400), min_size=1, max_size=6), st.integers(1, 300)
)
def test_a_sample_is_shared_out_and_never_larger_than_a_stratum(sizes: dict[str, int], n: int) -> None:
    found = allocate(sizes=sizes, n=n, fewest=2)
    assert all(0 < found[name] <= sizes[name] for name in sizes)
    assert all(found[name] >= min(2, sizes[name]) for name in sizes)
    least = sum(min(2, size) for size in sizes.values())
    assert sum(found.values()) == min(sum(sizes.values()), max(n, least))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("share", "recall", "false_alarm"), [(0.3, 0.8, 0.1), (0.1, 0.7, 0.05), (0.5, 0.9, 0.2), (0.05, 0.9, 0.02)]
)
@pytest.mark.parametrize("n", [100, 200])
def test_corrected_shares_cover(share: float, recall: float, false_alarm: float, n: int) -> None:
    rng = np.random.default_rng(11)
    covered = runs = 2000
    for _ in range(runs):
        truth = rng.random(1500) < share
        coder = np.where(truth, rng.random(1500) < recall, rng.random(1500) < false_alarm)
        strata = {"yes": np.flatnonzero(coder), "no": np.flatnonzero(~coder)}
        sizes = allocate(sizes={name: len(those) for name, those in strata.items()}, n=n, fewest=5)
        drawn = {name: rng.choice(those, sizes[name], replace=False) for name, those in strata.items()}
        found = corrected(
            {name: coder[those].tolist() for name, those in strata.items()},
            {name: list(zip(coder[those], truth[those], strict=True)) for name, those in drawn.items()},
        )
        assert isinstance(found, Estimate)
        covered -= not found.low <= truth.mean() <= found.high
    assert covered / runs >= 0.93
