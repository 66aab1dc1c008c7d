"""Starting is light: `import goodheart` and `goodheart --help` load nothing heavy. How long they take: `benchmarks`."""

import json
import subprocess
import sys

HEAVY = ("torch", "inspect_ai", "transformers", "polars", "altair", "numpy", "scipy", "pydantic", "rich")

STARTS = """
import json, sys
import goodheart
from goodheart.cli.main import main
main(["--help"])
print("\\n" + json.dumps(sorted(sys.modules)))
"""


def test_nothing_heavy_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", STARTS], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert "goodheart.cli.main" in loaded
    assert [name for name in HEAVY if name in loaded] == []
