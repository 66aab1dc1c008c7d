"""`run.json`: when and with what a run was made; nothing in it decides a finding."""

import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

RUN_NAME: Final = "run.json"

VERSIONS: Final = ("goodheart", "inspect-ai", "numpy", "scipy", "torch", "transformers", "openai", "anthropic")
"""Packages whose version may change a result."""


def run_json(asked: Sequence[Any], *, started: float, more: Mapping[str, Any] | None = None) -> str:
    """Write a run's times, versions and summaries.

    Args:
        asked: Summaries of what was asked, frozen records.
        started: Seconds since the epoch.
        more: Further entries.
    """
    document: dict[str, Any] = {
        "schema_version": 1,
        "started": started,
        "seconds": time.time() - started,
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "versions": {name: _version(name) for name in VERSIONS},
        **(more or {}),
        "asked": [asdict(one) for one in asked],
    }
    return json.dumps(document, indent=1, default=str) + "\n"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
