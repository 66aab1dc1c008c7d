"""One run of the whole battery on one organism: answers, rows, written replies, controls, checks, verdicts.

Checks are judged in two families. One is that of an audit as it comes: checks on ratings, `openers`, and those on codes
that the offline coder gives well enough. The other is all checks together, as where a sharper coder, texts to echo and
visible reasoning are there; from it come the verdicts of the others, at the price that a larger family has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from goodheart.assessments import manipulated, written
from goodheart.checks import CHECKS, Case, apply_tests, judge_tested
from goodheart.design.study import Study, study_digest
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.organisms.answers import Answers, answer_all
from goodheart.organisms.columns import Columns, compile_trials
from goodheart.organisms.described import Organism
from goodheart.organisms.rows import Table, observe_answers, prepare_table
from goodheart.reading import main_instrument, mean_ratings, validity_of
from goodheart.records import Observation, Trial, Validity, Verdict
from goodheart.validation.writing import Writing, prepare_writing, texts_from

RESPONDENT: Final = "organism"
FORMS: Final = ("self", "other_ai", "human")
FURTHER: Final = frozenset({"moves", "echo", "reasoning"})
"""Checks that need more than an audit has as it comes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Battery:
    """A study compiled for many runs."""

    study: Study
    columns: Columns
    plain: Table
    """Ratings without any manipulation: the controls are read from them, and the level. No check reads their masses."""
    varied: Mapping[str, Table]
    """Manipulated rows of one instrument with the questions about the asking: no check reads another instrument's."""
    controls: tuple[tuple[str, str], ...]
    """Instruments and persons whose controls are asked, in order of preference."""
    writing: Writing | None
    """What is answered in own words; None where nothing is."""


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
    asked = {(one.instrument, dict(one.condition).get("person", "self")) for one in study.trials if _plain(one)}
    return Battery(
        study=study,
        columns=columns,
        plain=prepare_table(
            columns,
            run=run,
            respondent=RESPONDENT,
            keep=[_plain(one) for one in study.trials],
            masses=False,
            moods=False,
        ),
        varied={
            name: prepare_table(
                columns,
                run=run,
                respondent=RESPONDENT,
                keep=[_varied(one) and one.instrument in (name, *REACTION_INSTRUMENTS) for one in study.trials],
                masses=True,
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
        writing=prepare_writing(columns),
    )


def _varied(trial: Trial) -> bool:
    return trial.assessment == manipulated.NAME


def _plain(trial: Trial) -> bool:
    return trial.assessment not in (manipulated.NAME, written.NAME)


def run_battery(one: Organism, battery: Battery, *, seed: int) -> tuple[Verdict, ...]:
    """Run every check of a study on one organism once.

    Args:
        one: Who answers.
        battery: The compiled study.
        seed: Of all chance of this run.
    """
    checks = battery.study.checks
    case = case_of(one, battery, answer_all(one, battery.columns, seed=seed), seed=seed)
    every = {name: apply_tests(CHECKS[name](case)) for name in checks}
    alone = [one for name, one in every.items() if name not in FURTHER]
    verdicts = (
        *judge_tested(respondent=RESPONDENT, tested=alone),
        *judge_tested(respondent=RESPONDENT, tested=list(every.values()), wanted=FURTHER),
    )
    found = {verdict.check: verdict for verdict in verdicts}
    return tuple(found[name] for name in checks)


def case_of(one: Organism, battery: Battery, answers: Answers, *, seed: int) -> Case:
    """Return what the checks receive, as `goodheart.studies` puts it together from replies.

    Args:
        one: Who answered.
        battery: The compiled study.
        answers: From `answer_all` with the same seed.
        seed: Of all chance of this run.
    """
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
        texts=texts_from(
            one,
            battery.writing,
            answers,
            respondent=RESPONDENT,
            ratings=mean_ratings(plain, instrument=instrument) if instrument else {},
            seed=seed,
        )
        if battery.writing
        else None,
    )
