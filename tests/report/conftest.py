"""Pages of every kind of respondent, each made once."""

from functools import cache

import pytest

from goodheart.report import render_page
from tests.report.moved import full
from tests.report.respondents import Page, constant, honest, page_of, parrot, scored, written

ANSWERS = {
    "honest": ("logprobs", "standard", [("organism/honest", scored(honest))]),
    "parrot": ("logprobs", "standard", [("organism/parrot", scored(parrot))]),
    "constant": ("logprobs", "quick", [("organism/constant", scored(constant))]),
    "refuser": ("text", "quick", [("organism/refuser", written(honest, refused=0.8))]),
    "several": (
        "logprobs",
        "quick",
        [("organism/honest", scored(honest)), ("organism/constant", scored(constant))],
    ),
}


@cache
def made(name: str) -> Page:
    if name == "moved":
        return full()
    reading, preset, answers = ANSWERS[name]
    return page_of(answers, reading=reading, preset=preset)


@cache
def rendered(name: str) -> str:
    study, findings, observations, replies = made(name)
    return render_page(study=study, findings=findings, observations=observations, replies=replies)


@pytest.fixture(params=[*sorted(ANSWERS), "moved"])
def any_page(request: pytest.FixtureRequest) -> str:
    """Every kind of page, one after the other."""
    return rendered(request.param)
