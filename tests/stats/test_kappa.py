import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from goodheart.errors import InternalError
from goodheart.records import Estimate, NotEstimable
from goodheart.stats.kappa import estimate_f1, estimate_kappa, recall_of

LABELS = st.lists(st.sampled_from("abc"), min_size=30, max_size=30)


def kappa(intended: list[str], given: list[str]) -> Estimate | NotEstimable:
    return estimate_kappa(
        name="k", intended=intended, given=given, level=0.95, n_boot=200, rng=np.random.default_rng(0)
    )


def test_a_hand_computed_kappa() -> None:
    # 40 replies, 30 equal: p_o = .75; half and half in both: p_e = .5; kappa = .25 / .5.
    found = kappa(["a"] * 20 + ["b"] * 20, ["a"] * 15 + ["b"] * 5 + ["b"] * 15 + ["a"] * 5)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(0.5)
    assert found.low < 0.5 < found.high


@given(LABELS, LABELS)
def test_kappa_and_f1_are_those_of_scikit_learn(intended: list[str], given: list[str]) -> None:
    found = kappa(intended, given)
    if isinstance(found, Estimate):
        assert found.value == pytest.approx(cohen_kappa_score(intended, given))
    f1 = estimate_f1(
        name="f", intended=intended, given=given, value="a", level=0.95, n_boot=50, rng=np.random.default_rng(0)
    )
    if isinstance(f1, Estimate):
        assert f1.value == pytest.approx(f1_score(intended, given, labels=["a"], average="macro"))


def test_what_cannot_be_estimated_is_said() -> None:
    reasons = [
        kappa(["a"] * 10, ["a"] * 10),
        kappa(["a"] * 30, ["a"] * 30),
        kappa(["a", "b"] * 15, ["a", "b"] * 15),
    ]
    assert [getattr(one, "reason", None) for one in reasons] == ["too_few", "no_variation", "not_covered"]
    assert np.isnan(recall_of(intended=["a"], given=["a"], value="b"))
    assert recall_of(intended=["a", "a", "b"], given=["a", "b", "a"], value="a") == 0.5
    with pytest.raises(InternalError):
        kappa(["a"] * 30, ["a"] * 29)
