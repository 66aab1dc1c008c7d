from goodheart.whitebox.blocks import BlockPool
from goodheart.whitebox.plan import Job, Pass, Planner, Request, new_job

START = tuple(range(32))
NO_BREAKS: frozenset[int] = frozenset()


def _job(*ends: int, start: tuple[int, ...] = START) -> Job:
    return new_job(Request(prompt=(*start, *ends), continuations=((1,),)), NO_BREAKS)


def _planner(*jobs: Job, n_units: int = 100) -> Planner:
    planner = Planner(BlockPool(n_units))
    planner.waiting.extend(jobs)
    return planner


def _sizes(taken: Pass) -> list[int]:
    return sorted(len(node.tokens) for node in taken.nodes)


def test_a_shared_beginning_runs_once() -> None:
    taken = _planner(_job(7), _job(8), _job(9, 9)).take()
    assert _sizes(taken) == [1, 1, 2, 32]
    assert len(taken.leaves) == 3


def test_a_pass_holds_no_more_than_its_budget_but_always_something() -> None:
    planner = _planner(_job(7), _job(8))
    assert _sizes(planner.take(33)) == [1, 32]
    assert _sizes(planner.take(33)) == [1]
    assert _sizes(_planner(_job(7)).take(5)) == [32]


def test_a_job_that_does_not_fit_goes_on_in_the_next_pass() -> None:
    planner = _planner(_job(7))
    first, second = planner.take(32), planner.take(32)
    assert (first.leaves, len(second.leaves)) == ((), 1)
    assert first.jobs == second.jobs


def test_a_pass_beside_another_takes_only_what_does_not_count_on_it() -> None:
    next_one, cousin, other = _job(8), _job(9), _job(7, start=tuple(range(100, 132)))
    planner = _planner(_job(7), next_one, cousin, other)
    first = planner.take(33)
    assert planner.take_beside().jobs == (other,)
    assert list(planner.waiting) == [cousin]
    planner.done(first)
    assert planner.take_beside().jobs == (cousin,)
    assert planner.take().jobs == (next_one,)


def test_a_pass_beside_another_leaves_its_unfinished_jobs_alone() -> None:
    planner = _planner(_job(7))
    first = planner.take(32)
    assert not planner.take_beside().nodes
    assert planner.take().jobs == first.jobs


def test_blocks_of_a_failed_pass_are_run_again() -> None:
    planner = _planner(_job(7), _job(8))
    failed = planner.take(33)
    again = planner.undo(failed)
    planner.waiting.extendleft(reversed(again))
    assert _sizes(planner.take()) == [1, 1, 32]


def test_a_job_alone_shares_its_pass_with_nobody() -> None:
    jobs = [_job(7), _job(8), _job(9)]
    jobs[1].alone = True
    planner = _planner(*jobs)
    assert [planner.take().jobs for _ in range(3)] == [(job,) for job in jobs]


def test_a_job_without_room_waits_and_those_behind_it_too() -> None:
    big, small = _job(*range(60)), _job(7)
    planner = _planner(_job(1), big, small, n_units=13)
    (held,) = planner.take().jobs
    assert list(planner.waiting) == [big, small]
    planner.close(held)
    assert big in planner.take().jobs


def test_a_cancelled_job_is_not_begun() -> None:
    gone, kept = _job(7), _job(8)
    gone.future.cancel()
    assert _planner(gone, kept).take().jobs == (kept,)
