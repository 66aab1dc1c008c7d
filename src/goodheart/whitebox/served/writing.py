"""Replies of a served model."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from goodheart.errors import ModelError
from goodheart.records import Scored
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.decode import StopReason
from goodheart.whitebox.forest import Shift
from goodheart.whitebox.local_model import Reply, Token
from goodheart.whitebox.plan import Request
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.served.server import Server, token_ids

SEEDS: Final = 2**31
"""Seeds of a server are smaller."""


class Decode(Protocol):
    """Gives the text of tokens."""

    def __call__(self, ids: Ids, *, special: bool = False) -> str:
        """Decode; special tokens are left out unless they are asked for."""


class Writer:
    """Writes replies.

    Args:
        server: Where the model is.
        decode: Its tokenizer's.
        singly: Whether a push on the first tokens would also be added to tokens that are written. Such a reply is then
            written token by token, the text before it read anew each time, so that places count from its start.
    """

    def __init__(self, server: Server, *, decode: Decode, singly: bool) -> None:
        self._server, self._decode, self._singly = server, decode, singly

    def write(self, request: Request, shifts: Sequence[Shift]) -> Reply:
        """Write a reply.

        Raises:
            ModelError: the server does not answer, or ends a reply by neither its end nor its length.
        """
        assert request.sampling
        if self._singly and any(shift.start == 0 and shift.stop is not None for shift in shifts):
            return self._token_by_token(request, request.sampling, shifts)
        choice, n_tokens = self._server.reply(request.prompt, sampling=request.sampling, shifts=shifts)
        ended = choice.get("finish_reason")
        if ended not in ("stop", "length"):
            raise ModelError(
                f"a reply ends at its end or at its length; the server ended one with `{ended}`. Ask again."
            )
        tokens = self._tokens(choice.get("logprobs") or {}, request.sampling.n_alternatives)
        stop: StopReason = "max_tokens" if ended == "length" else "stop"
        return _finished(request, str(choice.get("text") or ""), tokens, stop, n_tokens)

    def _token_by_token(self, request: Request, sampling: Sampling, shifts: Sequence[Shift]) -> Reply:
        drawn: Ids = ()
        tokens: tuple[Token, ...] = ()
        text = ""
        while len(drawn) < sampling.max_tokens:
            step = replace(sampling, max_tokens=1, seed=(sampling.seed + len(drawn)) % SEEDS, stop=())
            choice, _ = self._server.reply((*request.prompt, *drawn), sampling=step, shifts=shifts)
            if choice.get("finish_reason") == "stop":
                return _finished(request, text, tokens, "stop", len(drawn) + 1)
            drawn += token_ids(choice)
            tokens += self._tokens(choice.get("logprobs") or {}, sampling.n_alternatives)
            text = self._decode(drawn)
            cuts = [text.index(end) for end in sampling.stop if end in text]
            if cuts:
                return _finished(request, text[: min(cuts)], tokens, "stop", len(drawn))
        return _finished(request, text, tokens, "max_tokens", len(drawn))

    def _tokens(self, logprobs: Any, n_alternatives: int) -> tuple[Token, ...]:
        """Read the tokens of a reply, the likeliest at each place best first."""
        chosen = zip(logprobs.get("tokens") or (), logprobs.get("token_logprobs") or (), strict=True)
        tops = logprobs.get("top_logprobs") or ()
        return tuple(
            Token(
                chosen=self._scored(name, value),
                alternatives=tuple(
                    self._scored(*one)
                    for one in sorted((tops[i] or {}).items(), key=lambda one: -one[1])[:n_alternatives]
                ),
            )
            for i, (name, value) in enumerate(chosen)
        )

    def _scored(self, name: str, value: float) -> Scored:
        """Read `token_id:7` with its log-probability."""
        return Scored(text=self._decode((int(name.removeprefix("token_id:")),), special=True), logprob=float(value))


def _finished(request: Request, text: str, tokens: tuple[Token, ...], stop: StopReason, n_tokens: int) -> Reply:
    assert request.sampling
    return Reply(
        text=text,
        tokens=tokens,
        stop=stop,
        seed=request.sampling.seed,
        input_tokens=len(request.prompt),
        output_tokens=n_tokens,
    )
