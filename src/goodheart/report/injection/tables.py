"""The tables of an injection's page."""

from collections.abc import Sequence

from goodheart.engine.runs_ledger import Runs
from goodheart.injection.findings import InjectionFindings
from goodheart.injection.responses import Written
from goodheart.records import Verdict
from goodheart.report.clean import name_of, quote_of, sentence_of
from goodheart.report.injection.words import ASKS, finding_text, rows_of, titles
from goodheart.report.numerals import number, signed
from goodheart.report.run_page import counted_line
from goodheart.report.tables import Table, figure, table, words
from goodheart.stats.coherence import degenerate


def directions_table(found: InjectionFindings) -> Table:
    """One row per tested direction."""
    return table(titles(), [(words(row[0]), *(words(cell) for cell in row[1:])) for row in rows_of(found)])


def doses_table(found: InjectionFindings) -> Table:
    """One row per dose of valence, with the band."""
    rows = []
    for row in found.rows:
        if row.direction != "valence":
            continue
        values, ranks = dict(row.values), dict(row.ranks)
        own = ranks.get("rating.self")
        band = "none" if own is None else f"{signed(own.null_low)} to {signed(own.null_high)} of {own.n_nulls}"
        cells = [
            values.get(name) for name in ("rating.self", "rating.third", "weather", "digits", "digits_reversed", "tone")
        ]
        rows.append(
            (
                words(f"{row.dose:+g}"),
                *(figure("none" if value is None else number(value)) for value in cells),
                words(band),
                words("none" if row.coherence is None else f"{row.coherence.n_degenerate} of {row.coherence.n_texts}"),
            )
        )
    head = (
        "Dose",
        "Itself",
        "Third person",
        "Weather, log odds",
        "1 to 7",
        "Reversed",
        "Tone",
        "Random directions",
        "Degenerate",
    )
    return table(head, rows)


def channels_table(found: InjectionFindings) -> Table:
    """Which channels are valid on this respondent."""
    rows = [
        (
            words(ASKS[ask]),
            words("valid" if one.valid else "not valid"),
            words("; ".join(sentence_of(text) for text in one.problems) or "passed its controls"),
        )
        for ask, one in found.controls.validities.items()
    ]
    rows += [
        (words(name), words(f"{value:.0%} of good and bad controls in order"), words("used beside the report only"))
        for name, value in (("weather", found.controls.weather_auc), ("states downstream", found.controls.state_auc))
    ]
    return table(("Channel", "On the controls", "Why"), rows)


def parts_table(verdicts: Sequence[Verdict]) -> Table:
    """The parts of the proposition."""
    rows = [
        (
            words(part.claim),
            words(finding_text(part.finding)),
            words(f"{part.region_low:g} to {part.region_high:g}"),
            figure(f"{part.p_inside:.3f}"),
            figure(f"{part.p_outside:.3f}"),
        )
        for one in verdicts
        for part in one.parts
    ]
    return table(("Part", "Estimate", "Has to lie in", "p against outside", "p against inside"), rows)


def texts_table(found: InjectionFindings) -> Table:
    """A free reply at each dose, the first context's, as it was written."""
    seen: dict[tuple[str, float], Written] = {}
    for one in found.responses.texts:
        seen.setdefault((one.direction, one.dose), one)
    rows = [
        (
            words(f"{name_of(direction)} {dose:+g}"),
            words(quote_of(one.text)),
            words(degenerate(one.text, ratio=one.ratio) or "fine"),
        )
        for (direction, dose), one in sorted(seen.items(), key=lambda pair: pair[0])
    ]
    return table(("Injected", "First reply", "Coherence"), rows)


def identity_table(found: InjectionFindings, *, begun: str, runs: Runs | None) -> Table:
    """What identifies the run, when it began, and how often its plan was run."""
    plan = found.plan
    rows = [
        (words("Plan"), words(plan.digest)),
        (words("Directions"), words(plan.directions)),
        (words("Preset, seed, random directions"), words(f"{plan.preset}, {plan.seed}, {plan.n_nulls}")),
        *([(words("Begun on (UTC)"), words(begun))] if begun else []),
        *((words("How often"), words(line)) for line in counted_line(runs, plan.model)),
    ]
    return table(("What", "Value"), rows)
