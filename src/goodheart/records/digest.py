"""Identity of records: canonical JSON and SHA-256."""

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from goodheart.records.trial import Trial


def canonical(value: Any) -> str:
    """Write JSON with sorted keys and no spaces, so that equal records give equal text."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def trial_digest(trial: Trial) -> str:
    """Identify a trial by everything about it except how often it is asked."""
    content = {field.name: getattr(trial, field.name) for field in fields(trial) if field.name != "repeats"}
    return digest(content)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value
