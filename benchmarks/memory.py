"""Peak memory of a scoring run."""

from benchmarks.harness import Result, bound, in_fresh_process

CODE = """
import resource
from benchmarks.hf_provider import _messages
from benchmarks.prompts import local, standard
futures = [local().score(_messages(trial), trial.continuations) for trial in standard()[:400]]
results = [future.result() for future in futures]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
"""


def memory(pairs: int) -> Result:
    """Measure the resident peak of 400 readings, all submitted at once."""
    what = "peak resident memory of 400 readings, all submitted at once"
    return bound("memory", what, unit="GiB", ours=lambda: in_fresh_process(CODE), times=1, at_most=3)
