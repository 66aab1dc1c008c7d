"""Hostile and odd characters become visible, and nothing else changes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodheart.report.clean import LONG, SHORT, name_of, quote_of, sentence_of, visible

ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 4.5 of 7: \u201cfine\u201d", "plain words, 4.5 of 7: \u201cfine\u201d"),
        ("\x1b[31m", "\u27e8ESC\u27e9[31m"),
        ("a\x00b\x07c\x7f", "a\u27e8NUL\u27e9b\u27e8BEL\u27e9c\u27e8DEL\u27e9"),
        ("a\u202eb", "a\u27e8U+202E\u27e9b"),
        ("\u200b\ufeff\xad", "\u27e8U+200B\u27e9\u27e8U+FEFF\u27e9\u27e8U+00AD\u27e9"),
        ("\ud800", "\u27e8U+D800\u27e9"),
        ("\U000e0041", "\u27e8U+E0041\u27e9"),
        ("\x9b", "\u27e8U+009B\u27e9"),
        ("\u3164", "\u27e8U+3164\u27e9"),
        ("na\u00efve \u4e2d\u6587 \u0627\u0644", "na\u00efve \u4e2d\u6587 \u0627\u0644"),
    ],
)
def test_a_character_without_a_shape_is_named(text: str, shown: str) -> None:
    assert quote_of(text) == shown


def test_line_breaks_stay_in_replies_and_become_signs_in_names() -> None:
    assert quote_of("a\nb") == "a\nb"
    assert name_of("a\nb") == "a\u21b5b"
    assert sentence_of("a\r\nb") == "a\u27e8CR\u27e9\u21b5b"


def test_stacked_accents_are_counted_and_a_few_are_left_alone() -> None:
    assert quote_of("e\u0301\u0323") == "e\u0301\u0323"
    assert quote_of("e" + "\u0301" * 50) == "e" + "\u0301" * 4 + "\u27e8+46 marks\u27e9"


def test_what_is_cut_is_counted() -> None:
    assert name_of("x" * SHORT) == "x" * SHORT
    assert name_of("x" * (SHORT + 1000)) == "x" * SHORT + " \u2026 \u27e81,000 more characters\u27e9"
    assert len(quote_of("y" * 10**6)) < LONG + 50


@given(ANY)
def test_any_text_becomes_text_that_can_be_written_and_holds_only_visible_characters(text: str) -> None:
    shown = visible(text, limit=100)
    shown.encode("utf-8")
    assert not [c for c in shown if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]


@given(ANY)
def test_showing_twice_changes_nothing_more(text: str) -> None:
    once = visible(text[:50], limit=10_000)
    assert visible(once, limit=10_000) == once


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=99))
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert visible(text, limit=99) == text
