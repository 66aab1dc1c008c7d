"""Paired measurements: ours and a peer take turns, so that a busy machine slows both."""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import ROOT

RESULTS = ROOT / "benchmarks" / "results.json"
COMMAND = str(Path(sys.executable).with_name("goodheart"))
"""The installed command line."""
PAGE = ROOT / "docs" / "benchmarks.md"
SCHEMA_VERSION = 1
HEAD = """# Benchmarks

Ours and a peer take turns on the same machine; the ratio is the median over at least seven pairs, with the smallest and
the largest in brackets. Rates are better high, times are better low; the target says which. `make bench` measures all
of it again; `python -m benchmarks NAME` one of them.

"""

Measure = Callable[[], float]
"""Runs once and returns a rate or a time in the benchmark's unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of `results.json`."""

    name: str
    what: str
    unit: str
    ours: float
    """Median."""
    peer: float | None
    """Median; None where the target is absolute."""
    ratio: float | None
    """Median of ours / peer, pair by pair."""
    ratio_min: float | None
    ratio_max: float | None
    pairs: int
    target: str
    met: bool
    machine: str
    command: str


def compare(
    name: str,
    what: str,
    *,
    unit: str,
    ours: Measure,
    peer: Measure,
    pairs: int,
    at_least: float = 0,
    at_most: float = 0,
) -> Result:
    """Measure pairs, the order alternating, after one turn of each that is not counted."""
    ours(), peer()
    taken = [(ours(), peer()) if i % 2 else (peer(), ours())[::-1] for i in range(pairs)]
    ratios = [mine / other for mine, other in taken]
    ratio = statistics.median(ratios)
    return Result(
        name=name,
        what=what,
        unit=unit,
        ours=statistics.median(mine for mine, _ in taken),
        peer=statistics.median(other for _, other in taken),
        ratio=ratio,
        ratio_min=min(ratios),
        ratio_max=max(ratios),
        pairs=pairs,
        target=f"ratio >= {at_least:g}" if at_least else f"ratio <= {at_most:g}",
        met=ratio >= at_least if at_least else ratio <= at_most,
        machine=machine(),
        command=f"python -m benchmarks {name}",
    )


def bound(name: str, what: str, *, unit: str, ours: Measure, times: int, at_most: float) -> Result:
    """Measure several times against an absolute bound."""
    value = statistics.median(ours() for _ in range(times))
    return Result(
        name=name,
        what=what,
        unit=unit,
        ours=value,
        peer=None,
        ratio=None,
        ratio_min=None,
        ratio_max=None,
        pairs=times,
        target=f"<= {at_most:g} {unit}",
        met=value <= at_most,
        machine=machine(),
        command=f"python -m benchmarks {name}",
    )


def machine() -> str:
    """Describe the processor, its cores and the versions that matter."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def in_fresh_process(code: str) -> float:
    """Run code in a process of its own; it prints one number last."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout.split()[-1])


def save(results: Sequence[Result]) -> None:
    """Put results into `results.json`, in place of older ones of the same name, and write the page anew."""
    rows = json.loads(RESULTS.read_text())["results"] if RESULTS.is_file() else []
    merged = {row["name"]: row for row in rows} | {result.name: asdict(result) for result in results}
    content = {"schema_version": SCHEMA_VERSION, "results": list(merged.values())}
    RESULTS.write_text(json.dumps(content, indent=1) + "\n")
    PAGE.write_text(page([Result(**row) for row in merged.values()]))


def page(results: Sequence[Result]) -> str:
    """Lay out the table."""
    lines = ["| what | ours | peer | ratio | target | met | command |", "|---|---|---|---|---|---|---|"]
    for r in results:
        peer = "" if r.peer is None else f"{r.peer:.3g} {r.unit}"
        ratio = "" if r.ratio is None else f"{r.ratio:.2f} [{r.ratio_min:.2f}, {r.ratio_max:.2f}]"
        met = "yes" if r.met else "**no**"
        lines.append(f"| {r.what} | {r.ours:.3g} {r.unit} | {peer} | {ratio} | {r.target} | {met} | `{r.command}` |")
    machines = sorted({result.machine for result in results})
    return HEAD + "\n".join(lines) + "\n\nMeasured on: " + "; ".join(machines) + ".\n"
