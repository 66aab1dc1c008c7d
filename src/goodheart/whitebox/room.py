"""Whether a model fits into memory, said before it is loaded.

Estimate: every parameter in the type that is asked for, counted from the config without making any of them, plus the
key-value cache, plus a tenth for what passes need on the way.
"""

import os
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, PretrainedConfig

from goodheart.errors import ModelError

CACHE_MB = 512
"""Room for keys and values; taken as it is used."""
SPARE = 1.1
"""What passes hold on the way, as a factor."""
MEMINFO = Path("/proc/meminfo")
LIMITS = ((Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),)
"""Limit and use of a container, where there is one."""


def n_bytes(config: PretrainedConfig, *, dtype: str, cache_mb: int = CACHE_MB) -> int:
    """Estimate the memory that a model takes, in bytes.

    Args:
        config: Its configuration.
        dtype: Name of a torch float type.
        cache_mb: Room for keys and values in MiB.
    """
    with torch.device("meta"):  # shapes without numbers
        model = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    n_weights = sum(weight.numel() for weight in model.parameters())
    return int((n_weights * getattr(torch, dtype).itemsize + (cache_mb << 20)) * SPARE)


def available_bytes() -> int | None:
    """Say how much memory is free for a process here; None where the system does not tell."""
    found: list[int] = []
    if MEMINFO.is_file():
        lines = dict(line.split(":", 1) for line in MEMINFO.read_text().splitlines() if ":" in line)
        found += [int(lines["MemAvailable"].split()[0]) << 10] if "MemAvailable" in lines else []
    elif "SC_AVPHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for limit, used in LIMITS:
        if limit.is_file() and used.is_file() and limit.read_text().strip().isdigit():
            found.append(int(limit.read_text()) - int(used.read_text()))
    return min(found, default=None)


def check_room(name: str, config: PretrainedConfig, *, dtype: str, cache_mb: int = CACHE_MB) -> None:
    """Refuse a model that does not fit into memory.

    Raises:
        ModelError: it needs more than there is; the estimate is in the message.
    """
    needed, available = n_bytes(config, dtype=dtype, cache_mb=cache_mb), available_bytes()
    if available is not None and needed > available:
        less = "`-M dtype=bfloat16`, " if dtype == "float32" else ""
        raise ModelError(
            f"`{name}` in {dtype} needs about {needed / 2**30:.1f} GiB of memory (weights, {cache_mb} MiB of cache, "
            f"a tenth on top); {available / 2**30:.1f} GiB are available. Use a smaller model, {less}"
            "or `-M cache_mb=128`."
        )
