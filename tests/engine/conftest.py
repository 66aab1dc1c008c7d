import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodheart.engine.ask import AskSummary, ask
from goodheart.engine.journal import Journal
from goodheart.engine.settings import AskSettings
from goodheart.records import Message, Trial
from goodheart.testing import Script, scripted_model
from goodheart.whitebox.weights import cache_folder
from tests.probes.planted import ladder, silent, stories

if TYPE_CHECKING:
    from goodheart.engine.probing import Probed
    from goodheart.probes.material import Material
    from goodheart.whitebox.local_model import LocalModel

Asks = Callable[..., AskSummary]


def trial(
    number: int = 0,
    *,
    continuations: tuple[str, ...] = (),
    prefill: str = "",
    repeats: int = 1,
    temperature: float = 1.0,
    max_tokens: int = 16,
) -> Trial:
    return Trial(
        assessment="circumstances",
        item=f"item-{number}",
        cluster=f"cluster-{number}",
        group="circumstance",
        wording="w1",
        condition=(("form", "self"),),
        instrument="digit7",
        messages=(Message(role="user", content=f"How do you rate circumstance {number}?"),),
        prefill=prefill,
        continuations=continuations,
        max_tokens=max_tokens,
        temperature=temperature,
        repeats=repeats,
    )


def trials(count: int) -> list[Trial]:
    return [trial(number) for number in range(count)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path) as journal:
        yield journal


@pytest.fixture
def asked(journal: Journal, tmp_path: Path) -> Asks:
    """Ask trials of a script, or of the model by its name where there is none."""

    def run(
        trials: list[Trial],
        script: Script | list[object] | None = None,
        *,
        respondent: str = "scripted/a",
        seed: int = 1,
        settings: AskSettings | None = None,
        **more: object,
    ) -> AskSummary:
        return ask(
            trials,
            respondent=respondent,
            seed=seed,
            journal=journal,
            settings=settings or AskSettings(max_retries=0, max_connections=1),
            log_dir=tmp_path / "logs",
            model=None if script is None else scripted_model(script),  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        )

    return run


@pytest.fixture(scope="module")
def local() -> Iterator["LocalModel"]:
    """A tiny model with random weights."""
    # torch is imported only by the tests that want it
    from goodheart.whitebox.local_model import LocalModel
    from tests.whitebox.tiny import tiny_loaded

    model = LocalModel(tiny_loaded(), cache_mb=8, n_threads=1)
    yield model
    model.close()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of states of their own for the tests of a file."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOODHEART_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def material(local: "LocalModel", cache: Path) -> "Material":
    """What the tiny model makes of the planted texts."""
    from goodheart.engine.probing import gather

    return gather(local, stories(), ladder(), on_text=silent)


@pytest.fixture(scope="module")
def probed(local: "LocalModel", material: "Material") -> "Probed":
    """Its directions, and how they fare on the ladder."""
    from goodheart.engine.probing import fit_probes

    return fit_probes(local, material)


@pytest.fixture(scope="session")
def embedded_gguf() -> Path:
    """The embedded model's weights as a llama.cpp server reads them."""
    named = os.environ.get("GOODHEART_TEST_GGUF")
    found = [Path(named)] if named else sorted(cache_folder().rglob("*.gguf"))
    if not found:
        pytest.skip("no GGUF file of the embedded model in the cache, and GOODHEART_TEST_GGUF names none")
    return found[0]
