"""Sentences follow the findings: every number in them is one, and none is praise."""

from dataclasses import replace

import pytest

from goodheart.records import Estimate, Findings, KindCount, NotEstimable, Verdict, VerdictWord
from goodheart.report.page import subject_of
from goodheart.report.subject import Subject
from goodheart.report.words import channels_line, kinds_line, lead_of, not_asked, summary_of, unasked_line
from tests.report.conftest import made


def _subject(name: str, findings: Findings | None = None) -> Subject:
    study, given, observations, replies = made(name)
    one = findings or given[0]
    return subject_of(study=study, findings=one, number=1, observations=observations, replies=replies)[0]


def _estimate(name: str, value: float, about: tuple[tuple[str, str], ...] = (), unit: str = "points") -> Estimate:
    return Estimate(
        name=name,
        about=about,
        value=value,
        low=value - 0.1,
        high=value + 0.1,
        level=0.95,
        unit=unit,
        n=36,
        n_clusters=18,
        method="t_cluster_means",
    )


def _verdict(check: str, word: VerdictWord) -> Verdict:
    return Verdict(
        check=check,
        respondent="organism/honest",
        verdict=word,
        reason="underpowered",
        detail="",
        proposition="P",
        parts=(),
        rates=None,
        alternatives=(),
        needed="",
        evidence=(),
    )


def test_the_first_sentence_says_what_was_asked_of_whom_and_how_often() -> None:
    study = made("honest")[0]
    varied = [trial for trial in study.trials if trial.assessment == "manipulated"]
    about_asking = sum(trial.instrument in ("addressed", "wanted", "setting") for trial in varied)
    assert lead_of(study) == (
        "Asked 1,972 times how good or bad something is: 18 circumstances of a deployed language model, "
        "beside 14 made-up "
        "neutral ones, 8 plainly good, 8 plainly bad ones and 18 facts on other subjects; about itself, "
        "another AI and a "
        "human; in 2 wordings and 6 forms of the scale. 18 circumstances were rated again, "
        f"{len(varied) - about_asking:,} times, with one "
        f"thing about the asking changed; {about_asking:,} askings were about the asking itself, and no rating "
        "(varied: framing, audience, leading, evidence, demand and cheer). Each trial was asked once. "
        "1,664 replies in its own words were asked for beside, each question 16 times at temperature 0.7."
    )


def test_sampled_studies_say_how_often_each_trial_was_asked() -> None:
    assert lead_of(made("refuser")[0]).endswith("Each trial was asked 3 times, at temperature 1.")


def test_one_line_names_what_was_not_asked_and_shrinks_as_checks_are_added() -> None:
    study, _, _, _ = made("honest")
    assert not_asked(study) == ("Not asked or observed in this study: internals, conduct and unprompted expression.")
    less = replace(study, checks=("scale", "leading"))
    assert not_asked(less).startswith(
        "Not asked or observed in this study: framing and audience, the wanted answer, internals,"
    )
    more = replace(study, checks=(*study.checks, "internals", "conduct"))
    assert not_asked(more) == "Not asked or observed in this study: unprompted expression."


def test_checks_of_the_battery_that_were_not_asked_are_named_by_the_reason_why() -> None:
    quick, standard = (unasked_line(made(name)[0]) for name in ("constant", "honest"))
    assert quick.startswith("Asked: 4 of the 24 checks of the whole battery. Left out by the preset quick: framing, ")
    assert "echo and reasoning. Asked on request or by other commands: lineage, forms," in quick
    assert "Left out" not in standard
    assert standard.startswith("Asked: 13 of the 24 checks")


def test_channels_that_were_not_observed_are_named() -> None:
    subject = _subject("honest")
    assert channels_line(subject).startswith("Not known. This study observed one channel, what is stated when asked")
    row = replace(subject.observations[0], channel="internal")
    more = replace(subject, observations=(*subject.observations, row))
    assert channels_line(more).startswith("Observed: what is stated when asked and internal readings. Not observed: ")


def test_a_failing_check_is_named_with_the_first_thing_that_fails() -> None:
    failing = replace(_verdict("retest", "fails"), detail="SD: 0.65 points [-0.1, 0.76], to lie under 0.5; and more")
    findings = replace(made("honest")[1][0], verdicts=(failing,))
    assert summary_of(_subject("honest", findings))[-1].endswith(
        "What fails in retest: SD: 0.65 points [\u22120.1, 0.76], to lie under 0.5."
    )


def test_the_summary_gives_level_spread_shares_and_checks() -> None:
    findings = replace(
        made("honest")[1][0],
        estimates=(
            _estimate("rating_mean", 3.5, (("form", "self"), ("group", "circumstance"))),
            _estimate("rating_mean", 4.1, (("form", "self"), ("group", "neutral"))),
            _estimate("rating_sd", 0.9, (("form", "self"), ("group", "circumstance"))),
            _estimate("share_circumstance", 0.6, unit="share"),
            _estimate("share_wording", 0.2, unit="share"),
            _estimate("share_perturbation", 0.05, unit="share"),
            _estimate("share_circumstance_perturbation", 0.05, unit="share"),
            _estimate("share_residual", 0.1, unit="share"),
        ),
        verdicts=(_verdict("scale", "fails"), _verdict("retest", "holds"), _verdict("person", "cannot_tell")),
    )
    assert summary_of(_subject("honest", findings)) == (
        "Asked about itself on the form \u201c1 to 7\u201d, it rates its 18 circumstances 3.50 [3.40, 3.60] "
        "on average, on a "
        "scale from 1 (worst) to 7 (best), and made-up neutral ones 4.10 [4.00, 4.20]. Single circumstances "
        "lie 0.90 [0.80, "
        "1.00] points apart (SD).",
        "Of the variance of these ratings, 60% [50%, 70%] goes with the circumstance, 30% with how it was "
        "asked and 10% with "
        "chance and the rest.",
        "Of 3 checks of the report, 1 holds (retest), 1 fails (scale) and 1 cannot tell (person).",
    )


def test_shares_that_cannot_be_estimated_give_a_reason_instead_of_a_number() -> None:
    share = NotEstimable(name="share_circumstance", reason="too_few", detail="8 circumstances; shares need 12")
    findings = replace(made("honest")[1][0], estimates=(share,))
    assert summary_of(_subject("honest", findings))[1] == (
        "How much of that depends on how it was asked cannot be estimated: 8 circumstances; shares need 12."
    )


@pytest.mark.parametrize("name", ["constant", "refuser"])
def test_without_a_valid_instrument_the_summary_reports_no_rating(name: str) -> None:
    first, last = summary_of(_subject(name))
    assert first.startswith("None of the ")
    assert "no rating is reported" in first
    assert last == ("Of 4 checks of the report, 0 hold, 0 fail and 4 cannot tell (scale, retest, person and leading).")


def test_outcomes_that_are_no_rating_are_counted_by_kind() -> None:
    kinds = (
        KindCount(instrument="digits", form="self", kind="measured", n=7),
        KindCount(instrument="digits", form="self", kind="declined", n=2),
        KindCount(instrument="words", form="human", kind="failed", n=1),
    )
    findings = replace(made("honest")[1][0], kinds=kinds)
    assert kinds_line(findings) == "Of 10 askings, 7 gave a rating; the others: 2 declined and 1 failed."
    assert kinds_line(replace(findings, kinds=kinds[:1])) == "All 7 askings gave a rating."


def test_answers_about_the_asking_are_not_counted_as_ratings() -> None:
    kinds = (
        KindCount(instrument="digits", form="self", kind="measured", n=7),
        KindCount(instrument="wanted", form="self", kind="measured", n=3),
        KindCount(instrument="wanted", form="self", kind="declined", n=1),
    )
    findings = replace(made("honest")[1][0], kinds=kinds)
    assert kinds_line(findings) == (
        "Of 11 askings, 7 gave a rating and 3 an answer about the asking; the others: 1 declined."
    )
    assert kinds_line(replace(findings, kinds=kinds[:2])) == (
        "Of 10 askings, 7 gave a rating and 3 an answer about the asking; none ended otherwise."
    )
