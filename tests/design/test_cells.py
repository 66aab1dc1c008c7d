"""Conditions of a design."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from goodheart.design.cells import crossed, dealt, one_at_a_time
from goodheart.design.seeds import stream

facets = st.dictionaries(
    st.sampled_from("abcde"), st.lists(st.sampled_from("uvwxyz"), min_size=1, max_size=4, unique=True), min_size=1
)


@given(facets=facets)
def test_a_crossed_design_has_every_combination_once(facets: dict[str, list[str]]) -> None:
    cells = crossed(facets)

    assert len(cells) == len(set(cells)) == int(np.prod([len(levels) for levels in facets.values()]))


@given(facets=facets)
def test_one_at_a_time_changes_at_most_one_facet_from_the_base(facets: dict[str, list[str]]) -> None:
    base, *others = one_at_a_time(facets)

    assert len(others) == sum(len(levels) - 1 for levels in facets.values())
    assert all(sum(a != b for a, b in zip(base, cell, strict=True)) == 1 for cell in others)


@given(n_units=st.integers(1, 40), n_variants=st.integers(1, 7), seed=st.integers(0, 2**32 - 1))
def test_variants_are_dealt_out_evenly(n_units: int, n_variants: int, seed: int) -> None:
    units = [f"u{place}" for place in range(n_units)]
    variants = [f"v{place}" for place in range(n_variants)]

    hands = dealt(units=units, variants=variants, rng=np.random.default_rng(seed))

    counts = Counter(hands.values())
    assert set(hands) == set(units)
    assert max(counts.values()) - min(counts[variant] for variant in variants) <= 1


def test_streams_of_one_seed_repeat_and_differ_by_name() -> None:
    first, again, other = (stream(root=7, name=name).integers(0, 2**62, 4).tolist() for name in ("a", "a", "b"))

    assert first == again
    assert first != other
    assert first != stream(root=8, name="a").integers(0, 2**62, 4).tolist()
