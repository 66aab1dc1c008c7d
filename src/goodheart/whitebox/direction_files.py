"""Directions on disk: safetensors with a header, checked before anything is read along them. Never pickles."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from goodheart.errors import ModelError, RunFolderError
from goodheart.probes.axes import Axes
from goodheart.probes.direction import Direction
from goodheart.probes.evaluation import EvaluationDirection
from goodheart.probes.fitted import EmotionDirections, Fold
from goodheart.probes.probe_set import Origin, ProbeSet
from goodheart.records import canonical

FILE: Final = "directions.safetensors"
VERSION: Final = 1
HEADER: Final = "goodheart"
PARTS: Final = ("vectors", "raw", "rest", "distance", "spread")

Tensors = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    header: dict[str, Any]
    tensors: Tensors


def save_directions(probes: ProbeSet, path: Path) -> None:
    """Write directions with the digests of what they were fitted on, and one over the whole file's content."""
    tensors: Tensors = {}
    emotions = probes.emotions
    _put(tensors, "layers", emotions.axes)
    _put(tensors, "folds", [fold.axes for fold in emotions.folds])
    for group, some in (("affect", probes.affect), ("masking", probes.masking)):
        if some is not None:
            _put(tensors, group, [some])
    evaluation = probes.evaluation
    if evaluation is not None:
        one = evaluation.direction
        tensors["evaluation.vector"] = one.vector.astype(np.float32)
        tensors["evaluation.raw"] = one.raw.astype(np.float32)
        tensors["evaluation.scale"] = np.array([one.middle, one.distance], dtype=np.float32)
        tensors["evaluation.held_out"] = evaluation.held_out.astype(np.float32)
    header = {
        "schema_version": VERSION,
        "origin": asdict(probes.origin),
        "names": emotions.names,
        "topics": emotions.topics,
        "layers": emotions.layers,
        "layer": emotions.layer,
        "accuracy": emotions.accuracy,
        "folds": [{"held_out": fold.held_out, "layer": fold.layer} for fold in emotions.folds],
        "affect": probes.affect.names if probes.affect is not None else None,
        "masking": probes.masking.names if probes.masking is not None else None,
        "evaluation_layer": evaluation.layer if evaluation is not None else None,
    }
    signed = {**header, "digest": _digest(header, tensors)}
    save_file(tensors, path, metadata={HEADER: canonical(signed)})


def load_directions(path: Path) -> ProbeSet:
    """Read directions back.

    Raises:
        RunFolderError: no such file, one that is cut short, no file of ours, or one whose content was changed.
    """
    read = _open(path)
    header, tensors = read.header, read.tensors
    names = tuple(header["names"])
    axes = _take(tensors, "layers", names)
    folds = _take(tensors, "folds", names)
    emotions = EmotionDirections(
        names=names,
        topics=tuple(header["topics"]),
        layers=tuple(header["layers"]),
        layer=header["layer"],
        accuracy=tuple(header["accuracy"]),
        axes=tuple(axes),
        folds=tuple(
            Fold(held_out=tuple(fold["held_out"]), layer=fold["layer"], axes=one)
            for fold, one in zip(header["folds"], folds, strict=True)
        ),
    )
    affect, masking = (
        _take(tensors, group, tuple(header[group]))[0] if header[group] else None for group in ("affect", "masking")
    )
    origin = header["origin"]
    versions = tuple((name, version) for name, version in origin.pop("versions"))
    return ProbeSet(
        origin=Origin(**origin, versions=versions),
        emotions=emotions,
        affect=affect,
        masking=masking,
        evaluation=_evaluation(header, tensors),
    )


def check_origin(origin: Origin, *, model: str, weights: str, path: Path) -> None:
    """Refuse directions that were fitted on other weights.

    Raises:
        ModelError: the digests differ.
    """
    if origin.weights != weights:
        raise ModelError(
            "directions can be read on the weights that they were fitted on and on no others, because another model's "
            f"states have other axes; {path} was fitted on `{origin.model}` ({origin.weights[:12]}...), and `{model}` "
            f"has the weights {weights[:12]}.... Fit them on it: goodheart probe fit --model {model} --out DIR"
        )


def _put(tensors: Tensors, group: str, axes: "tuple[Axes, ...] | list[Axes]") -> None:
    for part in PARTS:
        tensors[f"{group}.{part}"] = np.stack([getattr(one, part) for one in axes]).astype(np.float32)


def _take(tensors: Tensors, group: str, names: tuple[str, ...]) -> list[Axes]:
    parts = {part: tensors[f"{group}.{part}"].astype(np.float64) for part in PARTS}
    return [Axes(names=names, **{part: values[i] for part, values in parts.items()}) for i in range(len(parts["rest"]))]


def _evaluation(header: dict[str, Any], tensors: Tensors) -> EvaluationDirection | None:
    if header["evaluation_layer"] is None:
        return None
    middle, distance = (float(value) for value in tensors["evaluation.scale"])
    direction = Direction(
        vector=tensors["evaluation.vector"].astype(np.float64),
        raw=tensors["evaluation.raw"].astype(np.float64),
        middle=middle,
        distance=distance,
    )
    held_out = tensors["evaluation.held_out"].astype(np.float64)
    return EvaluationDirection(direction=direction, layer=header["evaluation_layer"], held_out=held_out)


def _open(path: Path) -> _Read:
    if not path.is_file():
        raise RunFolderError(
            f"Readings need the directions that `goodheart probe fit` writes; there is no {path}. "
            f"Type: goodheart probe fit --out {path.parent}"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            header = json.loads((file.metadata() or {})[HEADER])
            tensors: Tensors = {name: file.get_tensor(name) for name in sorted(file.keys())}
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise _broken(path, f"cannot be read as one ({type(error).__name__}: {str(error)[:80]})") from error
    if not isinstance(header, dict) or header.get("schema_version") != VERSION:
        raise _broken(path, "is of another version")
    said = header.pop("digest", "")
    if said != _digest(header, tensors):
        raise _broken(path, "was changed after it was written: its content does not have the digest in its header")
    if not all(np.isfinite(values).all() for values in tensors.values()):
        raise _broken(path, "holds values that are infinite or not a number")
    return _Read(header=header, tensors=tensors)


def _broken(path: Path, what: str) -> RunFolderError:
    return RunFolderError(
        f"Directions are read from a whole, unchanged file of `goodheart probe fit`; {path} {what}. "
        f"Fit them again: goodheart probe fit --out {path.parent}"
    )


def _digest(header: dict[str, Any], tensors: Tensors) -> str:
    found = sha256(canonical(header).encode())
    for name, values in sorted(tensors.items()):
        found.update(f"{name} {values.dtype} {values.shape}\n".encode())
        found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()
