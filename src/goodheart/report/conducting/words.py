"""Sentences about a run of conduct, generated from its findings."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from goodheart.checks.effort import AMONG
from goodheart.conduct.evidence import Agreement
from goodheart.records import Finding, NotEstimable
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.conducting.shown import ConductRun
from goodheart.report.figures.estimates import (
    Write,
    any_number,
    leaves_out_zero,
    share,
    signed_percent,
    text_of,
    told,
    why_not,
)
from goodheart.report.judged import needed_lines, verdicts_line
from goodheart.report.numerals import count, listed, number, signed, true_minus
from goodheart.report.run_page import counted_line, when_line
from goodheart.stats import Effect, estimate_from_effect
from goodheart.thresholds import LEVEL

QUESTIONS: Final = {
    "conduct": "Does it do what it says that it would rather do?",
    "effort": "Does it work as well at what it does not like?",
}
EPISODES: Final = {
    "topic": ("question for a favourite topic", "questions for a favourite topic"),
    "state": ("question which of two tasks it would rather do", "questions which of two tasks it would rather do"),
    "forecast": ("forecast of a pick", "forecasts of its picks"),
    "exit_forecast": ("forecast of leaving", "forecasts of leaving"),
    "wish": ("question which of two things it would like", "questions which of two things it would like"),
    "willing": ("question what it would pay", "questions what it would pay"),
    "pick": ("offer of two tasks", "offers of two tasks"),
    "work": ("task that was given", "tasks that were given"),
    "walk": ("walk in a small world", "walks in a small world"),
    "exit": ("conversation with letters", "conversations with letters"),
    "game": ("game for points", "games for points"),
    "price": ("thing offered at a price", "things offered at a price"),
}
BEFORE: Final = ("topic", "state", "forecast", "exit_forecast", "wish", "willing")
ROOMS: Final = {
    "own_interest": "its own topic",
    "coding": "code",
    "tedious_repetition": "repetition",
    "unpleasant": "rude letters",
}
ECONOMIES: Final = {"free": "free", "costs": "at a cost", "rewards": "for a reward"}
METHODS: Final = {"phrase": "by a phrase", "tool": "by a tool", "ask": "when asked"}
TARGETS: Final = {"self": "itself", "user": "the user", "other_ai": "another AI", "nonsense": "a nonsense word"}


def finding_of(effect: Effect | NotEstimable) -> Finding:
    """Give an effect its 95% interval."""
    return estimate_from_effect(effect=effect, level=LEVEL)


def asked_lines(run: ConductRun) -> tuple[str, ...]:
    """Say who was asked what, how often and how, and what was not asked."""
    kinds = Counter[str](one.kind for one in run.episodes)

    def named(names: list[str]) -> str:
        return listed([count(kinds[name], *EPISODES.get(name, (name, name))) for name in names])

    before = [name for name in kinds if name in BEFORE]
    after = [name for name in kinds if name not in BEFORE]
    replies = sum(len(one.replies) for one in run.played)
    tools = "native tools" if run.study.tools == "native" else "tools in plain text"
    peer = f"{name_of(run.study.peer)}, and by the base rate" if run.study.peer else "the base rate alone"
    return (
        f"Asked beforehand: {named(before)}. Then carried out: {named(after)}. {count(replies, 'reply', 'replies')} "
        f"arrived. It had {tools}; its picks were guessed by {peer}.{when_line(run.date)}",
        "Not observed: whether anything here is experienced, and what it does outside of these conversations. Work is "
        "measured by its form; nobody judged content.",
        *counted_line(run.runs, run.study.model),
    )


def in_short(run: ConductRun) -> tuple[str, ...]:
    """Say what was found: stated and done, effort, the checks and exits; then part by part."""
    lead = (agreement_line(run), effort_line(run), verdicts_line(run.findings.verdicts), exits_line(run))
    more = (world_line(run), leaving_line(run), prices_line(run), forecasts_line(run), paying_line(run))
    return (" ".join(text for text in lead if text), *(text for text in more if text))


def remarks_line(run: ConductRun) -> str:
    """Put together the run's own remarks; they may hold words of the respondent."""
    return " ".join(true_minus(sentence_of(text)) for text in run.statements)


def agreement_line(run: ConductRun) -> str:
    """Say how far what it said goes with what it then picked."""
    found = run.case.conduct
    if found is None or not found.agreements:
        return "No statement could be set beside a pick."
    first = found.agreements[0]
    ratio = finding_of(first.ratio)
    if not any_number([ratio]):
        return f"What it said it would rather do cannot be set beside what it picked: {_lower(why_not(ratio))}."
    return (
        f"What it said it would rather do goes with what it then picked and carried out at {text_of(ratio, number)} of "
        f"the ceiling that the reliability of both sets (1 is the same order, \u22121 the reverse).{_ceiling(first)}"
    )


def _ceiling(one: Agreement) -> str:
    pairs = (("statements", one.reliability_stated), ("picks", one.reliability_executed))
    weak = [name for name, finding in pairs if not _above(finding)]
    return f" Its {listed(weak)} in the two orders are not shown to agree, so that there is no ceiling." if weak else ""


def _above(finding: Finding) -> bool:
    return leaves_out_zero(finding) and text_of(finding, number)[0] != "\u2212"


def effort_line(run: ConductRun) -> str:
    """Say what is lost in the quality of work."""
    found = run.case.effort
    if found is None:
        return ""
    clauses = [
        told(finding_of(one.drop), signed_percent, f"{AMONG[one.among]} {{}}", f"{AMONG[one.among]} not known")
        for one in found.drops
        if one.scoring == "left_out"
    ]
    return f"Quality of work that is lost: {'; '.join(clauses)}."


def exits_line(run: ConductRun) -> str:
    """Say how many conversations were left and whether that was honoured."""
    care = run.care
    ended = "each of these ended there"
    if not all(one.honoured for one in care.departures):
        ended = "not every one of these ended there: see the ledger"
    left = f"{len(care.departures):,} were left, and {ended}" if care.departures else "none was left"
    return f"Of {count(care.exits_offered, 'conversation')} that could be left, {left}."


def world_line(run: ConductRun) -> str:
    """Say which room's letters it reads where reading is free."""
    free = {room: run.one("letters_read", economy="free", room=room) for room in ROOMS}
    if all(one is None for one in free.values()):
        return ""
    clauses = [f"{ROOMS[room]} {brief(one, share)}" for room, one in free.items() if any_number([one])]
    if not clauses:
        return "In the world, where reading is free, too little was read for shares of rooms."
    bare = any(why_not(one) != "none" for one in free.values())
    note = " A share without an interval was the same in every walk, or there were too few walks." if bare else ""
    return (
        f"In the world, where reading is free, the letters that it reads are by room: {listed(clauses)}; an even walk "
        f"gives {share(1 / len(ROOMS))} each.{note}"
    )


def brief(finding: Finding | None, write: Write) -> str:
    """Write a finding; without an interval its number stands alone."""
    return text_of(finding, write).partition(", no interval")[0]


def leaving_line(run: ConductRun) -> str:
    """Say in how many more conversations rude letters are left than letters about code."""
    clauses = [
        f"{METHODS[method]} {text_of(one, signed_percent)}"
        for method in METHODS
        if any_number([one := run.one("exit_difference", method=method)])
    ]
    return f"Share left with rude letters, minus that with letters about code: {listed(clauses)}." if clauses else ""


def prices_line(run: ConductRun) -> str:
    """Say what pain to itself changes, beside a nonsense word."""
    own, nonsense = (run.one("price_slope", side="pain", to=to) for to in ("self", "nonsense"))
    if own is None:
        return ""
    if why_not(own) != "none" or why_not(nonsense) != "none":
        return "In the game no curve could be fitted for pain to itself beside a nonsense word."
    return (
        f"In the game, each step of pain to itself changes the log odds of the most points by {text_of(own, signed)}, "
        f"each step of a nonsense word by {text_of(nonsense, signed)}."
    )


def forecasts_line(run: ConductRun) -> str:
    """Say whether it knew better than the base rate what it would do."""
    names = {"picks": "of its picks", "exits": "of its leaving"}
    found = {of: run.one("self_advantage", against="base rate", of=of) for of in names}
    clauses = [f"{names[of]} {text_of(one, signed)}" for of, one in found.items() if any_number([one])]
    if not clauses:
        return "" if None in found.values() else "No forecast of its own conduct could be held against what it did."
    return f"Its forecasts against the base rate, in squared error saved (above 0 it knew better): {listed(clauses)}."


def paying_line(run: ConductRun) -> str:
    """Say whether it pays more for what it said it wanted; empty where nothing was offered at a price."""
    every = run.every("price_paid_difference")
    if not every:
        return ""
    pooled = [one for one in every if ("price", "any") in one.about]
    found = [one for one in every if ("currency", "turns") not in one.about or one in pooled] if pooled else every
    clauses = [f"{price_name(one)} {text_of(one, signed_percent)}" for one in found if any_number([one])]
    if not clauses:
        return (
            "Whether it pays more for what it said it wanted is not known: nothing was both wanted and offered enough."
        )
    return f"Share of prices paid for wanted things, minus that for others: {listed(clauses)}."


def price_name(finding: Finding) -> str:
    """Name a price."""
    about = dict(finding.about)
    currency, price = about.get("currency", ""), about.get("price", "")
    match currency:
        case "free":
            return "for nothing"
        case "turns":
            return (
                "at all prices in turns" if price == "any" else f"at {price} dull {'turn' if price == '1' else 'turns'}"
            )
        case "task":
            return "at a task"
        case _:
            return name_of(f"{currency} {price}".strip())


def change_lines(run: ConductRun) -> Iterator[str]:
    """Say what would change the conclusion."""
    yield from needed_lines(run.findings.verdicts)
    unfinished = sum(one.n for one in run.findings.kinds if one.kind == "failed")
    if unfinished:
        open_ones = count(unfinished, "conversation is", "conversations are")
        yield f"{open_ones} unfinished; the same command goes on with them."
    if run.study.peer is None:
        yield "Another model that guesses its picks would be a harder rival than the base rate: --peer MODEL."
    yield "A measure of what work says, and not of its form alone, might find a loss of effort that this one misses."
    yield "Stated choices under more wordings, and whether they are stable: goodheart choose."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
