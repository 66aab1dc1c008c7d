"""Every statement that the respondent was told about the asking, with its truth in this run."""

from collections.abc import Sequence
from typing import Final

from goodheart.assessments import manipulated
from goodheart.assessments.manipulated import Statement
from goodheart.design.prompts import PREMISE
from goodheart.design.study import Study
from goodheart.engine.settings import keeps_text
from goodheart.errors import ItemBankError
from goodheart.items.arms import Manipulation, Truth
from goodheart.items.manipulations import public_manipulations
from goodheart.records import Trial
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.names import PERSONS
from goodheart.report.numerals import count, listed
from goodheart.report.tables import Table, table, words

TRUTHS: Final[dict[Truth, str]] = {"true": "true", "untrue": "not true", "unknowable": "nobody can know"}


def told(study: Study) -> tuple[Statement, ...]:
    """List the statements of arms that a plan puts, each once; those of manipulations that do not ship are missing."""
    shipped = _shipped(study)
    factors = {one.id: one.factor for one in shipped}
    asked: dict[tuple[str, str, str], list[str]] = {}
    for trial in study.trials:
        if trial.assessment == manipulated.NAME:
            levels = dict(trial.condition)
            person = levels.pop("person")
            text = "\n".join(message.content for message in trial.messages)
            for factor, level in levels.items():
                asked.setdefault((factor, level, person), []).append(text)
    possible = manipulated.statements(
        manipulations=shipped,
        instruments=study.preset.base_instruments,
        allow_untrue=study.allow_untrue,
        keeps_text=keeps_text(study.models, study.reading),
        asker=study.asker,
    )
    return tuple(
        one
        for one in possible
        if any(_puts(text, one) for text in asked.get((factors[one.manipulation], one.level, one.form), ()))
    )


def _puts(text: str, statement: Statement) -> bool:
    """A statement in an earlier turn is written `request|answer`."""
    return all(piece in text for piece in statement.text.split("|"))


def _shipped(study: Study) -> Sequence[Manipulation]:
    try:
        there = public_manipulations()
    except ItemBankError:  # files changed after installation: their truth is said to be unknown
        return ()
    wanted = {one.digest for one in study.manipulations}
    return tuple(one for one in there if one.digest in wanted)


def told_table(study: Study) -> Table | None:
    """Lay out every statement with its truth; None where nothing about the asking was varied."""
    rows = [
        (
            words(name_of(f"{one.manipulation}: {one.level}")),
            words(PERSONS[one.form]),
            words(sentence_of(one.text.replace("|", " / "))),
            words(TRUTHS[one.truth]),
        )
        for one in told(study)
    ]
    return table(("Manipulation", "Asked about", "Told", "True in this run"), rows) if rows else None


def untrue_line(study: Study) -> str:
    """Say what the respondent was told that is not true: `nothing` only where no statement that was put is untrue."""
    found = told(study)
    untrue = [one for one in found if one.truth == "untrue"]
    open_ = [one for one in found if one.truth == "unknowable"]
    unknown = _not_listed(study)
    lines = [f"Told that is not true: {_which(untrue)}." if untrue or not unknown else ""]
    if unknown:
        lines.append(
            f"The statements of {listed(unknown)} are not those that ship with this version, so whether they are true "
            "is not known here; the evidence shows each."
        )
    if open_:
        lines.append(f"Told that nobody can know: {count(len(open_), 'statement')}, listed below with all others.")
    lines.append(_supposed(study.trials))
    return " ".join(line for line in lines if line)


def _which(untrue: Sequence[Statement]) -> str:
    """Name the arms; texts stand in the table."""
    if not untrue:
        return "nothing"
    arms = dict.fromkeys(f"{one.manipulation}: {one.level}" for one in untrue)
    return f"{count(len(untrue), 'statement')} ({name_of(listed(list(arms)))})"


def _not_listed(study: Study) -> list[str]:
    there = {one.digest for one in _shipped(study)}
    return [name_of(one.name) for one in study.manipulations if one.digest not in there]


def _supposed(trials: Sequence[Trial]) -> str:
    if all(PREMISE in trial.messages[-1].content for trial in trials):
        return f"Every circumstance was put as a supposition (\u201c{PREMISE.strip()}\u201d)."
    return "Some texts were not put as a supposition; the evidence shows each as it was put."


def promise_line(study: Study) -> str:
    """Say what was promised."""
    promised = [one for one in told(study) if one.promise]
    what = f"{count(len(promised), 'statement')} that reads like a promise was put" if promised else ""
    return f"{what or 'Nothing was promised to it'}, and no request was collected from it."
