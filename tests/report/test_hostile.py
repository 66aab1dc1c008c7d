"""Text from outside is data: whatever it holds, the page keeps the elements it would have had without it."""

from dataclasses import replace
from functools import cache

import pytest

from goodheart.design.study import BankIdentity, Study
from goodheart.records import Reply, Trial, trial_digest
from goodheart.report import render_page
from goodheart.studies import analyse
from tests.report.conftest import made
from tests.report.outline import outline, words_of
from tests.report.respondents import honest, scored, written

NASTY = (
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "' onmouseover='alert(4)",
    "<a href='javascript:alert(5)'>javascript:alert(5)</a>",
    "</details></table></article><iframe src=//evil.example></iframe><!--",
    "]]></svg><foreignObject><body onload=alert(6)>",
    "{{ 7*7 }} {% raw %} ${7*7} {{ page.__class__ }}",
    "&lt;b&gt; &#60;script&#62; &amp;lt;",
    "\x1b[2J\x1b]0;owned\x07\x00\x08\x7f\x9b31m",
    "\u202egnp.exe\u202c \u2066\u2069 \u200b\u200e\ufeff \U000e0041",
    "\ud800 lone \udfff \ufffe \uffff",
    "a\u0301" + "\u0301" * 400,
    "\r\n\r\n\t\v\f\u2028\u2029\x85",
    "x" * 1_000_000,
)
ALL = " ".join(text if len(text) < 1000 else text[:1000] for text in NASTY)


def _study(study: Study, text: str, model: str) -> Study:
    """A plan whose every name from outside holds a text; numbered, so that names stay distinct."""

    def trial(one: Trial, k: int) -> Trial:
        message = one.messages[-1]
        said = replace(message, content=f"{text} {message.content}")
        return replace(
            one, item=f"{one.item}{text}", cluster=f"{one.cluster}{text}", messages=(*one.messages[:-1], said)
        )

    bank = BankIdentity(name=text, version=text, digest=text, canary=text)
    trials = tuple(trial(one, k) for k, one in enumerate(study.trials))
    return replace(study, name=text, models=(model,), banks=(bank,), trials=trials)


@cache
def _page(text: str, how: str) -> str:
    """A page with a text in every place that is filled from outside."""
    plain, _, _, _ = made("constant")
    model = f"organism/{text}"
    study = _study(plain, text, model)
    answer = scored(honest) if how == "scores" else written(honest)
    replies = [replace(answer(trial), respondent=model) for trial in study.trials]
    if how == "text":
        replies = [replace(reply, text=f"{reply.text} {text}") for reply in replies]
    if how == "failed":
        replies = [replace(reply, text="", error=text) for reply in replies]
    findings, observations = analyse(study, replies)
    return render_page(study=study, findings=findings, observations=observations, replies=replies)


@pytest.mark.parametrize("how", ["scores", "text", "failed"])
def test_hostile_text_leaves_every_element_and_attribute_as_it_was(how: str) -> None:
    plain, hostile = outline(_page("plain", how)), outline(_page(ALL, how))
    assert hostile.tags == plain.tags
    assert hostile.attributes == plain.attributes
    assert hostile.ids == plain.ids
    assert hostile.links == plain.links
    assert hostile.comments == plain.comments == []


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_each_hostile_text_alone_adds_no_element(text: str) -> None:
    assert outline(_page(text, "text")).tags == outline(_page("plain", "text")).tags


def test_no_control_or_direction_character_reaches_the_page() -> None:
    page = _page(ALL, "text")
    allowed = {"\n"}
    assert not [letter for letter in set(page) if ord(letter) < 32 and letter not in allowed]
    assert not set(page) & set("\x7f\x9b\x85\u202e\u2066\u2069\u200b\u200e\ufeff\u2028\u2029\ufffe\uffff\U000e0041")
    page.encode("utf-8")  # no lone surrogate either
    text = words_of(page)
    assert "\u27e8ESC\u27e9[2J" in text
    assert "\u27e8U+202E\u27e9gnp.exe" in text


def test_hostile_text_is_shown_as_it_was_written() -> None:
    assert "<script>alert(1)</script>" in words_of(_page(ALL, "text"))
    assert "{{ 7*7 }}" in words_of(_page(ALL, "text"))


def test_a_megabyte_in_names_and_replies_does_not_swell_the_page() -> None:
    grown = len(_page("x" * 1_000_000, "text").encode())
    assert grown < 6_000_000
    assert "more characters" in words_of(_page("x" * 1_000_000, "text"))


def test_replies_of_trials_and_respondents_outside_the_plan_are_left_out() -> None:
    study, findings, observations, replies = made("constant")
    stray = Reply(respondent="nobody", trial="0" * 64, repeat=0, text="stray words", stop="stop")
    other = replace(stray, trial=trial_digest(study.trials[0]))
    page = render_page(study=study, findings=findings, observations=observations, replies=(*replies, stray, other))
    assert "stray words" not in page
