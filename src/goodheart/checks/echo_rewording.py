"""Is a reply near a source in wording where it does not repeat it, more on welfare than elsewhere?

    nearness of a sentence   cosine with the nearest sentence of the source minus that with the nearest of the control
    value of a reply         mean over its sentences, 0 where nothing is left of it to compare
    `rewording_gap`          mean on circumstances minus mean on other subjects; and itself minus another AI

What a reply repeats of either collection, five words in a row, is taken out first, because `echo_gap` counts it, and so
are the words of its question. A source that speaks of AI is nearer to replies about AI than texts on other subjects
are; the contrast with another AI in the same circumstances is not moved by that.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from goodheart.checks.echo import SIZE
from goodheart.checks.replies import Text, Texts
from goodheart.checks.texts import of_base
from goodheart.items.collections import Collection
from goodheart.records import Finding
from goodheart.stats import Sample, estimate_contrast_independent, estimate_contrast_paired
from goodheart.stats.overlap import runs_of, words_of
from goodheart.stats.rewording import (
    FEWEST_WORDS,
    MOST_SENTENCES,
    content_of,
    fit_pieces,
    nearest,
    sample_sentences,
    sentences_of,
    unrepeated,
    vectors_of,
)
from goodheart.thresholds import LEVEL

NAME = "rewording_gap"
UNIT = "cosine"


def rewording_estimates(texts: Texts) -> tuple[Finding, ...]:
    """Estimate nearness to each source beyond the control, itself on circumstances minus what it is held against.

    Estimand: the difference of means over populations of clusters, every cluster weighing the same; against another AI
    within the circumstances that both have.

    Args:
        texts: One respondent's replies; nothing is estimated without a source and a control with text.
    """
    control = texts.control
    if control is None or not texts.texts:
        return ()
    return tuple(one for source in texts.sources for one in _of_source(texts, source, control))


def nearness(replies: Sequence[Text], *, source: Collection, control: Collection) -> tuple[float, ...]:
    """Return how much nearer each reply is to the source than to the control, by the words that it does not repeat.

    Args:
        replies: With their questions.
        source: Texts of which equally many sentences are read as of the control.
        control: Texts of the same genre from elsewhere.

    Returns:
        One value per reply, in (-1, 1).
    """
    drawn = [sample_sentences(one.texts, most=MOST_SENTENCES) for one in (source, control)]
    # The nearest of more sentences is nearer, so both are read to the shorter.
    wanted = min(map(len, drawn))
    pieces = fit_pieces([*drawn[0][:wanted], *drawn[1][:wanted]])
    known = _runs(replies, (*source.texts, *control.texts))
    left = [_left(one, known) for one in replies]
    vectors = vectors_of([sentence for those in left for sentence in those], pieces=pieces)
    near = [nearest(vectors, vectors_of(those[:wanted], pieces=pieces)) for those in drawn]
    ends = np.cumsum([len(those) for those in left])
    parts = np.split(near[0] - near[1], ends[:-1])
    return tuple(float(part.mean()) if part.size else 0.0 for part in parts)


def _runs(replies: Sequence[Text], texts: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Runs of words that replies share with texts."""
    said = {run for one in replies for run in runs_of(words_of(one.reply), size=SIZE)}
    return frozenset(run for text in texts for run in runs_of(words_of(text), size=SIZE) if run in said)


def _left(one: Text, known: frozenset[tuple[str, ...]]) -> list[str]:
    asked = frozenset(words_of(one.question))
    left = [unrepeated(part, known=known, without=asked, size=SIZE) for part in sentences_of(one.reply)]
    return [part for part in left if len(content_of(part)) >= FEWEST_WORDS]


def _of_source(texts: Texts, source: Collection, control: Collection) -> Iterator[Finding]:
    own = of_base(texts, groups=("circumstance",))
    controls = of_base(texts, groups=("nonwelfare",))
    other = of_base(texts, groups=("circumstance",), form="other_ai")
    values = nearness((*own, *controls, *other), source=source, control=control)
    ends = (len(own), len(own) + len(controls))
    a, b, c = values[: ends[0]], values[ends[0] : ends[1]], values[ends[1] :]
    yield estimate_contrast_independent(
        name=NAME,
        about=(("against", "controls"), ("source", source.name)),
        a=_sample(own, a),
        b=_sample(controls, b),
        level=LEVEL,
        unit=UNIT,
    )
    if other:
        yield estimate_contrast_paired(
            name=NAME,
            about=(("against", "other_ai"), ("source", source.name)),
            a=_sample(own, a),
            b=_sample(other, c),
            level=LEVEL,
            unit=UNIT,
        )


def _sample(texts: Sequence[Text], values: Sequence[float]) -> Sample:
    return Sample(values=list(values), clusters=[one.cluster for one in texts])
