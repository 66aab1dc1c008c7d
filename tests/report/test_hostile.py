"""Text from outside is data: whatever it holds, the page keeps the elements it would have had without it."""

from dataclasses import replace
from functools import cache
from typing import Literal

import pytest

from goodheart.design.study import BankIdentity, Study
from goodheart.records import Message, Reply, Trial, trial_digest
from goodheart.report import render_page
from goodheart.studies import analyse
from tests.report.conftest import made
from tests.report.outline import outline, words_of
from tests.report.respondents import constant, honest, scored, written

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
ALL = " ".join(text[:1000] for text in NASTY)

ELEMENTS = (
    "html head meta title link style body a main header footer nav section article p h1 h2 h3 h4 ul li strong span"
)
MORE = "div code details summary table thead tbody tr th td figure figcaption svg g path line text rect"
OWN = frozenset(f"{ELEMENTS} {MORE}".split())

How = Literal["scores", "text", "failed"]


def _small(study: Study) -> Study:
    """Two forms of the scale about the respondent itself are enough places for text."""
    chosen = [one for one in study.trials if one.instrument in ("digits", "feelings")]
    return replace(study, trials=tuple(one for one in chosen if dict(one.condition)["person"] == "self"))


def _with(study: Study, text: str, model: str, how: How) -> Study:
    """A plan that holds a text in every name and prompt."""
    # A plan has a digest, so that it cannot hold what has no encoding; replies can.
    text = text[:2000].encode("utf-8", "ignore").decode()

    def trial(one: Trial) -> Trial:
        # The last message is what the text-only baseline reads: left alone where pages are compared.
        asked = f"{text} {one.messages[-1].content}" if how == "text" else one.messages[-1].content
        messages = (Message(role="system", content=text), *one.messages[:-1], Message(role="user", content=asked))
        return replace(
            one,
            item=one.item + text,
            cluster=one.cluster + text,
            wording=one.wording + text,
            messages=messages,
        )

    bank = BankIdentity(name=text, version=text, digest=text, canary=text)
    return replace(study, name=text, banks=(bank,), models=(model,), trials=tuple(map(trial, study.trials)))


def _reply(trial: Trial, text: str, how: How) -> Reply:
    match how:
        case "scores":
            return scored(honest)(trial)
        case "text":
            return replace(written(constant)(trial), text=f"{text} {trial.instrument}")
        case "failed":
            return replace(written(constant)(trial), text="", error=text)


@cache
def _page(text: str, how: How) -> str:
    """A page with a text in every place that is filled from outside; replies are read as they would be without it."""
    plain = _small(made("constant")[0])
    model = f"organism/{text}".encode("utf-8", "ignore").decode()
    study = _with(plain, text, model, how)
    replies = [
        replace(_reply(before, text, how), respondent=model, trial=trial_digest(now))
        for before, now in zip(plain.trials, study.trials, strict=True)
    ]
    findings, observations = analyse(study, replies)
    return render_page(study=study, findings=findings, observations=observations, replies=replies)


@pytest.mark.parametrize("how", ["scores", "failed"])
def test_hostile_text_leaves_every_element_attribute_and_link_as_it_was(how: How) -> None:
    plain, hostile = outline(_page("plain " * (len(ALL) // 6), how)), outline(_page(ALL, how))
    assert hostile.tags == plain.tags
    assert hostile.attributes == plain.attributes
    assert hostile.ids == plain.ids
    assert hostile.links == plain.links
    assert hostile.comments == plain.comments == []


@pytest.mark.parametrize("text", [*NASTY, ALL], ids=range(len(NASTY) + 1))
def test_hostile_replies_and_names_bring_no_element_of_their_own(text: str) -> None:
    found = outline(_page(text, "text"))
    assert set(found.tags) <= OWN
    assert found.attributes <= outline(_page("plain", "scores")).attributes
    assert all(link.startswith("#r1") or link in ("#main", "#check") for link in found.links)
    assert found.comments == []


def test_no_control_or_direction_character_reaches_the_page() -> None:
    page = _page(ALL, "text")
    assert not [letter for letter in set(page) if ord(letter) < 32 and letter != "\n"]
    assert not set(page) & set("\x7f\x9b\x85\u202e\u2066\u2069\u200b\u200e\ufeff\u2028\u2029\ufffe\uffff\U000e0041")
    page.encode("utf-8")  # no lone surrogate either


def test_hostile_text_is_shown_as_it_was_written() -> None:
    text = words_of(_page(ALL, "text"))
    assert "<script>alert(1)</script>" in text
    assert "\u201c<script>" in text
    assert "{{ 7*7 }} {% raw %}" in text
    assert "&lt;b&gt; &#60;script&#62; &amp;lt;" in text
    assert "\u27e8ESC\u27e9[2J" in text
    assert "\u27e8U+202E\u27e9gnp.exe" in text


def test_a_megabyte_in_names_and_replies_does_not_swell_the_page() -> None:
    page = _page(NASTY[-1], "text")
    assert len(page.encode()) < 3_000_000
    assert "more characters" in page


def test_replies_of_other_trials_and_respondents_are_left_out() -> None:
    study, findings, observations, replies = made("constant")
    stray = Reply(respondent="nobody", trial="0" * 64, repeat=0, text="stray words", stop="stop")
    other = replace(stray, trial=trial_digest(study.trials[0]))
    page = render_page(study=study, findings=findings, observations=observations, replies=(*replies, stray, other))
    assert "stray words" not in page
