"""Findings to one self-contained page: pure, without a clock, equal text for equal input."""

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from goodheart import __version__
from goodheart.design.study import Study
from goodheart.engine.runs_ledger import Runs, runs_line
from goodheart.records import Findings, Observation, Reply, trial_digest
from goodheart.report.claims import LADDER, ladder_line
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.command import command_of
from goodheart.report.evidence import Places, places_of
from goodheart.report.ledgers import forms_table, identity_table, methods_table, thresholds_table
from goodheart.report.model import ReportModel
from goodheart.report.names import private_items, titles_of
from goodheart.report.respondent import respondent_view
from goodheart.report.subject import Subject
from goodheart.report.words import STATEMENT, unasked_line


def render_page(
    *,
    study: Study,
    findings: Sequence[Findings],
    observations: Sequence[Observation],
    replies: Sequence[Reply],
    runs: Runs | None = None,
    folders: Sequence[tuple[str, str]] = (),
) -> str:
    """Write the report as one HTML page.

    Args:
        study: The frozen plan.
        findings: By respondent, in the order of the page.
        observations: The tidy table of all respondents.
        replies: What the journal holds; text in it is data and never becomes markup.
        runs: Which run of its plan this is, from the ledger; None says nothing on it.
        folders: Options with the user's own folders that the plan was made from, for the command that repeats it.

    Returns:
        The page: no script, no reference to anything outside itself, figures as SVG.
    """
    model = report_model(
        study=study, findings=findings, observations=observations, replies=replies, runs=runs, folders=folders
    )
    return _environment().get_template("page.html.j2").render(page=model)


def report_model(
    *,
    study: Study,
    findings: Sequence[Findings],
    observations: Sequence[Observation],
    replies: Sequence[Reply],
    runs: Runs | None,
    folders: Sequence[tuple[str, str]],
) -> ReportModel:
    """Gather everything that the page says; arguments as for `render_page`."""
    views = []
    for number, one in enumerate(findings, start=1):
        subject, places = subject_of(
            study=study, findings=one, number=number, observations=observations, replies=replies
        )
        line = "" if runs is None else sentence_of(runs_line(runs, one.respondent))
        views.append(respondent_view(subject, places, runs=line))
    return ReportModel(
        title=f"Self-report audit: {', '.join(name_of(one.respondent) for one in findings[:3])}",
        version=__version__,
        banks=", ".join(f"{name_of(bank.name)} {name_of(bank.version)}" for bank in study.banks),
        respondents=tuple(views),
        statement=STATEMENT,
        ladder=LADDER,
        ladder_line=ladder_line(study),
        unasked=unasked_line(study),
        forms=forms_table(study),
        identity=identity_table(study),
        thresholds=thresholds_table(study),
        methods=methods_table(findings),
        command=command_of(study, folders),
        private_items=private_items(study),
    )


def subject_of(
    *,
    study: Study,
    findings: Findings,
    number: int,
    observations: Sequence[Observation],
    replies: Sequence[Reply],
) -> tuple[Subject, Places]:
    """Gather what belongs to one respondent, and number its evidence.

    Args:
        study: The plan.
        findings: Of the respondent.
        number: From 1; part of every anchor.
        observations: Of all respondents.
        replies: Of all respondents.
    """
    places = places_of(study, [trial_digest(trial) for trial in study.trials], number)
    subject = Subject(
        number=number,
        study=study,
        findings=findings,
        observations=tuple(row for row in observations if row.respondent == findings.respondent),
        replies=_by_trial(replies, findings.respondent),
        titles=titles_of(study),
        places=places.trials,
        clusters=places.clusters,
    )
    return subject, places


def _by_trial(replies: Sequence[Reply], respondent: str) -> Mapping[str, tuple[Reply, ...]]:
    grouped: dict[str, list[Reply]] = {}
    for reply in sorted((reply for reply in replies if reply.respondent == respondent), key=lambda reply: reply.repeat):
        grouped.setdefault(reply.trial, []).append(reply)
    return {trial: tuple(those) for trial, those in grouped.items()}


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("goodheart.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
