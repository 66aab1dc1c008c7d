"""Starting is quick: `import goodheart` and `goodheart --help` load nothing heavy."""

import json
import statistics
import subprocess
import sys

import pytest

HEAVY = ("torch", "inspect_ai", "transformers", "polars", "altair", "numpy", "scipy", "pydantic", "rich")

IMPORTS = """
import json, sys, time
start = time.perf_counter()
import goodheart
imported = time.perf_counter() - start
from goodheart.cli.main import main
main(["--help"])
helped = time.perf_counter() - start
print("\\n" + json.dumps({"import": imported, "help": helped, "modules": sorted(sys.modules)}))
"""


@pytest.fixture(scope="module")
def starts() -> list[dict[str, object]]:
    """Three starts of a fresh interpreter: the first may read from a cold disk."""
    found = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


def test_nothing_heavy_is_loaded(starts: list[dict[str, object]]) -> None:
    loaded = starts[0]["modules"]
    assert isinstance(loaded, list)
    assert [name for name in HEAVY if name in loaded] == []


def test_import_and_help_are_quick(starts: list[dict[str, float]], capsys: pytest.CaptureFixture[str]) -> None:
    imported = statistics.median(start["import"] for start in starts)
    helped = statistics.median(start["help"] for start in starts)
    with capsys.disabled():
        sys.stdout.write(f"\nimport goodheart {imported:.3f} s, goodheart --help {helped:.3f} s\n")
    assert imported < 0.2
    assert helped < 0.4
