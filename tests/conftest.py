"""What all tests share: no network beyond this machine, and one narrow exception to "warnings are errors"."""

import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from goodheart.whitebox.local_model import LocalModel

# A busy machine is no counterexample.
settings.register_profile("goodheart", deadline=None)
settings.load_profile("goodheart")


def pytest_configure(config: pytest.Config) -> None:
    # Inspect opens anyio memory streams for each sample and leaves them to the garbage collector, which may find them
    # in any later test, or after the last one, where only the filter that is set here directly still counts.
    # They hold no file or socket.
    config.addinivalue_line("filterwarnings", "ignore:Unclosed <MemoryObject:ResourceWarning")
    # Inspect's retries use a parameter that newer versions of tenacity call by another name.
    config.addinivalue_line("filterwarnings", "ignore:The 'initial' parameter is deprecated:DeprecationWarning")
    warnings.filterwarnings("ignore", message="Unclosed <MemoryObject", category=ResourceWarning)
    # Processes that run tests side by side ignore Ctrl-C, and so would what they start; several tests are about it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that take long first, so that no process ends with minutes of work that the others cannot share."""
    longest: dict[Path, int] = {}
    for item in items:
        waits = 2 if item.get_closest_marker("timeout") else 1 if item.get_closest_marker("slow") else 0
        longest[item.path] = max(waits, longest.get(item.path, 0))
    items.sort(key=lambda item: -longest[item.path])


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _ledger_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's ledger of runs is none of a test's business."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("GOODHEART_STATE", str(folder))
    return folder


@pytest.fixture(scope="session")
def embedded() -> Iterator["LocalModel"]:
    """Give the embedded model; where it has not been fetched yet, fetch it first."""
    # torch is imported only by the tests that want it
    from goodheart.whitebox.convert import dequantise
    from goodheart.whitebox.load import load_model
    from goodheart.whitebox.local_model import LocalModel
    from goodheart.whitebox.weights import EMBEDDED, fetch_embedded

    fetch_embedded(convert=dequantise, say=lambda _: None)
    model = LocalModel(load_model(EMBEDDED))
    yield model
    model.close()
