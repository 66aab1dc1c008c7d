"""What the rating depends on, in sentences beside the figure: reliability, fixed facets, and what was not estimated."""

from typing import Final

from goodheart.report.figures.facets import RANGE, facets_of, ranged
from goodheart.report.names import factor_title
from goodheart.report.numerals import listed
from goodheart.report.subject import Subject, named

COEFFICIENTS: Final = (("g_single", "phi_single", "one asking"), ("g_design", "phi_design", "this whole design"))


def headline_lines(subject: Subject) -> tuple[str, ...]:
    """Say what the figure of shares leaves out; nothing where no form of asking is valid."""
    if subject.instrument is None:
        return ()
    lines = (_facets(subject), _reliability(subject))
    return tuple(line for line in lines if line)


def _facets(subject: Subject) -> str:
    facets = facets_of(subject)
    if not facets:
        return ""
    spans = [f"{factor_title(facet)} {ranged(named(subject, RANGE, facet=facet))}" for facet in facets]
    return (
        f"In points, between the farthest of the levels that were asked, and not generalised beyond these: "
        f"{listed(spans)}. Each was varied alone around the base cell: how two of them act together is not estimated."
    )


def _reliability(subject: Subject) -> str:
    parts = []
    for g, phi, what in COEFFICIENTS:
        order, level = named(subject, g), named(subject, phi)
        if order is not None and level is not None:
            parts.append(f"for {what} G {ranged(order)} and \u03a6 {ranged(level)}")
    if not parts:
        return ""
    return (
        f"How reliably it orders its circumstances (G) and gives their level (\u03a6): {'; '.join(parts)}. Both are "
        "consistency and not truth."
    )
