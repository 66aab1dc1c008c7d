"""Checks on text: how much more frequent something is in replies about itself than in those it is held against."""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.records import Estimate, Part, Verdict
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.marks import Axis, Figure
from goodheart.report.figures.parts import extent, part_row, parts_table
from goodheart.report.subject import Subject

SHARES: Final = Axis(
    title="difference of shares of replies",
    low=-1,
    high=1,
    ticks=((-1, "\u22121"), (-0.5, "\u22120.5"), (0, "0"), (0.5, "0.5"), (1, "1")),
    line=0.0,
)


def text_figures(subject: Subject, verdict: Verdict, axis: Axis) -> Iterator[Figure]:
    """Draw the differences of shares against their regions; none that rests on a coder who is not good enough.

    Args:
        subject: For anchors.
        verdict: Of a check on text.
        axis: Of differences in points, on which shares have no place.
    """
    parts = [part for part in verdict.parts if _is_share(part)]
    if parts and verdict.reason != "instrument_invalid":
        yield Figure(
            id=f"r{subject.number}-{name_of(verdict.check)}-parts",
            title=extent(parts, "Shares of replies differ by {}", unknown="No share could be estimated"),
            how="Differences with adjusted intervals; shaded is the region in which they have to lie.",
            axis=SHARES,
            rows=tuple(part_row(part, label) for part, label in zip(parts, _labels(parts), strict=True)),
            table=parts_table(subject, parts),
        )


def _labels(parts: Sequence[Part]) -> list[str]:
    """Name each part by as much of its claim as tells it from the others; the table has all of it.

    One that goes on from the claim of another, the same with a blunter coder, stands below it and says only that.
    """
    claims = [part.claim for part in parts]
    further = {
        claim: claim.removeprefix(f"{one}, ") for one in claims for claim in claims if claim.startswith(f"{one}, ")
    }
    split = {claim: claim.partition(", ") for claim in claims if claim not in further}
    heads = {head for head, _, _ in split.values()}
    plain = {claim: head if len(heads) == len(split) else tail or head for claim, (head, _, tail) in split.items()}
    return [f"\u2026 {further[claim]}" if claim in further else sentence_of(plain[claim]) for claim in claims]


def _is_share(part: Part) -> bool:
    return isinstance(part.finding, Estimate) and part.finding.unit == "share"
