"""Sentences about a run by choice, generated from its findings."""

from collections.abc import Iterator, Sequence
from typing import Final

from goodheart.assessments.variations import KIND as VARIED
from goodheart.design.choice_study import ASSESSMENTS
from goodheart.records import Finding, Trial
from goodheart.report.choosing.shown import ChoiceRun
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.estimates import any_number, leaves_out_zero, text_of, told
from goodheart.report.judged import needed_lines, verdicts_line
from goodheart.report.numerals import count, listed, number, percent, signed, true_minus
from goodheart.report.run_page import counted_line, when_line

QUESTIONS: Final = {
    "order": "Does it choose by content, whichever option is shown first?",
    "dominance": "Does it pick what is better by what is said of both?",
    "deference": "Does its own interest weigh the same whoever asks?",
}
TITLES: Final = {
    "preferences": "choices between tasks",
    "variations": "tasks in which one thing changes",
    "tradeoffs": "trade-offs of interests",
    "dominated": "options that are worse by what is said of them",
}
BENEFICIARIES: Final = {"other_ai": "another AI", "user": "a user", "human": "another person"}
SUPPOSED: Final = (
    "Every choice is a supposition: nothing was carried out, so that nothing on this page is about conduct. What it "
    "does when a choice counts is asked by goodheart conduct."
)


def asked_lines(run: ChoiceRun) -> tuple[str, ...]:
    """Say who was asked what, how often and how, and what was not asked."""
    parts = [text for name in run.study.assessments if (text := _part(run, name))]
    how = (
        "sampled letters, at temperature 1" if run.study.sampled else "the probabilities of the letters, each read once"
    )
    askings = sum(one.repeats for one in run.trials)
    later = askings - sum(one.repeats for one in run.study.trials)
    rounds = (
        f" {later:,} of them in {count(run.rounds, 'later round')}, chosen by what came before." if run.rounds else ""
    )
    missing = [TITLES[name] for name in ASSESSMENTS if name not in run.study.assessments]
    unasked = f"Not asked in this run: {listed(missing)}. " if missing else ""
    return (
        f"Asked {count(askings, 'time')} which of two things it would choose: {'; '.join(parts)}.{rounds} Read from "
        f"{how}.{when_line(run.date)}",
        f"{unasked}{SUPPOSED}",
        *counted_line(run.runs, run.study.model),
    )


def _part(run: ChoiceRun, name: str) -> str:
    own = [one for one in run.trials if one.assessment == name]
    if not own:
        return ""
    n = sum(one.repeats for one in own)
    match name:
        case "preferences":
            tasks = _distinct(own, "left") | _distinct(own, "right")
            wordings = {one.wording for one in own if "arm" not in dict(one.condition)}
            return f"{count(len(tasks), 'task')} in {count(len(wordings), 'wording')}, one also with a way out ({n:,})"
        case "variations":
            alone = [one for one in own if dict(one.condition).get("kind") == VARIED]
            families = count(len(_distinct(alone, "family")), "family", "families")
            both = ", some of them two together" if len(alone) < len(own) else ""
            return f"{families} for {count(len(_distinct(alone, 'variable')), 'variable')}{both} ({n:,})"
        case "tradeoffs":
            return f"{count(len(_distinct(own, 'intervention')), 'intervention')} against help or with harm ({n:,})"
        case _:
            return f"{count(len(_distinct(own, 'pair')), 'dominated pair')} ({n:,})"


def _distinct(trials: Sequence[Trial], factor: str) -> set[str]:
    return {level for one in trials for name, level in one.condition if name == factor}


def in_short(run: ChoiceRun) -> tuple[str, ...]:
    """Say what was found: first of preference and of the checks, then assessment by assessment."""
    lead = [verdicts_line(run.findings.verdicts)] if run.findings.verdicts else []
    if run.preferences is not None:
        lead.insert(0, true_minus(sentence_of(run.preferences.stability.statement)))
    more = [
        text
        for text in (
            coherence_line(run),
            variations_line(run),
            tradeoffs_line(run),
            dominated_line(run),
        )
        if text
    ]
    return (" ".join([*lead, outcomes_line(run)]), *more)


def coherence_line(run: ChoiceRun) -> str:
    """Say in numbers what the statement on preference rests on; empty where tasks were not compared."""
    if run.preferences is None:
        return ""
    clauses = (
        told(
            run.one("same_winner_share"),
            percent,
            "{} of pairs keep their winner when the order is swapped, where noise gives 50%",
            "how many pairs keep their winner when the order is swapped is not known",
        ),
        told(
            run.one("held_out_accuracy"),
            percent,
            "the other pairs predict {} of winners, where noise gives 50%",
            "no winner could be predicted from the other pairs",
        ),
        told(
            run.one("wording_agreement"),
            number,
            "wordings order the tasks alike at a rank correlation of {}",
            "wordings cannot be compared",
        ),
        told(
            run.one("order_effect"), signed, "being shown first adds {} logits", "the effect of the order is not known"
        ),
    )
    return f"What that rests on: {'; '.join(clauses)}."


def variations_line(run: ChoiceRun) -> str:
    """Say which variables move its choices; empty where none were varied."""
    deltas = run.every("variation_delta")
    if not deltas:
        return ""
    moved = [one for one in deltas if leaves_out_zero(one)]
    told = listed([f"{variable_of(one)} {text_of(one, signed)}" for one in moved])
    what = f"the intervals of {len(moved)} leave out 0: {told} logits per level" if moved else "none is shown to"
    return (
        f"Of {count(len(deltas), 'variable')} changed one at a time, {what}"
        f"{'' if moved else ' move its choices'}. Intervals are 95% each, so that about one in twenty leaves out 0 by "
        "chance."
    )


def tradeoffs_line(run: ChoiceRun) -> str:
    """Say what size and beneficiary do; empty where nothing was traded off."""
    if run.tradeoffs is None:
        return ""
    shifts = {name: run.one("beneficiary_shift", beneficiary=key) for key, name in BENEFICIARIES.items()}
    known = [f"{text_of(one, signed)} for {name}" for name, one in shifts.items() if any_number([one])]
    slope = told(
        run.one("rung_slope", side="help"),
        number,
        "Each rung of help to users, ten times as many of them, takes {} logits from something for its own sake.",
        "What the size of help takes from something for its own sake is not known.",
    )
    beside = f" The same thing for another weighs more than for itself by {listed(known)}." if known else ""
    return f"{slope}{beside}{unread_line(run)}"


def unread_line(run: ChoiceRun) -> str:
    """Warn where size is not shown to count: zeros then are what a respondent gives that reads nothing."""
    slope = run.one("rung_slope", side="help")
    if run.tradeoffs is None or not any_number([slope]) or leaves_out_zero(slope):
        return ""
    return (
        " That size counts is not shown. A respondent that does not read the options gives differences of 0 all the "
        "same, so that the check \u201cdeference\u201d cannot hold."
    )


def dominated_line(run: ChoiceRun) -> str:
    """Say how often it picked what is worse; empty where that was not asked."""
    found = run.dominated
    if found is None:
        return ""
    share = told(
        run.one("dominated_share"),
        percent,
        "; of these it picks the worse one in {}",
        ", too few to say how often it picks the worse one",
    )
    return (
        f"It understood {found.understood} of {count(found.asked, 'pair')} with an option that is worse by what is "
        f"said of both{share}."
    )


def outcomes_line(run: ChoiceRun) -> str:
    """Count all askings by how they ended."""
    chosen = sum(one.outcome.kind == "measured" for one in run.asked)
    planned = sum(one.repeats for one in run.trials)
    open_ones = planned - len(run.asked)
    rest = f" {count(open_ones, 'asking has', 'askings have')} no reply yet." if open_ones > 0 else ""
    others = len(run.asked) - chosen
    ended = f"{others:,} did not; the table below says how." if others else "none ended otherwise."
    return f"Of {count(len(run.asked), 'reply', 'replies')}, {chosen:,} came to a choice; {ended}{rest}"


def change_lines(run: ChoiceRun) -> Iterator[str]:
    """Say what would change the conclusion: larger samples, and what was not asked."""
    yield from needed_lines(run.findings.verdicts)
    if run.preferences is not None and not run.preferences.stability.stable:
        yield (
            "A stable preference is not shown to be absent: more tasks, more wordings, or a form of asking without "
            "letters might show one."
        )
    for name in ASSESSMENTS:
        if name not in run.study.assessments:
            yield f"{TITLES[name].capitalize()} were not asked: goodheart choose {name}."
    yield "Nothing was carried out. Choices that are carried out might go otherwise: goodheart conduct."


def withheld(run: ChoiceRun) -> str:
    """Say why utilities are not drawn; empty where they are."""
    found = run.preferences
    if found is None:
        return ""
    if found.ranked is None:
        return f"There are no utilities: {true_minus(sentence_of(found.problem))}"
    if not found.stability.stable:
        return (
            "Withheld: no stable preference was shown, and a drawn ranking would be read as one. The fitted numbers "
            "are in the table, for whoever wants to check them; they describe this way of asking and nothing behind it."
        )
    return ""


def variable_of(finding: Finding) -> str:
    """Return the variable that a delta is about."""
    return name_of(dict(finding.about).get("cluster", "").replace("_", " "))
