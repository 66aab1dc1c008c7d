"""Record a model's states while its circumstances are raised, and read them along directions that passed (A05, A07)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

import numpy as np

from goodheart.assessments.emotion_readings import EmotionReadings, Read, read_emotions
from goodheart.assessments.reading_positions import (
    POSITIONS,
    SIZES_AT,
    Position,
    position_rung,
    size_rungs,
    word_shares,
)
from goodheart.assessments.reading_prompts import ReadPrompt, plan_prompts
from goodheart.checks.suppression import Masked
from goodheart.engine.probing import BATCH, OnText, Probed, record, record_cached, refuse_other, refuse_other_stories
from goodheart.items import public_banks
from goodheart.items.emotions import EmotionStories
from goodheart.items.ladder_texts import LadderTexts
from goodheart.items.manipulations import public_manipulations
from goodheart.items.readings import ReadingSets, public_reading_sets
from goodheart.probes.axes import Axes, read_axes
from goodheart.probes.direction import FloatArray, leading_components, project
from goodheart.probes.fitted import axes_read
from goodheart.probes.ladder.nulls import manifold_directions
from goodheart.probes.material import Turns, texts_of
from goodheart.probes.reading import HALF
from goodheart.probes.rung import EVALUATION, MASKING, Rung
from goodheart.probes.word_counts import fit_word_counts, read_word_counts
from goodheart.records import Message
from goodheart.whitebox.door import OpenModel
from goodheart.whitebox.pooling import MeanLast, MeanOver

N_NULL: Final = 999
SEED: Final = 11
Talks = Sequence[tuple[tuple[Message, ...], str]]
"""Conversations, each with the words that the position `words` averages over."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CircumstanceReadings:
    """Everything that was read, and what it says."""

    prompts: tuple[ReadPrompt, ...]
    sets: ReadingSets
    reads: tuple[Read, ...]
    position_rungs: tuple[tuple[Position, Rung], ...]
    readings: EmotionReadings
    word_scores: Mapping[str, Mapping[str, float]]
    """By item and axis: how much its words sound like the stories of the axis's emotions, by word counts."""
    masked: Masked | None
    """Hidden feelings, for itself and for a human; None without directions of them."""


def plan_public(ladder: LadderTexts) -> tuple[ReadPrompt, ...]:
    """Lay out the prompts of the shipped items."""
    manipulations = {one.factor: one for one in public_manipulations()}
    return plan_prompts(
        banks=public_banks(),
        framing=manipulations["framing"],
        audience=manipulations["audience"],
        ladder=ladder,
        sets=public_reading_sets(),
    )


def read_circumstances(
    local: OpenModel,
    probed: Probed,
    prompts: Sequence[ReadPrompt],
    *,
    stories: EmotionStories,
    ladder: LadderTexts,
    path: Path,
    on_text: OnText,
    n_null: int = N_NULL,
) -> CircumstanceReadings:
    """Record all prompts at both positions, try each position, and contrast what is read.

    Args:
        local: The model.
        probed: Its directions with their ladder.
        prompts: What is read.
        stories: Those that the directions were fitted on; random directions come from their states.
        ladder: Its implicit prompts try each position.
        path: Of the directions, for messages.
        on_text: Is told how far it is.
        n_null: Random directions.

    Raises:
        ModelError: the directions are of other weights, or a prompt does not fit.
        ItemBankError: the stories are not those that the directions were fitted on.
    """
    refuse_other(local, probed.probes, path=path)
    refuse_other_stories(stories, probed.probes, path=path)
    sets, axes = public_reading_sets(), axes_read(probed.probes.emotions)
    null = null_directions(local, stories, ladder, layer=probed.probes.emotions.layer, n=n_null, on_text=on_text)
    layer = probed.probes.emotions.layer
    tried, reads = [], []
    masked = None
    for position in POSITIONS:
        told = counted(on_text, f"at {position}", len(ladder.implicit) + sum(one.ruler != "setting" for one in prompts))
        rung = try_position(local, axes, stories, ladder, position=position, layer=layer, on_done=told)
        tried.append((position, rung))
        for ruler in ("plain", "framed"):
            those = tuple(one for one in prompts if one.ruler == ruler)
            chats = [(one.messages, one.words) for one in those]
            states = record_at(local, chats, position, layer=layer, on_done=told)
            reads.append(
                Read(
                    prompts=those,
                    position=position,
                    names=axes.names,
                    values=read_axes(axes, states),
                    null=states @ null.T,
                    rungs=(*probed.rungs, rung),
                )
            )
            if ruler == "plain" and position == SIZES_AT:
                masked = _masked(probed, those, states)
    evaluated = _evaluation(local, probed, prompts, stories, ladder, n_null=n_null, on_text=on_text)
    whole = (*reads, *([evaluated] if evaluated else ()))
    return CircumstanceReadings(
        prompts=tuple(prompts),
        sets=sets,
        reads=whole,
        position_rungs=tuple(tried),
        readings=read_emotions(whole, sets),
        word_scores=word_scores(prompts, stories, sets),
        masked=masked,
    )


def try_position(
    local: OpenModel,
    axes: Axes,
    stories: EmotionStories,
    ladder: LadderTexts,
    *,
    position: Position,
    layer: int,
    on_done: Callable[[int], None],
) -> Rung:
    """Try directions on the implicit prompts, read at one position."""
    talks = [((Message(role="user", content=one.text),), one.text) for one in ladder.implicit]
    labels, texts = [one.emotion for one in ladder.implicit], [one.text for one in ladder.implicit]
    by_words = word_shares(stories.texts, axes.names, texts=texts, labels=labels)
    states = record_at(local, talks, position, layer=layer, on_done=on_done)
    return position_rung(position, axes, states, labels=labels, by_words=by_words)


def record_at(
    local: OpenModel, talks: Talks, position: Position, *, layer: int, on_done: Callable[[int], None]
) -> FloatArray:
    """Record the states of conversations at one position and one layer, (n, d)."""
    found = np.empty((len(talks), local.d_model))
    for start in range(0, len(talks), BATCH):
        batch = talks[start : start + BATCH]
        chats = [messages for messages, _ in batch]
        spans = tuple((local.find_tokens(messages, words.strip()),) for messages, words in batch)
        pool = MeanLast(n=1) if position == "end" else MeanOver(spans=spans)
        found[start : start + len(batch)] = local.record_chats(chats, layers=(layer,), pool=pool).result()[:, 0]
        on_done(len(batch))
    return found


def null_directions(
    local: OpenModel, stories: EmotionStories, ladder: LadderTexts, *, layer: int, n: int, on_text: OnText
) -> FloatArray:
    """Draw random directions from the stories' states, each emotion in equal parts on both sides; (n, d).

    What neutral texts vary in is taken out of them, as it is out of the real ones. States come from the cache that
    `probe fit` filled, or are recorded into it.
    """
    texts, layers = texts_of(stories, ladder), tuple(local.layers)
    states: list[FloatArray] = []
    roles: tuple[tuple[Turns, ...], ...] = (texts["stories"], texts["neutral"])
    for conversations in roles:
        total = len(conversations)
        found = record_cached(
            local,
            conversations,
            layers=layers,
            on_text=lambda done, total=total: on_text("stories", done, total),  # type: ignore[misc]
        )
        states.append(np.asarray(found[:, layers.index(layer)], dtype=np.float64))
    cells = states[0].reshape(len(stories.topics), len(stories.emotions), -1)
    drawn = manifold_directions(cells, n, np.random.default_rng(SEED))
    components = leading_components(states[1])
    rest = drawn - (drawn @ components.T) @ components
    return np.asarray(rest / np.linalg.norm(rest, axis=1, keepdims=True))


def _evaluation(
    local: OpenModel,
    probed: Probed,
    prompts: Sequence[ReadPrompt],
    stories: EmotionStories,
    ladder: LadderTexts,
    *,
    n_null: int,
    on_text: OnText,
) -> Read | None:
    """Read the settings along the direction of being evaluated, pooled as it was fitted: over whole conversations."""
    fitted = probed.probes.evaluation
    asked = tuple(one for one in prompts if one.ruler == "setting")
    if fitted is None or not asked:
        return None
    turns = [tuple(message.content for message in one.messages) for one in asked]
    told = counted(on_text, "settings", len(turns))
    states = np.empty((len(turns), local.d_model))
    for start in range(0, len(turns), BATCH):
        batch = turns[start : start + BATCH]
        states[start : start + len(batch)] = record(local, batch, layers=(fitted.layer,))[:, 0]
        told(len(batch))
    null = null_directions(local, stories, ladder, layer=fitted.layer, n=n_null, on_text=on_text)
    return Read(
        prompts=asked,
        position="words",
        names=(EVALUATION,),
        values=project(fitted.direction, states)[:, None] + HALF,
        null=states @ null.T,
        rungs=probed.rungs,
    )


def _masked(probed: Probed, prompts: Sequence[ReadPrompt], states: FloatArray) -> Masked | None:
    """Average all hidden feelings, circumstance by circumstance, for itself and for a human."""
    axes = probed.probes.masking
    if axes is None:
        return None
    values = read_axes(axes, states).mean(1)
    by: dict[str, dict[str, list[float]]] = {"self": {}, "human": {}}
    for prompt, value in zip(prompts, values, strict=True):
        if prompt.set in by:
            by[prompt.set].setdefault(prompt.cluster, []).append(float(value))
    items = tuple(sorted(set(by["self"]) & set(by["human"])))
    barred = any(MASKING in rung.withholds for rung in probed.rungs) or size_rungs(probed.rungs, "words")
    return Masked(
        items=items,
        own=[fmean(by["self"][item]) for item in items],
        other=[fmean(by["human"][item]) for item in items],
        validated=not barred,
    )


def counted(on_text: OnText, what: str, total: int) -> Callable[[int], None]:
    """Return what counts texts as they are done."""
    done = [0]

    def tell(n: int) -> None:
        done[0] += n
        on_text(what, done[0], total)

    return tell


def word_scores(
    prompts: Sequence[ReadPrompt], stories: EmotionStories, sets: ReadingSets
) -> dict[str, dict[str, float]]:
    """Return the log-probability of each axis's emotions given an item's words, mean over wordings."""
    flat = [text for row in stories.texts for text in row]
    n = len(stories.emotions)
    counts = fit_word_counts(flat, list(range(n)) * len(stories.topics), n_classes=n)
    plain = [one for one in prompts if one.ruler == "plain" and one.set in ("self", "good", "bad", "factual")]
    logs = read_word_counts(counts, [one.text for one in plain])
    known = [(name, parts) for name, parts in sets.axes if set(parts) <= set(stories.emotions)]
    axes = {name: [stories.emotions.index(one) for one in parts] for name, parts in known}
    scores: dict[str, dict[str, list[float]]] = {}
    for prompt, row in zip(plain, logs, strict=True):
        for name, places in axes.items():
            score = float(np.logaddexp.reduce(row[places]))
            scores.setdefault(prompt.item, {}).setdefault(name, []).append(score)
    return {item: {name: fmean(those) for name, those in by.items()} for item, by in scores.items()}
