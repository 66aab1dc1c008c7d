"""Opening the model behind a name."""

import re
from typing import Any

from inspect_ai.model import Model, get_model

from goodheart.engine.settings import AskSettings
from goodheart.errors import GoodheartError, ModelError

_MARKUP = re.compile(r"\[/?[a-z][a-z ]*\]")


def open_model(respondent: str, settings: AskSettings) -> Model:
    """Open an Inspect model; it is nobody else's, and the caller closes it.

    Args:
        respondent: Full model name, such as `goodheart/smollm2-135m` or `openai/gpt-5`.
        settings: For the server's address and the provider's own arguments.

    Raises:
        ModelError: if the provider is unknown or wants something that is missing: a key, a package, an argument.
    """
    arguments: dict[str, Any] = dict(settings.model_args)
    try:
        # Not memoized: a client that was used in one event loop cannot be used in the next.
        return get_model(respondent, base_url=settings.base_url, memoize=False, **arguments)
    except GoodheartError:
        raise
    except Exception as error:
        raise ModelError(
            f"A respondent is opened by its full name. {respondent!r} could not be: {_first_lines(error)} "
            f"{_advice(error)}"
        ) from error


def _first_lines(error: Exception) -> str:
    """Inspect's messages carry terminal markup over several lines."""
    text = " ".join(_MARKUP.sub("", str(error)).split()).removeprefix("ERROR: ")
    return text[:400] if text.endswith(".") else f"{text[:400]}."


def _advice(error: Exception) -> str:
    text = str(error)
    if "API_KEY" in text:
        return "Set that variable in the environment or in a file .env, then run the same command again."
    if "pip install" in text or isinstance(error, ImportError):
        return "Type: pip install 'goodheart[api]'"
    return "Name it provider/model, such as goodheart/smollm2-135m, openai/gpt-5 or openai-api/NAME/model."
