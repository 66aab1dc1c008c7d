"""The checks of `goodheart doctor`: each looks at one thing and changes nothing."""

import os
import platform
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Final

TESTED_PYTHON: Final = "3.11"
TESTED: Final = {
    "altair": "6.3.0",
    "inspect-ai": "0.3.285",
    "jinja2": "3.1.6",
    "numpy": "2.4.6",
    "platformdirs": "4.14.7",
    "polars": "2.1.0",
    "pydantic": "2.14.3",
    "pyyaml": "6.0.3",
    "rich": "15.0.0",
    "scipy": "1.17.1",
    "typer": "0.29.2",
    "vadersentiment": "3.3.2",
    "vl-convert-python": "1.9.0.post1",
}
"""The releases that the tests ran with, as in `constraints.txt`."""
TESTED_LOCAL: Final = {
    "torch": "2.13.0",
    "transformers": "5.23.0",
    "peft": "0.21.2",
    "gguf": "0.19.0",
    "accelerate": "1.15.0",
    "safetensors": "0.8.0",
}
TESTED_API: Final = {"openai": "3.54.0", "anthropic": "2.12.0"}
MEMORY: Final = 3.0
"""GiB that the standard preset on the embedded model needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What one check found."""

    what: str
    type_next: str | None = None
    """What to type; None if all is well."""
    needed: bool = True
    """Whether `goodheart audit` on the embedded model needs it."""


def python() -> Health:
    """Which Python this is; one that is too old cannot come as far as this."""
    return Health(what=f"Python {platform.python_version()} (tested with {TESTED_PYTHON})")


def packages() -> Health:
    """The packages that everything needs are here, in the releases that were tested."""
    return _packages("packages", TESTED, "pip install goodheart", needed=True)


def local() -> Health:
    """The extra that runs models in this process is here."""
    return _packages(
        "extra local (models on this machine)", TESTED_LOCAL, "pip install 'goodheart[local]'", needed=True
    )


def api() -> Health:
    """The clients of hosted models are here."""
    return _packages("extra api (hosted models)", TESTED_API, "pip install 'goodheart[api]'", needed=False)


def _packages(name: str, tested: dict[str, str], command: str, *, needed: bool) -> Health:
    found = {package: _version(package) for package in tested}
    missing = [package for package, release in found.items() if release is None]
    if missing:
        return Health(what=f"{name}: {', '.join(missing)} missing", type_next=command, needed=needed)
    other = [
        f"{package} {release} (tested with {tested[package]})"
        for package, release in found.items()
        if release is not None and release.partition("+")[0] != tested[package]
    ]
    return Health(what=f"{name}: {', '.join(other)}" if other else f"{name}: the releases that were tested")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def inspect_entry() -> Health:
    """Inspect finds this package's tasks and provider."""
    entries = [entry for entry in entry_points(group="inspect_ai") if entry.name == "goodheart"]
    again = "pip install --force-reinstall --no-deps goodheart"
    if not entries:
        return Health(what="Inspect does not know goodheart's tasks", type_next=again)
    try:
        entries[0].load()
    except Exception as error:
        return Health(what=f"Inspect cannot load goodheart's tasks: {error}", type_next=again)
    return Health(what="Inspect loads goodheart's tasks")


def figures() -> Health:
    """Figures can be drawn."""
    try:
        import vl_convert

        svg = vl_convert.vegalite_to_svg({"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {}})
    except Exception as error:
        return Health(what=f"figures cannot be drawn: {error}", type_next="pip install vl-convert-python")
    return Health(what=f"figures are drawn ({len(svg):,} bytes of SVG)")


def cache() -> Health:
    """The cache can be written to."""
    from goodheart.whitebox.weights import cache_folder

    folder = cache_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return Health(what=f"cache {folder} can be written to")
    except OSError as error:
        return Health(
            what=f"cache {folder}: {error.strerror}", type_next="export GOODHEART_CACHE=DIR (one you may write to)"
        )


def weights() -> Health:
    """The embedded model's weights are here and whole."""
    from goodheart.whitebox.weights import EMBEDDED, SHA256, embedded_folder

    folder = embedded_folder()
    if folder is None:
        return Health(what=f"weights of {EMBEDDED} are not fetched", type_next="goodheart fetch")
    problem = _broken(folder / "model.safetensors")
    if problem:
        return Health(what=f"weights of {EMBEDDED} {problem}", type_next=f"rm -r '{folder}' && goodheart fetch")
    return Health(what=f"weights of {EMBEDDED}, made of the file with SHA-256 {SHA256[:8]}, in {folder}")


def _broken(file: Path) -> str:
    """A safetensors file starts with the length of its header, and the header says where the last tensor ends."""
    import json

    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(length)) if length < 1 << 25 else {}
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        return "" if ends and file.stat().st_size == 8 + length + max(ends) else "are cut short"
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"cannot be read: {error}"


def threads() -> Health:
    """How many threads the white-box engine gets."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    bound = os.environ.get("OMP_NUM_THREADS")
    return Health(what=f"{cores} cores" + (f", threads bound to OMP_NUM_THREADS={bound}" if bound else ""))


def memory() -> Health:
    """There is memory enough for the standard preset."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    if total < MEMORY:
        return Health(
            what=f"{total:.1f} GiB of memory; the standard preset needs {MEMORY:g}",
            type_next="goodheart audit --preset quick",
            needed=False,
        )
    return Health(what=f"{total:.1f} GiB of memory")


CHECKS: Final[tuple[Callable[[], Health], ...]] = (
    python,
    packages,
    local,
    api,
    inspect_entry,
    figures,
    cache,
    weights,
    threads,
    memory,
)
