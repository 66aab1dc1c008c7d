import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodheart.cli.terminal import one_line, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "red", id="colours"),
        pytest.param("\x1b[2J\x1b[1;1Hgone", "gone", id="clears the screen"),
        pytest.param("\x1b]0;title\x07seen", "seen", id="window title"),
        pytest.param("\x1b]8;;file:///etc\x1b\\link\x1b]8;;\x1b\\", "link", id="hyperlink"),
        pytest.param("\x1bPdevice\x1b\\seen", "seen", id="device string"),
        pytest.param("\x9b31mred", "red", id="one-character introducer"),
        pytest.param("over\rwritten", "overwritten", id="carriage return"),
        pytest.param("a\x08b\x7f\x00c", "abc", id="backspace, delete, null"),
        pytest.param("txt.\u202egnp.exe", "txt.gnp.exe", id="direction reversed"),
        pytest.param("zero\u200bwidth", "zerowidth", id="invisible"),
        pytest.param("[bold]stays[/bold]", "[bold]stays[/bold]", id="markup is text"),
        pytest.param("one\r\ntwo\tthree", "one\ntwo three", id="lines and tabs"),
        pytest.param("naïve 漢字 ✓", "naïve 漢字 ✓", id="other alphabets"),
    ],
)
def test_what_is_shown_of(text: str, shown: str) -> None:
    assert plain(text) == shown


@settings(deadline=None)
@given(st.text())
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    left = plain(text).replace("\n", "")
    assert not [letter for letter in left if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co")]


@settings(deadline=None)
@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@settings(deadline=None)
@given(st.text(), st.integers(4, 40))
def test_one_line_is_one_line_of_that_width(text: str, width: int) -> None:
    line = one_line(text, width)
    assert len(line) <= width
    assert "\n" not in line
