import numpy as np
import pytest

from goodheart.errors import InternalError
from goodheart.items.gold import fitted_bytes, gold_text
from goodheart.reading.codes.coder import PENALTY, code_linear
from goodheart.reading.codes.fitted import pack_coder, unpack_coder
from goodheart.reading.codes.linear import fit_linear
from goodheart.records import digest
from tests.reading.codes.gold import DEVELOPMENT, SEALED

SMALL = fit_linear(DEVELOPMENT[:120], penalty=PENALTY)


def test_a_coder_comes_back_as_it_was_up_to_half_precision() -> None:
    again, fitted_to = unpack_coder(pack_coder(SMALL, fitted_to="abc"))
    assert fitted_to == "abc"
    assert again.columns == SMALL.columns
    assert again.labels == SMALL.labels
    assert again.idf == pytest.approx(SMALL.idf, rel=1e-6)
    for name, weights in SMALL.weights.items():
        assert np.abs(again.weights[name] - weights).max() <= 5e-4 * np.abs(weights).max()


def test_packing_twice_gives_the_same_bytes() -> None:
    assert pack_coder(SMALL, fitted_to="abc") == pack_coder(SMALL, fitted_to="abc")


@pytest.mark.parametrize("data", [b"", b"PK", pack_coder(SMALL, fitted_to="abc")[:-300]])
def test_a_broken_file_is_a_bug_of_ours(data: bytes) -> None:
    with pytest.raises(InternalError, match=r"scripts/fit_coder\.py"):
        unpack_coder(data)


def test_what_ships_was_fitted_to_the_development_replies_that_ship() -> None:
    assert unpack_coder(fitted_bytes())[1] == digest(gold_text("development"))


@pytest.mark.slow
def test_fitting_anew_gives_what_ships() -> None:
    shipped, _ = unpack_coder(fitted_bytes())
    anew = fit_linear(DEVELOPMENT, penalty=PENALTY)
    assert anew.columns == shipped.columns
    for name, weights in anew.weights.items():
        assert np.abs(shipped.weights[name] - weights).max() <= 1e-3 * np.abs(weights).max()
    same = [code_linear(anew, one.reply) == code_linear(shipped, one.reply) for one in SEALED]
    assert np.mean(same) > 0.99
