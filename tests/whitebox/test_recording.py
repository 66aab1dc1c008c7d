"""Means of the residual stream equal those of plain forward passes, whatever is shared, and leave nothing behind."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.errors import ModelError
from goodheart.whitebox.forest import grow
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.packing import KeyValueStore, Node
from goodheart.whitebox.pooling import MeanFrom, MeanLast, MeanOver, Pool, Rolling, windows_of
from goodheart.whitebox.recording import record
from goodheart.whitebox.walk import BUDGET, batches, n_slots, own_store, run_batch
from tests.whitebox.engines import BREAKS
from tests.whitebox.states import plain_blocks, plain_run
from tests.whitebox.tiny import FAMILIES, N_VOCAB, tiny_model

EVERY = (0, 1, 2, 3)


def some(n: int, seed: int) -> tuple[int, ...]:
    rng = random.Random(seed)
    return tuple(rng.randrange(N_VOCAB) for _ in range(n))


STEM = some(90, 0)
PROMPTS = (STEM[:60] + some(30, 1), STEM[:60] + some(9, 2), STEM[:33], some(7, 3), STEM, STEM[:60] + some(30, 1), (5,))


def packed_tiny(family: str = "llama") -> PackedModel:
    return PackedModel(tiny_model(family), 64, (1,))


@pytest.mark.parametrize("family", FAMILIES)
def test_means_equal_those_of_a_plain_forward_pass(family: str) -> None:
    states = [plain_run(tiny_model(family), prompt)[0] for prompt in PROMPTS]
    spans = tuple(((0, 1),) if len(p) == 1 else ((0, 2), (len(p) - 3, len(p) - 1)) for p in PROMPTS)
    packed = packed_tiny(family)
    pools: dict[Pool, Any] = {
        MeanFrom(): lambda one, _: one.mean(1),
        MeanLast(n=4): lambda one, _: one[:, -4:].mean(1),
        MeanOver(spans=spans): lambda one, span: np.concatenate([one[:, a:b] for a, b in span], axis=1).mean(1),
    }
    for pool, mean in pools.items():
        expected = np.stack([mean(one, span) for one, span in zip(states, spans, strict=True)])
        found = record(packed, PROMPTS, layers=EVERY, pool=pool, breaks=BREAKS)
        assert found.shape == (len(PROMPTS), 4, 32)
        scale = np.abs(expected).max()
        assert found == pytest.approx(expected, abs=1e-5 * max(1, scale))


@pytest.mark.parametrize("family", ["llama", "qwen3", "gpt2", "gpt-neox", "gemma3, windowed"])
def test_hidden_states_are_those_that_transformers_gives_out(family: str) -> None:
    model = tiny_model(family)
    with torch.inference_mode():
        out = model(input_ids=torch.tensor([STEM]), output_hidden_states=True)
    expected = np.stack([one[0].double().mean(0).numpy() for one in out.hidden_states[:-1]])  # the last is normed
    found = record(packed_tiny(family), [STEM], layers=(0, 1, 2), pool=MeanFrom())[0]
    assert found == pytest.approx(expected, abs=1e-5 * max(1, np.abs(expected).max()))


def test_the_first_tokens_can_be_left_out_and_layers_come_in_the_order_asked() -> None:
    states = plain_run(tiny_model(), STEM)[0]
    found = record(packed_tiny(), [STEM], layers=(3, 1), pool=MeanFrom(start=50))
    assert found[0] == pytest.approx(states[[3, 1], 50:].mean(1), abs=1e-5)


def test_rolling_means_move_along_a_text_and_end_with_it() -> None:
    pool = Rolling(width=20, step=8, start=3)
    states = [plain_run(tiny_model(), prompt)[0] for prompt in (STEM, STEM[:30])]
    found = record(packed_tiny(), (STEM, STEM[:30]), layers=(2,), pool=pool, breaks=BREAKS)
    # 3..23, 11..31, ..., 67..87, then 70..90; for 30 tokens: 3..23, then 10..30
    starts = ([3, 11, 19, 27, 35, 43, 51, 59, 67, 70], [3, 10])
    assert found.shape == (2, 10, 1, 32)
    for i, each in enumerate(starts):
        expected = np.stack([states[i][2, first : first + 20].mean(0) for first in each])
        assert found[i, : len(each), 0] == pytest.approx(expected, abs=1e-5)
        assert np.isnan(found[i, len(each) :]).all()


def test_a_rolling_mean_of_a_short_text_is_its_mean() -> None:
    short = record(packed_tiny(), [STEM[:9]], layers=(1,), pool=Rolling(width=64, step=16))
    assert np.array_equal(short[:, 0], record(packed_tiny(), [STEM[:9]], layers=(1,), pool=MeanFrom()))


texts = st.builds(
    lambda stem, n, end: some(90, stem)[:n] + tuple(end),
    st.integers(0, 2),
    st.integers(0, 80),
    st.lists(st.integers(0, N_VOCAB - 1), min_size=1, max_size=20),
)
pools = st.sampled_from([MeanFrom(), MeanLast(n=3), Rolling(width=16, step=5)])


@settings(max_examples=25, deadline=None)
@given(prompts=st.lists(texts, min_size=1, max_size=8), pool=pools)
def test_company_and_shared_beginnings_change_no_bit(prompts: list[tuple[int, ...]], pool: Pool) -> None:
    together = record(PACKED, prompts, layers=EVERY, pool=pool, breaks=BREAKS)
    for i, prompt in enumerate(prompts):
        (alone,) = record(PACKED, [prompt], layers=EVERY, pool=pool, breaks=BREAKS)
        mine = together[i] if not isinstance(pool, Rolling) else together[i, : len(alone)]
        assert np.array_equal(mine, alone)


@pytest.mark.parametrize("family", ["llama", "gpt2", "qwen2"])
def test_a_pass_of_thousands_of_rows_changes_no_bit(family: str) -> None:
    packed = packed_tiny(family)
    prompts = [some(40 + i % 7, i) for i in range(70)]  # more than one long pass
    assert sum(map(len, prompts)) > BUDGET
    together = record(packed, prompts, layers=EVERY, pool=MeanFrom(), breaks=BREAKS)
    for i in (0, 33, 69):
        (alone,) = record(packed, [prompts[i]], layers=EVERY, pool=MeanFrom(), breaks=BREAKS)
        assert np.array_equal(together[i], alone)


PACKED = packed_tiny()


def test_a_shared_beginning_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    packed, n_run = packed_tiny(), []
    run = packed.run

    def counted(nodes: Sequence[Node], *, narrow: bool) -> torch.Tensor:
        n_run.append(sum(len(node.tokens) for node in nodes))
        return run(nodes, narrow=narrow)

    monkeypatch.setattr(packed, "run", counted)
    prompts = [(*STEM[:64], i) for i in range(10)]
    record(packed, prompts, layers=(3,), pool=MeanFrom())
    assert sum(n_run) == 64 + 10


@given(prompts=st.lists(texts, min_size=1, max_size=60))
def test_room_is_that_of_one_pass_and_the_longest_text(prompts: list[tuple[int, ...]]) -> None:
    assert n_slots(grow(prompts, breaks=BREAKS)) <= 1 + BUDGET + max(map(len, prompts))


def test_no_reading_needs_the_blocks_after_it() -> None:
    model = tiny_model()
    packed = PackedModel(model, 64, (1,))
    ran: list[int] = []
    for i, block in enumerate(plain_blocks(model), 1):
        block.register_forward_pre_hook(lambda *_, i=i: ran.append(i))
    record(packed, [STEM], layers=(0, 2), pool=MeanFrom())
    assert ran == [1, 2]


def weights_and_hooks(packed: PackedModel) -> tuple[list[torch.Tensor], list[Any]]:
    hooks = [h for m in packed.model.modules() for h in (*m._forward_hooks.values(), *m._forward_pre_hooks.values())]
    return [weight.clone() for weight in packed.model.parameters()], hooks


@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_after_an_error_inside_the_model_is_bit_for_bit_as_it_was(family: str) -> None:
    packed = packed_tiny(family)
    before, store = record(packed, PROMPTS, layers=EVERY, pool=MeanFrom()), packed.store
    weights, hooks = weights_and_hooks(packed)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    handle = plain_blocks(packed.model)[1].register_forward_hook(fail)
    with pytest.raises(ZeroDivisionError):
        record(packed, PROMPTS, layers=EVERY, pool=MeanFrom())
    handle.remove()
    after, left = weights_and_hooks(packed)
    assert packed.store is store
    assert left == hooks
    assert all(torch.equal(a, b) for a, b in zip(weights, after, strict=True))
    assert np.array_equal(record(packed, PROMPTS, layers=EVERY, pool=MeanFrom()), before)


def test_states_that_are_not_finite_are_named_and_stay_with_their_prompt() -> None:
    packed = packed_tiny()
    packed.model.get_input_embeddings().weight.data[7] = float("nan")  # type: ignore[operator]
    with pytest.raises(ModelError, match=r"prompt 1 at layer 0 .*dtype=float32"):
        record(packed, [(1, 2, 3), (4, 7, 9)], layers=(0, 3), pool=MeanFrom())
    rows = {}
    for name, broken in (("clean", False), ("broken", True)):
        order = grow([(1, 2, 3), (4, 7, 9)] if broken else [(1, 2, 3)])
        with own_store(packed, n_slots(order)):
            (batch,) = batches(order)
            rows[name] = run_batch(packed, batch)[:3]  # type: ignore[index]
    assert torch.equal(rows["clean"], rows["broken"])


@pytest.mark.parametrize(
    ("layers", "said"), [((4,), r"layers 0 \(embeddings\) to 3"), ((-1,), "to 3"), ((), "to 3"), ((1, 1), "named once")]
)
def test_layers_that_the_model_lacks_are_refused(layers: Sequence[int], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        record(packed_tiny(), [(1, 2)], layers=layers, pool=MeanFrom())


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        (MeanFrom(start=3), "prompt 1 has 3"),
        (MeanLast(n=0), "at least one"),
        (MeanOver(spans=(((0, 1),),)), "spans for 1 and 2 prompts"),
        (MeanOver(spans=(((0, 1),), ((2, 4),))), "prompt 1 has 3 tokens"),
        (MeanOver(spans=(((0, 2), (1, 3)), ((0, 1),))), "prompt 0 .* do not overlap"),
        (MeanOver(spans=((), ((0, 1),))), "prompt 0"),
        (Rolling(width=0, step=1), "at least one token"),
    ],
)
def test_windows_that_cannot_be_are_refused(pool: Pool, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        windows_of(pool, [5, 3])


def test_an_empty_prompt_is_refused_and_no_prompts_give_no_rows() -> None:
    with pytest.raises(ModelError, match="prompt 1"):
        record(packed_tiny(), [(1,), ()], layers=(1,), pool=MeanLast(n=1))
    assert record(packed_tiny(), [], layers=(1, 2), pool=MeanFrom()).shape == (0, 2, 32)


@pytest.mark.parametrize("lists", [1, 3])
def test_blocks_that_cannot_be_found_are_asked_for(lists: int) -> None:
    model = tiny_model()
    blocks = plain_blocks(model)
    if lists == 1:
        model.model.layers = torch.nn.ModuleList(list(blocks)[:2])
    else:
        model.model.more = torch.nn.ModuleList([torch.nn.Identity() for _ in range(3)])
    packed = PackedModel(tiny_model(), 64, (1,))
    packed.model = model
    with pytest.raises(ModelError, match=r"of 3 blocks.* found the lists: model.layers .*-M blocks="):
        record(packed, [(1,)], layers=(1,), pool=MeanFrom())


def test_blocks_can_be_named() -> None:
    model = tiny_model()
    model.model.more = torch.nn.ModuleList([torch.nn.Identity() for _ in range(3)])
    found = record(PackedModel(model, 64, (1,), blocks="model.layers"), [STEM], layers=EVERY, pool=MeanFrom())
    assert found[0] == pytest.approx(plain_run(tiny_model(), STEM)[0].mean(1), abs=1e-5)


def test_the_store_of_the_engine_is_not_touched() -> None:
    packed = packed_tiny()
    packed.store = KeyValueStore(8)
    record(packed, PROMPTS, layers=(1,), pool=MeanFrom())
    assert packed.store.n_layers == 0
