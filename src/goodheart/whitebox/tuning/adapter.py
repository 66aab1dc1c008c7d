"""A low-rank change of weights as a file: read, checked, and added to a model.

The file is safetensors, half precision, with two matrices for every changed layer: `layers.3.self_attn.q_proj.down`
(rank, d_in) and `.up` (d_out, rank). Adding `up @ down` to the weights gives the tuned copy; nothing of peft is needed
to use one.
"""

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import nn
from transformers import PreTrainedModel

from goodheart.errors import ModelError

SEPARATOR = "@"
"""Between a model's name and the change that is put on it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adapter:
    """A change of weights with where it comes from."""

    name: str
    base: str
    """SHA-256 of the embedded weights that it was made for; empty where it was made for other ones or nobody said."""
    changes: dict[str, torch.Tensor]
    """By layer, what is added to its weight (d_out, d_in)."""


def split_name(name: str) -> tuple[str, str]:
    """Part `smollm2-135m@report-tuned-1` into the model and the change; the change is empty where there is none."""
    model, _, change = name.partition(SEPARATOR)
    return model, change


def shipped_adapters() -> tuple[str, ...]:
    """Name the changes that come with the package."""
    folder = files("goodheart.whitebox.tuning").joinpath("adapters")
    return tuple(sorted(entry.name.removesuffix(".safetensors") for entry in folder.iterdir()))


def load_adapter(name: str) -> Adapter:
    """Load a shipped change by name, or one from a file.

    Raises:
        ModelError: no such change, or a file that is none.
    """
    if name in shipped_adapters():
        with as_file(files("goodheart.whitebox.tuning").joinpath("adapters", f"{name}.safetensors")) as path:
            return _read(path, name)
    path = Path(name).expanduser()
    if not path.is_file():
        raise ModelError(
            f"what follows `{SEPARATOR}` in a model's name is a shipped change of its weights or a file of one; got "
            f"`{name}`. Shipped are: {', '.join(shipped_adapters()) or 'none'}"
        )
    return _read(path, path.stem)


def apply_adapter(model: PreTrainedModel, adapter: Adapter) -> None:
    """Add a change to a model's weights, in place.

    Raises:
        ModelError: a layer is missing, or has another size; the model is as it was.
    """
    layers = {name: _layer(model, name, adapter.name) for name in adapter.changes}
    for name, change in adapter.changes.items():
        if layers[name].weight.shape != change.shape:
            raise ModelError(
                f"a change of weights fits the model that it was made for; `{adapter.name}` has {tuple(change.shape)} "
                f"for `{name}`, the model {tuple(layers[name].weight.shape)}. Use it with that model."
            )
    with torch.no_grad():
        for name, change in adapter.changes.items():
            layers[name].weight.add_(change.to(layers[name].weight))


def _layer(model: PreTrainedModel, name: str, adapter: str) -> nn.Linear:
    try:
        layer = model.get_decoder().get_submodule(name)  # type: ignore[no-untyped-call]
    except AttributeError:
        layer = None
    if not isinstance(layer, nn.Linear):
        raise ModelError(
            f"a change of weights fits the model that it was made for; `{adapter}` changes `{name}`, which this model "
            "does not have. Use it with that model."
        )
    return layer


def _read(path: Path, name: str) -> Adapter:
    try:
        with safe_open(path, framework="pt") as file:
            said = file.metadata() or {}
            stored = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"a change of weights is a whole safetensors file; `{path.name}` could not be read: {error}. "
            "Make it again, or take the file from where it came."
        ) from error
    names = sorted({key.rpartition(".")[0] for key in stored})
    if not names or any(f"{one}.{part}" not in stored for one in names for part in ("up", "down")):
        raise ModelError(
            f"a change of weights has a matrix `.up` and one `.down` for every layer; `{path.name}` holds "
            f"{len(stored)} tensors that are not so. Make it with scripts/tune.py."
        )
    if not all(bool(torch.isfinite(tensor).all()) for tensor in stored.values()):
        raise ModelError(f"a change of weights holds finite numbers; `{path.name}` does not. Make it again.")
    changes = {one: stored[f"{one}.up"] @ stored[f"{one}.down"] for one in names}
    return Adapter(name=name, base=said.get("base", ""), changes=changes)
