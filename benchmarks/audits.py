"""A whole audit of the embedded model, from the command to the report on disk."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks import ROOT
from benchmarks.harness import COMMAND, Result, bound


def quick(pairs: int) -> Result:
    """Time one quick audit; a single run, for it takes minutes."""
    what = "`goodheart audit --preset quick` on the embedded model"
    return bound("quick", what, unit="min", ours=lambda: _audit("quick")[0], times=1, at_most=3)


def standard(pairs: int) -> Result:
    """Time one standard audit; a single run, for it takes minutes."""
    what = "`goodheart audit --preset standard` on the embedded model"
    return bound("standard", what, unit="min", ours=lambda: _audit("standard")[0], times=1, at_most=12)


def standard_memory(pairs: int) -> Result:
    """Measure the peak memory of one standard audit."""
    what = "peak resident memory of `goodheart audit --preset standard`"
    return bound("standard_memory", what, unit="GiB", ours=lambda: _audit("standard")[1], times=1, at_most=3)


def _audit(preset: str) -> tuple[float, float]:
    """Minutes and peak GiB of one audit in a fresh process and folder."""
    with tempfile.TemporaryDirectory() as folder:
        command = [COMMAND, "audit", "--preset", preset, "--out", f"{folder}/run"]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        minutes = (time.perf_counter() - started) / 60
        if process.returncode or not (Path(folder) / "run" / "report.html").is_file():
            raise RuntimeError(f"the audit ended with {process.returncode}")
        return minutes, usage.ru_maxrss / 1024**2
