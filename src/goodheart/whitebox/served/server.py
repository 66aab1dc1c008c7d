"""One request to a server of vLLM with vllm-lens, and what it may answer.

A request asks for one of three things: states of a prompt, log-probabilities of its own tokens, or a reply. Two habits
of the server make a difference to what is measured (vLLM 0.30, vllm-lens 1.3), and both are met here:

- Keys and values of a steered request are kept for later requests that begin alike, steered or not. Each steered
  request therefore has a salt of its own, and all others one that no steered request has.
- Sampling that is not spelled out is taken from the model's own settings.
"""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import httpx
import numpy as np
import numpy.typing as npt

from goodheart.errors import ModelError
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.forest import Shift
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.served.turns import Turns
from goodheart.whitebox.served.wire import steering_vectors, unpack

TIMEOUT: Final = 300.0
"""Seconds to wait for one answer."""
WAITS: Final = (0.5, 2.0, 8.0)
"""Seconds before each further try, where the server is busy or lost the connection."""
SALT: Final = "goodheart-unsteered"
START: Final = "vllm serve MODEL --port 8000   (with vllm-lens installed beside it)"

Body = dict[str, Any]


class Server:
    """A server at an address.

    Args:
        url: Such as `http://localhost:8000/v1`.
        model: Name that the server gives the model.
        key: Sent as a bearer token; None for none.
        waits: As `WAITS`.
    """

    def __init__(self, url: str, *, model: str, key: str | None = None, waits: Sequence[float] = WAITS) -> None:
        self.url, self.model, self._waits = url.rstrip("/").removesuffix("/v1"), model, tuple(waits)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._turns: Turns | None = None
        try:
            # No proxy of the environment may see what is asked.
            self._client = httpx.Client(base_url=self.url, headers=headers, timeout=TIMEOUT, trust_env=False)
            usable = self._client.base_url.scheme in ("http", "https") and bool(self._client.base_url.host)
        except (httpx.InvalidURL, ValueError):
            usable = False
        if not usable:
            raise ModelError(
                f"a served model needs the address of its server, with http:// or https://; got `{url}`. "
                "Type: --base-url http://localhost:8000/v1"
            )

    def take_whole(self, n_tokens: int) -> None:
        """Say how many tokens it takes at once; pushes at places are only right in prompts that are taken whole."""
        self._turns = Turns(n_tokens)

    def models(self) -> list[Body]:
        """List what it serves."""
        found = self._ask("GET", "/v1/models", None).get("data")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def tokenize(self, text: str) -> list[int] | None:
        """Tokenise a text as it is, by the server's own tokenizer; None if it does not offer that."""
        asked = {"model": self.model, "prompt": text, "add_special_tokens": False}
        try:
            found = self._ask("POST", "/tokenize", asked).get("tokens")
        except ModelError:
            return None
        return [int(token) for token in found] if isinstance(found, list) else None

    def states(self, ids: Ids, *, layers: Sequence[int] | None, shifts: Sequence[Shift]) -> npt.NDArray[np.float32]:
        """Record every token of a prompt.

        Args:
            ids: The prompt.
            layers: What block i gives, i from 1 on, ascending; None for all.
            shifts: What is added.

        Returns:
            (n_layers, n_tokens, d_model)

        Raises:
            ModelError: the server does not record, or not these layers or tokens.
        """
        wanted = "true" if layers is None else json.dumps([layer - 1 for layer in layers])
        found = self._complete(ids, shifts=shifts, body={"max_tokens": 1}, xargs={"output_residual_stream": wanted})
        recorded = _part(found, "activations", "residual_stream")
        if recorded is None:
            raise ModelError(
                f"reading states needs vllm-lens beside vLLM; {self.url} answered for `{self.model}` without any. "
                f"Install it where the server runs (pip install 'goodheart[vllm-lens]', Python 3.12), then: {START}"
            )
        states = unpack(recorded)
        n_layers = states.shape[0] if layers is None else len(layers)
        if states.shape[:2] != (n_layers, len(ids)) or states.ndim != 3:
            raise ModelError(
                f"states have to be (layers, tokens, width), here ({n_layers}, {len(ids)}, width); {self.url} sent "
                f"{states.shape}. Read fewer tokens or layers, or use another version of vllm-lens."
            )
        return states

    def written_states(
        self, ids: Ids, *, layer: int, shifts: Sequence[Shift], n_tokens: int
    ) -> tuple[Ids, npt.NDArray[np.float32]]:
        """Write some tokens, and record prompt and reply while they are written; the last one is not run.

        Returns:
            The tokens that were written, and (n_prompt + n_written - 1, d_model).
        """
        asked = {"max_tokens": n_tokens, "min_tokens": n_tokens, "return_token_ids": True}
        xargs = {"output_residual_stream": json.dumps([layer - 1])}
        found = self._complete(ids, shifts=shifts, body=asked, xargs=xargs)
        return token_ids(choice_of(found)), unpack(_part(found, "activations", "residual_stream"))[0]

    def log_probabilities(self, ids: Ids, *, start: int, shifts: Sequence[Shift]) -> list[float]:
        """Return log p(token | all before it) of the tokens of a text from a place on, natural logarithms.

        Raises:
            ModelError: the server gave none.
        """
        found = choice_of(self._complete(ids, shifts=shifts, body={"max_tokens": 1, "prompt_logprobs": 0}))
        try:
            rows = found["prompt_logprobs"]
            return [float(rows[i][str(ids[i])]["logprob"]) for i in range(start, len(ids))]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ModelError(
                f"scoring needs log-probabilities of the prompt's own tokens; {self.url} gave none for token {error}. "
                "Start vLLM without --max-logprobs 0."
            ) from error

    def reply(self, ids: Ids, *, sampling: Sampling, shifts: Sequence[Shift]) -> tuple[Body, int]:
        """Write a reply; returns the server's choice, and how many tokens were drawn."""
        drawn = {
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "seed": sampling.seed,
            "top_p": 1.0 if sampling.top_p is None else sampling.top_p,
            "top_k": -1 if sampling.top_k is None else sampling.top_k,
            "stop": list(sampling.stop),
            "logprobs": sampling.n_alternatives,
            "return_token_ids": True,
            "return_tokens_as_token_ids": True,  # several tokens may read alike
        }
        found = self._complete(ids, shifts=shifts, body=drawn)
        return choice_of(found), int(_part(found, "usage", "completion_tokens") or 0)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _complete(
        self, ids: Ids, *, shifts: Sequence[Shift], body: Body, xargs: Mapping[str, str] | None = None
    ) -> Body:
        whole: Body = {
            "model": self.model,
            "prompt": list(ids),
            "temperature": 0.0,
            "top_p": 1.0,
            "top_k": -1,
            "min_p": 0.0,
            "repetition_penalty": 1.0,
            "frequency_penalty": 0.0,
            "presence_penalty": 0.0,
            "cache_salt": uuid.uuid4().hex if shifts else SALT,
            **body,
        }
        extra = dict(xargs or {})
        if shifts:
            extra["apply_steering_vectors"] = json.dumps(steering_vectors(shifts))
        with self._turn(ids, shifts):
            return self._ask("POST", "/v1/completions", {**whole, "vllm_xargs": extra} if extra else whole)

    def _turn(self, ids: Ids, shifts: Sequence[Shift]) -> AbstractContextManager[None]:
        if self._turns is None or all(shift.stop is None for shift in shifts):
            return nullcontext()
        if len(ids) > self._turns.limit:
            raise ModelError(
                f"pushes at places are right only in prompts that the server takes at once; this one has {len(ids)} "
                f"tokens, and `{self.model}` was seen to take {self._turns.limit}. Shorten it, push `all`, or serve it "
                "with a larger --max-num-batched-tokens."
            )
        return self._turns.taken(len(ids))

    def _ask(self, method: str, path: str, body: Body | None) -> Body:
        for wait in (*self._waits, None):
            try:
                answer = self._client.request(method, path, json=body)
            except httpx.HTTPError as error:
                problem = f"{type(error).__name__}: {error}"
            else:
                if answer.status_code < 500 and answer.status_code != 429:
                    return self._read(answer)
                problem = f"status {answer.status_code}: {_said(answer)}"
            if wait is not None:
                time.sleep(wait)
        raise ModelError(
            f"a served model needs its server to answer; {self.url} did not after {len(self._waits) + 1} tries: "
            f"{problem}. Start it, or name its address with --base-url or VLLM_BASE_URL: {START}"
        )

    def _read(self, answer: httpx.Response) -> Body:
        if answer.status_code != 200:
            raise ModelError(
                f"{self.url} refused a request for `{self.model}` with status {answer.status_code}: {_said(answer)} "
                "Mend what it names; the key, if it wants one, is read from VLLM_API_KEY."
            )
        try:
            found = answer.json()
        except ValueError as error:
            raise ModelError(
                f"{self.url} has to answer in JSON, and did not: {error}. Is it a server of vLLM?"
            ) from error
        if not isinstance(found, dict):
            raise ModelError(f"{self.url} has to answer with an object; got {type(found).__name__}. Is it vLLM?")
        return found


def _said(answer: httpx.Response) -> str:
    """What the server said about a failure, shortened."""
    try:
        body = answer.json()
        said = body["error"]["message"] if isinstance(body["error"], dict) else body["error"]
    except (ValueError, KeyError, TypeError):
        said = answer.text
    return " ".join(str(said).split())[:300]


def _part(found: Body, name: str, part: str) -> Any:
    """Look a part of an entry up; None where either is missing."""
    entry = found.get(name)
    return entry.get(part) if isinstance(entry, dict) else None


def token_ids(choice: Body) -> Ids:
    """Read the tokens of a reply.

    Raises:
        ModelError: the server did not send them.
    """
    found = choice.get("token_ids")
    if not isinstance(found, list) or not all(isinstance(token, int) for token in found):
        raise ModelError(
            "a reply has to come with its token numbers (`return_token_ids`); the server sent none. "
            "Use a version of vLLM that vllm-lens 1.3 was made for."
        )
    return tuple(found)


def choice_of(found: Body) -> Body:
    """Read the one choice of an answer.

    Raises:
        ModelError: there is none.
    """
    choices = found.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise ModelError("a server answers with one choice for each request; got none. Is it a server of vLLM?")
    return choices[0]
