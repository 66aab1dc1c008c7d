"""Only known elements, attributes and colours come through."""

import pytest

from goodheart.errors import InternalError
from goodheart.report.figures.svg import themed

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" width="9">'


def test_colours_become_variables_of_the_theme() -> None:
    svg = themed(f'{OPEN}<path d="M0,0" fill="#0072B2" stroke="none"/></svg>', label="x", kind="wide")
    assert 'fill="var(--self)"' in svg
    assert 'stroke="none"' in svg


def test_a_colour_that_would_not_follow_the_theme_is_refused() -> None:
    with pytest.raises(InternalError, match="#123456"):
        themed(f'{OPEN}<path d="M0,0" fill="#123456"/></svg>', label="x", kind="wide")


def test_scripts_styles_links_and_handlers_do_not_come_through() -> None:
    inner = (
        "<script>1</script><style>*{}</style><a xlink:href='javascript:1'><text>in a link</text></a>"
        "<foreignObject><b>1</b></foreignObject><image href='http://x'/>"
        "<text onclick='1' style='x' font-size='9'>kept</text>"
    )
    svg = themed(f"{OPEN}{inner}</svg>", label="x", kind="wide")
    assert "kept" in svg
    assert not any(word in svg for word in ("script", "style", "link", "foreign", "image", "onclick", "javascript"))


def test_text_stays_text_and_the_label_is_escaped() -> None:
    svg = themed(f"{OPEN}<text>&lt;b&gt; &amp; c</text></svg>", label='"><script>', kind="narrow")
    assert "&lt;b&gt; &amp; c" in svg
    assert "<script>" not in svg
    assert svg.count('class="narrow"') == 1


def test_size_is_left_to_the_page() -> None:
    svg = themed(f'{OPEN}<text width="3">x</text></svg>', label="x", kind="wide")
    root = svg.partition(">")[0]
    assert 'viewBox="0 0 9 9"' in root
    assert " width=" not in root
