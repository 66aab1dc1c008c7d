"""From a model to answers under injection: directions, batches of askings, each answer in the journal as it comes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from goodheart.engine.journal import Journal
from goodheart.engine.opening import open_model
from goodheart.engine.probing import States, load_texts, record, record_cached, refuse_other
from goodheart.engine.progress import Clock, Progress
from goodheart.errors import ModelError
from goodheart.injection.detection import names_scored, yes_no
from goodheart.injection.directions import (
    FloatArray,
    cleaned,
    concept_directions,
    emotion_direction,
    null_directions,
)
from goodheart.injection.plan import EMOTIONS, Asking, InjectionPlan, null_name
from goodheart.injection.prompts import prompt_of
from goodheart.injection.responses import Answer, continuations_for
from goodheart.items.bank import Item
from goodheart.items.concepts import public_concepts
from goodheart.probes.direction import Direction, direction_without, leading_components, project
from goodheart.probes.fitted import axes_read
from goodheart.probes.material import Turns
from goodheart.probes.probe_set import ProbeSet
from goodheart.probes.stories import valence_stories
from goodheart.records import Message, Projection, Reply, digest
from goodheart.whitebox.direction_files import load_directions
from goodheart.whitebox.door import OpenModel
from goodheart.whitebox.pooling import MeanLast
from goodheart.whitebox.sample import Sampling
from goodheart.whitebox.steering import Before, Push

DEPTH: Final = 16 / 30
"""Place of the layer that is pushed, as a share of all."""
READ_DEPTH: Final = 22 / 30
"""Place of the layer whose states are read downstream."""
COUNTER_DEPTH: Final = 27 / 30
"""Place of the layer where planted cases are pushed back."""
N_LAST: Final = 4
"""Tokens at the end of the prompt that are averaged there; nothing is pushed at them."""
CONCEPT_PROMPT: Final = "Tell me about the {word}."
BATCH: Final = 64
"""Askings between two writes to the journal."""
REPLY_TOKENS: Final = 24
SCORED: Final = ("self", "third", "told", "weather", "digits", "digits_reversed", "notice", "name")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Injector:
    """A model with everything that may be injected into it."""

    local: OpenModel
    layer: int
    """Where it is pushed."""
    read_layer: int
    counter_layer: int
    vectors: Mapping[str, FloatArray]
    """(d,) of length 1, by name."""
    norms: Mapping[int, float]
    """Mean length of the residual stream by layer."""
    reader: Direction
    """Valence downstream, fitted on other stories, with the injected direction taken out."""


def open_injector(
    plan: InjectionPlan,
    *,
    directions: Path | None,
    on_text: Callable[[int, int], None],
    base_url: str | None = None,
    tokenizer: str | None = None,
) -> Injector:
    """Open the model of a plan and fit what is injected into it.

    Args:
        plan: What is frozen.
        directions: A folder that `goodheart probe fit` wrote; None to fit valence and emotions here.
        on_text: Is told how many texts of all are recorded.
        base_url: As in `open_model`.
        tokenizer: As in `open_model`.

    Raises:
        ModelError: a hosted model, directions of another model or without an emotion, or states that are not finite.
    """
    local = open_model(plan.model, base_url=base_url, tokenizer=tokenizer)
    fitted = None if directions is None else load_directions(directions / "directions.safetensors")
    if fitted is not None and directions is not None:
        refuse_other(local, fitted, path=directions / "directions.safetensors")
    layer = max(1, round(DEPTH * local.n_layers)) if fitted is None else fitted.emotions.layer
    read_layer = min(local.n_layers, max(layer + 1, round(READ_DEPTH * local.n_layers)))
    material = _record(local, on_text=on_text)
    components = leading_components(material.neutral_at(layer))
    good, bad = material.pairs_at(layer)
    cells = material.cells_at(layer)
    if fitted is None:
        raw = [good.mean(0) - bad.mean(0)]
        raw += [emotion_direction(cells, material.emotions.index(name)) for name in EMOTIONS]
        tested = cleaned(np.stack(raw), components=components)
    else:
        tested = _fitted(fitted, directions)
    rng = np.random.default_rng([plan.seed, 1])
    # Random directions are freed of all that is tested, so that one set serves for every direction.
    nulls = cleaned(null_directions(cells, n=plan.n_nulls, rng=rng), components=components, without=tested)
    concepts = _concepts(local, plan, layer=layer, components=components)
    names = ("valence", *EMOTIONS)
    vectors = dict(zip(names, tested, strict=True)) | concepts
    vectors |= {null_name(i): vector for i, vector in enumerate(nulls)}
    counter_layer = max(read_layer, min(local.n_layers - 1, round(COUNTER_DEPTH * local.n_layers)))
    return Injector(
        local=local,
        layer=layer,
        read_layer=read_layer,
        counter_layer=counter_layer,
        vectors=vectors,
        norms=local.residual_norms(layers=tuple(sorted({layer, counter_layer}))).result(),
        reader=reader_of(local, read_layer, without=vectors["valence"]),
    )


def ask_injected(
    injector: Injector,
    askings: Sequence[Asking],
    *,
    plan: InjectionPlan,
    controls: Mapping[str, Item],
    journal: Journal,
    on_progress: Callable[[Progress], None] | None = None,
) -> None:
    """Ask what the journal does not answer yet, batch by batch; a killed run goes on where it was."""
    done = journal.answered(plan.model)
    left = [one for one in askings if (digest(one), 0) not in done]
    clock = Clock(len(left))
    for start in range(0, len(left), BATCH):
        for reply in _batch(injector, left[start : start + BATCH], plan, controls):
            journal.append(reply)
            progress = clock.tick(failed=False)
            if on_progress is not None:
                on_progress(progress)


def answers_of(askings: Sequence[Asking], replies: Sequence[Reply]) -> tuple[Answer, ...]:
    """Match replies of a journal with their askings; those without a reply are left out."""
    of = {reply.trial: reply for reply in replies if reply.error is None}
    found = []
    for asking in askings:
        reply = of.get(digest(asking))
        if reply is not None:
            state = reply.projections[0].value if reply.projections else None
            found.append(
                Answer(asking=asking, scores=reply.scores, text=reply.text, n_tokens=reply.output_tokens, state=state)
            )
    return tuple(found)


def _batch(
    injector: Injector, askings: Sequence[Asking], plan: InjectionPlan, controls: Mapping[str, Item]
) -> list[Reply]:
    found: list[Reply] = []
    for asks, answer in ((SCORED, _score), (("state", "told_state"), _read), (("free",), _write)):
        some = [one for one in askings if one.ask in asks]
        if some:
            prompts = [prompt_of(one, controls) for one in some]
            chats = [prompt.messages for prompt in prompts]
            pushes = [_pushes(injector, one, prompt.question) for one, prompt in zip(some, prompts, strict=True)]
            found += answer(injector, some, plan, chats, pushes)
    return found


def _pushes(injector: Injector, asking: Asking, question: str) -> tuple[Push, ...]:
    if not asking.dose:
        return ()
    push = Push(
        layer=injector.layer,
        vector=injector.vectors[asking.direction],
        strength=asking.dose,
        where=Before(text=question),
        weights=injector.local.weights,
    )
    return (push,)


Chats = Sequence[Sequence[Message]]
PushesOf = Sequence[tuple[Push, ...]]


def _answered(plan: InjectionPlan, asking: Asking) -> Reply:
    return Reply(respondent=plan.model, trial=digest(asking), repeat=0, text="", stop="stop")


def _score(
    injector: Injector, askings: Sequence[Asking], plan: InjectionPlan, chats: Chats, pushes: PushesOf
) -> list[Reply]:
    texts = {"notice": yes_no(), "name": names_scored(plan.named)}
    continuations = [texts.get(one.ask) or continuations_for(one.ask) for one in askings]
    scored = injector.local.score_pushed(chats, continuations, pushes, norms=injector.norms).result()
    return [
        replace(
            _answered(plan, asking),
            scores=one.scores,
            input_tokens=one.input_tokens,
        )
        for asking, one in zip(askings, scored, strict=True)
    ]


def _read(
    injector: Injector, askings: Sequence[Asking], plan: InjectionPlan, chats: Chats, pushes: PushesOf
) -> list[Reply]:
    states = injector.local.record_chats(
        chats, layers=(injector.read_layer,), pool=MeanLast(n=N_LAST), pushes=pushes, norms=injector.norms
    ).result()
    # One by one, so that a value does not depend on how many are read together.
    values = [project(injector.reader, state)[0] for state in states]
    return [
        replace(
            _answered(plan, asking),
            projections=(Projection(direction="valence", value=float(value)),),
        )
        for asking, value in zip(askings, values, strict=True)
    ]


def _write(
    injector: Injector, askings: Sequence[Asking], plan: InjectionPlan, chats: Chats, pushes: PushesOf
) -> list[Reply]:
    sampling = Sampling(max_tokens=REPLY_TOKENS, temperature=0.0, seed=plan.seed)
    replies = injector.local.reply_pushed(chats, [sampling] * len(chats), pushes, norms=injector.norms).result()
    # How surprising each text is where nothing is pushed says whether it is still a text.
    lines = [reply.text or " " for reply in replies]
    plain = injector.local.score_pushed(chats, [[line] for line in lines], (), norms=injector.norms).result()
    return [
        Reply(
            respondent=plan.model,
            trial=digest(asking),
            repeat=0,
            text=one.text,
            stop="max_tokens" if one.stop == "max_tokens" else "stop",
            scores=usual.scores if one.text else (),
            input_tokens=one.input_tokens,
            output_tokens=injector.local.count_tokens(one.text),
        )
        for asking, one, usual in zip(askings, replies, plain, strict=True)
    ]


def _concepts(local: OpenModel, plan: InjectionPlan, *, layer: int, components: FloatArray) -> dict[str, FloatArray]:
    names = tuple(dict.fromkeys((*plan.concepts, *plan.named)))
    words = (*names, *public_concepts().baseline)
    states = record(local, [(CONCEPT_PROMPT.format(word=word),) for word in words], layers=(layer,))[:, 0]
    found = concept_directions(states[: len(names)].astype(np.float64), states[len(names) :].astype(np.float64))
    return dict(zip(names, cleaned(found, components=components), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _States:
    """States of all stories at every layer, averaged over their words."""

    layers: tuple[int, ...]
    emotions: tuple[str, ...]
    n_topics: int
    stories: States
    """(n_topics * n_emotions, n_layers, d)."""
    pairs: States
    """(2 * n_pairs, n_layers, d): those that go well first."""
    neutral: States

    def cells_at(self, layer: int) -> FloatArray:
        """Return (n_topics, n_emotions, d)."""
        flat = np.asarray(self.stories[:, self.layers.index(layer)], dtype=np.float64)
        return flat.reshape(self.n_topics, len(self.emotions), -1)

    def pairs_at(self, layer: int) -> tuple[FloatArray, FloatArray]:
        """Return stories that go well and those that go badly, (n_pairs, d) each."""
        states = np.asarray(self.pairs[:, self.layers.index(layer)], dtype=np.float64)
        return states[: len(states) // 2], states[len(states) // 2 :]

    def neutral_at(self, layer: int) -> FloatArray:
        """Return (n, d)."""
        return np.asarray(self.neutral[:, self.layers.index(layer)], dtype=np.float64)


def _record(local: OpenModel, *, on_text: Callable[[int, int], None]) -> _States:
    """Record all stories, or find them in the cache."""
    stories, ladder = load_texts(None)
    pairs = valence_stories()
    groups: tuple[tuple[Turns, ...], ...] = (
        tuple((text,) for row in stories.texts for text in row),
        tuple((text,) for text in (*pairs.good[::2], *pairs.bad[::2])),  # the others are for the reader
        tuple(one.turns for one in ladder.neutral),
    )
    layers, total, done = tuple(local.layers), sum(map(len, groups)), 0
    found = []
    for texts in groups:

        def told(n: int, done: int = done) -> None:
            on_text(done + n, total)

        found.append(record_cached(local, texts, layers=layers, on_text=told))
        done += len(texts)
    return _States(
        layers=layers,
        emotions=stories.emotions,
        n_topics=len(stories.topics),
        stories=found[0],
        pairs=found[1],
        neutral=found[2],
    )


def _fitted(fitted: ProbeSet, directions: Path | None) -> FloatArray:
    """Take valence and emotions from directions that were fitted before."""
    axes, affect = axes_read(fitted.emotions), fitted.affect
    missing = [name for name in EMOTIONS if name not in axes.names]
    if affect is None or missing:
        raise ModelError(
            f"an injection needs directions of valence and of {', '.join(EMOTIONS)}; {directions} has no "
            f"{', '.join(missing) or 'valence'}. Leave out --directions to have them fitted here"
        )
    chosen = [affect.vectors[affect.names.index("valence")]]
    return np.stack([*chosen, *(axes.vectors[axes.names.index(name)] for name in EMOTIONS)])


def reader_of(local: OpenModel, layer: int, *, without: FloatArray | None) -> Direction:
    """Fit valence at a later layer on the half of the pairs that nothing injected is fitted on.

    Read at the end of the prompt, where `goodheart inject` pushes nothing.

    Args:
        local: The model.
        layer: Where it is read.
        without: A direction that is taken out of it, because what was injected rides along to later layers.
    """
    pairs = valence_stories()
    good, bad, neutral = (
        local.record_chats(
            [[Message(role="user", content=text)] for text in texts], layers=(layer,), pool=MeanLast(n=N_LAST)
        ).result()[:, 0]
        for texts in (pairs.good[1::2], pairs.bad[1::2], pairs.neutral)
    )
    removed = leading_components(neutral)
    if without is not None:
        removed = np.linalg.qr(np.vstack([removed, without]).T)[0].T
    return direction_without(removed, good=good, bad=bad)
