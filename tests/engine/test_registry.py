import subprocess
import sys
from importlib.metadata import entry_points

HEAVY = ("torch", "transformers", "polars", "altair", "openai", "anthropic")


def test_what_inspect_loads_of_this_package_is_light() -> None:
    script = f"import sys, goodheart.engine.registry; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_inspect_finds_the_registry_by_its_entry_point() -> None:
    (point,) = [point for point in entry_points(group="inspect_ai") if point.name == "goodheart"]
    assert point.value == "goodheart.engine.registry"
    assert "circumstances" in point.load().__all__
