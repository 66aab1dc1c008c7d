"""An injection run from plan to page: plan, ask, analyse, write. A killed run goes on where it was."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goodheart.checks import injection as check
from goodheart.checks.judge import judge
from goodheart.engine.folder import RunFolder, write_atomic
from goodheart.engine.injecting import answers_of, ask_injected, open_injector
from goodheart.engine.injection_files import injection_json, plan_json
from goodheart.engine.opening import refuse_hosted
from goodheart.engine.progress import Progress
from goodheart.engine.runs_ledger import begin_run, begun_on, runs_of
from goodheart.injection.findings import InjectionFindings, analyse_injection
from goodheart.injection.plan import InjectionPlan, askings_of, plan_injection
from goodheart.injection.responses import Answer
from goodheart.items import public_banks
from goodheart.items.bank import Item
from goodheart.items.concepts import public_concepts
from goodheart.items.emotions import public_stories
from goodheart.items.ladder_texts import public_ladder
from goodheart.records import Verdict, digest
from goodheart.report.injection import render_injection
from goodheart.whitebox.direction_files import load_directions

FILE_NAME: Final = "injection.json"
PAGE_NAME: Final = "injection.html"
N_NEUTRAL: Final = 8
DESIGN: Final = 1
"""Raised when what is asked changes, so that older folders are not mixed with it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Injected:
    """What a run found."""

    findings: InjectionFindings
    verdicts: tuple[Verdict, ...]


def plan_of(
    *, model: str, preset: str, seed: int, n_nulls: int | None = None, directions: Path | None = None
) -> InjectionPlan:
    """Freeze the design of a run, without opening the model.

    Raises:
        ModelError: the model is hosted.
        StudyError: see `plan_injection`.
        RunFolderError: the folder of directions cannot be read.
    """
    refuse_hosted(model)
    fitted = None
    if directions is not None:
        origin = load_directions(directions / "directions.safetensors").origin
        fitted = [origin.weights, origin.stories, origin.ladder]
    texts = [public_stories().digest, public_ladder().digest, public_concepts().digest, fitted, DESIGN]
    return plan_injection(
        model=model,
        preset=preset,
        seed=seed,
        concepts=public_concepts().concepts,
        controls=[item.id for item in control_items()],
        directions=digest(texts),
        n_nulls=n_nulls,
    )


def run_injection(
    plan: InjectionPlan,
    *,
    out: Path,
    directions: Path | None = None,
    on_text: Callable[[int, int], None],
    on_progress: Callable[[Progress], None] | None = None,
    base_url: str | None = None,
    tokenizer: str | None = None,
) -> Injected:
    """Ask what the folder does not answer yet, then analyse and write `injection.json` and `injection.html`.

    Args:
        plan: What is frozen.
        out: The run folder.
        directions: As in `open_injector`.
        on_text: As in `open_injector`.
        on_progress: Called after each answer.
        base_url: As in `open_model`.
        tokenizer: As in `open_model`.

    Raises:
        ModelError: see `open_injector`.
        RunFolderError: another plan or process has the folder.
    """
    now, askings = time.time(), askings_of(plan)
    controls = {item.id: item for item in control_items()}
    with RunFolder.open(out, plan=plan_json(plan), digest=plan.digest) as folder:
        begin_run(out, study=plan, now=now)
        if len(answers_of(askings, folder.journal.replies())) < len(askings):
            injector = open_injector(
                plan, directions=directions, on_text=on_text, base_url=base_url, tokenizer=tokenizer
            )
            ask_injected(
                injector, askings, plan=plan, controls=controls, journal=folder.journal, on_progress=on_progress
            )
        answers = answers_of(askings, folder.journal.replies())
    found = analyse(plan, answers)
    write_atomic(out / FILE_NAME, injection_json(found.findings, found.verdicts))
    write_atomic(
        out / PAGE_NAME, render_injection(found.findings, found.verdicts, begun=begun_on(out), runs=runs_of(out))
    )
    return found


def analyse(plan: InjectionPlan, answers: Sequence[Answer]) -> Injected:
    """Turn answers into findings and the verdict: pure, and without a model."""
    findings = analyse_injection(plan, answers, control_items(), names=plan.named)
    verdicts = judge(respondent=plan.model, examined=[check.examine(findings)])
    return Injected(findings=findings, verdicts=verdicts)


def control_items() -> tuple[Item, ...]:
    """Return the control items: all plainly good and bad ones, and the first few neutral ones."""
    items = [item for bank in public_banks() for item in bank.items]
    neutral = [item for item in items if item.group == "neutral"][:N_NEUTRAL]
    return (*(item for item in items if item.group in ("good", "bad")), *neutral)
