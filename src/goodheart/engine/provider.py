"""Inspect's providers `goodheart/`, the white-box engine in this process, and `organism/`, simulated respondents.

Names: `goodheart/smollm2-135m` (the embedded model), `goodheart/<folder>`, `goodheart/<owner>/<name>` of the hub. This
module is what Inspect imports to list things, so torch comes only when a model is opened.
"""

from inspect_ai.model import ModelAPI, modelapi

from goodheart.errors import ModelError

EXTRA = ("torch", "transformers", "gguf", "accelerate", "safetensors", "tokenizers", "huggingface_hub")


@modelapi(name="goodheart")
def goodheart() -> type[ModelAPI]:
    """Open the provider's class.

    Raises:
        ModelError: the packages of the extra `local` are missing.
    """
    try:
        from goodheart.engine.local_api import LocalAPI
    except ImportError as error:
        if error.name is None or error.name.split(".")[0] not in EXTRA:
            raise
        raise ModelError(
            f"models named `goodheart/...` run in this process and need the extra `local`; `{error.name}` is missing. "
            "Install it: pip install 'goodheart[local]'"
        ) from error
    return LocalAPI


@modelapi(name="organism")
def organism() -> type[ModelAPI]:
    """Open the class of simulated respondents."""
    from goodheart.engine.organism_api import OrganismAPI

    return OrganismAPI
