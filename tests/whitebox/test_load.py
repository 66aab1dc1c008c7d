from pathlib import Path

import pytest

from goodheart.errors import ModelError
from goodheart.whitebox.load import find_weights, load_model
from tests.whitebox.tiny import CONTEXT, END, tiny_model, tiny_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny")
    tiny_model().save_pretrained(path)
    tiny_tokenizer().save_pretrained(path)
    return path


def test_a_folder_is_loaded_with_its_context_and_its_ends(folder: Path) -> None:
    loaded = load_model(str(folder))
    assert loaded.context == CONTEXT
    assert loaded.ends == {END, tiny_tokenizer().eos_token_id}
    assert not loaded.model.training


def test_the_embedded_model_says_how_to_fetch_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODHEART_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"no weights here yet.*goodheart fetch"):
        find_weights("smollm2-135m")


@pytest.mark.parametrize("name", ["nonsense", "/nowhere/model", "./nowhere", "a/b/c"])
def test_a_name_that_is_no_model_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match="is none of them"):
        load_model(name)


def test_a_model_that_the_hub_does_not_give_says_how_to_fetch_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="goodheart fetch nobody/nothing"):
        load_model("nobody/nothing")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="a folder with a transformers model"):
        load_model(str(tmp_path))


def test_a_folder_with_a_broken_config_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama", "num_hidden_layers": 2, "layer_types": ["x"]}')
    with pytest.raises(ModelError, match="a folder with a transformers model"):
        load_model(str(tmp_path))


def test_half_precision_on_a_cpu_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="dtype=float32"):
        load_model(str(folder), dtype="float16")


def test_layers_that_are_no_attention_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "transformers.LlamaConfig.layer_types", ["full_attention", "linear_attention", "full_attention"], raising=False
    )
    with pytest.raises(ModelError, match="linear_attention"):
        load_model(str(folder))
