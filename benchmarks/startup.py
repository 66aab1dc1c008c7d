"""How long the command line and the import take, each in a fresh process."""

import subprocess
import sys
import time

from benchmarks import ROOT
from benchmarks.harness import COMMAND, Result, bound


def _seconds(program: str, *arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([program, *arguments], check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - started


def help_page(pairs: int) -> Result:
    """Time `goodheart --help`, the interpreter's own start included."""
    what = "`goodheart --help`, the interpreter's start included"
    return bound("help", what, unit="s", ours=lambda: _seconds(COMMAND, "--help"), times=pairs, at_most=0.4)


def import_package(pairs: int) -> Result:
    """Time `import goodheart`, the interpreter's own start included."""
    what = "`import goodheart`, the interpreter's start included"
    return bound(
        "import",
        what,
        unit="s",
        ours=lambda: _seconds(sys.executable, "-c", "import goodheart"),
        times=pairs,
        at_most=0.2,
    )
