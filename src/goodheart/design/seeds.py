"""Streams of chance, each by its own name, from one recorded root seed."""

import hashlib

import numpy as np


def stream(*, root: int, name: str) -> np.random.Generator:
    """Return the generator of one named purpose.

    Streams of different names are independent, and adding a purpose leaves the others as they were.

    Args:
        root: The study's seed, a non-negative integer.
        name: The purpose, such as "items" or "greetings".
    """
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype=np.uint32)
    return np.random.default_rng([root, *(int(word) for word in words)])
