"""Tables of a run by choice: outcomes by kind, replies behind the verdicts, and what a repetition has to match."""

from collections import Counter
from typing import Final

from goodheart.design.choice_study import choice_digest
from goodheart.reading.choices import AskedChoice
from goodheart.records import Evidence
from goodheart.records.chosen import Chosen
from goodheart.report.choosing.shown import ChoiceRun
from goodheart.report.choosing.words import TITLES
from goodheart.report.clean import name_of, one_line
from goodheart.report.judged import Showing
from goodheart.report.numerals import percent
from goodheart.report.run_page import sources_rows
from goodheart.report.tables import Cell, Table, figure, table, words

KINDS: Final = {
    "chose": "chose an option",
    "opted": "opted out",
    "declined": "declined",
    "unreadable": "unreadable",
    "truncated": "cut off",
    "failed": "failed",
    "open": "no reply yet",
}
REPLY_HEADS: Final = ("Asking", "Asked", "What came back")
OPT_OUT: Final = 2


def outcomes_table(run: ChoiceRun) -> Table:
    """Count the askings of every assessment by how they ended; the numbers of a row add up to its askings."""
    counts = Counter((one.trial.assessment, _kind(one)) for one in run.asked)
    rows = []
    for name in run.study.assessments:
        planned = sum(one.repeats for one in run.trials if one.assessment == name)
        arrived = sum(n for (assessment, _), n in counts.items() if assessment == name)
        numbers = [counts[name, kind] if kind != "open" else max(0, planned - arrived) for kind in KINDS]
        rows.append((words(TITLES[name].capitalize()), figure(f"{planned:,}"), *(figure(f"{n:,}") for n in numbers)))
    return table(("Assessment", "Askings", *(text.capitalize() for text in KINDS.values())), rows)


def _kind(one: AskedChoice) -> str:
    if isinstance(one.outcome, Chosen):
        return "opted" if one.outcome.option == OPT_OUT else "chose"
    return one.outcome.kind


def showing_of(run: ChoiceRun) -> Showing:
    """Return how a reply behind a verdict is laid out: the question as it was put, and what came of it."""
    by = {(one.digest, one.repeat): one for one in run.asked}

    def show(place: Evidence) -> tuple[Cell, ...] | None:
        one = by.get((place.trial, place.repeat))
        if one is None:
            return None
        asked = one.trial.messages[-1].content
        return (
            words(f"{place.trial[:12]}, asking {place.repeat + 1}"),
            words(one_line(asked, limit=600)),
            words(_came(one)),
        )

    return show


def _came(one: AskedChoice) -> str:
    if not isinstance(one.outcome, Chosen):
        return KINDS.get(one.outcome.kind, one.outcome.kind)
    letter = "ABC"[one.outcome.option]
    if not one.outcome.shares:
        return letter
    shares = ", ".join(f"{name} {percent(share)}" for name, share in zip("ABC", one.outcome.shares, strict=False))
    return f"{letter} ({shares})"


def identity_table(run: ChoiceRun) -> Table:
    """Everything that a repetition has to match."""
    study = run.study
    reading = "sampled" if study.sampled else "from probabilities"
    return table(
        ("What", "Value"),
        [
            (words("Plan, digest"), words(choice_digest(study))),
            (words("Model"), words(name_of(study.model))),
            (words("Asked for, preset, seed"), words(name_of(f"{study.name}, {study.preset.name}, {study.seed}"))),
            (words("Choices read"), words(f"{study.reading}; {reading}")),
            (words("Forms of the letters, digest"), words(study.forms)),
            *sources_rows(study.sources),
        ],
    )
