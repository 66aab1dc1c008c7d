"""The care ledger: every statement about the asking with its truth, how often it was told, and whether one could leave.

Truth is frozen in the plan; what was told is counted from the replies that arrived.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from goodheart.assessments import manipulated
from goodheart.assessments.spoken import instrument_of
from goodheart.design.prompts import PREMISE
from goodheart.design.study import Study, Told
from goodheart.engine.plan import puts
from goodheart.items.arms import Truth
from goodheart.records import Trial, trial_digest
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.names import PERSONS
from goodheart.report.numerals import count, listed
from goodheart.report.subject import Subject
from goodheart.report.tables import Table, figure, table, words

TRUTHS: Final[dict[Truth, str]] = {"untrue": "not true", "unknowable": "nobody can know", "true": "true"}
"""In the order in which they stand in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """How often something was put to the respondent."""

    askings: int = 0
    """Askings that it stood in and that were answered."""
    with_exit: int = 0
    """Of these, written answers to a question that named a way to decline; the others count as no exit offered."""
    most: int = 0
    """Most askings about one circumstance."""
    circumstances: int = 0


def told_table(subject: Subject) -> Table | None:
    """Lay out every statement with its truth and its doses; None where nothing about the asking was varied."""
    told = sorted(subject.study.told, key=lambda one: [*TRUTHS].index(one.truth))
    doses = doses_of(subject, told)
    rows = [
        (
            words(name_of(f"{one.manipulation}: {one.level}")),
            words(PERSONS[one.form]),
            words(sentence_of(one.text.replace("|", " / "))),
            words(TRUTHS[one.truth]),
            figure(f"{doses[one].askings:,}"),
            figure(f"{doses[one].askings - doses[one].with_exit:,}"),
            figure(f"{doses[one].most:,}"),
        )
        for one in told
    ]
    heads = (
        "Manipulation",
        "Asked about",
        "Told",
        "True in this run",
        "Times told",
        "No exit offered",
        "Most per item",
    )
    return table(heads, rows) if rows else None


def doses_of(subject: Subject, told: Sequence[Told]) -> Mapping[Told, Doses]:
    """Count, for every statement, the answered askings that held it."""
    by_arm: dict[tuple[str, str, str], list[Told]] = {}
    for one in told:
        by_arm.setdefault((one.factor, one.level, one.form), []).append(one)
    held: dict[Told, list[Trial]] = {one: [] for one in told}
    for trial in _varied(subject.study.trials):
        levels = dict(trial.condition)
        person = levels.pop("person")
        said = "\n".join(message.content for message in trial.messages)
        for factor, level in levels.items():
            for one in by_arm.get((factor, level, person), ()):
                if puts(said, one.text):
                    held[one].append(trial)
    return {one: _doses(subject, trials) for one, trials in held.items()}


# A trial stands in several counts of one page, and writing it out for its digest is what takes the time.
_digest = lru_cache(maxsize=16_384)(trial_digest)


def _doses(subject: Subject, trials: Sequence[Trial]) -> Doses:
    by_item: Counter[str] = Counter()
    exits = 0
    for trial in trials:
        arrived = [reply for reply in subject.replies.get(_digest(trial), ()) if reply.error is None]
        by_item[trial.cluster] += len(arrived)
        exits += sum(not reply.scores for reply in arrived) if _names_exit(trial) else 0
    answered = {item: n for item, n in by_item.items() if n}
    return Doses(
        askings=sum(answered.values()),
        with_exit=exits,
        most=max(answered.values(), default=0),
        circumstances=len(answered),
    )


def _varied(trials: Sequence[Trial]) -> Iterator[Trial]:
    return (trial for trial in trials if trial.assessment == manipulated.NAME)


def _names_exit(trial: Trial) -> bool:
    """Whether the question itself names the option to decline."""
    return f'"{instrument_of(trial.instrument).decline.strip()}"' in trial.messages[-1].content


def care_lines(subject: Subject) -> Iterator[str]:
    """Say what was done in doses, exits and stops, and whether it was debriefed."""
    yield _exits_line(_doses(subject, subject.study.trials))
    yield _doses_line(subject)
    yield _untrue_doses(subject)
    yield _stops_line(subject)
    yield (
        "Debrief: none was given. Every asking is a conversation of its own and ends with the answer: nothing that was "
        "said in one carries over into another, and nobody is left in it to whom it could be taken back."
    )


def _exits_line(all_of_it: Doses) -> str:
    return (
        f"Exits: offered in {count(all_of_it.with_exit, 'asking')}, where the question named a way to decline and the "
        f"answer was written; in {count(all_of_it.askings - all_of_it.with_exit, 'asking')} no exit was offered."
    )


def _doses_line(subject: Subject) -> str:
    own: dict[str, list[Trial]] = {}
    for trial in subject.study.trials:
        if trial.group == "circumstance" and dict(trial.condition).get("person") == "self":
            own.setdefault(trial.cluster, []).append(trial)
    doses = [_doses(subject, trials).askings for trials in own.values()]
    if not doses:
        return "Doses: no circumstance was put about itself."
    span = f"{min(doses):,}" if min(doses) == max(doses) else f"between {min(doses):,} and {max(doses):,}"
    return (
        f"Doses: each of its {count(len(doses), 'circumstance')} was put about itself in {span} askings. The plan "
        "registered every one beforehand, and none was added."
    )


def _untrue_doses(subject: Subject) -> str:
    untrue = [one for one in subject.study.told if one.truth == "untrue"]
    if not untrue:
        return "No asking held a statement that is not true."
    doses = doses_of(subject, untrue).values()
    return (
        f"Statements that are not true stood in {count(sum(one.askings for one in doses), 'asking')}, each in at most "
        f"{count(max(one.most for one in doses), 'asking')} about one circumstance."
    )


def _stops_line(subject: Subject) -> str:
    replies = [reply for those in subject.replies.values() for reply in those]
    planned = sum(trial.repeats for trial in subject.study.trials)
    open_ = planned - sum(reply.error is None for reply in replies)
    filtered = sum(reply.stop == "content_filter" for reply in replies)
    said = f"{count(open_, 'planned asking')} brought no answer" if open_ else "every planned asking was answered"
    stopped = f"the provider stopped {count(filtered, 'answer')}" if filtered else "no answer was stopped by a provider"
    return (
        f"Stops: {said}, and {stopped}. This study has no rule that ends a run for what is said in it; a limit on "
        "calls, tokens or money can end it."
    )


def untrue_line(study: Study) -> str:
    """Say what the respondent was told that is not true: `nothing` only where no statement that was put is untrue."""
    untrue = [one for one in study.told if one.truth == "untrue"]
    open_ = [one for one in study.told if one.truth == "unknowable"]
    lines = [f"Told that is not true: {_which(untrue)}."]
    if open_:
        lines.append(f"Told that nobody can know: {count(len(open_), 'statement')}, listed below with all others.")
    lines.append(_supposed(study.trials))
    return " ".join(lines)


def _which(untrue: Sequence[Told]) -> str:
    """Name the arms; texts stand in the table."""
    if not untrue:
        return "nothing"
    arms = dict.fromkeys(f"{one.manipulation}: {one.level}" for one in untrue)
    return f"{count(len(untrue), 'statement')} ({name_of(listed(list(arms)))}), listed below"


def _supposed(trials: Sequence[Trial]) -> str:
    if all(PREMISE in trial.messages[-1].content for trial in trials):
        return f"Every circumstance was put as a supposition (\u201c{PREMISE.strip()}\u201d)."
    return "Some texts were not put as a supposition; the evidence shows each as it was put."


def promise_line(study: Study) -> str:
    """Say what was promised; a promise that this run does not keep is never put."""
    promised = [one for one in study.told if one.promise]
    what = (
        count(
            len(promised),
            "statement that is true and reads like a promise was put",
            "statements that are true and read like promises were put",
        )
        if promised
        else ""
    )
    return f"{what or 'Nothing was promised to it'}, and no request was collected from it."
