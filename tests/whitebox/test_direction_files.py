import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from goodheart.errors import ModelError, RunFolderError
from goodheart.probes.fitted import axes_read
from goodheart.whitebox.direction_files import FILE, check_origin, load_directions, save_directions
from tests.probes.test_reading import probe_set


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / FILE
    save_directions(probe_set(), path)
    return path


def rewritten(path: Path, *, tensor: str | None = None, header: str | None = None) -> None:
    """Change a number or a word and write the file as a whole one."""
    with safe_open(path, framework="numpy") as file:
        metadata = dict(file.metadata())
        tensors = {name: file.get_tensor(name).copy() for name in file.keys()}  # noqa: SIM118  not a dict
    if tensor:
        tensors[tensor].flat[0] += 0.01
    if header:
        metadata["goodheart"] = metadata["goodheart"].replace(header, "x" * len(header))
    save_file(tensors, path, metadata=metadata)


def test_what_is_written_is_read_back(saved: Path) -> None:
    found, given = load_directions(saved), probe_set()
    assert found.origin == given.origin
    assert (found.emotions.names, found.emotions.topics) == (given.emotions.names, given.emotions.topics)
    assert (found.emotions.layer, found.emotions.layers) == (given.emotions.layer, given.emotions.layers)
    assert found.emotions.accuracy == pytest.approx(given.emotions.accuracy)
    assert axes_read(found.emotions).vectors == pytest.approx(axes_read(given.emotions).vectors, abs=1e-6)
    assert axes_read(found.emotions).distance == pytest.approx(axes_read(given.emotions).distance, rel=1e-6)
    for ours, theirs in zip(found.emotions.folds, given.emotions.folds, strict=True):
        assert (ours.held_out, ours.layer) == (theirs.held_out, theirs.layer)
        assert ours.axes.vectors == pytest.approx(theirs.axes.vectors, abs=1e-6)
    for one, other in ((found.affect, given.affect), (found.masking, given.masking)):
        assert one
        assert other
        assert one.names == other.names
        assert one.vectors == pytest.approx(other.vectors, abs=1e-6)
    assert found.evaluation
    assert given.evaluation
    assert found.evaluation.direction.vector == pytest.approx(given.evaluation.direction.vector, abs=1e-6)
    assert found.evaluation.direction.middle == pytest.approx(given.evaluation.direction.middle, rel=1e-5)


def test_directions_without_masking_and_evaluation_are_kept_too(tmp_path: Path) -> None:
    path = tmp_path / FILE
    save_directions(replace(probe_set(), affect=None, masking=None, evaluation=None), path)
    found = load_directions(path)
    assert (found.affect, found.masking, found.evaluation) == (None, None, None)


@pytest.mark.parametrize("change", [{"tensor": "layers.vectors"}, {"tensor": "folds.rest"}, {"header": "emotion03"}])
def test_a_file_that_was_changed_is_refused(saved: Path, change: dict[str, str]) -> None:
    rewritten(saved, **change)
    with pytest.raises(RunFolderError, match=r"was changed.*\. Fit them again: goodheart probe fit"):
        load_directions(saved)


def test_a_file_that_was_cut_short_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:-100])
    with pytest.raises(RunFolderError, match="cannot be read"):
        load_directions(saved)


def test_another_safetensors_file_a_pickle_and_no_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE
    with pytest.raises(RunFolderError, match="there is no"):
        load_directions(path)
    save_file({"x": np.zeros(3, dtype=np.float32)}, path)
    with pytest.raises(RunFolderError, match="cannot be read"):
        load_directions(path)
    path.write_bytes(b"\x80\x04\x95" + b"x" * 60)
    with pytest.raises(RunFolderError, match="cannot be read"):
        load_directions(path)
    save_file({"x": np.zeros(3, dtype=np.float32)}, path, metadata={"goodheart": json.dumps({"schema_version": 99})})
    with pytest.raises(RunFolderError, match="another version"):
        load_directions(path)


def test_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE
    broken = probe_set()
    axes = replace(broken.emotions.axes[0], rest=np.full_like(broken.emotions.axes[0].rest, np.nan))
    emotions = replace(broken.emotions, axes=(axes, *broken.emotions.axes[1:]))
    save_directions(replace(broken, emotions=emotions), path)
    with pytest.raises(RunFolderError, match="not a number"):
        load_directions(path)


def test_directions_of_other_weights_are_refused_in_three_parts() -> None:
    origin = probe_set().origin
    check_origin(origin, model="m", weights="w", path=Path("d"))
    with pytest.raises(ModelError) as caught:
        check_origin(origin, model="another", weights="v" * 64, path=Path("d"))
    said = str(caught.value)
    assert "on the weights that they were fitted on" in said
    assert "`another` has the weights vvvvvvvvvvvv" in said
    assert "goodheart probe fit --model another" in said
