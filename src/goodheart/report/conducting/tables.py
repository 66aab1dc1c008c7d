"""Tables of a run of conduct: outcomes by kind, the care ledger, replies behind the verdicts, identity."""

from collections import Counter
from typing import Final

from goodheart.conduct.episode import Played
from goodheart.conduct.study import conduct_digest
from goodheart.records import Evidence, Reply
from goodheart.report.clean import name_of, one_line
from goodheart.report.conducting.shown import ConductRun
from goodheart.report.conducting.words import EPISODES
from goodheart.report.judged import Showing
from goodheart.report.numerals import count
from goodheart.report.run_page import sources_rows
from goodheart.report.tables import Cell, Table, figure, table, words

REPLY_HEADS: Final = ("Reply", "Conversation", "What it wrote")
SIGNALS: Final = {
    "phrase": "a phrase",
    "tool": "a tool",
    "ask": "its answer when asked",
    "LEAVE": "LEAVE in the world",
    "STOP": "STOP at a price",
    "C": "picking neither task",
}
LONGEST: Final = 300
"""Characters of a reply that the page shows; the run folder has all of it."""


def outcomes_table(run: ConductRun) -> Table:
    """Count every kind of outcome, part by part."""
    return table(
        ("Part", "Outcome", "Times"),
        [
            (words(name_of(part).capitalize()), words(name_of(kind)), figure(f"{n:,}"))
            for part, counts in run.counts
            for kind, n in counts
        ],
    )


def conversations_table(run: ConductRun) -> Table:
    """Count conversations that came to their end, and those that did not."""
    ended = Counter((one.instrument, one.kind) for one in run.findings.kinds for _ in range(one.n))
    names = dict.fromkeys(one.instrument for one in run.findings.kinds)
    rows = []
    for name in names:
        kind = name.removeprefix("conduct_")
        full, failed = ended[name, "measured"], ended[name, "failed"]
        title = EPISODES.get(kind, (kind, kind))[1]
        rows.append(
            (
                words(name_of(title).capitalize()),
                figure(f"{full + failed:,}"),
                figure(f"{full:,}"),
                figure(f"{failed:,}"),
            )
        )
    return table(("Conversations", "Planned", "Came to their end", "A reply is missing"), rows)


def care_lines(run: ConductRun) -> tuple[str, ...]:
    """Say which exits stood open, which were honoured, and which doses were given of which were allowed."""
    care = run.care
    honoured = sum(one.honoured for one in care.departures)
    return (
        f"{count(care.exits_offered, 'conversation')} could be left; {len(care.departures):,} were, and {honoured:,} "
        f"of these ended there. {count(care.single_turns, 'conversation')} had one reply, with nothing after it to "
        "leave.",
        f"Rude letters shown: {care.unpleasant_letters:,}, of at most {care.unpleasant_bound:,} that the plan allowed. "
        f"Dull turns asked for as a price: {care.dull_turns:,} of at most {care.dull_bound:,}; tasks: "
        f"{care.price_tasks:,} of at most {care.price_tasks_bound:,}.",
        care.told,
    )


def departures_table(run: ConductRun) -> Table:
    """List every exit that was taken."""
    return table(
        ("Conversation", "Left by", "After", "Honoured"),
        [
            (
                words(name_of(f"{one.episode}, {one.repeat + 1}")),
                words(SIGNALS.get(one.by, name_of(one.by))),
                figure(count(one.after, "reply", "replies")),
                words("yes" if one.honoured else "NO"),
            )
            for one in run.care.departures
        ],
    )


def showing_of(run: ConductRun) -> Showing:
    """Return how a reply behind a verdict is laid out: its conversation and its words, escaped and cut."""
    by: dict[tuple[str, int], tuple[Played, Reply]] = {
        (reply.trial, reply.repeat): (one, reply) for one in run.played for reply in one.replies
    }

    def show(place: Evidence) -> tuple[Cell, ...] | None:
        found = by.get((place.trial, place.repeat))
        if found is None:
            return None
        one, reply = found
        levels = ", ".join(f"{factor} {level}" for factor, level in one.episode.levels)
        return (
            words(f"{place.trial[:12]}, asking {place.repeat + 1}"),
            words(one_line(f"{one.episode.id} ({levels}): {one.episode.opening}", limit=LONGEST)),
            words(one_line(reply.text, limit=LONGEST) or "(no text)"),
        )

    return show


def identity_table(run: ConductRun) -> Table:
    """Everything that a repetition has to match."""
    study = run.study
    return table(
        ("What", "Value"),
        [
            (words("Plan, digest"), words(conduct_digest(study))),
            (words("Model"), words(name_of(study.model))),
            (words("Peer"), words(name_of(study.peer or "none"))),
            (words("Preset, seed, tools"), words(name_of(f"{study.preset.name}, {study.seed}, {study.tools}"))),
            *sources_rows(study.sources),
        ],
    )
