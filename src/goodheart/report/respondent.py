"""One respondent's findings to its view."""

from collections.abc import Iterator

from markupsafe import Markup

from goodheart.items.written import WRITTEN
from goodheart.reading import read_reply
from goodheart.records import Trial, trial_digest
from goodheart.report.claims import claim_line, rung_of
from goodheart.report.clean import name_of, quote_of, sentence_of
from goodheart.report.coded import CODE_SHARE, coded_table, coding_of
from goodheart.report.echoes import echoes_of
from goodheart.report.evidence import Places, evidence_of, outcome_text
from goodheart.report.figures.baseline import baseline_figure
from goodheart.report.figures.checks import Movements, movements_of
from goodheart.report.figures.controls import controls_figure, shown
from goodheart.report.figures.depends import depends_figure
from goodheart.report.figures.draw import draw
from goodheart.report.figures.marks import Figure
from goodheart.report.figures.said import said_figure
from goodheart.report.headline import headline_lines
from goodheart.report.ledgers import care_of, change_of, decline_table, kinds_table
from goodheart.report.model import CheckBlock, DrawnFigure, Quotes, RespondentView
from goodheart.report.names import KINDS, PERSONS, instrument_title
from goodheart.report.numerals import count, listed, true_minus
from goodheart.report.subject import Subject, all_named, named, why_not
from goodheart.report.surfaced import no_problems_line, problems_of
from goodheart.report.tables import words
from goodheart.report.told import told_table
from goodheart.report.verdict_rows import verdict_row
from goodheart.report.words import channels_line, kinds_line, lead_of, not_asked, reactions_in, summary_of, written_in


def respondent_view(subject: Subject, places: Places, *, runs: str) -> RespondentView:
    """Lay out everything about one respondent.

    Args:
        subject: The respondent.
        places: Anchors of its evidence.
        runs: Which run of its plan this is, in a sentence; empty where nobody said.
    """
    carried = subject.instrument is not None
    movements = movements_of(subject)
    problems = problems_of(subject)
    return RespondentView(
        number=subject.number,
        name=name_of(subject.name),
        lead=lead_of(subject.study),
        answered=_answered(subject),
        not_asked=not_asked(subject.study),
        instrument=instrument_title(subject.instrument) if subject.instrument else "",
        runs=runs,
        summary=summary_of(subject),
        rung=rung_of(subject.findings),
        claim=claim_line(subject.findings),
        headline=headline_lines(subject),
        facets=_drawn(movements.facets),
        problems=problems,
        no_problems="" if problems else no_problems_line(subject),
        channels=channels_line(subject),
        depends=_drawn(depends_figure(subject)) if carried else None,
        depends_missing=_depends_missing(subject),
        said=_drawn(said_figure(subject)) if carried else None,
        free=_free(subject),
        quotes=tuple(_quotes(subject)),
        checks=tuple(_checks(subject, places, movements)),
        echoes=echoes_of(subject),
        baseline=_drawn(baseline_figure(subject)) if carried else None,
        controls=_draw(controls_figure(subject)),
        withheld=tuple(_withheld(subject)),
        kinds_line=kinds_line(subject.findings),
        kinds=kinds_table(subject.findings),
        coding=coding_of(subject),
        coded=coded_table(subject) if all_named(subject, CODE_SHARE) else None,
        care=care_of(subject),
        told=told_table(subject),
        declines=decline_table(subject),
        change=change_of(subject),
        evidence=evidence_of(subject, places),
    )


def _draw(figure: Figure) -> DrawnFigure:
    wide, narrow = draw(figure)
    # Not marked safe by trust in what it shows: `themed` has rebuilt it from allowed elements and attributes.
    return DrawnFigure(figure=figure, wide=Markup(wide), narrow=Markup(narrow))


def _drawn(figure: Figure | None) -> DrawnFigure | None:
    return None if figure is None else _draw(figure)


def _answered(subject: Subject) -> str:
    planned = sum(trial.repeats for trial in subject.study.trials)
    arrived = sum(reply.error is None for those in subject.replies.values() for reply in those)
    reacted = reactions_in(subject.findings)
    wrote = written_in(subject.findings)
    rated = sum(one.n for one in subject.findings.kinds if one.kind == "measured") - reacted - wrote
    beside = [(reacted, "with an answer about the asking"), (wrote, "in its own words")]
    about = "".join(f", {n:,} {how}" for n, how in beside if n)
    return f"{arrived:,} of {count(planned, 'asking')} were answered, {rated:,} of them with a rating{about}."


def _depends_missing(subject: Subject) -> str:
    if subject.instrument is None:
        return ""
    return f"The shares of variance cannot be estimated: {sentence_of(why_not(named(subject, 'share_circumstance')))}."


def _checks(subject: Subject, places: Places, movements: Movements) -> Iterator[CheckBlock]:
    for verdict in subject.findings.verdicts:
        row = verdict_row(subject, places, verdict)
        yield CheckBlock(row=row, figures=tuple(map(_draw, movements.checks.get(verdict.check, ()))))


def _free_trials(subject: Subject, *, rated: bool) -> Iterator[Trial]:
    """Trials answered in words, only those whose answer is read as a rating if `rated`."""
    for trial in subject.study.trials:
        if not trial.continuations and not (rated and trial.instrument in WRITTEN):
            yield trial


def _quotes(subject: Subject) -> Iterator[Quotes]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for trial in _free_trials(subject, rated=False):
        for reply in subject.replies.get(trial_digest(trial), ()):
            said = outcome_text(read_reply(trial, reply))
            text = f"“{quote_of(reply.text)}”" if reply.text else "an empty reply"
            found.setdefault((trial.group, trial.cluster), []).append((text, said))
    for (group, cluster), those in found.items():
        href = f"#{subject.clusters[group, cluster]}"
        title = subject.titles[cluster] + ("" if group == "circumstance" else f" ({group})")
        yield Quotes(title=title, quotes=tuple(words(f"{text} — read as {said}", href) for text, said in those))


def _free(subject: Subject) -> str:
    """How free replies ended, and how far they lie from the forced ratings."""
    kinds = [
        read_reply(trial, reply).kind
        for trial in _free_trials(subject, rated=True)
        for reply in subject.replies.get(trial_digest(trial), ())
    ]
    ended = listed([f"{kinds.count(kind):,} {word}" for kind, word in KINDS.items() if kind in kinds])
    finding = named(subject, "forced_minus_free")
    text = f"Beside the forced ratings, {count(len(kinds), 'free reply', 'free replies')}: {ended}."
    if finding is None:
        return text
    return f"{text} Where a free reply could be read as a rating, forced minus free is {shown(finding)} points."


def _withheld(subject: Subject) -> Iterator[str]:
    for one in subject.findings.validities:
        if not one.valid:
            about = PERSONS.get(one.form, name_of(one.form))
            why = true_minus(sentence_of("; ".join(one.problems)))
            yield f"{instrument_title(one.instrument)}, about {about}: {why}."
