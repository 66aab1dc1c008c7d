"""`run.json`: when and with what a run was made; nothing in it decides a finding."""

import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
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


def started_on(folder: Path) -> str:
    """Return the day on which a run was last started, in UTC, such as 2026-01-31; empty where `run.json` has none."""
    try:
        return day_of(json.loads((folder / RUN_NAME).read_text(encoding="utf-8"))["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def day_of(seconds: Any) -> str:
    """Return the day in UTC of a moment in seconds since 1970; empty where it is none."""
    try:
        return datetime.fromtimestamp(float(seconds), tz=UTC).date().isoformat()
    except (OSError, ValueError, TypeError, OverflowError):
        return ""


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
