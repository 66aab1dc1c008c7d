"""From a name to a model whose states can be read and pushed: in this process, or on a server with vllm-lens."""

import os
from typing import Final

from goodheart.engine.local_api import open_local
from goodheart.errors import ModelError
from goodheart.whitebox.door import OpenModel
from goodheart.whitebox.local_model import CACHE_MB, N_THREADS
from goodheart.whitebox.served.opening import PROVIDER, open_served

HOSTED: Final = ("openai", "anthropic", "google", "hf/", "vllm/", "mockllm", "openrouter", "together", "ollama")
BASE_URL: Final = "http://localhost:8000/v1"
"""Where vLLM serves if nobody says otherwise."""


def open_model(
    name: str, *, base_url: str | None = None, tokenizer: str | None = None, threads: int = N_THREADS
) -> OpenModel:
    """Open a model whose states can be read and pushed.

    Args:
        name: `goodheart/` and the embedded model, a folder or a hub name; or `vllm-lens/` and what a server calls it.
        base_url: Of that server; None for VLLM_BASE_URL, else where vLLM serves by itself. Its key is VLLM_API_KEY.
        tokenizer: Folder or hub name of a served model's tokenizer; None for what the server says it loaded.
        threads: Threads of torch, in this process.

    Raises:
        ModelError: no such model here, one behind another provider, or an address for one in this process.
    """
    refuse_hosted(name)
    if name.startswith(PROVIDER):
        url = base_url or os.environ.get("VLLM_BASE_URL") or BASE_URL
        key = os.environ.get("VLLM_API_KEY") or None
        return open_served(name.removeprefix(PROVIDER), url=url, key=key, tokenizer=tokenizer)
    if base_url or tokenizer:
        raise ModelError(
            f"an address and a tokenizer are those of a served model; `{name}` runs in this process and has its own. "
            f"Leave them out, or name it as the server does: --model {PROVIDER}NAME"
        )
    return open_local(
        name.removeprefix("goodheart/"), dtype="float32", device="cpu", cache_mb=CACHE_MB, threads=threads
    )


def refuse_hosted(name: str) -> None:
    """Refuse models that answer through a provider which gives no states.

    Raises:
        ModelError: it does.
    """
    if name.removeprefix("goodheart/").startswith(HOSTED):
        raise ModelError(
            "this reads a model's states or adds to them: a model in this process allows it, or vLLM with vllm-lens; "
            f"`{name}` is reached through a provider that does neither. Type: --model goodheart/smollm2-135m, a folder "
            f"with a transformers model, or {PROVIDER}NAME with --base-url"
        )
