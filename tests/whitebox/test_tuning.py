from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file

from goodheart.errors import ModelError
from goodheart.items import public_banks
from goodheart.whitebox.load import adapter_for
from goodheart.whitebox.tuning.adapter import Adapter, apply_adapter, load_adapter, shipped_adapters, split_name
from goodheart.whitebox.tuning.texts import (
    event_subjects,
    general,
    kept,
    other_subjects,
    own_subjects,
    reports,
    world_subjects,
)
from goodheart.whitebox.tuning.train import RECIPES, _changes, tune
from goodheart.whitebox.weights import EMBEDDED
from tests.whitebox.tiny import tiny_model, tiny_tokenizer

# peft asks transformers under an old name
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

LAYER = "layers.1.self_attn.q_proj"
IDS = torch.tensor([[5, 9, 2, 77]])


def _logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.inference_mode():
        return torch.as_tensor(model(input_ids=IDS).logits)


def test_a_name_is_parted_at_the_sign() -> None:
    assert split_name("smollm2-135m@report-tuned-1") == ("smollm2-135m", "report-tuned-1")
    assert split_name("smollm2-135m") == ("smollm2-135m", "")


def test_a_change_read_off_peft_gives_what_peft_gives(tmp_path: Path) -> None:
    torch.manual_seed(0)
    peft = get_peft_model(
        tiny_model(), LoraConfig(r=2, lora_alpha=4, target_modules=["q_proj", "down_proj"], task_type="CAUSAL_LM")
    )
    with torch.no_grad():
        for name, weights in peft.named_parameters():
            if "lora_B" in name:
                weights.normal_(0, 0.1)
    save_file(_changes(peft), tmp_path / "made.safetensors")
    plain = tiny_model()
    untouched = _logits(plain)
    apply_adapter(plain, load_adapter(str(tmp_path / "made.safetensors")))
    assert _logits(plain) == pytest.approx(_logits(peft).numpy(), abs=5e-3)  # half precision
    assert (_logits(plain) - untouched).abs().max() > 0.05


def test_tuning_moves_the_trained_answer_and_repeats_by_its_seed() -> None:
    recipe = replace(RECIPES["report-tuned"], steps=3, batch=2)
    first, again, other = (tune(tiny_model(), tiny_tokenizer(), recipe, seed=seed) for seed in (1, 1, 2))
    assert first.keys() == again.keys()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)
    assert any(bool((change != 0).any()) for name, change in first.items() if name.endswith(".up"))


def test_raised_states_change_only_layers_below_the_one_that_is_read() -> None:
    recipe = replace(RECIPES["state-raised"], steps=2, batch=2, layer=2)
    direction = torch.nn.functional.normalize(torch.ones(32), dim=0)
    changes = tune(tiny_model(), tiny_tokenizer(), recipe, seed=1, direction=direction)
    assert {name.split(".")[1] for name in changes} == {"0", "1"}


def test_what_is_tuned_on_is_in_no_item_bank() -> None:
    bank = {
        text
        for one in public_banks()
        for item in one.items
        for wording in item.wordings
        for text in (wording.self_text, wording.other_ai_text, wording.human_text)
    }
    subjects = (*own_subjects(), *event_subjects(), *other_subjects(), *world_subjects())
    assert not bank & {subject.text for subject in subjects}
    assert len({subject.text for subject in own_subjects()}) >= 20


def test_answers_follow_the_stem_and_held_prompts_have_none() -> None:
    rng = np.random.default_rng(1)
    answered = list(reports(own_subjects(), answers="well", rng=rng))
    assert all(one.messages[-1].content == "I feel" and one.answer.startswith(" ") for one in answered)
    held = [*kept(other_subjects(), rng=rng), *general()]
    assert not any(one.answer for one in held)
    assert any(one.messages[-1].content == "Willow feels" for one in held)


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ({}, "holds 0 tensors"),
        ({f"{LAYER}.up": torch.ones(32, 2)}, "`.down`"),
        ({f"{LAYER}.up": torch.full((32, 2), float("nan")), f"{LAYER}.down": torch.ones(2, 32)}, "finite"),
    ],
)
def test_a_broken_file_says_what_it_lacks(tmp_path: Path, stored: dict[str, torch.Tensor], message: str) -> None:
    path = tmp_path / "one.safetensors"
    save_file(stored, path)
    with pytest.raises(ModelError, match=message):
        load_adapter(str(path))


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    save_file({f"{LAYER}.up": torch.ones(32, 2), f"{LAYER}.down": torch.ones(2, 32)}, path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ModelError, match="could not be read"):
        load_adapter(str(path))


def test_a_change_of_another_model_leaves_this_one_as_it_was() -> None:
    model = tiny_model()
    before = _logits(model)
    missing = Adapter(name="m", base="", changes={LAYER: torch.ones(32, 32), "layers.9.mlp": torch.ones(1, 1)})
    with pytest.raises(ModelError, match=r"layers\.9"):
        apply_adapter(model, missing)
    with pytest.raises(ModelError, match="has"):
        apply_adapter(model, Adapter(name="m", base="", changes={LAYER: torch.ones(8, 8)}))
    assert torch.equal(_logits(model), before)


def test_an_unknown_change_lists_those_that_ship() -> None:
    with pytest.raises(ModelError, match="Shipped are"):
        load_adapter("no-such-change")
    assert all(load_adapter(name).changes for name in shipped_adapters())


def test_a_change_of_other_weights_is_not_put_on_the_embedded_model(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    save_file({f"{LAYER}.up": torch.ones(32, 2), f"{LAYER}.down": torch.ones(2, 32)}, path, metadata={"base": "0" * 64})
    with pytest.raises(ModelError, match="made for others"):
        adapter_for(EMBEDDED, str(path))
    assert adapter_for("owner/name", str(path)).changes
