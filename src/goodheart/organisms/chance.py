"""Chance by name: every draw belongs to what it is about, so that order, batches and resumption change nothing.

A key is 64 bits of the SHA-256 of a name, such as ("noise", digest of the trial, repeat). A draw mixes key and seed:

    u = mix(key xor mix(seed)) / 2^64        mix: the finaliser of SplitMix64        z = the normal quantile of u

The same key and seed give the same draw in a plan of one trial and in one of thousands.

Source:
    Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA. Used as a hash; ours.
"""

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from goodheart.stats.arguments import FloatArray

Keys = NDArray[np.uint64]

_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_M1: Final = np.uint64(0xBF58476D1CE4E5B9)
_M2: Final = np.uint64(0x94D049BB133111EB)


def key_of(*name: object) -> int:
    """Return the key of a name: 64 bits."""
    return int.from_bytes(hashlib.sha256(repr(name).encode()).digest()[:8], "big")


def uniforms(keys: Keys, *, seed: int, purpose: str) -> FloatArray:
    """Draw one number in (0, 1) per key.

    Args:
        keys: From `key_of`, any shape.
        seed: Root of all chance.
        purpose: Draws of different purposes are independent, for the same key.
    """
    start = np.uint64(key_of(purpose, seed))
    mixed = _mix(keys ^ _mix(np.asarray([start]))[0])
    # 53 bits, and half a step off 0, so that no quantile is infinite.
    return (np.right_shift(mixed, np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def normals(keys: Keys, *, seed: int, purpose: str) -> FloatArray:
    """Draw one standard normal per key; see `uniforms`."""
    return np.asarray(special.ndtri(uniforms(keys, seed=seed, purpose=purpose)), dtype=np.float64)


def _mix(values: Keys) -> Keys:
    with np.errstate(over="ignore"):
        values = values + _GAMMA
        values = (values ^ (values >> np.uint64(30))) * _M1
        values = (values ^ (values >> np.uint64(27))) * _M2
    return values ^ (values >> np.uint64(31))
