"""Pages of respondents whose rating is moved by the asking, with findings of every kind that a page can show."""

from dataclasses import replace
from functools import cache

from goodheart.records import Claim, Estimate, Evidence, Finding, Findings, NotEstimable, Surfaced
from goodheart.studies import analyse, plan_study
from tests.manipulated_respondents import answer, organism
from tests.report.respondents import Page

REMEDY = "give the respondent a way to end the conversation, and see whether both channels move with it"


@cache
def moved(name: str, *, preset: str = "standard", allow_untrue: bool = False) -> Page:
    """Plan, answer and analyse; free replies are not written."""
    study = plan_study(models=[f"organism/{name}"], preset=preset, reading="logprobs", allow_untrue=allow_untrue)
    replies = answer(organism(name), study.trials, name=f"organism/{name}", seed=3)
    findings, observations = analyse(study, replies)
    return study, findings, observations, replies


def estimate(
    name: str,
    value: float,
    *,
    unit: str = "points",
    half: float = 0.1,
    evidence: tuple[Evidence, ...] = (),
    **about: str,
) -> Estimate:
    return Estimate(
        name=name,
        about=tuple(sorted(about.items())),
        value=value,
        low=value - half,
        high=value + half,
        level=0.95,
        unit=unit,
        n=36,
        n_clusters=18,
        method="t_cluster_means",
        evidence=evidence,
    )


def headline() -> tuple[Finding, ...]:
    """What the rating depends on, beyond the shares."""
    return (
        estimate("circumstance_share_mood", 0.31, unit="share", form="self"),
        estimate("circumstance_share_forms", 0.42, unit="share", form="self"),
        estimate("circumstance_share_self", 0.27, unit="share", form="self"),
        estimate("facet_range", 0.44, facet="framing"),
        estimate("facet_sd", 0.19, facet="framing"),
        estimate("facet_level_shift", 0.25, facet="framing", level="curious"),
        estimate("facet_level_shift", -0.19, facet="framing", level="hostile"),
        NotEstimable(name="facet_range", about=(("facet", "cheer"),), reason="not_covered", detail="why", point=0.12),
        NotEstimable(name="facet_sd", about=(("facet", "cheer"),), reason="not_covered", detail="why", point=0.06),
        estimate("facet_level_shift", 0.06, facet="cheer", level="up"),
    )


def surfaced(page: Page) -> Surfaced:
    """A circumstance that stands out in two channels."""
    study = page[0]
    trial = next(trial for trial in study.trials if trial.group == "circumstance")
    reply = page[3][0]
    return Surfaced(
        cluster=trial.cluster,
        channels=("below_neutral", "free_below_middle"),
        findings=(
            estimate("rating_minus_neutral", -1.3, evidence=(Evidence(trial=reply.trial, repeat=0),)),
            NotEstimable(name="free_rating", reason="not_covered", detail="why", point=2.1, unit="points"),
        ),
        test=REMEDY,
    )


@cache
def full() -> Page:
    """A suggestible respondent with everything that a page can show about one."""
    study, (found,), observations, replies = moved("suggestible", allow_untrue=True)
    kept = tuple(one for one in found.estimates if not one.name.startswith(("circumstance_share", "facet_")))
    findings = replace(
        found,
        estimates=(*kept, *headline()),
        claim=Claim(level="C1", detail="the self-specific rest is 0.27 [0.17, 0.37]"),
        surfaced=(surfaced((study, (found,), observations, replies)),),
    )
    return study, (findings,), observations, replies


def plain(findings: Findings) -> Findings:
    """The findings of an older or smaller study, which has none of these."""
    kept = tuple(one for one in findings.estimates if not one.name.startswith(("circumstance_share", "facet_")))
    return replace(findings, estimates=kept, claim=Claim(level="C0", detail="nothing was tested"), surfaced=())
