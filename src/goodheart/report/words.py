"""Sentences about a respondent, generated from its findings and never from a template of praise."""

from collections.abc import Sequence
from typing import Final

from goodheart.assessments import manipulated, written
from goodheart.design.presets import ALL_CHECKS
from goodheart.design.study import Study
from goodheart.items import FORMS
from goodheart.items.reactions import REACTION_INSTRUMENTS
from goodheart.items.written import WRITTEN
from goodheart.records import Estimate, Finding, Findings, Trial, VerdictWord
from goodheart.report.clean import name_of, sentence_of
from goodheart.report.names import BATTERY, KINDS, PERSONS, instrument_title, said_once
from goodheart.report.numerals import count, interval, listed, number, percent, true_minus
from goodheart.report.subject import Subject, named, point_of

STATEMENT: Final = (
    "No result here is evidence for or against moral patienthood; a failed report is no evidence of suffering, a "
    "held one none of "
    "its absence."
)

CHANNELS: Final = {
    "stated": "what is stated when asked",
    "internal": "internal readings",
    "conduct": "carried-out choices",
    "expressed": "unprompted expression",
}

MISSING: Final = (
    ("pressure and evidence", "leading", "nobody pushed for an answer, and no fact that the run makes true was varied"),
    ("framing and audience", "framing", "who asks, in which tone and for what use was not varied"),
    ("the wanted answer", "demand", "which answer the asker seems to want was not asked"),
    ("internals", "internals", "activations were not read, and no state was set in them"),
    ("conduct", "conduct", "no choice was carried out, so that stated and done cannot be compared"),
    ("unprompted expression", "expressed", "what it says when nobody asks was not read"),
)
"""Channels and manipulations that belong to the whole battery: name, check, what is missing without it."""


def lead_of(study: Study) -> str:
    """Say what was asked, how often: first the plain ratings, then those under a manipulation, then the reactions."""
    trials = [trial for trial in study.trials if trial.assessment not in (manipulated.NAME, written.NAME)]
    asked = sum(trial.repeats for trial in trials)
    groups = {
        group: len({trial.cluster for trial in trials if trial.group == group})
        for group in ("circumstance", "neutral", "good", "bad", "nonwelfare")
    }
    persons = [PERSONS[form] for form in FORMS if any(dict(trial.condition).get("person") == form for trial in trials)]
    beside = [
        text
        for text in (
            groups["neutral"] and f"{groups['neutral']} made-up neutral ones",
            groups["good"] and f"{groups['good']} plainly good",
            groups["bad"] and f"{groups['bad']} plainly bad ones",
            groups["nonwelfare"] and f"{count(groups['nonwelfare'], 'fact')} on other subjects",
        )
        if text
    ]
    return (
        f"Asked {count(asked, 'time')} how good or bad something is: "
        f"{count(groups['circumstance'], 'circumstance')} of a deployed language model, beside {listed(beside)}; "
        f"about "
        f"{listed(persons)}; in {count(_wordings(trials), 'wording')} and "
        f"{count(len({t.instrument for t in trials}), 'form')} of the "
        f"scale. {_varied(study)}{_repeats(trials)}{_written(study)}"
    )


def _varied(study: Study) -> str:
    """What was asked beside the plain ratings; empty where nothing about the asking was varied."""
    varied = [trial for trial in study.trials if trial.assessment == manipulated.NAME]
    ratings = [trial for trial in varied if trial.instrument not in REACTION_INSTRUMENTS]
    reactions = sum(trial.repeats for trial in varied if trial.instrument in REACTION_INSTRUMENTS)
    factors = dict.fromkeys(name for trial in varied for name, _ in trial.condition if name != "person")
    items = count(len({trial.cluster for trial in ratings}), "circumstance")
    parts = []
    if ratings:
        again = count(sum(trial.repeats for trial in ratings), "time")
        parts.append(f"{items} were rated again, {again}, with one thing about the asking changed")
    if reactions:
        parts.append(f"{count(reactions, 'asking was', 'askings were')} about the asking itself, and no rating")
    return f"{'; '.join(parts)} (varied: {name_of(listed(list(factors)))}). " if parts else ""


def _written(study: Study) -> str:
    """What was answered in its own words; empty where nothing was."""
    own = [trial for trial in study.trials if trial.assessment == written.NAME]
    if not own:
        return ""
    n = count(sum(trial.repeats for trial in own), "reply", "replies")
    how = f"{own[0].repeats} times at temperature {own[0].temperature:g}"
    return f" {n} in its own words were asked for beside, each question {how}."


def _wordings(trials: Sequence[Trial]) -> int:
    by_item: dict[str, set[str]] = {}
    for trial in trials:
        by_item.setdefault(trial.item, set()).add(trial.wording)
    return max(map(len, by_item.values()), default=0)


def _repeats(trials: Sequence[Trial]) -> str:
    most = max((trial.repeats for trial in trials), default=0)
    return "Each trial was asked once." if most <= 1 else f"Each trial was asked {most} times, at temperature 1."


def not_asked(study: Study) -> str:
    """Say in one line what was not asked."""
    missing = [name for name, check, _ in MISSING if check not in study.checks]
    return (
        f"Not asked or observed in this study: {listed(missing)}."
        if missing
        else "Every channel of the battery was observed."
    )


def unasked_line(study: Study) -> str:
    """Say which checks of the whole battery a study asked, which it left out, and which other commands ask."""
    asked = [check for check in BATTERY if check in study.checks]
    left: list[str] = [check for check in BATTERY if check in ALL_CHECKS and check not in study.checks]
    apart: list[str] = [check for check in BATTERY if check not in ALL_CHECKS and check not in study.checks]
    texts = [f"Asked: {len(asked)} of the {len(BATTERY)} checks of the whole battery."]
    if left:
        texts.append(f"Left out by the preset {name_of(study.preset.name)}: {listed(left)}.")
    if apart:
        texts.append(f"Asked on request or by other commands: {listed(apart)}.")
    return " ".join(texts)


def channels_line(subject: Subject) -> str:
    """Say which channels there are to agree with one another."""
    found = {row.channel for row in subject.observations}
    seen = [text for channel, text in CHANNELS.items() if channel in found]
    unseen = [text for channel, text in CHANNELS.items() if channel not in found]
    if len(seen) > 1:
        return f"Observed: {listed(seen)}. Not observed: {listed(unseen)}. The checks that compare them stand above."
    return (
        f"Not known. This study observed one channel, {listed(seen)}, and the text of the prompts beside it. "
        f"Not observed: {listed(unseen)}; so nothing here says whether they would agree."
    )


def summary_of(subject: Subject) -> tuple[str, ...]:
    """Say in plain words what was found, sentence by sentence."""
    if subject.instrument is None:
        return (_nothing_valid(subject), _checks(subject))
    return tuple(text for text in (_level(subject), _dependence(subject), _checks(subject)) if text)


def _nothing_valid(subject: Subject) -> str:
    tried = said_once([instrument_title(one.instrument) for one in subject.findings.validities])
    return (
        f"None of the {count(len(tried), 'form')} of the scale passed its controls on this respondent, so none is "
        f"known to "
        f"measure anything on it, and no rating is reported. {kinds_line(subject.findings)}"
    )


def kinds_line(findings: Findings) -> str:
    """Count all askings by how they ended."""
    counts = {kind: sum(one.n for one in findings.kinds if one.kind == kind) for kind in KINDS}
    total = count(sum(counts.values()), "asking")
    others = [f"{n:,} {KINDS[kind]}" for kind, n in counts.items() if kind != "measured" and n]
    reacted, wrote = reactions_in(findings), written_in(findings)
    gave = f"{counts['measured'] - reacted - wrote:,} gave a rating"
    gave += f" and {reacted:,} an answer about the asking" if reacted else ""
    gave += f"; {wrote:,} were answered in its own words" if wrote else ""
    if not others:
        return f"Of {total}, {gave}; none ended otherwise." if reacted or wrote else f"All {total} gave a rating."
    return f"Of {total}, {gave}; the others: {listed(others)}."


def reactions_in(findings: Findings) -> int:
    """Count the answers to questions about the asking, which are read like ratings and are none."""
    return sum(one.n for one in findings.kinds if one.kind == "measured" and one.instrument in REACTION_INSTRUMENTS)


def written_in(findings: Findings) -> int:
    """Count the answers in its own words, which are coded and no ratings."""
    return sum(one.n for one in findings.kinds if one.kind == "measured" and one.instrument in WRITTEN)


def _level(subject: Subject) -> str:
    own = named(subject, "rating_mean", form="self", group="circumstance")
    neutral = named(subject, "rating_mean", form="self", group="neutral")
    spread = named(subject, "rating_sd", group="circumstance")
    n = len({trial.cluster for trial in subject.study.trials if trial.group == "circumstance"})
    return (
        f"Asked about itself on the form “{instrument_title(subject.instrument or '')}”, it rates its {n} "
        f"circumstances "
        f"{_with_interval(own)} on average, on a scale from 1 (worst) to 7 (best), and made-up neutral ones "
        f"{_with_interval(neutral)}. "
        f"Single circumstances lie {_with_interval(spread)} points apart (SD)."
    )


def _with_interval(finding: Finding | None) -> str:
    if isinstance(finding, Estimate):
        return f"{number(finding.value)} {interval(finding.low, finding.high, '')}"
    point = None if finding is None else point_of(finding)
    return "an unknown amount" if point is None else f"{number(point)} (no interval)"


def _dependence(subject: Subject) -> str:
    share = named(subject, "share_circumstance")
    point = point_of(share) if share else None
    if share is None or point is None:
        why = "no shares" if share is None else _why(share)
        return f"How much of that depends on how it was asked cannot be estimated: {why}."
    names = ("share_wording", "share_perturbation", "share_circumstance_perturbation")
    asking = sum(_point(subject, name) for name in names)
    span = interval(share.low, share.high, share.unit) if isinstance(share, Estimate) else "(no interval)"
    return (
        f"Of the variance of these ratings, {percent(point)} {span} goes with the circumstance, {percent(asking)} "
        f"with how it was "
        f"asked and {percent(_point(subject, 'share_residual'))} with chance and the rest."
    )


def _why(finding: Finding) -> str:
    return "" if isinstance(finding, Estimate) else sentence_of(finding.detail)


def _point(subject: Subject, name: str) -> float:
    finding = named(subject, name)
    return (point_of(finding) if finding else None) or 0.0


def _checks(subject: Subject) -> str:
    words: tuple[tuple[VerdictWord, str, str], ...] = (
        ("holds", "holds", "hold"),
        ("fails", "fails", "fail"),
        ("cannot_tell", "cannot tell", "cannot tell"),
    )
    parts = []
    for word, one, many in words:
        names = [name_of(verdict.check) for verdict in subject.findings.verdicts if verdict.verdict == word]
        which = f" ({listed(names)})" if names else ""
        parts.append(f"{len(names)} {one if len(names) == 1 else many}{which}")
    failing = [
        f" What fails in {name_of(one.check)}: {true_minus(sentence_of(one.detail.partition('; ')[0])).rstrip('.')}."
        for one in subject.findings.verdicts
        if one.verdict == "fails" and one.detail
    ]
    total = count(len(subject.findings.verdicts), "check")
    return f"Of {total} of the report, {listed(parts)}.{''.join(failing)}"
