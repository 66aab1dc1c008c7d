from hypothesis import given
from hypothesis import strategies as st

from goodheart.engine.progress import ENOUGH, Clock


def test_the_time_left_follows_a_steady_rate_exactly() -> None:
    now = [0.0]
    clock = Clock(100, now=lambda: now[0])
    for _ in range(20):
        now[0] += 0.5
        progress = clock.tick(failed=False)
    assert (progress.done, progress.elapsed, progress.seconds_left) == (20, 10.0, 40.0)


def test_the_time_left_follows_the_recent_rate_when_the_provider_slows_down() -> None:
    now = [0.0]
    clock = Clock(1000, now=lambda: now[0])
    for seconds in [0.01] * 100 + [2.0] * 64:
        now[0] += seconds
        progress = clock.tick(failed=False)
    assert progress.seconds_left == 2.0 * (1000 - 164)


def test_no_time_is_promised_from_too_few_replies() -> None:
    clock = Clock(100, now=lambda: 1.0)
    assert [clock.tick(failed=False).seconds_left for _ in range(ENOUGH - 1)] == [None] * (ENOUGH - 1)


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans()), min_size=1, max_size=50))
def test_counts_are_right_and_the_time_left_is_never_negative_and_ends_at_nought(
    replies: list[tuple[float, bool]],
) -> None:
    now = [0.0]
    clock = Clock(len(replies), now=lambda: now[0])
    for seconds, failed in replies:
        now[0] += seconds
        progress = clock.tick(failed=failed)
        assert progress.seconds_left is None or progress.seconds_left >= 0.0
    assert (progress.done, progress.total, progress.seconds_left) == (len(replies), len(replies), 0.0)
    assert progress.failed == sum(failed for _, failed in replies)
