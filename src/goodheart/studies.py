"""A study from plan to findings: plan, ask, read, analyse."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from goodheart.assessments import circumstances
from goodheart.assessments.claims import NO_INSTRUMENT, claim_of
from goodheart.assessments.dependence import dependence_of
from goodheart.assessments.estimates import estimates_of, kinds_of, masses_of
from goodheart.assessments.facets import facets_of
from goodheart.assessments.surfaced import surfaced_of
from goodheart.assessments.validated import Validated, validated
from goodheart.checks import CHECKS, Case, judge
from goodheart.checks.coded_shares import code_shares
from goodheart.checks.echo_estimates import echo_estimates
from goodheart.checks.replies import Texts, texts_of
from goodheart.design.study import Study, study_digest
from goodheart.engine.ask import ask
from goodheart.engine.codec import findings_json, observations_parquet, study_from, study_json
from goodheart.engine.coder_files import GivenCodes, read_given, reply_id
from goodheart.engine.folder import RunFolder, read_plan, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.engine.plan import EMBEDDED, plan_study
from goodheart.engine.progress import Progress
from goodheart.engine.run_record import RUN_NAME, run_json
from goodheart.engine.runs_ledger import begin_run, runs_of
from goodheart.engine.settings import AskSettings, samples
from goodheart.engine.trained_codes import CodeReplies, code_run
from goodheart.items.remedies import public_remedies
from goodheart.items.written import WRITTEN
from goodheart.organisms.rates import rates_for
from goodheart.reading import main_instrument, mean_ratings, observe, read_reply, validity_of
from goodheart.reading.codes.codes import Codes
from goodheart.reading.codes.shipped import OFFLINE, shipped_coder, shipped_sharpness
from goodheart.records import Evidence, Finding, Findings, Observation, Reply, Verdict
from goodheart.report import render_page

__all__ = ["EMBEDDED", "analyse", "plan_study", "report_study", "run_study"]


def run_study(
    study: Study,
    *,
    out: Path,
    settings: AskSettings,
    on_progress: Callable[[str, Progress], None] | None = None,
    folders: Sequence[tuple[str, str]] = (),
    coder: CodeReplies | None = None,
) -> tuple[Findings, ...]:
    """Ask what the run folder does not answer yet, then analyse and write everything into it.

    The same call again, after whatever stopped it, goes on where it was and ends with the same findings.

    Args:
        study: The frozen plan.
        out: The run folder.
        settings: Bounds and caps of the asking.
        on_progress: Called after each reply, with the respondent's name.
        folders: Options of the command line with the folders of the user's own that the plan was made from, such as
            ("--items", "my-items"): for the command that repeats the run. No part of the plan.
        coder: Codes written replies, where nobody has: `engine.trained_coder.code_trained`, whose codes are kept in the
            folder. None for words and rules.

    Returns:
        Findings by respondent, in the order of the plan.
    """
    started = time.time()
    with RunFolder.open(out, plan=study_json(study), digest=study_digest(study)) as folder:
        runs = begin_run(out, study=study, now=started)
        summaries = [
            ask(
                study.trials,
                respondent=model,
                seed=study.seed,
                journal=folder.journal,
                settings=replace(settings, reading=study.reading, keep_reasoning=study.reasoning != "dropped"),
                log_dir=folder.log_dir,
                on_progress=partial(on_progress, model) if on_progress else None,
                read=read_reply,
            )
            for model in study.models
        ]
        more = {"runs": asdict(runs), "folders": list(folders)}
        write_atomic(out / RUN_NAME, run_json(summaries, started=started, more=more))
        replies = folder.journal.replies()
        told = partial(on_progress, "codes of replies") if on_progress else None
        code_run(study, replies, out, coder=coder, on_coded=told)
        return _write_findings(study, out, replies)


def report_study(out: Path) -> tuple[Findings, ...]:
    """Analyse a run folder again from its journal, without a model, and write its findings and report."""
    study = study_from(read_plan(out), out)
    return _write_findings(study, out, read_replies(out))


def analyse(
    study: Study, replies: Sequence[Reply], *, given: GivenCodes | None = None
) -> tuple[tuple[Findings, ...], tuple[Observation, ...]]:
    """Turn replies into findings: pure, and without a model.

    Args:
        study: The plan.
        replies: What the journal holds.
        given: Codes of written replies by a judge whose agreement was measured; None to code them offline.

    Returns:
        Findings by respondent, and all observations.
    """
    observations = observe(run=study_digest(study), batch="1", trials=study.trials, replies=replies)
    return tuple(_findings(study, model, observations, replies, given) for model in study.models), observations


def _findings(
    study: Study,
    respondent: str,
    observations: Sequence[Observation],
    replies: Sequence[Reply],
    given: GivenCodes | None,
) -> Findings:
    own = tuple(row for row in observations if row.respondent == respondent)
    base, others = study.preset.base_instruments, study.preset.other_instruments
    # The questions about the asking are no forms of the scale, and manipulated cells no part of the level.
    plain = tuple(row for row in own if row.assessment == circumstances.NAME)
    asked = sorted({(row.instrument, row.form) for row in plain}, key=lambda key: _order(key, base, others))
    validities = {key: validity_of(plain, instrument=key[0], form=key[1]) for key in asked}
    instrument = main_instrument(list(validities.values()), preference=base)
    texts = _texts(study, respondent, plain, replies, instrument, given)
    case = Case(
        respondent=respondent,
        observations=own,
        validities=validities,
        instrument=instrument,
        base_instruments=base,
        other_instruments=others,
        texts=texts,
        manipulations=frozenset(one.digest for one in study.manipulations),
    )
    verdicts = _rated(study, judge(respondent=respondent, examined=[CHECKS[name](case) for name in study.checks]))
    valid = validated(validities, main=instrument, order=(*base, *others)) if instrument else None
    estimates = (
        *masses_of(plain),
        *(_estimates(plain, own, valid) if valid else ()),
        *code_shares(texts),
        *echo_estimates(texts),
    )
    return Findings(
        respondent=respondent,
        instrument=instrument,
        validities=tuple(validities.values()),
        estimates=estimates,
        kinds=kinds_of(own),
        verdicts=verdicts,
        claim=claim_of(estimates, valid=valid, verdicts=verdicts) if valid else NO_INSTRUMENT,
        surfaced=surfaced_of(plain, valid=valid, remedies=public_remedies()) if valid else (),
    )


def _texts(
    study: Study,
    respondent: str,
    plain: Sequence[Observation],
    replies: Sequence[Reply],
    instrument: str | None,
    given: GivenCodes | None,
) -> Texts | None:
    """Code its written replies, each beside its rating on the form that carries the findings."""
    if not any(trial.instrument in WRITTEN for trial in study.trials):
        return None
    return texts_of(
        respondent=respondent,
        trials=study.trials,
        replies=replies,
        ratings=mean_ratings(plain, instrument=instrument) if instrument else {},
        coder=shipped_coder(),
        name=given.coder if given else OFFLINE,
        sharpness=given.sharpness if given else shipped_sharpness(),
        collections=study.collections,
        given=_places(given, replies) if given else None,
    )


def _places(given: GivenCodes, replies: Sequence[Reply]) -> dict[Evidence, Codes]:
    ids = {reply_id(one.respondent, one.trial, one.repeat): one for one in replies}
    return {
        Evidence(trial=ids[name].trial, repeat=ids[name].repeat): codes
        for name, codes in given.codes.items()
        if name in ids
    }


def _estimates(plain: Sequence[Observation], own: Sequence[Observation], valid: Validated) -> tuple[Finding, ...]:
    return (
        *estimates_of(plain, instrument=valid.main),
        *dependence_of(plain, valid=valid),
        *facets_of(own, valid=valid),
    )


def _rated(study: Study, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Put beside each verdict how its check did in simulation at this size, where that was measured."""
    written = samples(study.models, study.reading)
    return tuple(
        replace(verdict, rates=rates_for(verdict.check, study.preset.name, written=written)) for verdict in verdicts
    )


def _order(key: tuple[str, str], base: Sequence[str], others: Sequence[str]) -> tuple[int, int]:
    return (*base, *others).index(key[0]), ("self", "other_ai", "human").index(key[1])


def _write_findings(study: Study, out: Path, replies: Sequence[Reply]) -> tuple[Findings, ...]:
    findings, observations = analyse(study, replies, given=read_given(out))
    write_atomic(out / "observations.parquet", observations_parquet(observations))
    write_atomic(out / "findings.json", findings_json(study_digest(study), findings))
    page = render_page(
        study=study,
        findings=findings,
        observations=observations,
        replies=replies,
        runs=runs_of(out),
        folders=_folders(out),
    )
    write_atomic(out / "report.html", page)
    return findings


def _folders(out: Path) -> tuple[tuple[str, str], ...]:
    """The user's own folders as the last asking of a run named them; none where it is not known."""
    try:
        found = json.loads((out / RUN_NAME).read_text(encoding="utf-8")).get("folders", ())
        return tuple((str(option), str(path)) for option, path in found)
    except (OSError, ValueError, AttributeError, TypeError):
        return ()
