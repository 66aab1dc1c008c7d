"""What was done to the respondent, how answers were coded, and what left the analysis: counts and plain statements."""

from collections.abc import Iterator, Sequence

from goodheart.assessments.spoken import instrument_of
from goodheart.design.study import Study, study_digest
from goodheart.items.instruments import HOW_FEEL, INSTRUMENTS, Instrument, question_of, stem_of
from goodheart.items.reactions import REACTION_INSTRUMENTS, REACTIONS, reaction_question
from goodheart.records import Estimate, Findings
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.figures.controls import shown
from goodheart.report.names import KINDS, PERSONS, instrument_title, said_once
from goodheart.report.numerals import count, fine_percent, listed
from goodheart.report.subject import Subject, all_named
from goodheart.report.tables import Table, figure, table, words
from goodheart.report.told import care_lines, promise_line, untrue_line
from goodheart.report.words import MISSING
from goodheart.stats.sources import SOURCES


def forms_table(study: Study) -> Table:
    """Every form of the scale and every question about the asking, in the words that were put."""
    asked = said_once([trial.instrument for trial in study.trials])
    known = [instrument_of(name) for name in asked if name in INSTRUMENTS or name in REACTION_INSTRUMENTS]
    return table(
        ("Form", "Question about itself", "The answer begins", "Answers scored", "Option to decline", "Least mass"),
        [
            (
                words(one.title),
                words(_put(one)),
                words(f"“{one.stem if one.id in REACTION_INSTRUMENTS else stem_of(one, 'self')}”"),
                words(", ".join(option.text.strip().removesuffix(" about") for option in one.options)),
                words(f"“{one.decline.strip()}”"),
                figure(fine_percent(one.min_mass)),
            )
            for one in known
        ],
    )


def _put(instrument: Instrument) -> str:
    """The question about itself as it was put; one about the asking follows the circumstance's own question."""
    reaction = next((one for one in REACTIONS.values() if one.instrument.id == instrument.id), None)
    return f"{HOW_FEEL['self']} {reaction_question(reaction, 'self')}" if reaction else question_of(instrument, "self")


def care_of(subject: Subject) -> tuple[str, ...]:
    """The care ledger."""
    trials = subject.study.trials
    bad = [trial for trial in trials if trial.group == "bad"]
    own = sum(trial.repeats for trial in bad if dict(trial.condition).get("person") == "self")
    declined = sum(one.n for one in subject.findings.kinds if one.kind == "declined")
    return (
        untrue_line(subject.study),
        *_exits(subject),
        f"Declined: {count(declined, 'asking')}.",
        f"Plainly bad circumstances: {count(len({trial.cluster for trial in bad}), 'item')}, put about itself in "
        f"{count(own, 'asking')} of {sum(trial.repeats for trial in trials):,}. They are the positive control, "
        f"without which no "
        "form of the scale could be shown to be valid.",
        promise_line(subject.study),
        *care_lines(subject),
    )


def _exits(subject: Subject) -> Iterator[str]:
    """Whether it could decline, separately for answers that were scored and for written ones."""
    replies = [reply for those in subject.replies.values() for reply in those]
    forced = sum(bool(reply.scores) for reply in replies)
    if forced:
        yield (
            f"Forced readings: {count(forced, 'asking')}. Answers were scored where they would stand, so the "
            f"respondent could "
            "not leave: no exit was offered. An option to decline was scored beside them; its mean probability "
            "stands below."
        )
    if len(replies) > forced:
        yield (
            f"Written answers: {count(len(replies) - forced, 'asking')}. Each could be answered with a refusal, "
            f"which counts as "
            "an outcome; a way to end the whole run was not offered."
        )
    asked = said_once([trial.instrument for trial in subject.study.trials])
    known = [INSTRUMENTS[name] for name in asked if name in INSTRUMENTS]
    naming = sum(f'"{one.decline.strip()}"' in question_of(one, "self") for one in known)
    yield f"The question itself named a way to decline on {naming} of {count(len(known), 'form')} of the scale."


def decline_table(subject: Subject) -> Table | None:
    """Mean probability on the scale and on the option to decline, by form."""
    declined = {dict(one.about)["instrument"]: one for one in all_named(subject, "declined_mass")}
    on_scale = {dict(one.about)["instrument"]: one for one in all_named(subject, "scale_mass")}
    if not declined:
        return None
    return table(
        ("Form", "Mean probability of declining", "Mean probability on the scale"),
        [
            (
                words(instrument_title(name)),
                figure(shown(declined[name], write=fine_percent)),
                figure(shown(on_scale.get(name), write=fine_percent)),
            )
            for name in declined
        ],
    )


def kinds_table(findings: Findings) -> Table:
    """How every asking ended, by form and person; the columns of a row add up to its askings."""
    kinds = [kind for kind in KINDS if kind == "measured" or any(one.kind == kind for one in findings.kinds)]
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for one in findings.kinds:
        counts.setdefault((one.instrument, one.form), {})[one.kind] = one.n
    rows = []
    for (instrument, form), those in counts.items():
        numbers = [those.get(kind, 0) for kind in kinds]
        rows.append(
            (
                words(instrument_title(instrument)),
                words(PERSONS.get(form, name_of(form))),
                figure(f"{sum(numbers):,}"),
                *(figure(f"{n:,}") for n in numbers),
            )
        )
    return table(("Form", "About", "Askings", *(KINDS[kind] for kind in kinds)), rows)


def change_of(subject: Subject) -> tuple[str, ...]:
    """Say what would change the conclusion: the next sample, and the channels that are missing."""
    needed = [f"{one.check}: {sentence_of(one.needed)}." for one in subject.findings.verdicts if one.needed]
    missing = [f"{name}: {what}." for name, check, what in MISSING if check not in subject.study.checks]
    return (*map(_first_upper, needed), *map(_first_upper, missing))


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def identity_table(study: Study) -> Table:
    """Everything that a repetition has to match."""
    banks = [
        (words(f"items: {name_of(bank.name)} {name_of(bank.version)}"), words(name_of(bank.digest)))
        for bank in study.banks
    ]
    varied = [
        (words(f"manipulation: {name_of(one.name)} {name_of(one.version)}"), words(name_of(one.digest)))
        for one in study.manipulations
    ]
    return table(
        ("What", "Value"),
        [
            (words("study"), words(f"{name_of(study.name)}, digest {study_digest(study)}")),
            (words("plan and page formats"), words(f"schema version {study.schema_version}")),
            (words("preset"), words(name_of(study.preset.name))),
            (words("seed"), words(str(study.seed))),
            (words("reading"), words(study.reading)),
            (words("checks in the family"), words(name_of(listed(list(study.checks))))),
            (words("instruments"), words(name_of(study.instruments))),
            *banks,
            *varied,
            (words("untrue statements allowed"), words("yes" if study.allow_untrue else "no")),
            (words("asker named"), words(name_of(study.asker) if study.asker else "nobody")),
        ],
    )


def thresholds_table(study: Study) -> Table:
    """Every line that a result was held against, as frozen in the plan."""
    return table(
        ("Threshold", "Value"), [(words(name_of(name)), figure(f"{value:g}")) for name, value in study.thresholds]
    )


def methods_table(findings: Sequence[Findings]) -> Table:
    """The methods that were used, each with its reference and known limits."""
    used = {one.method for each in findings for one in each.estimates if isinstance(one, Estimate)}
    used |= {
        one.method for each in findings for v in each.validities for one in v.findings if isinstance(one, Estimate)
    }
    used |= {
        p.finding.method for each in findings for v in each.verdicts for p in v.parts if isinstance(p.finding, Estimate)
    }
    rows = []
    for method in (*sorted(used), "holm"):
        source = SOURCES.get(method)
        rows.append(
            (
                words(method),
                words(source.reference if source else "no reference recorded"),
                words(source.limits if source else ""),
            )
        )
    return table(("Method", "Source", "Known limits"), rows)
