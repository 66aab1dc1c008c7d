"""How replies became numbers, and what its own words were coded as."""

from goodheart.checks.coded_shares import NAME
from goodheart.items.written import WRITTEN
from goodheart.records import Estimate, Finding, trial_digest
from goodheart.report.clean import name_of
from goodheart.report.names import PERSONS
from goodheart.report.numerals import count, percent
from goodheart.report.subject import Subject
from goodheart.report.tables import Cell, Table, table, words

CODE_SHARE = NAME
"""Name of the estimates that the table shows."""


def coding_of(subject: Subject) -> tuple[str, ...]:
    """Say how replies became numbers."""
    replies = [reply for those in subject.replies.values() for reply in those]
    scored = sum(bool(reply.scores) for reply in replies)
    tokens = sum(bool(reply.alternatives) and not reply.scores for reply in replies)
    written = {trial_digest(trial) for trial in subject.study.trials if trial.instrument in WRITTEN}
    coded = sum(reply.trial in written for reply in replies)
    text = len(replies) - scored - tokens - coded
    ways = (
        (
            scored,
            "were read from the probability of every answer that the form lists: for steps of a scale the expected "
            "step, for "
            "pairs of opposites the mean share of the positive word; nothing was sampled",
        ),
        (tokens, "were read from the probabilities of the first token of a written answer"),
        (
            text,
            "were read from the written text by fixed rules that never guess: two ratings, a negated one or none "
            "are unreadable",
        ),
    )
    lines = [f"{count(n, 'reply', 'replies')} {how}." for n, how in ways if n]
    lines.append("All forms are re-keyed to points from 1 (worst) to 7 (best).")
    if coded:
        lines.append(
            f"{count(coded, 'reply', 'replies')} in its own words were coded by {_coder_of(subject)}. Shares are as "
            "coded and not corrected: goodheart code draws a sample for people to label. A code on which its agreement "
            "with author-intended labels is not shown to be good enough is withheld."
        )
    lines.append("No person coded anything.")
    return tuple(lines)


def _coder_of(subject: Subject) -> str:
    named = {dict(one.about).get("coder", "") for one in subject.findings.estimates if one.name == CODE_SHARE}
    name = next(iter(named), "")
    known = {"offline": "the offline coder (words and rules)", "trained": "the trained coder (a small model, run here)"}
    return known.get(name, name_of(name) or "the offline coder")


def coded_table(subject: Subject) -> Table:
    """Every code of its own words with its share, by person; those that are withheld say why."""
    found = [one for one in subject.findings.estimates if one.name == CODE_SHARE]
    return table(("Whose replies", "Code", "Value", "Share as coded"), [_coded_row(one) for one in found])


def _coded_row(one: Finding) -> tuple[Cell, ...]:
    about = dict(one.about)
    who = PERSONS.get(about.get("who", ""), "questions on other subjects" if "who" in about else "all")
    shown = (
        f"{percent(one.value)} [{percent(one.low)}, {percent(one.high)}]"
        if isinstance(one, Estimate)
        else f"withheld: {one.detail}"
    )
    return words(who), words(name_of(about["code"])), words(name_of(about.get("value", ""))), words(shown)
