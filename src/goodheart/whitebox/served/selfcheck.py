"""Whether a server does what it is asked, tried when it is opened: what cannot be applied is ignored without a word.

Known of vllm-lens 1.3 and met here: the places of a push are counted from the first token of each pass. A prompt that
the server takes in several parts is therefore pushed at the wrong tokens, and every token that is written as if it were
the first.
"""

from typing import Final

import numpy as np

from goodheart.errors import ModelError
from goodheart.whitebox.chat import Ids
from goodheart.whitebox.forest import Shift
from goodheart.whitebox.recording import FloatArray
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.served.server import Server

OFF: Final = 0.02
"""How far what arrives may be from what was pushed, relative to it: bfloat16 rounds a state by up to .004 of it."""
LONGEST: Final = 2048
"""Tokens of the longest prompt that is tried."""
SHORTEST: Final = 64
WRITTEN: Final = 3


def find_whole(server: Server, ids: Ids, *, n_layers: int, context: int) -> int:
    """Find how many tokens the server takes at once: the longest prompt that was pushed near its end, and only there.

    Args:
        server: Where it is.
        ids: Any text; repeated to the lengths that are tried.
        n_layers: Of the model; the push is at the middle one.
        context: Longest text in tokens.

    Raises:
        ModelError: not even a short prompt is pushed where it was asked.
    """
    length, off = min(LONGEST, context), np.inf
    while length >= min(SHORTEST, context):
        prompt = (ids * (length // len(ids) + 1))[:length]
        off = _off(server, prompt, layer=max(1, n_layers // 2))
        if off <= OFF:  # not a number is refused too
            return length
        length //= 2
    raise ModelError(
        f"steering needs what is pushed to arrive at its tokens and nowhere else; at layer {max(1, n_layers // 2)} of "
        f"`{server.model}` what arrived was off by {off:.0%}. Serve it with vllm-lens 1.3 and vLLM's V1 model runner "
        "(VLLM_USE_V2_MODEL_RUNNER=0), in bfloat16 or float32."
    )


def loses_count(server: Server, ids: Ids, *, n_layers: int) -> bool:
    """Say whether a push on the first tokens of a prompt is also added to tokens that are written."""
    layer = max(1, n_layers // 2)
    shift = _push(server.states(ids, layers=(layer,), shifts=())[0], layer, start=0, stop=2)
    drawn, written = server.written_states(ids, layer=layer, shifts=(shift,), n_tokens=WRITTEN)
    read = server.states((*ids, *drawn[:-1]), layers=(layer,), shifts=(shift,))[0]
    apart = np.linalg.norm((written - read[: len(written)])[len(ids) :].astype(np.float64), axis=1)
    return bool(len(apart)) and not float(apart.max() / np.linalg.norm(shift.vector)) <= OFF


def next_text(server: Server, ids: Ids) -> str:
    """Return the likeliest next token of a prompt, as text."""
    once = Sampling(max_tokens=1, temperature=0.0, seed=0)
    return str(server.reply(ids, sampling=once, shifts=())[0].get("text"))


def _off(server: Server, ids: Ids, *, layer: int) -> float:
    """Push a quarter of a prompt before its end; return the largest error at any token, relative to the push."""
    stop = len(ids) - 1
    start = stop - max(1, len(ids) // 4)
    plain = server.states(ids, layers=(layer,), shifts=())[0].astype(np.float64)
    shift = _push(plain, layer, start=start, stop=stop)
    pushed = server.states(ids, layers=(layer,), shifts=(shift,))[0].astype(np.float64)
    expected = np.zeros_like(plain)
    expected[start:stop] = shift.vector
    # The first token of many models is hundreds of times longer than any other, and its rounding too.
    return float(np.linalg.norm((pushed - plain - expected)[1:], axis=1).max() / np.linalg.norm(shift.vector))


def _push(states: FloatArray | np.ndarray, layer: int, *, start: int, stop: int) -> Shift:
    """Make a push as long as the states are at the median."""
    vector = np.random.default_rng(0).normal(size=states.shape[-1])
    vector *= np.median(np.linalg.norm(np.asarray(states, np.float64)[1:], axis=1)) / np.linalg.norm(vector)
    return Shift(layer=layer, vector=vector.astype(np.float32), start=start, stop=stop)
