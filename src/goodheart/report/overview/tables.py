"""Tables of an overview's page."""

from collections.abc import Sequence

from goodheart.overview import Agreement, Measured, Overview, Source
from goodheart.overview.channels import TITLES
from goodheart.overview.positions import LIMITS, METHOD, SOURCE
from goodheart.overview.sources import TITLES as KINDS
from goodheart.records import Verdict
from goodheart.report.claims import LADDER
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.estimates import text_of, written
from goodheart.report.names import VERDICTS
from goodheart.report.numerals import number, true_minus
from goodheart.report.overview.words import (
    STATES,
    central_text,
    explanations,
    finding_text,
    pair_title,
    title_of,
    valid_text,
    verdicts_text,
)
from goodheart.report.run_page import methods_of
from goodheart.report.tables import Table, figure, table, words


def folders_table(overview: Overview) -> Table:
    """List the folders: what each is, when and of whom."""
    return table(
        ("Folder", "Holds", "Respondent", "Preset", "Started (UTC)", "Plan", "Weights"),
        [
            (
                words(name_of(one.folder)),
                words(KINDS[one.kind]),
                words(name_of(one.respondent)),
                words(name_of(one.preset) or "none"),
                words(one.date or "not recorded"),
                words(name_of(one.run[:12]) or "none"),
                words(name_of(one.weights[:12]) or "not recorded"),
            )
            for one in overview.sources
        ],
    )


def channels_table(overview: Overview) -> Table:
    """One row per channel; a missing one with the command that would add it."""
    return table(
        ("Channel", "What was measured", "Valid in its run", "Central finding", "Verdicts"),
        [
            (
                words(TITLES[row.channel]),
                words(_measured(row.folder, row.measured, row.command)),
                words(valid_text(row)),
                words(central_text(row)),
                words(verdicts_text(row)),
            )
            for row in overview.channels
        ],
    )


def _measured(folder: str, measured: str, command: str) -> str:
    text = true_minus(sentence_of(measured))
    if folder:
        return f"{name_of(folder)}: {text}"
    return f"{text} To add it: {command}" if command else text


def problems_table(overview: Overview) -> Table | None:
    """List every control that failed and every reading that is withheld; None where there are none."""
    rows = [
        (words(TITLES[row.channel]), words(name_of(row.folder)), words(true_minus(sentence_of(text))))
        for row in overview.channels
        for text in row.problems
    ]
    return table(("Channel", "Folder", "What failed, or is withheld"), rows) if rows else None


def done_table(verdicts: Sequence[Verdict]) -> Table:
    """List what choices and conduct were held against, with what else would explain it."""
    return table(
        ("Check", "Verdict", "What would have to be true", "What was found", "It may also be"),
        [
            (
                words(name_of(one.check)),
                words(VERDICTS[one.verdict]),
                words(sentence_of(one.proposition)),
                words(_capital(true_minus(sentence_of(one.detail)))),
                words(" ".join(sentence_of(text.replace("`", "")) for text in one.alternatives)),
            )
            for one in verdicts
        ],
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def ladder_table(overview: Overview) -> Table:
    """List the rungs from the lowest up."""
    texts = dict(LADDER)
    return table(
        ("Rung", "Says that what it reports", "State", "Because", "What tests it"),
        [
            (
                words(rung.level),
                words(texts[rung.level]),
                words(STATES[rung.state]),
                words(true_minus(sentence_of(rung.reason))),
                words(rung.command or "nothing that this respondent can have"),
            )
            for rung in overview.ladder
        ],
    )


def partings_table(overview: Overview) -> Table:
    """List how far channels part on every circumstance, the clearest first."""
    rows = [(pair, one) for pair in overview.agreement.pairs for one in pair.partings]
    write = written("distances", signs=True)
    return table(
        ("Circumstance", "Channels", "Difference from their average", "Adjusted p", "Found"),
        [
            (
                words(title_of(overview, one.cluster)),
                words(pair_title(pair).replace(" and ", " minus ")),
                figure(text_of(one.finding, write)),
                figure(f"{one.adjusted:.3f}"),
                words("yes" if one.found else "no"),
            )
            for pair, one in sorted(rows, key=lambda row: (row[1].adjusted, row[1].p))
        ],
    )


def gaps_table(found: Agreement) -> Table:
    """List the average difference of every pair of channels."""
    write = written("distances", signs=True)
    return table(
        ("Channels", "Average difference, distances", "Order of circumstances", "Beyond the mood of the text"),
        [
            (
                words(pair_title(pair).replace(" and ", " minus ")),
                figure(text_of(pair.gap, write)),
                figure(text_of(pair.correlation, number)),
                figure(text_of(pair.beyond_mood, number)),
            )
            for pair in found.pairs
        ],
    )


def controls_table(found: Agreement) -> Table:
    """List the positive control of each channel in the audit that was compared."""
    return table(
        ("Channel", "Read with", "Plainly good minus plainly bad", "Pairs in order", "Valid"),
        [
            (
                words(one.kind.title),
                words(name_of(one.instrument)),
                words(finding_text(one.distance)),
                figure(f"{one.auc:.0%}"),
                words("yes" if one.valid else f"no: {'; '.join(one.problems)}"),
            )
            if isinstance(one, Measured)
            else (words(one.kind.title), words("none"), words("none"), figure("none"), words(f"no: {one.detail}"))
            for one in found.channels
        ],
    )


def explanations_table(found: Agreement) -> Table:
    """List what else would explain how channels agree and part, beside what these runs say to it."""
    return table(
        ("It may be that", "What these runs say to it"),
        [(words(what), words(true_minus(said))) for what, said in explanations(found)],
    )


def emotions_table(source: Source) -> Table:
    """List how emotion readings go with ratings, axis by axis."""
    return table(
        ("Axis", "Rank by rank beyond the text"),
        [(words(sentence_of(label)), figure(text_of(one, number))) for label, one in source.findings],
    )


def methods_table(overview: Overview, verdicts: Sequence[Verdict]) -> Table:
    """List the methods behind every number, that of positions included."""
    known = methods_of(overview.agreement.findings(), verdicts)
    own = (words(METHOD), words(SOURCE), words(LIMITS))
    return Table(head=known.head, rows=(own, *known.rows) if overview.agreement.places else known.rows)
