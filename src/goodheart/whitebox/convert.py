"""Dequantise a GGUF file with transformers; fetch a model of the hub."""

import io
from contextlib import redirect_stderr
from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from goodheart.errors import ModelError

NEEDED = ("*.json", "*.safetensors", "*.jinja", "*.model", "*.txt")


def dequantise(gguf: Path, folder: Path) -> None:
    """Write a GGUF file as float32 safetensors with its tokenizer into an existing folder."""
    # transformers keeps the blocks packed unless told otherwise, and a packed model can not be saved
    config = GgufConfig(dequantize=True)
    with redirect_stderr(io.StringIO()):  # progress bars that no setting turns off
        model = AutoModelForCausalLM.from_pretrained(
            gguf.parent, gguf_file=gguf.name, dtype=torch.float32, quantization_config=config
        )
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)


def fetch_hub(name: str) -> Path:
    """Download a model of the hub into the hub's own cache; returns its folder.

    Raises:
        ModelError: no such model, no access, or no network.
    """
    try:
        return Path(snapshot_download(name, allow_patterns=list(NEEDED)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"fetching `{name}` from the hub failed: {error}. Check the name and the network; for the embedded model "
            "it is `goodheart fetch` without a name."
        ) from error
