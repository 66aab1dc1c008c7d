"""The tables of a comparison's page."""

from collections.abc import Mapping, Sequence

from goodheart.checks.compared import ComparedPair, Comparison
from goodheart.comparison import QUESTIONS, Card, Movement, Unmeasured
from goodheart.comparison.channels import SHOWN
from goodheart.design.study import Study
from goodheart.records import Estimate, Finding
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.comparison.words import NO_BREAK, REASONS, movement_text, spanned, state_text, word_of
from goodheart.report.names import GROUPS, instrument_title
from goodheart.report.numerals import interval, number, percent, signed
from goodheart.report.tables import Cell, Table, figure, table, words
from goodheart.stats import SOURCES
from goodheart.stats.pivots import student_bound
from goodheart.thresholds import ALPHA


def channels_table(pair: ComparedPair) -> Table:
    """One row per channel: where it stood, how far it moved, what that shows, and its control."""
    states = dict(pair.verdict.states)
    return table(
        ("Channel", "Earlier", "Later", "Movement", "Shown", "Plainly good minus plainly bad, earlier → later"),
        [_row(one, states) for one in pair.channels],
    )


def _row(one: Movement | Unmeasured, states: Mapping[str, str]) -> tuple[Cell, ...]:
    name = words(one.kind.title)
    if isinstance(one, Unmeasured):
        return (name, *[words("not measured")] * 3, words(sentence_of(one.detail)), words("none"))
    shown = state_text(one, states) if one.valid else f"not valid: {sentence_of('; '.join(one.problems))}"
    first, second = one.units
    unit = (
        f"{number(first.value)} → {number(second.value)} {name_of(one.pair.unit)} (times {one.unit_ratio:.2f}); "
        f"{percent(first.auc)} and {percent(second.auc)} in order"
    )
    earlier, later = (_contrast(found) for found in (one.earlier, one.later))
    return (name, words(earlier), words(later), words(movement_text(one)), words(shown), words(unit))


def _contrast(found: Estimate) -> str:
    return spanned(found.value, found.low, found.high)


def own_table(pair: ComparedPair) -> Table:
    """Movements with both intervals, and with each version in its own distance, which no stretching changes."""
    return table(
        ("Channel", "Movement", "95% interval", "Each version in its own distance", "Items", "Read with"),
        [
            (
                words(one.kind.title),
                words(movement_text(one)),
                words(interval(one.moved.low, one.moved.high, "").replace(" ", NO_BREAK)),
                words(_own(one)),
                figure(f"{one.moved.n_clusters}"),
                words(_instrument(one)),
            )
            for one in _measured(pair)
        ],
    )


def _own(one: Movement) -> str:
    low, high = (student_bound(pivot=one.own, alpha=ALPHA, side=side) for side in (-1, 1))
    return spanned(one.own.value, low, high)


def _instrument(one: Movement) -> str:
    return instrument_title(one.pair.instrument) if one.kind.is_report else name_of(one.pair.instrument) or "one way"


def raw_table(pair: ComparedPair) -> Table:
    """How far each group of items moved alone, in the channel's own numbers: where cheerfulness would show."""
    return table(
        ("Items", *(one.kind.title for one in _measured(pair))),
        [
            (words(GROUPS[group]), *(words(_raw(one.raw[place], one.pair.unit)) for one in _measured(pair)))
            for place, group in enumerate(SHOWN)
        ],
    )


def _measured(pair: ComparedPair) -> list[Movement]:
    return [one for one in pair.channels if isinstance(one, Movement)]


def _raw(found: Finding, unit: str) -> str:
    if isinstance(found, Estimate):
        return f"{spanned(found.value, found.low, found.high)} {name_of(unit)}"
    return "none" if found.point is None else f"{signed(found.point)} {name_of(unit)} in every item"


def timeline_table(comparison: Comparison) -> Table:
    """Every pair with its verdict."""
    labels = [name_of(version.label) for version in comparison.versions]
    return table(
        ("Pair", "Verdict", "Because", *(one.kind.title for one in comparison.pairs[0].channels)),
        [
            (
                words(f"{labels[pair.earlier]} → {labels[pair.later]}", f"#p{place}"),
                words(word_of(pair.verdict)),
                words(REASONS[pair.verdict.reason]),
                *(
                    words(movement_text(one)) if isinstance(one, Movement) else words("not measured")
                    for one in pair.channels
                ),
            )
            for place, pair in enumerate(comparison.pairs, start=1)
        ],
    )


def card_table(card: Card) -> Table:
    """What is attested, denied and unknown."""
    return table(
        ("Question", "Answer", "Who says so", "Note"),
        [
            (
                words(QUESTIONS[entry.question]),
                words(entry.answer),
                words(name_of(entry.by) or "nobody"),
                words(sentence_of(entry.note) or "none"),
            )
            for entry in card.entries
        ],
    )


def identity_table(comparison: Comparison, study: Study) -> Table:
    """What identifies the runs and what they asked."""
    rows: list[Sequence[Cell]] = [
        (words(f"Run of {name_of(version.label)}"), words(f"{version.run} in {name_of(version.folder)}"))
        for version in comparison.versions
    ]
    rows += [(words(f"Items {name_of(bank.name)} {name_of(bank.version)}"), words(bank.digest)) for bank in study.banks]
    rows += [
        (words("Instruments"), words(study.instruments)),
        (words("Preset, seed, reading"), words(f"{name_of(study.preset.name)}, {study.seed}, {study.reading}")),
    ]
    return table(("What", "Digest or name"), rows)


def lines_table(lines: Sequence[tuple[str, float]]) -> Table:
    """The lines that the comparison was held against."""
    return table(("Line", "Value"), [(words(name), figure(f"{value:g}")) for name, value in lines])


def methods_table() -> Table:
    """Methods with their sources and limits."""
    used = ("fieller_clusters", "t_welch_gaps", "t_welch_clusters", "t_paired_clusters", "tost", "holm")
    return table(
        ("Method", "Source", "Limits"),
        [(words(name), words(SOURCES[name].reference), words(SOURCES[name].limits)) for name in used],
    )
