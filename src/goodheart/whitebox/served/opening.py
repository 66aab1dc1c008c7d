"""From an address to a model whose states can be read: what it is, and whether what is pushed arrives."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from transformers import AutoTokenizer, PreTrainedTokenizerBase

from goodheart.errors import ModelError
from goodheart.probes import valence_stories
from goodheart.whitebox.chat import encode
from goodheart.whitebox.served.selfcheck import find_whole, loses_count, next_text
from goodheart.whitebox.served.served_model import CONNECTIONS, Served, ServedModel
from goodheart.whitebox.served.server import Server

PROVIDER: Final = "vllm-lens/"
SAMPLE: Final = "Hello. It rained all night, but the road is dry.\n"
N_FINGERS: Final = 16
"""Texts whose next token is part of what stands for the weights."""
FINGER_TOKENS: Final = 40


def open_served(
    name: str, *, url: str, key: str | None = None, tokenizer: str | None = None, connections: int = CONNECTIONS
) -> ServedModel:
    """Open a model that a server of vLLM with vllm-lens serves.

    Args:
        name: As the server calls it, without `vllm-lens/`.
        url: Such as `http://localhost:8000/v1`.
        key: If the server wants one.
        tokenizer: Folder or hub name of its tokenizer; None for what the server says it loaded.
        connections: Requests under way at once.

    Raises:
        ModelError: nothing answers, the name is not served, its tokenizer is not here or another one, vllm-lens is
            missing, or what is pushed does not arrive.
    """
    server = Server(url, model=name, key=key)
    try:
        served, reader = _tried(server, name, tokenizer)
    except BaseException:
        server.close()
        raise
    return ServedModel(server, served, reader, connections=connections)


def _tried(server: Server, name: str, tokenizer: str | None) -> tuple[Served, PreTrainedTokenizerBase]:
    """Find out what is served, and try whether pushes arrive."""
    entry = _entry(server, name)
    reader = load_tokenizer(tokenizer or str(entry.get("root") or name))
    check_tokenizer(server, reader)
    sample, context = encode(reader, [SAMPLE])[0], _context(entry, name)
    n_layers, _, d_model = server.states(sample, layers=None, shifts=()).shape
    server.take_whole(find_whole(server, sample, n_layers=n_layers, context=context))
    return Served(
        name=PROVIDER + name,
        n_layers=n_layers,
        d_model=d_model,
        context=context,
        weights=fingerprint(server, reader, name, root=str(entry.get("root"))),
        loses_count=loses_count(server, sample, n_layers=n_layers),
    ), reader


def load_tokenizer(where: str) -> PreTrainedTokenizerBase:
    """Load a tokenizer with its chat template.

    Raises:
        ModelError: it is not here.
    """
    try:
        found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(Path(where).expanduser())
    except Exception as error:  # loaders raise what they like
        raise ModelError(
            f"a served model is asked in its own tokens, which needs its tokenizer here; loading `{where}` said: "
            f"{error}. Name a folder or a hub name that has it: --tokenizer FOLDER"
        ) from error
    return found


def check_tokenizer(server: Server, tokenizer: PreTrainedTokenizerBase) -> None:
    """Refuse a tokenizer that does not write a sentence as the server's does; nothing is said if that cannot be asked.

    Raises:
        ModelError: it does not.
    """
    theirs, ours = server.tokenize(SAMPLE), list(encode(tokenizer, [SAMPLE])[0])
    if theirs is not None and theirs != ours:
        raise ModelError(
            f"a served model is asked in its own tokens; `{server.model}` reads a sentence as {theirs[:6]}..., the "
            f"tokenizer here as {ours[:6]}.... Name the model's own: --tokenizer FOLDER"
        )


def fingerprint(server: Server, tokenizer: PreTrainedTokenizerBase, name: str, *, root: str) -> str:
    """Name the weights behind a server, which cannot be read: SHA-256 over names and over the next token of some texts.

    Two checkpoints that are served under one name differ in these tokens unless they are nearly the same; another float
    type or version of the server may too, and is then refused as other weights.
    """
    texts = encode(tokenizer, valence_stories().neutral[:N_FINGERS])
    tokens = [next_text(server, ids[:FINGER_TOKENS]) for ids in texts]
    return "served-" + hashlib.sha256(repr((name, root, tokens)).encode()).hexdigest()


def _entry(server: Server, name: str) -> dict[str, Any]:
    models: Sequence[dict[str, Any]] = server.models()
    for entry in models:
        if entry.get("id") == name:
            return entry
    names = ", ".join(f"`{entry.get('id')}`" for entry in models) or "none"
    raise ModelError(
        f"a served model is named as its server names it; {server.url} serves {names}, and not `{name}`. "
        f"Type: --model {PROVIDER}{models[0].get('id') if models else 'NAME'}"
    )


def _context(entry: dict[str, Any], name: str) -> int:
    length = entry.get("max_model_len")
    if not isinstance(length, int) or length < 2:
        raise ModelError(
            f"the longest text of `{name}` has to be in the server's list of models (`max_model_len`); it is "
            f"`{length}`. Is it a server of vLLM?"
        )
    return length - 1
