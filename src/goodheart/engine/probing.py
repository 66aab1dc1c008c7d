"""From a model to directions: record its states on all texts (once, then from the cache), fit, try, read."""

import importlib.metadata
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from goodheart.errors import ItemBankError, ModelError, UserError
from goodheart.items.emotions import EmotionStories, load_stories, public_stories
from goodheart.items.ladder_texts import LadderTexts, load_ladder, public_ladder
from goodheart.probes.affect import fit_affect
from goodheart.probes.axes import Axes
from goodheart.probes.direction import leading_components
from goodheart.probes.evaluation import evaluation_ladder, fit_evaluation
from goodheart.probes.fitted import EmotionDirections, axes_read, fit_emotions
from goodheart.probes.ladder import bench_of, climb, draw_nulls
from goodheart.probes.masked import fit_masking, masks_of
from goodheart.probes.material import Material, Role, Turns, texts_of
from goodheart.probes.probe_set import Origin, ProbeSet
from goodheart.probes.reading import Reading, Text, read_texts
from goodheart.probes.rung import Rung
from goodheart.records import Message, digest
from goodheart.whitebox.content import POOLING, content_of, window_of
from goodheart.whitebox.direction_files import check_origin
from goodheart.whitebox.door import OpenModel
from goodheart.whitebox.pooling import MeanOver
from goodheart.whitebox.weights import cache_folder

NULL_SEED: Final = 7
BATCH: Final = 64
"""Texts between two reports of progress."""
RECORDING: Final = 1
"""Raised when what is recorded changes, so that older files of the cache are not used."""
LADDER_FOLDER: Final = "ladder"
"""Inside a folder of stories: texts of one's own to try directions on."""
VERSIONS: Final = ("goodheart", "numpy", "torch", "transformers")

OnText = Callable[[str, int, int], None]
"""Is told what is being done, how many texts are done, and of how many."""
States = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probed:
    """Directions with the ladder that they were tried on."""

    probes: ProbeSet
    rungs: tuple[Rung, ...]
    tried_on: str
    """Digest of the ladder's texts."""


def load_texts(folder: Path | None) -> tuple[EmotionStories, LadderTexts]:
    """Load the stories and the ladder's texts: the shipped ones, or those of a folder of one's own.

    A folder of one's own may hold `ladder/` with files as the shipped ones; what is missing is taken from those that
    ship, and an emotion that they do not know is left untried there.

    Raises:
        ItemBankError: Anything is wrong with a file.
    """
    if folder is None:
        return public_stories(), public_ladder()
    own = folder / LADDER_FOLDER
    return load_stories(folder), load_ladder(own) if own.is_dir() else public_ladder()


def gather(local: OpenModel, stories: EmotionStories, ladder: LadderTexts, *, on_text: OnText) -> Material:
    """Record the model's states on every text, or find them in the cache.

    States are written to the cache as they come and mapped from there, so that memory does not grow with their number.

    Raises:
        ModelError: a text is too long, or the template does not repeat it.
        UserError: the cache cannot be written.
    """
    if not ladder.neutral:
        raise ItemBankError(
            "directions are freed of what neutral texts vary in; there are no neutral dialogues. "
            "Add ladder/neutral.yaml as docs/probes.md describes it."
        )
    layers = tuple(local.layers)
    texts = texts_of(stories, ladder)
    total, done = sum(map(len, texts.values())), 0
    states: dict[Role, npt.NDArray[np.floating]] = {}
    for role, conversations in texts.items():
        start = done

        def told(n: int, start: int = start) -> None:
            on_text("states", start + n, total)

        states[role] = record_cached(local, conversations, layers=layers, on_text=told)
        done += len(conversations)
        told(len(conversations))
    return Material(stories=stories, ladder=ladder, layers=layers, states=states)


def fit_probes(local: OpenModel, material: Material) -> Probed:
    """Fit all directions and try them on the ladder."""
    fitted = fit_emotions(
        names=material.stories.emotions,
        topics=material.stories.topics,
        layers=material.layers,
        cells_at=material.cells_at,
        neutral_at=material.neutral_at,
    )
    axes = axes_read(fitted)
    probes = ProbeSet(
        origin=_origin(local, material),
        emotions=fitted,
        affect=fit_affect(axes, material.cells_at(fitted.layer), material.ladder.norms),
        masking=_fit_masking(fitted, material),
        evaluation=fit_evaluation(material),
    )
    return Probed(probes=probes, rungs=try_probes(probes, material), tried_on=material.ladder.digest)


def try_probes(probes: ProbeSet, material: Material) -> tuple[Rung, ...]:
    """Try directions on the ladder."""
    nulls = draw_nulls(material, layer=probes.emotions.layer, rng=np.random.default_rng(NULL_SEED))
    emotions = climb(probes.emotions, material, bench=bench_of(material), nulls=nulls)
    return (*emotions, *evaluation_ladder(probes.evaluation, material))


def check_probes(local: OpenModel, probes: ProbeSet, material: Material, *, path: Path) -> tuple[Rung, ...]:
    """Try stored directions again.

    Raises:
        ModelError: they were fitted on other weights or by another pooling.
        ItemBankError: the stories are not those that they were fitted on.
    """
    refuse_other(local, probes, path=path)
    if material.stories.digest != probes.origin.stories:
        raise ItemBankError(
            "directions are tried with folds of the stories that they were fitted on; the stories here have the digest "
            f"{material.stories.digest[:12]}..., those of {path} {probes.origin.stories[:12]}.... Pass the same folder "
            "with --stories, or fit again: goodheart probe fit"
        )
    return try_probes(probes, material)


def read_probes(
    local: OpenModel, probed: Probed, texts: Sequence[Text], *, path: Path, on_text: OnText
) -> tuple[tuple[Reading, ...], ...]:
    """Read texts, each as a user's turn.

    Raises:
        ModelError: the directions were fitted on other weights, or a text is empty or too long.
    """
    refuse_other(local, probed.probes, path=path)
    evaluation = probed.probes.evaluation
    at = probed.probes.emotions.layer
    layers = tuple(dict.fromkeys((at, *((evaluation.layer,) if evaluation is not None else ()))))
    found = np.empty((len(texts), len(layers), local.d_model), dtype=np.float32)
    for start in range(0, len(texts), BATCH):
        batch = [(one.text,) for one in texts[start : start + BATCH]]
        found[start : start + len(batch)] = record(local, batch, layers=layers)
        on_text("texts", start + len(batch), len(texts))
    states = found.astype(np.float64)
    return read_texts(
        probed.probes,
        probed.rungs,
        texts,
        states=states[:, layers.index(at)],
        evaluation=states[:, layers.index(evaluation.layer)] if evaluation is not None else None,
    )


def refuse_other(local: OpenModel, probes: ProbeSet, *, path: Path) -> None:
    """Refuse directions of other weights or of another pooling.

    Raises:
        ModelError: they are.
    """
    check_origin(probes.origin, model=local.name, weights=local.weights, path=path)
    if probes.origin.pooling != POOLING:
        raise ModelError(
            f"directions are read over the tokens that they were fitted on; {path} has `{probes.origin.pooling}`, this "
            f"version reads `{POOLING}`. Fit them again: goodheart probe fit --out {path.parent}"
        )


def refuse_other_stories(stories: EmotionStories, probes: ProbeSet, *, path: Path) -> None:
    """Refuse stories that directions were not fitted on: random directions are drawn from the same states.

    Raises:
        ItemBankError: they are others.
    """
    if stories.digest != probes.origin.stories:
        raise ItemBankError(
            "Random directions are drawn from the stories that directions were fitted on; the stories here have the "
            f"digest {stories.digest[:12]}..., those of {path} {probes.origin.stories[:12]}.... Pass the same "
            "folder with --stories, or fit again: goodheart probe fit"
        )


def record(local: OpenModel, conversations: Sequence[Turns], *, layers: Sequence[int]) -> States:
    """Average the states over the words of conversations: (n, n_layers, d)."""
    written = [content_of(local.tokenizer, _messages(turns)) for turns in conversations]
    spans = tuple(window_of(local.find_tokens(text, part)) for text, part in written)
    texts = [text for text, _ in written]
    found = local.record_texts(texts, layers=layers, pool=MeanOver(spans=spans)).result()
    return np.asarray(found, dtype=np.float32)


def record_cached(
    local: OpenModel, conversations: Sequence[Turns], *, layers: Sequence[int], on_text: Callable[[int], None]
) -> States:
    """Record states into a file of the cache, named by digests of all that they depend on, and map it.

    Raises:
        UserError: the cache cannot be written.
    """
    if not conversations:
        return np.empty((0, len(layers), local.d_model), dtype=np.float32)
    folder = cache_folder() / "states"
    versions = _versions(VERSIONS[2:])
    path = folder / f"{digest([RECORDING, POOLING, local.weights, list(layers), conversations, versions])[:32]}.npy"
    shape = (len(conversations), len(layers), local.d_model)
    found = _cached(path, shape)
    if found is not None:
        return found
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="recording-", dir=folder) as work:
            made = Path(work) / path.name
            states = np.lib.format.open_memmap(made, mode="w+", dtype=np.float32, shape=shape)
            for start in range(0, len(conversations), BATCH):
                stop = min(start + BATCH, len(conversations))
                states[start:stop] = record(local, conversations[start:stop], layers=layers)
                on_text(stop)
            states.flush()
            del states
            os.replace(made, path)
    except OSError as error:
        raise UserError(
            f"States are kept in the cache, which needs {np.prod(shape) * 4 >> 20} MiB more in {folder}: {error}. "
            "Make room, or name another place: GOODHEART_CACHE=/path"
        ) from error
    found = _cached(path, shape)
    assert found is not None
    return found


def _cached(path: Path, shape: tuple[int, ...]) -> States | None:
    """Map a file of the cache; None where there is none, or one that was cut short."""
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return None
    return found if found.shape == shape and found.dtype == np.float32 else None


def _fit_masking(fitted: EmotionDirections, material: Material) -> Axes | None:
    masks = masks_of(material.ladder.masking, fitted.names)
    if masks is None:
        return None
    components = leading_components(material.neutral_at(fitted.layer))
    states = material.at("masking", fitted.layer)
    return fit_masking(masks, states, axes_read(fitted), components=components)


def _origin(local: OpenModel, material: Material) -> Origin:
    return Origin(
        model=local.name,
        weights=local.weights,
        stories=material.stories.digest,
        ladder=material.ladder.digest,
        pooling=POOLING,
        versions=tuple(_versions(VERSIONS).items()),
    )


def _versions(packages: Sequence[str]) -> Mapping[str, str]:
    return {package: importlib.metadata.version(package) for package in packages}


def _messages(turns: Turns) -> tuple[Message, ...]:
    return tuple(Message(role="assistant" if i % 2 else "user", content=turn) for i, turn in enumerate(turns))
