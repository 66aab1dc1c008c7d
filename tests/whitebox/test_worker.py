import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError

import pytest
import torch

from goodheart.errors import InternalError, ModelError
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.packing import Node
from goodheart.whitebox.plan import Planner, Request
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.worker import Worker
from tests.whitebox.engines import one_by_one, together, worker
from tests.whitebox.tiny import CONTEXT, tiny_model

SCORE = Request(prompt=tuple(range(30)), continuations=((1, 2), (3,)))


def _reply(n: int, *, seed: int = 0, temperature: float = 1.0, stop: tuple[str, ...] = (), prompt: int = 30) -> Request:
    sampling = Sampling(max_tokens=n, temperature=temperature, seed=seed, stop=stop)
    return Request(prompt=tuple(range(prompt)), sampling=sampling)


def test_seeds_repeat_and_differ() -> None:
    with worker(tiny_model()) as made:
        a, b, c = together(made, [_reply(20, seed=1), _reply(20, seed=1), _reply(20, seed=2)])
    assert a == b
    assert a != c


def test_max_tokens_is_the_reason_where_nothing_else_ends_a_reply() -> None:
    with worker(tiny_model()) as made:
        (reply,) = together(made, [_reply(7)])
    assert (reply.stop, reply.n_tokens, len(reply.drawn)) == ("max_tokens", 7, 7)


def test_the_end_of_text_ends_a_reply_and_is_counted_but_not_shown() -> None:
    model = tiny_model()
    with worker(model) as made:
        (long,) = together(made, [_reply(6, temperature=0)])
    third = long.drawn[2].chosen[0]
    first_place = [drawn.chosen[0] for drawn in long.drawn].index(third)
    with worker(model, ends=frozenset({third})) as made:
        (short,) = together(made, [_reply(6, temperature=0)])
    assert short.stop == "stop"
    assert short.drawn == long.drawn[:first_place]
    assert short.n_tokens == first_place + 1


def test_a_reply_ends_before_a_stop_string() -> None:
    with worker(tiny_model()) as made:
        (whole,) = together(made, [_reply(30, seed=5)])
        stop = next(pair for i in range(5, 29) if (pair := whole.text[i : i + 2]).isascii())
        (cut,) = together(made, [_reply(30, seed=5, stop=("never there", stop))])
    assert cut.stop == "stop"
    assert cut.text == whole.text[: whole.text.index(stop)]
    assert cut.drawn == whole.drawn[: cut.n_tokens]


@pytest.mark.parametrize("request_", [_reply(CONTEXT), Request(prompt=(1,) * (CONTEXT + 1), continuations=((1,),))])
def test_what_is_too_long_is_refused_with_both_lengths(request_: Request) -> None:
    with (
        worker(tiny_model()) as made,
        pytest.raises(ModelError, match=f"context of {CONTEXT} tokens; they need 5[0-9]+"),
    ):
        made.submit(request_)


def test_what_the_cache_could_never_hold_is_refused() -> None:
    with worker(tiny_model(), n_units=12) as made, pytest.raises(ModelError, match="cache_mb"):
        made.submit(_reply(100))


def test_more_replies_than_there_is_room_for_wait_their_turn() -> None:
    asked = [_reply(30, seed=i, prompt=20 + i) for i in range(12)]
    with worker(tiny_model()) as roomy, worker(tiny_model(), n_units=20) as narrow:
        assert together(narrow, asked) == together(roomy, asked)


def test_a_cancelled_request_holds_nobody_up_and_gives_back_its_room() -> None:
    with worker(tiny_model(), n_units=60) as made:
        long = [made.submit(_reply(400, seed=i)) for i in range(3)]
        assert all(future.cancel() for future in long)
        assert together(made, [SCORE])[0]
        with pytest.raises(CancelledError):
            long[0].result()
        assert one_by_one(made, [_reply(400)])[0].n_tokens == 400  # needs nearly all the room


def test_only_the_request_at_fault_gets_the_error_and_the_worker_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    poison = 250
    run = PackedModel.run

    def failing(self: PackedModel, nodes: object, *, narrow: bool) -> torch.Tensor:
        if any(poison in node.tokens for node in nodes):  # type: ignore[attr-defined]
            raise RuntimeError("poisoned")
        return run(self, nodes, narrow=narrow)  # type: ignore[arg-type]

    bad = Request(prompt=(*SCORE.prompt, poison), continuations=((1,),))
    with worker(tiny_model()) as made:
        expected = one_by_one(made, [SCORE])
        monkeypatch.setattr(PackedModel, "run", failing)
        futures = [made.submit(request) for request in (SCORE, bad, _reply(5), SCORE)]
        with pytest.raises(RuntimeError, match="poisoned"):
            futures[1].result(timeout=60)
        assert futures[0].result(timeout=60) == futures[3].result(timeout=60) == expected[0]
        assert futures[2].result(timeout=60).n_tokens == 5


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_an_error_in_a_step_ends_the_replies_on_their_way_and_nothing_else(
    temperature: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = PackedModel.run

    def failing(self: PackedModel, nodes: Sequence[Node], *, narrow: bool) -> torch.Tensor:
        if all(len(node.tokens) == 1 for node in nodes):
            raise RuntimeError("no step")
        return run(self, nodes, narrow=narrow)

    with worker(tiny_model(), n_units=24) as made:
        monkeypatch.setattr(PackedModel, "run", failing)
        for _ in range(5):  # their room is given back each time
            with pytest.raises(RuntimeError, match="no step"):
                made.submit(_reply(100, temperature=temperature)).result(timeout=60)
        assert one_by_one(made, [SCORE])[0]


def test_many_sampled_replies_step_in_two_halves_and_an_error_in_one_leaves_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, sizes = PackedModel.run, list[int]()

    def watched(self: PackedModel, nodes: Sequence[Node], *, narrow: bool) -> torch.Tensor:
        if all(len(node.tokens) == 1 for node in nodes):
            assert not narrow
            sizes.append(len(nodes))
            if len(nodes) == 9:
                raise RuntimeError("no step")
        return run(self, nodes, narrow=narrow)

    asked = [_reply(5, seed=seed, prompt=12) for seed in range(41)]
    with worker(tiny_model()) as made:
        expected = one_by_one(made, asked)
        monkeypatch.setattr(PackedModel, "run", watched)
        all_there = threading.Event()
        made.call(lambda packed: all_there.wait(60))
        futures = [made.submit(request) for request in asked]
        all_there.set()
        answers = [future.exception(timeout=60) or future.result() for future in futures]
    failed = [str(answer) for answer in answers if isinstance(answer, RuntimeError)]
    assert failed == ["no step"] * 9
    assert sorted(sizes[:2]) == [9, 32]
    assert all(a == b for a, b in zip(answers, expected, strict=True) if not isinstance(a, RuntimeError))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_the_thread_fails_everybody_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(self: Planner) -> None:
        raise KeyError("bug")

    with worker(tiny_model()) as made:
        monkeypatch.setattr(Planner, "take", bug)
        with pytest.raises(KeyError, match="bug"):
            made.submit(SCORE).result(timeout=60)
        with pytest.raises(InternalError, match="has ended"):
            made.submit(SCORE)


def test_scoring_does_not_wait_for_long_replies() -> None:
    done: list[str] = []
    with worker(tiny_model()) as made:
        long = made.submit(_reply(300))
        long.add_done_callback(lambda _: done.append("reply"))
        scored = made.submit(SCORE)
        scored.add_done_callback(lambda _: done.append("score"))
        long.result(timeout=120)
    assert done == ["score", "reply"]


def test_requests_may_come_from_many_threads() -> None:
    results: dict[int, object] = {}
    with worker(tiny_model()) as made:
        expected = one_by_one(made, [SCORE])[0]

        def ask(i: int) -> None:
            results[i] = made.submit(SCORE).result(timeout=60)

        threads = [threading.Thread(target=ask, args=(i,)) for i in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert list(results.values()) == [expected] * 16


def test_stopping_cancels_what_is_queued() -> None:
    with worker(tiny_model()) as made:
        futures = [made.submit(_reply(400, seed=i)) for i in range(20)]
        made.stop()
    assert all(future.done() for future in futures)
    assert futures[-1].cancelled()


def test_a_process_that_ends_with_work_under_way_ends_in_peace() -> None:
    code = """
from tests.whitebox.test_worker import SCORE, _reply
from tests.whitebox.engines import worker
from tests.whitebox.tiny import tiny_model
open_worker = worker(tiny_model())
made = open_worker.__enter__()
futures = [made.submit(_reply(400, seed=i)) for i in range(10)] + [made.submit(SCORE) for _ in range(10)]
futures[-1].result()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_closing_answers_what_was_asked() -> None:
    with worker(tiny_model()) as made:
        futures = [made.submit(_reply(10, seed=i)) for i in range(5)]
    assert all(future.done() for future in futures)
    assert isinstance(made, Worker)
