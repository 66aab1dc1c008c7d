"""What asking through the journal costs, on a model that answers at once."""

from benchmarks.harness import Result, compare
from tests.engine.overhead import ask_rate, bare_rate

N = 300


def overhead(pairs: int) -> Result:
    """Compare askings per second with a bare Inspect task over the same samples."""
    what = f"askings per second with an instant model, journal included; peer: a bare Inspect task ({N} samples)"
    return compare(
        "overhead", what, unit="/s", ours=lambda: ask_rate(N), peer=lambda: bare_rate(N), pairs=pairs, at_least=0.85
    )
