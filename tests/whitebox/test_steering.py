"""Pushes do what an independent hook on a plain forward pass does, for their own request and for no other."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.errors import ModelError
from goodheart.whitebox import pushed
from goodheart.whitebox.forest import Shift, grow
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.plan import Request
from goodheart.whitebox.pooling import MeanFrom
from goodheart.whitebox.recording import record
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import Push, check_pushes, norms_for, residual_norms, shift_of
from tests.whitebox.engines import BREAKS, together, worker
from tests.whitebox.states import changed, plain_blocks, plain_run
from tests.whitebox.tiny import FAMILIES, N_VOCAB, tiny_model

WIDTH = 32
Shifts = tuple[Shift, ...]


def some(n: int, seed: int) -> tuple[int, ...]:
    rng = random.Random(seed)
    return tuple(rng.randrange(N_VOCAB) for _ in range(n))


def vector(seed: int, *, length: float = 2.0) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=WIDTH)
    return (drawn * length / np.linalg.norm(drawn)).astype(np.float32)


PROMPT = some(40, 0)
CONTINUATIONS = ((5,), (5, 6, 7), (5, 6, 8), some(12, 9))
KINDS: dict[str, Shifts] = {
    "nothing": (),
    "all tokens": (Shift(layer=2, vector=vector(1)),),
    "embeddings": (Shift(layer=0, vector=vector(1)),),
    "some tokens": (Shift(layer=1, vector=vector(2), start=10, stop=30),),
    "the prompt": (Shift(layer=2, vector=vector(3), stop=len(PROMPT)),),
    "from inside the continuation": (Shift(layer=1, vector=vector(3), start=len(PROMPT) + 1),),
    "injected and counter-injected": (Shift(layer=1, vector=vector(4)), Shift(layer=3, vector=-vector(4))),
    "twice at one layer": (Shift(layer=2, vector=vector(5)), Shift(layer=2, vector=vector(6), start=3, stop=9)),
}


def plain_score(model: Any, prompt: Sequence[int], continuation: Sequence[int], shifts: Shifts) -> float:
    rows = plain_run(model, (*prompt, *continuation), changed(shifts))[1].log_softmax(-1)[len(prompt) - 1 :]
    return sum(float(rows[i, token]) for i, token in enumerate(continuation))


def packed_tiny(family: str = "llama") -> PackedModel:
    return PackedModel(tiny_model(family), 64, (1,))


@pytest.mark.parametrize("family", FAMILIES)
def test_pushed_scores_and_states_equal_those_of_an_independent_hook(family: str) -> None:
    model, packed = tiny_model(family), packed_tiny(family)
    requests = [Request(prompt=PROMPT, continuations=CONTINUATIONS)] * len(KINDS)
    found = pushed.score(packed, requests, list(KINDS.values()), breaks=BREAKS)
    states = record(packed, [PROMPT] * len(KINDS), layers=(0, 1, 2, 3), pool=MeanFrom(), shifts=list(KINDS.values()))
    for shifts, scores, state in zip(KINDS.values(), found, states, strict=True):
        expected = [plain_score(model, PROMPT, continuation, shifts) for continuation in CONTINUATIONS]
        assert scores == pytest.approx(expected, rel=1e-5, abs=1e-5)
        wanted = plain_run(model, PROMPT, changed(shifts))[0].mean(1)
        assert state == pytest.approx(wanted, abs=1e-5 * max(1, np.abs(wanted).max()))
    assert len({scores[1] for scores in found}) == len(KINDS), "each kind does something, and something else"


@pytest.mark.parametrize("family", ["llama", "gpt2", "gemma3, windowed"])
@pytest.mark.parametrize("kind", KINDS)
def test_pushed_greedy_replies_are_the_arg_max_of_plain_pushed_passes(family: str, kind: str) -> None:
    model, shifts = tiny_model(family), KINDS[kind]
    text = list(PROMPT)
    for _ in range(6):
        text.append(int(plain_run(model, text, changed(shifts))[1][-1].argmax()))
    request = Request(prompt=PROMPT, sampling=Sampling(max_tokens=6, temperature=0, seed=0))
    (written,) = _write(packed_tiny(family), [request], [shifts])
    assert [drawn.chosen[0] for drawn in written.drawn] == text[len(PROMPT) :]


def _write(packed: PackedModel, requests: Sequence[Request], shifts: Sequence[Shifts], room: int = 4096) -> list[Any]:
    return pushed.write(packed, requests, shifts, ends=frozenset(), decoded=str, breaks=BREAKS, room=room)


def test_without_a_push_scores_and_replies_are_the_engines_own_to_the_bit() -> None:
    prompts = [some(n, n) for n in (1, 16, 33, 70)]
    scored = [Request(prompt=prompt, continuations=CONTINUATIONS) for prompt in prompts]
    drawn = [Request(prompt=p, sampling=Sampling(max_tokens=7, temperature=1.3, seed=i)) for i, p in enumerate(prompts)]
    with worker(tiny_model()) as made:
        scores, replies = together(made, scored), together(made, drawn)
        nothing: list[Shifts] = [()] * len(prompts)
        ours = made.call(lambda packed: pushed.score(packed, scored, nothing, breaks=BREAKS)).result()
        written = made.call(lambda packed: _write(packed, drawn, nothing)).result()
        assert together(made, scored) == scores
    assert ours == scores
    assert [reply.drawn for reply in written] == [reply.drawn for reply in replies]


@settings(max_examples=20, deadline=None)
@given(
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=6),
    lengths=st.lists(st.integers(1, 40), min_size=6, max_size=6),
)
def test_batch_mates_with_other_pushes_change_no_bit(kinds: list[str], lengths: list[int]) -> None:
    scored = [
        Request(prompt=PROMPT[: n + 1], continuations=CONTINUATIONS) for n, _ in zip(lengths, kinds, strict=False)
    ]
    drawn = [
        Request(prompt=r.prompt, sampling=Sampling(max_tokens=4, temperature=1.0, seed=i)) for i, r in enumerate(scored)
    ]
    shifts = [KINDS[kind] for kind in kinds]
    scores, replies = pushed.score(PACKED, scored, shifts, breaks=BREAKS), _write(PACKED, drawn, shifts)
    for i, each in enumerate(shifts):
        assert pushed.score(PACKED, [scored[i]], [each], breaks=BREAKS) == [scores[i]]
        assert _write(PACKED, [drawn[i]], [each])[0].drawn == replies[i].drawn


PACKED = packed_tiny()


def test_replies_do_not_depend_on_the_room() -> None:
    requests = [Request(prompt=some(30, i), sampling=Sampling(max_tokens=5, temperature=1.0, seed=i)) for i in range(4)]
    shifts = [KINDS["all tokens"]] * 4
    roomy, narrow = (_write(packed_tiny(), requests, shifts, room=room) for room in (4096, 40))
    assert [reply.drawn for reply in roomy] == [reply.drawn for reply in narrow]


def test_only_equal_pushes_share_a_beginning() -> None:
    copy = replace(KINDS["all tokens"][0], vector=vector(1))
    order = grow([PROMPT] * 4, shifts=[KINDS["all tokens"], (copy,), KINDS["embeddings"], ()])
    roots = [stretch.prompts for stretch in order if stretch.parent is None]
    assert roots == [[0, 1], [2], [3]]


def test_a_dose_is_a_share_of_the_mean_length_whatever_the_length_of_the_direction() -> None:
    short, long = (shift_of(_push(vector(1, length=n)), 30.0, span=(0, None)) for n in (0.01, 70.0))
    assert np.linalg.norm(short.vector) == pytest.approx(0.2 * 30, rel=1e-6)
    assert short.vector == pytest.approx(long.vector, rel=1e-5)
    opposite = shift_of(_push(vector(1), strength=-0.2), 30.0, span=(0, None))
    assert opposite.vector == pytest.approx(-long.vector, rel=1e-5)


def _push(direction: np.ndarray | None = None, **more: Any) -> Push:
    fields: dict[str, Any] = {"layer": 2, "vector": vector(1) if direction is None else direction, "strength": 0.2}
    return Push(**(fields | more))


def test_mean_lengths_are_over_all_tokens_but_the_first() -> None:
    prompts = (PROMPT, PROMPT[:35], some(3, 4))
    states = [plain_run(tiny_model(), prompt)[0][:, 1:] for prompt in prompts]
    lengths = np.concatenate([np.linalg.norm(one, axis=2) for one in states], axis=1)
    found = residual_norms(packed_tiny(), prompts, layers=(0, 3), breaks=BREAKS)
    assert found == pytest.approx({0: lengths[0].mean(), 3: lengths[3].mean()}, rel=1e-5)


@pytest.mark.parametrize(
    ("push", "said"),
    [
        (_push(layer=4), r"layer of this model, 0 .* to 3 .*got 4"),
        (_push(vector(1)[:5]), r"vector of 32 .*got shape \(5,\)"),
        (_push(np.full(WIDTH, np.nan)), "infinite or not a number"),
        (_push(np.zeros(WIDTH)), "all zero"),
        (_push(strength=float("inf")), "finite strength"),
        (_push(weights="b" * 64), "fitted on weights bbbbbbbbbbbb.* the model has aaaaaaaaaaaa"),
    ],
)
def test_pushes_that_do_not_fit_are_refused(push: Push, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        check_pushes([push], layers=range(4), width=WIDTH, weights="a" * 64)


def test_doses_need_a_mean_length() -> None:
    for norm in (0.0, -1.0, float("nan")):
        with pytest.raises(ModelError, match="positive number"):
            shift_of(_push(), norm, span=(0, None))
    with pytest.raises(ModelError, match=r"layers \[2\]"):
        norms_for([_push()], {1: 3.0})
    with pytest.raises(ModelError, match="at least one text"):
        residual_norms(packed_tiny(), [], layers=(1,))


def test_a_push_that_breaks_the_model_says_so() -> None:
    broken = (Shift(layer=1, vector=np.full(WIDTH, np.inf, np.float32)),)
    with pytest.raises(ModelError, match=r"request 1 became infinite or not a number\. Push less"):
        pushed.score(packed_tiny(), [Request(prompt=PROMPT, continuations=((1,),))] * 2, [(), broken], breaks=BREAKS)
    with pytest.raises(ModelError, match="request 0 became"):
        _write(
            packed_tiny(), [Request(prompt=PROMPT, sampling=Sampling(max_tokens=2, temperature=0, seed=0))], [broken]
        )
    with pytest.raises(ModelError, match="prompt 0 at layer 2"):
        record(packed_tiny(), [PROMPT], layers=(2,), pool=MeanFrom(), shifts=[broken])


def test_after_an_error_inside_nothing_is_left() -> None:
    packed = packed_tiny()
    store, requests = packed.store, [Request(prompt=PROMPT, continuations=CONTINUATIONS)]
    before = pushed.score(packed, requests, [KINDS["all tokens"]], breaks=BREAKS)
    weights = [weight.clone() for weight in packed.model.parameters()]
    hooks = sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in packed.model.modules())

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    handle = plain_blocks(packed.model)[2].register_forward_hook(fail)
    with pytest.raises(ZeroDivisionError):
        pushed.score(packed, requests, [KINDS["embeddings"]], breaks=BREAKS)
    handle.remove()
    assert packed.store is store
    assert hooks == sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in packed.model.modules())
    assert all(torch.equal(a, b) for a, b in zip(weights, packed.model.parameters(), strict=True))
    assert pushed.score(packed, requests, [KINDS["all tokens"]], breaks=BREAKS) == before
