"""Chance of simulated choosers: drawn once for everybody, and as a library would draw it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.organisms import choosers


@given(
    weights=st.lists(st.floats(1e-6, 1.0), min_size=2, max_size=3),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=200, deadline=None)
def test_an_option_is_drawn_as_numpy_draws_it(weights: list[float], seed: int) -> None:
    shares = (np.array(weights) / sum(weights)).tolist()
    uniform = float(np.random.default_rng(seed).random())
    assert choosers._drawn(shares, uniform) == np.random.default_rng(seed).choice(len(shares), p=shares)


def test_the_last_option_takes_what_rounding_leaves() -> None:
    assert choosers._drawn((0.5, 0.5 - 1e-16), np.nextafter(1.0, 0.0)) == 1


def test_a_draw_that_was_kept_is_the_one_that_its_name_gives() -> None:
    key = choosers._key("noise", "a question")
    rng = np.random.default_rng([7, *np.frombuffer(key, dtype=np.uint32).tolist()])
    assert choosers._normal(7, key) == choosers._normal(7, key) == float(rng.normal())
    assert choosers._normal(8, key) != choosers._normal(7, key)
    assert choosers._key("a", "bc") != choosers._key("ab", "c")
