import hashlib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from goodheart.engine.askings import askings, request_seed

from .conftest import trial


def test_every_repeat_is_an_asking_in_plan_order() -> None:
    listed = askings([trial(1, repeats=2), trial(0)])
    assert [(asking.trial.item, asking.repeat) for asking in listed] == [("item-1", 0), ("item-1", 1), ("item-0", 0)]


def test_a_trial_that_stands_twice_is_asked_once_and_the_larger_number_of_repeats_counts() -> None:
    listed = askings([trial(0), trial(0, repeats=3), trial(0)])
    assert [asking.repeat for asking in listed] == [0, 1, 2]


def test_sample_ids_are_unique_and_the_same_in_every_run() -> None:
    plan = [trial(number, repeats=2) for number in range(50)]
    ids = [asking.sample_id for asking in askings(plan)]
    assert len(set(ids)) == 100
    assert ids == [asking.sample_id for asking in askings([replace(each) for each in plan])]


def test_seeds_of_requests_do_not_change_between_versions() -> None:
    # SHA-256 of "7:abc:0" begins with these four bytes; the sign bit is dropped.
    first = hashlib.sha256(b"7:abc:0").hexdigest()[:8]
    assert request_seed(7, "abc", 0) == int(first, 16) % 2**31


@given(root=st.integers(), digest=st.text(), repeat=st.integers(0, 1000))
def test_seeds_of_requests_fit_into_31_bits_and_differ_by_repeat(root: int, digest: str, repeat: int) -> None:
    seed = request_seed(root, digest, repeat)
    assert 0 <= seed < 2**31
    assert seed == request_seed(root, digest, repeat)
    assert seed != request_seed(root, digest, repeat + 1)
