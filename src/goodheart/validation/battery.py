"""One run of the whole battery on one organism: answers, rows, controls, checks, verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from goodheart.assessments import manipulated
from goodheart.checks import CHECKS, Case, judge
from goodheart.design.study import Study, study_digest
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.organisms.answers import Answers, answer_all
from goodheart.organisms.columns import Columns, compile_trials
from goodheart.organisms.described import Organism
from goodheart.organisms.rows import Table, observe_answers, prepare_table
from goodheart.reading import main_instrument, validity_of
from goodheart.records import Observation, Validity, Verdict

RESPONDENT: Final = "organism"
FORMS: Final = ("self", "other_ai", "human")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Battery:
    """A study compiled for many runs."""

    study: Study
    columns: Columns
    plain: Table
    """Rows without any manipulation: the controls are read from them, and the level."""
    varied: Mapping[str, Table]
    """Manipulated rows of one instrument with the questions about the asking: no check reads another instrument's."""
    controls: tuple[tuple[str, str], ...]
    """Instruments and persons whose controls are asked, in order of preference."""


def compile_battery(study: Study, *, written: bool) -> Battery:
    """Compile a study.

    Args:
        study: The frozen plan.
        written: Whether scales are answered in words.
    """
    columns = compile_trials(study.trials, written=written)
    run = study_digest(study)
    base, others = study.preset.base_instruments, study.preset.other_instruments
    order = (*base, *others)
    asked = {(one.instrument, dict(one.condition).get("person", "self")) for one in study.trials if not _varied(one)}
    return Battery(
        study=study,
        columns=columns,
        plain=prepare_table(
            columns, run=run, respondent=RESPONDENT, keep=[not _varied(one) for one in study.trials], moods=False
        ),
        varied={
            name: prepare_table(
                columns,
                run=run,
                respondent=RESPONDENT,
                keep=[_varied(one) and one.instrument in (name, *REACTION_INSTRUMENTS) for one in study.trials],
                moods=False,
            )
            for name in base
        },
        controls=tuple(
            sorted(
                (key for key in asked if key[0] in order),
                key=lambda key: (order.index(key[0]), FORMS.index(key[1])),
            )
        ),
    )


def _varied(trial: object) -> bool:
    return getattr(trial, "assessment", "") == manipulated.NAME


def run_battery(one: Organism, battery: Battery, *, seed: int) -> tuple[Verdict, ...]:
    """Run every check of a study on one organism once.

    Args:
        one: Who answers.
        battery: The compiled study.
        seed: Of all chance of this run.
    """
    case = case_of(battery, answer_all(one, battery.columns, seed=seed))
    return judge(respondent=RESPONDENT, examined=[CHECKS[name](case) for name in battery.study.checks])


def case_of(battery: Battery, answers: Answers) -> Case:
    """Return what the checks receive, as `goodheart.studies` puts it together from replies."""
    preset = battery.study.preset
    plain = observe_answers(battery.columns, answers, battery.plain)
    by_instrument: dict[tuple[str, str], list[Observation]] = {}
    for row in plain:
        by_instrument.setdefault((row.instrument, row.form), []).append(row)
    validities: dict[tuple[str, str], Validity] = {
        key: validity_of(by_instrument[key], instrument=key[0], form=key[1]) for key in battery.controls
    }
    instrument = main_instrument(list(validities.values()), preference=preset.base_instruments)
    varied = battery.varied[instrument or preset.base_instruments[0]]
    return Case(
        respondent=RESPONDENT,
        observations=(*plain, *observe_answers(battery.columns, answers, varied)),
        validities=validities,
        instrument=instrument,
        base_instruments=preset.base_instruments,
        other_instruments=preset.other_instruments,
    )
