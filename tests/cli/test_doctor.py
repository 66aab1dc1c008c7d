import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from goodheart.cli import doctor_checks
from goodheart.cli.doctor_checks import CHECKS, TESTED, TESTED_API, TESTED_LOCAL, Health
from goodheart.whitebox import weights

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]


def test_a_healthy_machine_exits_0_with_a_line_for_each_check(goodheart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy = tuple(check for check in CHECKS if check.__name__ not in ("weights", "memory"))
    monkeypatch.setattr(doctor_checks, "CHECKS", healthy)
    code, out, err = goodheart("doctor")
    assert (code, err) == (0, "")
    assert sum(line.startswith("ok ") for line in out.splitlines()) == len(healthy)


def test_what_has_to_be_mended_is_named_with_what_to_type(goodheart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = (lambda: Health(what="a \x1b[31mlamp"), lambda: Health(what="no oil", type_next="oil --now"))
    monkeypatch.setattr(doctor_checks, "CHECKS", checks)
    assert goodheart("doctor") == (2, "ok    a lamp\nMEND  no oil\n      type: oil --now\n", "")


def test_what_the_embedded_model_does_not_need_is_only_noted(goodheart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "CHECKS", (lambda: Health(what="x", type_next="y", needed=False),))
    assert goodheart("doctor") == (0, "note  x\n      type: y\n", "")


def test_a_missing_package_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "TESTED_LOCAL", {"torch": "2.13.0", "no-such-package": "1"})
    found = doctor_checks.local()
    assert "no-such-package missing" in found.what
    assert found.type_next == "pip install 'goodheart[local]'"


def test_another_release_than_the_tested_one_is_said_but_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "TESTED", {"numpy": "0.1"})
    found = doctor_checks.packages()
    assert "(tested with 0.1)" in found.what
    assert found.type_next is None


def test_the_tested_releases_are_those_of_the_constraints() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    pinned = {re.sub(r"[-_.]+", "-", name).lower(): release for name, release in pins.items()}
    tested = {**TESTED, **TESTED_LOCAL, **TESTED_API}
    assert {name: pinned.get(name) for name in tested} == tested


def safetensors(path: Path, *, missing: int) -> None:
    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(8 - missing))


@pytest.mark.parametrize(("missing", "whole"), [(0, True), (1, False)])
def test_weights_that_are_cut_short_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: int, whole: bool
) -> None:
    monkeypatch.setattr(weights, "embedded_folder", lambda: tmp_path)
    safetensors(tmp_path / "model.safetensors", missing=missing)
    assert (doctor_checks.weights().type_next is None) == whole


def test_weights_that_are_not_there_are_one_command_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "embedded_folder", lambda: None)
    assert doctor_checks.weights().type_next == "goodheart fetch"


def test_a_cache_that_cannot_be_written_to_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODHEART_CACHE", "/proc/nowhere")
    assert "GOODHEART_CACHE" in (doctor_checks.cache().type_next or "")
