from collections.abc import Callable
from pathlib import Path

import pytest

from goodheart.cli import fetch
from goodheart.whitebox import weights

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOODHEART_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_weights_that_are_here_are_not_fetched(goodheart: Run, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cache / "models" / f"{weights.EMBEDDED}-{weights.SHA256[:8]}-float32"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").touch()
    monkeypatch.setattr(weights, "fetch_embedded", None)  # would raise if called
    code, out, err = goodheart("fetch", weights.EMBEDDED)
    assert (code, err) == (0, "")
    assert str(folder) in out.replace("\n", "")


def test_a_file_that_is_not_the_weights_is_refused_and_leaves_nothing(
    goodheart: Run, cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.gguf").write_bytes(b"GGUF and more")
    code, out, err = goodheart("fetch", "--from", tmp_path / "other.gguf")
    assert (code, out) == (2, "")
    assert "SHA-256" in err
    assert not list(cache.rglob("*.safetensors"))


def test_a_missing_extra_says_what_to_install(goodheart: Run, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "find_spec", lambda package: None)
    code, _, err = goodheart("fetch")
    assert code == 2
    assert "pip install 'goodheart[local]'" in err


def test_a_file_brings_the_embedded_model_only(goodheart: Run, cache: Path, tmp_path: Path) -> None:
    code, _, err = goodheart("fetch", "owner/other", "--from", tmp_path / "x.gguf")
    assert code == 2
    assert "goodheart fetch owner/other" in err
