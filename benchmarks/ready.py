"""How long a fresh process waits for the model."""

from benchmarks.harness import Result, bound, in_fresh_process

CODE = """
import time
from goodheart.engine.local_api import open_local
started = time.perf_counter()
open_local("smollm2-135m", dtype="float32", device="cpu", cache_mb=512, threads=2)
print(time.perf_counter() - started)
"""


def ready(pairs: int) -> Result:
    """Time loading and checking the embedded model from the cache, after all imports."""
    what = "embedded model ready, from the cache, its self-check included, after all imports"
    return bound("ready", what, unit="s", ours=lambda: in_fresh_process(CODE), times=pairs, at_most=4)
