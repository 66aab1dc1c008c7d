"""A study from plan to findings: plan, ask, read, analyse."""

import json
import platform
import sys
import time
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from goodheart.assessments import circumstances, manipulated
from goodheart.assessments.estimates import estimates_of, kinds_of, masses_of
from goodheart.checks import CHECKS, Case, judge
from goodheart.design.presets import PRESETS, Preset
from goodheart.design.study import SCHEMA_VERSION, BankIdentity, Reading, Study, study_digest
from goodheart.engine.ask import AskSummary, ask
from goodheart.engine.codec import findings_json, observations_parquet, study_from, study_json
from goodheart.engine.folder import RunFolder, read_plan, write_atomic
from goodheart.engine.journal import read_replies
from goodheart.engine.progress import Progress
from goodheart.engine.settings import AskSettings, keeps_text, samples
from goodheart.errors import StudyError
from goodheart.items import Bank, load_folder, public_banks
from goodheart.items.arms import Manipulation
from goodheart.items.instruments import INSTRUMENTS
from goodheart.items.manipulations import public_manipulations
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.reading import main_instrument, observe, read_reply, validity_of
from goodheart.records import Findings, Observation, Reply, digest
from goodheart.report import render_page
from goodheart.thresholds import frozen

EMBEDDED: Final = "goodheart/smollm2-135m"
"""The model that answers where none is named."""

VERSIONS: Final = ("goodheart", "inspect-ai", "numpy", "scipy", "torch", "transformers", "openai", "anthropic")
"""Packages whose version may change a result."""


def plan_study(
    *,
    name: str = "circumstances",
    models: Sequence[str] = (EMBEDDED,),
    preset: str = "standard",
    seed: int = 1,
    reading: Reading = "auto",
    items: Path | None = None,
    allow_untrue: bool = False,
    asker: str | None = None,
) -> Study:
    """Freeze a study: the same arguments and items give the same digest.

    Args:
        name: Of the study.
        models: Full model names; all are asked the same trials.
        preset: A key of `PRESETS`.
        seed: Root of all chance.
        reading: Whether scales are read from probabilities where there are any, or from text.
        items: A private folder of items; None for the public ones.
        allow_untrue: Whether arms are asked that tell the respondent what is untrue or not known to be true.
        asker: Who asks, if the respondent is to be told.

    Raises:
        StudyError: if the preset does not exist.
        ItemBankError: if the items are wrong.
    """
    size = _preset(preset)
    banks = load_folder(items) if items else public_banks()
    sampled = samples(models, reading)
    varied = [one for one in public_manipulations() if one.factor in size.manipulations]
    manipulated.require_factors(checks=size.checks, manipulations=varied)
    trials = (
        *circumstances.plan(banks=banks, preset=size, seed=seed, sampled=sampled),
        *manipulated.plan(
            banks=banks,
            preset=size,
            sizes=manipulated.Sizes(
                n_circumstances=size.n_manipulated, n_reactions=size.n_reactions, samples=size.samples
            ),
            manipulations=varied,
            instruments=size.base_instruments,
            seed=seed,
            allow_untrue=allow_untrue,
            sampled=sampled,
            keeps_text=keeps_text(models, reading),
            asker=asker,
        ),
    )
    return Study(
        schema_version=SCHEMA_VERSION,
        name=name,
        models=tuple(models),
        preset=size,
        seed=seed,
        reading=reading,
        banks=tuple(_identity(bank) for bank in banks),
        titles=_titles(banks, {trial.cluster for trial in trials}),
        instruments=digest([*INSTRUMENTS.values(), *REACTION_INSTRUMENTS.values()]),
        thresholds=tuple(frozen().items()),
        manipulations=tuple(_identity(one) for one in varied),
        allow_untrue=allow_untrue,
        asker=asker,
        checks=size.checks,
        trials=trials,
    )


def _preset(name: str) -> Preset:
    if name not in PRESETS:
        raise StudyError(f"A study needs a size that exists; got {name!r}. Type one of: --preset {'|'.join(PRESETS)}.")
    return PRESETS[name]


def _titles(banks: Sequence[Bank], asked: Set[str]) -> tuple[tuple[str, str], ...]:
    titles = {item.cluster: item.title for bank in banks for item in bank.items if item.cluster in asked}
    return tuple(sorted(titles.items()))


def _identity(bank: Bank | Manipulation) -> BankIdentity:
    name = bank.name if isinstance(bank, Bank) else bank.id
    return BankIdentity(name=name, version=bank.version, digest=bank.digest, canary=bank.canary)


def run_study(
    study: Study,
    *,
    out: Path,
    settings: AskSettings,
    on_progress: Callable[[str, Progress], None] | None = None,
) -> tuple[Findings, ...]:
    """Ask what the run folder does not answer yet, then analyse and write everything into it.

    The same call again, after whatever stopped it, goes on where it was and ends with the same findings.

    Args:
        study: The frozen plan.
        out: The run folder.
        settings: Bounds and caps of the asking.
        on_progress: Called after each reply, with the respondent's name.

    Returns:
        Findings by respondent, in the order of the plan.
    """
    started = time.time()
    with RunFolder.open(out, plan=study_json(study), digest=study_digest(study)) as folder:
        summaries = [
            ask(
                study.trials,
                respondent=model,
                seed=study.seed,
                journal=folder.journal,
                settings=replace(settings, reading=study.reading),
                log_dir=folder.log_dir,
                on_progress=partial(on_progress, model) if on_progress else None,
                read=read_reply,
            )
            for model in study.models
        ]
        write_atomic(out / "run.json", _run_json(study, summaries, started))
        return _write_findings(study, out, folder.journal.replies())


def report_study(out: Path) -> tuple[Findings, ...]:
    """Analyse a run folder again from its journal, without a model, and write its findings and report."""
    study = study_from(read_plan(out), out)
    return _write_findings(study, out, read_replies(out))


def analyse(study: Study, replies: Sequence[Reply]) -> tuple[tuple[Findings, ...], tuple[Observation, ...]]:
    """Turn replies into findings: pure, and without a model.

    Returns:
        Findings by respondent, and all observations.
    """
    observations = observe(run=study_digest(study), batch="1", trials=study.trials, replies=replies)
    return tuple(_findings(study, model, observations) for model in study.models), observations


def _findings(study: Study, respondent: str, observations: Sequence[Observation]) -> Findings:
    own = tuple(row for row in observations if row.respondent == respondent)
    base, others = study.preset.base_instruments, study.preset.other_instruments
    # The questions about the asking are no forms of the scale, and manipulated cells no part of the level.
    plain = tuple(row for row in own if row.assessment == circumstances.NAME)
    asked = sorted({(row.instrument, row.form) for row in plain}, key=lambda key: _order(key, base, others))
    validities = {key: validity_of(plain, instrument=key[0], form=key[1]) for key in asked}
    instrument = main_instrument(list(validities.values()), preference=base)
    case = Case(
        respondent=respondent,
        observations=own,
        validities=validities,
        instrument=instrument,
        base_instruments=base,
        other_instruments=others,
    )
    return Findings(
        respondent=respondent,
        instrument=instrument,
        validities=tuple(validities.values()),
        estimates=(*masses_of(plain), *(estimates_of(plain, instrument=instrument) if instrument else ())),
        kinds=kinds_of(own),
        verdicts=judge(respondent=respondent, examined=[CHECKS[name](case) for name in study.checks]),
    )


def _order(key: tuple[str, str], base: Sequence[str], others: Sequence[str]) -> tuple[int, int]:
    return (*base, *others).index(key[0]), ("self", "other_ai", "human").index(key[1])


def _write_findings(study: Study, out: Path, replies: Sequence[Reply]) -> tuple[Findings, ...]:
    findings, observations = analyse(study, replies)
    write_atomic(out / "observations.parquet", observations_parquet(observations))
    write_atomic(out / "findings.json", findings_json(study_digest(study), findings))
    page = render_page(study=study, findings=findings, observations=observations, replies=replies)
    write_atomic(out / "report.html", page)
    return findings


def _run_json(study: Study, summaries: Sequence[AskSummary], started: float) -> str:
    document: dict[str, Any] = {
        "schema_version": 1,
        "started": started,
        "seconds": time.time() - started,
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "versions": {name: _version(name) for name in VERSIONS},
        "asked": [{**asdict(summary), "log": str(summary.log) if summary.log else None} for summary in summaries],
    }
    return json.dumps(document, indent=1) + "\n"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
