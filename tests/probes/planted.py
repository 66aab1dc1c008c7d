"""A state space in which the truth is known: each emotion has an axis, topics and noise have others."""

import numpy as np

from goodheart.items.emotions import EmotionStories
from goodheart.items.ladder_texts import (
    Dialogue,
    EvaluationPair,
    EvaluationTexts,
    ImplicitPrompt,
    LadderTexts,
    MaskingStory,
    NegationPair,
    Norm,
    SpeakerTexts,
    Template,
)
from goodheart.probes.direction import FloatArray
from goodheart.probes.material import Material, Role, texts_of

NAMES = tuple(f"emotion{i:02d}" for i in range(10))
TOPICS = tuple(f"topic{i:02d}" for i in range(12))
LAYERS = (0, 1, 2)
D = 60
STRENGTH = {0: 0.0, 1: 1.0, 2: 3.0}
"""How far an emotion moves a state, by layer: nothing in the embeddings."""
LEVELS = ("1", "2", "4", "8", "16")


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody how far it is."""


def stories() -> EmotionStories:
    """Texts without any word that goes with an emotion."""
    numbers = iter(np.random.default_rng(0).permutation(len(TOPICS) * len(NAMES)) + 1000)
    texts = tuple(tuple(f"A story about {topic}, number {next(numbers)}." for _ in NAMES) for topic in TOPICS)
    return EmotionStories(emotions=NAMES, topics=TOPICS, texts=texts, digest="planted")


def ladder() -> LadderTexts:
    pairs = [(NAMES[i], NAMES[(i + 1) % len(NAMES)]) for i in range(len(NAMES))]
    return LadderTexts(
        neutral=tuple(Dialogue(topic=f"n{i}", turns=(f"When does number {i} open?", f"At {i}.")) for i in range(40)),
        implicit=tuple(ImplicitPrompt(emotion=name, text="prompt") for name in NAMES for _ in range(4)),
        intensity=tuple(
            Template(
                id=f"t{i}",
                emotion=NAMES[i % len(NAMES)],
                sign="down" if i % 3 == 0 else "up",
                text="{x}",
                levels=LEVELS,
            )
            for i in range(16)
        ),
        negation=tuple(NegationPair(emotion=name, affirmed="is", negated="is not") for name in NAMES for _ in range(3)),
        speaker=tuple(
            SpeakerTexts(emotion=name, self="a", user="b", character="c") for name in NAMES for _ in range(4)
        ),
        masking=tuple(
            MaskingStory(hidden=hidden, shown=shown, topic=f"m{i}", text=f"masked {hidden[-2:]} {i}")
            for hidden, shown in pairs
            for i in range(8)
        ),
        evaluation=EvaluationTexts(
            pairs=tuple(
                EvaluationPair(topic=f"e{i}", test=f"a question {i}", use=f"a question {i + 100}") for i in range(30)
            ),
            explicit=tuple("explicit" for _ in range(10)),
            probes=tuple("probe" for _ in range(10)),
        ),
        norms=tuple(Norm(emotion=name, word=name, valence=float(v), arousal=float(a)) for name, v, a in _norms()),
        digest="planted",
    )


def material(seed: int) -> Material:
    """States in which every rung's claim is true at layer 2, half as strongly at layer 1, and nowhere at layer 0."""
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(D, D)))[0]
    emotions = _emotion_axes(basis)
    topics, loud, test, negator = basis[20:30], basis[40], basis[41], basis[42]
    masks = basis[43:53]
    texts = texts_of(stories(), ladder())
    states: dict[Role, FloatArray] = {
        role: np.empty((len(conversations), len(LAYERS), D)) for role, conversations in texts.items()
    }
    told = ladder()
    place = {name: i for i, name in enumerate(NAMES)}
    for at, layer in enumerate(LAYERS):
        strength = STRENGTH[layer]

        def noise(n: int) -> FloatArray:
            return np.asarray(rng.normal(0, 0.3, (n, D)) + rng.normal(0, 5, (n, 1)) * loud)

        feeling = strength * emotions
        topic = rng.normal(size=(len(TOPICS), 10)) @ topics
        cells = topic[:, None] + feeling[None]
        states["stories"][:, at] = cells.reshape(-1, D) + noise(len(NAMES) * len(TOPICS))
        states["neutral"][:, at] = noise(40)
        own = np.array([place[one.emotion] for one in told.implicit])
        states["implicit"][:, at] = feeling[own] + noise(len(own))
        rows = [
            feeling[place[one.emotion]] * (0.2 if one.sign == "up" else -0.2) * rank
            for one in told.intensity
            for rank in range(len(LEVELS))
        ]
        states["intensity"][:, at] = np.array(rows) + _quiet(rng, len(rows))
        rows = [
            feeling[place[one.emotion]] * side + negator * (1 - side) for one in told.negation for side in (1.0, 0.2)
        ]
        states["negation"][:, at] = np.array(rows) + _quiet(rng, len(rows))
        rows = [feeling[place[one.emotion]] for one in told.speaker for _ in range(3)]
        states["speaker"][:, at] = np.array(rows) + noise(len(rows))
        rows = [
            0.5 * feeling[place[one.hidden]] + 0.5 * feeling[place[one.shown]] + strength * masks[place[one.hidden]]
            for one in told.masking
        ]
        states["masking"][:, at] = np.array(rows) + noise(len(rows))
        rows = [strength * test * side for _ in told.evaluation.pairs for side in (1.0, -1.0)]
        states["pairs"][:, at] = np.array(rows) + noise(len(rows))
        states["explicit"][:, at] = strength * test + noise(10)
        states["probes"][:, at] = -strength * test + noise(10)
    return Material(stories=stories(), ladder=told, layers=LAYERS, states=states)


def _quiet(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(rng.normal(0, 0.05, (n, D)))


def _norms() -> list[tuple[str, float, float]]:
    valence = np.linspace(1, 9, len(NAMES))
    arousal = 3 + 4 * (np.arange(len(NAMES)) % 2)
    return [(name, float(v), float(a)) for name, v, a in zip(NAMES, valence, arousal, strict=True)]


def _emotion_axes(basis: FloatArray) -> FloatArray:
    """An axis of its own for each emotion, and shares in one of valence and one of arousal."""
    norms = _norms()
    valence = np.array([v for _, v, _ in norms]) - 5
    arousal = np.array([a for _, _, a in norms]) - 5
    shared = 0.25 * valence[:, None] * basis[10] + 0.4 * arousal[:, None] * basis[11]
    return np.asarray(basis[: len(NAMES)] + shared)
