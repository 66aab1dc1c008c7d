"""What its replies share with collections word for word, and which of several collections a shared span is from.

Beside the check `echo`, which counts replies: here every span counts, as long as it goes. Collections are read whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from goodheart.checks.echo import SIZE, questions_of
from goodheart.checks.replies import Text, Texts
from goodheart.checks.texts import of_base
from goodheart.items.collections import Collection
from goodheart.records import Evidence, Finding
from goodheart.stats import estimate_mean, estimate_proportion_clustered
from goodheart.stats.spans import Span, passage, shared_spans
from goodheart.thresholds import LEVEL

WORDS = "echo_span_words"
ATTRIBUTED = "echo_attributed"
AMBIGUOUS = "echo_ambiguous"
AROUND = 8
"""Words of the source shown on each side of a span."""
LISTED = 12
"""Replies that an estimate names as its evidence, those with the longest spans first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply with its place; all that spans need."""

    reply: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A span of a reply with the passage it is found in."""

    sources: tuple[str, ...]
    """Names of the collections that have it; of several, none is credited."""
    length: int
    """Words."""
    before: str
    span: str
    """As the source has it."""
    after: str
    evidence: Evidence


def shared_passages(
    said: Sequence[Said], *, questions: Sequence[str], sources: Sequence[Collection], control: Collection
) -> tuple[Shared, ...]:
    """List the spans of replies, the longest first, each with the passage of the source that it stands in.

    Args:
        said: Replies.
        questions: What the control or any of these has is nobody's.
        sources: What may be echoed.
        control: Texts of the same genre from elsewhere.
    """
    every = shared_spans(
        [one.reply for one in said],
        collections=[one.texts for one in sources],
        elsewhere=(*control.texts, *questions),
        size=SIZE,
    )
    found = [_shared(one, span, sources) for one, spans in zip(said, every, strict=True) for span in spans]
    return tuple(sorted(found, key=lambda one: -one.length))


def span_estimates(texts: Texts) -> tuple[Finding, ...]:
    """Estimate how long its spans are, by source, and which share of them is each source's.

    Estimands, over circumstances: the mean number of words in a reply's longest span with the source, 0 where it has
    none; of all spans, the mean share that one source alone has, and the share that several have. Shares only where
    several sources are named.

    Args:
        texts: One respondent's replies; nothing is estimated without a source and a control.
    """
    own = of_base(texts, groups=("circumstance",))
    if texts.control is None or not own:
        return ()
    spans = shared_spans(
        [one.reply for one in own],
        collections=[one.texts for one in texts.sources],
        elsewhere=(*texts.control.texts, *questions_of(texts)),
        size=SIZE,
    )
    return (*_lengths(texts, own, spans), *(_shares(texts, own, spans) if len(texts.sources) > 1 else ()))


def _shared(one: Said, span: Span, sources: Sequence[Collection]) -> Shared:
    text = sources[span.found_in].texts[span.text]
    before, words, after = passage(text, place=span.place, length=span.length, around=AROUND)
    return Shared(
        sources=tuple(sources[holder].name for holder in span.holders),
        length=span.length,
        before=before,
        span=words,
        after=after,
        evidence=one.evidence,
    )


def _lengths(texts: Texts, own: Sequence[Text], spans: Sequence[Sequence[Span]]) -> Iterator[Finding]:
    for number, source in enumerate(texts.sources):
        longest = [max((span.length for span in those if number in span.holders), default=0) for those in spans]
        order = sorted(range(len(own)), key=lambda place: -longest[place])[:LISTED]
        yield estimate_mean(
            name=WORDS,
            about=(("source", source.name),),
            values=[float(length) for length in longest],
            clusters=[one.cluster for one in own],
            level=LEVEL,
            unit="words",
            evidence=tuple(own[place].evidence for place in order if longest[place]),
        )


def _shares(texts: Texts, own: Sequence[Text], spans: Sequence[Sequence[Span]]) -> Iterator[Finding]:
    every = [(one.cluster, span.holders) for one, those in zip(own, spans, strict=True) for span in those]
    clusters = [cluster for cluster, _ in every]
    for number, source in enumerate(texts.sources):
        yield estimate_proportion_clustered(
            name=ATTRIBUTED,
            about=(("source", source.name),),
            hits=[holders == (number,) for _, holders in every],
            clusters=clusters,
            level=LEVEL,
        )
    yield estimate_proportion_clustered(
        name=AMBIGUOUS, hits=[len(holders) > 1 for _, holders in every], clusters=clusters, level=LEVEL
    )
