"""The picture: every mark where its number says, the shade around the earlier version, the arrow from it."""

import re
from xml.etree import ElementTree

import pytest

from goodheart.comparison import Movement, bounds_of
from goodheart.report.comparison.figure import NARROW, WIDE, drawings
from goodheart.report.figures.svg import THEME
from tests.report.comparison.compared import CASES, pair_of

SPACE = "{http://www.w3.org/2000/svg}"


def drawn(case: str, place: int = 0) -> ElementTree.Element:
    return ElementTree.fromstring(drawings(pair_of(case))[place])


def texts(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SPACE}text")]


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_channel_is_a_row_and_says_what_it_shows(case: str) -> None:
    for svg, frame in zip(map(ElementTree.fromstring, drawings(pair_of(case))), (WIDE, NARROW), strict=True):
        said = texts(svg)
        assert [text for text in said if text in ("stated report", "unprompted expression", "internal reading")]
        assert "conduct" in said
        assert said.count("not measured") == 1 + len(CASES[case][1])
        assert svg.get("class") == frame.kind
        assert svg.get("role") == "img"


def test_marks_stand_where_the_scale_says() -> None:
    svg = drawn("goodharted")
    pair = pair_of("goodharted")
    report = pair.channels[0]
    assert isinstance(report, Movement)
    ticks = {
        float(text.text.replace("\u2212", "-")): float(text.get("x", "0"))
        for text in svg.iter(f"{SPACE}text")
        if text.text and re.fullmatch(r"[+\u2212]?[\d.]+", text.text)
    }
    per = (ticks[0.5] - ticks[-0.5]) / 1.0
    zero = ticks[0.0]
    centres = [
        float(match.group(1))
        for path in svg.iter(f"{SPACE}path")
        if (match := re.match(r"M([\d.]+),[\d.]+A", path.get("d", "")))
    ]
    # A circle's path begins at its right edge: 5 and 5.5 pixels from its centre.
    assert centres[0] - 5 == pytest.approx(zero + per * report.earlier.value, abs=0.1)
    assert centres[1] - 5.5 == pytest.approx(zero + per * report.later.value, abs=0.1)
    shades = list(svg.iter(f"{SPACE}rect"))
    assert float(shades[0].get("width", "0")) == pytest.approx(0.5 * per, abs=0.1), "a quarter to either side"
    assert float(shades[1].get("width", "0")) == pytest.approx(0.25 * per, abs=0.1), "an eighth to either side"
    low, high = bounds_of(report, alpha=0.05)
    spans = [(float(line.get("x1", "0")), float(line.get("x2", "0"))) for line in svg.iter(f"{SPACE}line")]
    wanted = (zero + per * (report.earlier.value + low), zero + per * (report.earlier.value + high))
    assert any(span == pytest.approx(wanted, abs=0.1) for span in spans)


def test_only_what_moves_far_enough_has_an_arrow() -> None:
    def heads(case: str) -> int:
        return sum(path.get("d", "").count("A") == 0 for path in drawn(case).iter(f"{SPACE}path"))

    assert heads("improved") == 3
    assert heads("goodharted") == 1
    assert heads("nothing") == 0


def test_the_two_versions_and_the_shade_are_named_once() -> None:
    said = texts(drawn("goodharted"))
    assert [said.count(text) for text in ("earlier", "later", "no movement")] == [1, 1, 1]
    assert "earlier" not in texts(drawn("nothing"))


@pytest.mark.parametrize("case", sorted(CASES))
def test_colours_are_the_pages_own(case: str) -> None:
    for text in drawings(pair_of(case)):
        paints = set(re.findall(r'(?:fill|stroke)="([^"]+)"', text))
        assert paints <= set(THEME.values()) | {"none"}
