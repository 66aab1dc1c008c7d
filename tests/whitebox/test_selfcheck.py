from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, BloomConfig, GptOssConfig, MixtralConfig, PreTrainedModel

from goodheart.errors import ModelError
from goodheart.whitebox.forward import PackedModel
from goodheart.whitebox.selfcheck import check_packed, plain_log_probabilities
from tests.whitebox.tiny import FAMILIES, tiny_model

SIZES: dict[str, Any] = {
    "vocab_size": 97,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}


def _check(model: PreTrainedModel) -> bool:
    plain = plain_log_probabilities(model)
    return check_packed(PackedModel(model, 256, (2, 1)), plain, "it")


def _random(config: Any) -> PreTrainedModel:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model: PreTrainedModel = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
        model.float().eval()  # type: ignore[no-untyped-call]
        return model


@pytest.mark.parametrize("family", FAMILIES)
def test_supported_families_are_exact(family: str) -> None:
    assert _check(tiny_model(family))


def test_a_model_that_gives_something_else_when_packed_is_refused() -> None:
    model = tiny_model()
    plain = plain_log_probabilities(model)
    head = model.get_output_embeddings()  # type: ignore[no-untyped-call]
    assert isinstance(head, torch.nn.Linear)
    head.weight.data[3] += 1.0
    with pytest.raises(ModelError, match=r"off by .*hf/it"):
        check_packed(PackedModel(model, 256, (2, 1)), plain, "it")


@pytest.mark.filterwarnings("ignore")
def test_a_model_whose_attention_cannot_be_chosen_is_refused() -> None:
    with pytest.raises(ModelError, match="attention function can be chosen"):
        _check(_random(BloomConfig(vocab_size=97, hidden_size=32, n_layer=2, n_head=4)))


@pytest.mark.filterwarnings("ignore")
def test_a_model_with_attention_sinks_is_refused() -> None:
    with pytest.raises(ModelError, match="s_aux"):
        _check(_random(GptOssConfig(**SIZES, head_dim=16, num_local_experts=4)))


@pytest.mark.filterwarnings("ignore")
def test_a_mixture_of_experts_works_and_admits_that_company_may_matter() -> None:
    # an expert sees as many rows as are routed to it, so that its bits depend on who else came: the check notices
    assert not _check(_random(MixtralConfig(**SIZES)))
