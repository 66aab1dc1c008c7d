"""What a model needs is said before it is loaded."""

from pathlib import Path

import pytest
from transformers import LlamaConfig

from goodheart.errors import ModelError
from goodheart.whitebox import room
from goodheart.whitebox.load import load_model
from goodheart.whitebox.room import available_bytes, check_room, n_bytes
from tests.whitebox.tiny import FAMILIES, tiny_model, tiny_tokenizer

LARGE = LlamaConfig(hidden_size=8192, intermediate_size=28672, num_hidden_layers=80, num_attention_heads=64)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_estimate_counts_every_parameter_once(family: str) -> None:
    n_weights = sum(weight.numel() for weight in tiny_model(family).parameters())
    for dtype, size in (("float32", 4), ("bfloat16", 2)):
        assert n_bytes(FAMILIES[family](), dtype=dtype, cache_mb=0) == int(n_weights * size * 1.1)
    assert n_bytes(FAMILIES[family](), dtype="float32", cache_mb=100) > 100 << 20


def test_a_model_that_is_too_large_is_refused_with_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "available_bytes", lambda: 8 << 30)
    # 80 layers x (2 x 8192^2 x 2 of attention, 3 x 8192 x 28672 of the network) and two tables: about 79e9 weights
    with pytest.raises(
        ModelError, match=r"`huge` in float32 needs about 3\d\d\.\d GiB.*8\.0 GiB are available.*bfloat16"
    ):
        check_room("huge", LARGE, dtype="float32")
    check_room("small", FAMILIES["llama"](), dtype="float32")


def test_it_is_said_before_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_model().save_pretrained(tmp_path)
    tiny_tokenizer().save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"")  # would be an error of its own if it were opened
    monkeypatch.setattr(room, "available_bytes", lambda: 1 << 20)
    with pytest.raises(ModelError, match="cache_mb"):
        load_model(str(tmp_path))


def test_a_system_that_does_not_tell_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "available_bytes", lambda: None)
    check_room("huge", LARGE, dtype="float32")


def test_the_smaller_of_machine_and_container_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("meminfo", "MemTotal: 9 kB\nMemAvailable:    4096 kB\n"), ("max", "5000\n"), ("now", "2000\n")):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(room, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(room, "LIMITS", ((tmp_path / "max", tmp_path / "now"),))
    assert available_bytes() == 3000
    (tmp_path / "max").write_text("max\n")
    assert available_bytes() == 4096 << 10
