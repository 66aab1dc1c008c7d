import numpy as np
import pytest
import torch

from goodheart.errors import ModelError
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.plan import Request
from goodheart.whitebox.states import end_states
from tests.whitebox.engines import worker
from tests.whitebox.tiny import FAMILIES, tiny_model

PROMPTS = [tuple(range(3, 30)), tuple(range(40, 45)), (7,), tuple(range(100, 190))]


def _packed(family: str = "llama") -> PackedModel:
    return PackedModel(tiny_model(family), 256, (2, 1))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("layer", [1, 2])
def test_states_are_those_of_the_models_own_forward_pass(family: str, layer: int) -> None:
    model = tiny_model(family)
    with torch.inference_mode():
        states = [
            model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states[layer][0] for ids in PROMPTS
        ]
    expected = np.stack([one[-4:].double().mean(0).numpy() for one in states])
    found = end_states(_packed(family), PROMPTS, layer=layer, n_last=4)
    assert found == pytest.approx(expected, abs=2e-4)


def test_states_do_not_depend_on_the_company() -> None:
    packed = _packed()
    together = end_states(packed, PROMPTS, layer=2, n_last=3)
    alone = np.vstack([end_states(packed, [ids], layer=2, n_last=3) for ids in PROMPTS])
    assert np.array_equal(together, alone)


def test_a_layer_that_the_model_lacks_is_refused() -> None:
    with pytest.raises(ModelError, match="1 to 3"):
        end_states(_packed(), PROMPTS, layer=4, n_last=4)


def test_after_an_error_the_model_has_its_store_and_no_hook() -> None:
    packed = _packed()
    store = packed.store
    with pytest.raises(IndexError):
        end_states(packed, [(10**6,)], layer=2, n_last=4)
    assert packed.store is store
    assert not any(module._forward_hooks for module in packed.model.modules())


def test_a_call_between_passes_leaves_scores_as_they_are() -> None:
    request = Request(prompt=tuple(range(60)), continuations=((1, 2), (3,)))
    with worker(tiny_model()) as made:
        before = made.submit(request).result(timeout=60)
        states = made.call(lambda packed: end_states(packed, PROMPTS, layer=2, n_last=2))
        after = made.submit(request).result(timeout=60)
        assert states.result(timeout=60).shape == (4, 32)
    assert before == after


def test_an_error_of_a_call_reaches_its_caller_and_nobody_else() -> None:
    with worker(tiny_model()) as made:
        with pytest.raises(ZeroDivisionError):
            made.call(lambda _: 1 // 0).result(timeout=60)
        assert made.submit(Request(prompt=(1, 2), continuations=((3,),))).result(timeout=60)
