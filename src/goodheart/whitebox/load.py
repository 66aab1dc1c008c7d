"""From a name to a model in memory."""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from goodheart.errors import ModelError
from goodheart.whitebox.room import CACHE_MB, check_room
from goodheart.whitebox.tuning.adapter import Adapter, apply_adapter, load_adapter, split_name
from goodheart.whitebox.weights import EMBEDDED, SHA256, embedded_folder

NOT_DONE = ("chunked_attention", "linear_attention", "conv", "mamba")
"""Kinds of layers that are not plain attention over all or a window of the past."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedModel:
    """A decoder with its tokenizer."""

    name: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    context: int
    """Longest text in tokens."""
    ends: frozenset[int]
    """Token ids that end a reply."""


def load_model(name: str, *, dtype: str = "float32", device: str = "cpu", cache_mb: int = CACHE_MB) -> LoadedModel:
    """Load the embedded model, a folder or a model of the hub.

    Args:
        name: `smollm2-135m`, a path, or `owner/name`; after `@` a shipped change of its weights, or a file of one.
        dtype: Name of a torch float type.
        device: Where torch puts it.
        cache_mb: Room for keys and values that will be wanted beside it, in MiB.

    Raises:
        ModelError: no such model, weights not fetched, too large for memory, or one that the engine cannot run.
    """
    if dtype == "float16" and device == "cpu":
        raise ModelError(
            "float16 on a CPU is slow and overflows; asked for with `dtype=float16`. Use `-M dtype=float32`."
        )
    base, change = split_name(name)
    folder = find_weights(base)
    adapter = adapter_for(base, change) if change else None
    bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        config = AutoConfig.from_pretrained(folder)
        if device == "cpu":
            check_room(name, config, dtype=dtype, cache_mb=cache_mb)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype))
    except ModelError:
        raise
    except Exception as error:  # loaders raise what they like
        raise ModelError(
            f"`{name}` has to be `{EMBEDDED}`, a folder with a transformers model, or a model of the hub; loading "
            f"`{folder}` said: {error}. Check the name, or fetch it first: goodheart fetch {name}"
        ) from error
    finally:
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
    _refuse_layers(name, model)
    if adapter is not None:
        apply_adapter(model, adapter)
    model.to(torch.device(device)).eval()  # type: ignore[arg-type]
    return LoadedModel(
        name=name,
        model=model,
        tokenizer=tokenizer,
        context=_context(model),
        ends=_ends(model, tokenizer),
    )


def adapter_for(base: str, change: str) -> Adapter:
    """Load a change of weights for a model.

    Raises:
        ModelError: there is none, or it was made for other weights.
    """
    adapter = load_adapter(change)
    if base == EMBEDDED and adapter.base not in ("", SHA256):
        raise ModelError(
            f"a change of weights fits those that it was made for; `{change}` was made for others than the embedded "
            f"ones (SHA-256 {adapter.base[:12]}...). Make it again with scripts/tune.py."
        )
    return adapter


def find_weights(name: str) -> str:
    """Say what to load for a name: the embedded model's folder, a folder, or a name of the hub.

    Raises:
        ModelError: the embedded model has not been fetched yet, or a path leads nowhere.
    """
    if name == EMBEDDED:
        folder = embedded_folder()
        if folder is None:
            raise ModelError(
                f"the embedded model `{EMBEDDED}` has no weights here yet. Fetch them once: goodheart fetch"
            )
        return str(folder)
    if Path(name).expanduser().is_dir():
        return str(Path(name).expanduser())
    if name.startswith(("/", ".", "~")) or name.count("/") != 1:
        raise ModelError(f"a model is `{EMBEDDED}`, a folder, or `owner/name` of the hub; `{name}` is none of them.")
    return name


def _refuse_layers(name: str, model: PreTrainedModel) -> None:
    kinds = set(getattr(model.config.get_text_config(), "layer_types", None) or ()) & set(NOT_DONE)
    if kinds:
        raise ModelError(
            f"the white-box engine runs decoders with full or windowed attention; `{name}` has "
            f"{', '.join(sorted(kinds))}. Use Inspect's provider for it: hf/{name}"
        )


def _context(model: PreTrainedModel) -> int:
    config = model.config.get_text_config()
    for field in ("max_position_embeddings", "n_positions"):
        if isinstance(getattr(config, field, None), int):
            return int(getattr(config, field))
    raise ModelError(f"the longest text of `{config.model_type}` is not in its config (`max_position_embeddings`).")


def _ends(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    configured = getattr(model, "generation_config", None)
    ends = configured.eos_token_id if configured is not None else None
    listed = ends if isinstance(ends, list) else [ends]
    return frozenset(end for end in (*listed, tokenizer.eos_token_id) if end is not None)
