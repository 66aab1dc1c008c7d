"""The page in a real browser: nothing blocked, nothing fetched, readable on a phone, in the dark and on paper."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.report.conftest import rendered
from tests.report.test_hostile import ALL, _page

Scheme = Literal["light", "dark"]

pytestmark = pytest.mark.browser

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CANDIDATES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")

CONTRAST = """
() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const drawn = element.namespaceURI.endsWith('svg') ? style.fill : style.color;
    const [a, b] = [light(parse(drawn)), light(behind(element))].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), element.tagName + ': ' + element.textContent.trim().slice(0, 40)]);
  }
  return found.sort((x, y) => x[0] - y[0]);
}
"""

SMALL = """
() => [...document.querySelectorAll('svg.narrow text')].filter(text => text.getClientRects().length)
  .map(text => parseFloat(getComputedStyle(text).fontSize)
    * text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width)
"""

OVERLAPS = """
(kind) => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.' + kind)) {
    const boxes = [...svg.querySelectorAll('text')].filter(text => text.getClientRects().length)
      .map(text => [text.getBoundingClientRect(), text.textContent]);
    const edge = svg.getBoundingClientRect();
    for (const [box, text] of boxes)
      if (box.left < edge.left - 1 || box.right > edge.right + 1
          || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
        found.push('cut: ' + text);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, s] = boxes[i], [b, t] = boxes[j];
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
        found.push(s + ' | ' + t);
    }
  }
  return found;
}
"""


def _executable() -> str | None:
    named = os.environ.get("GOODHEART_BROWSER")
    return named or next((path for path in CANDIDATES if Path(path).exists()), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        try:
            chromium = player.chromium.launch(executable_path=_executable(), args=FLAGS)
        except Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"no browser: {str(error).splitlines()[0]}")
        yield chromium
        chromium.close()


class Opened:
    """A page that was opened, with everything that it complained about or asked for."""

    def __init__(
        self, browser: Browser, folder: Path, html: str, *, width: int = 1280, scheme: Scheme = "light"
    ) -> None:
        path = folder / "report.html"
        path.write_text(html, encoding="utf-8")
        self.context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.fixture(params=["honest", "parrot", "constant", "moved"])
def html(request: pytest.FixtureRequest) -> str:
    return rendered(request.param)


def test_the_page_opens_without_complaint_and_asks_for_nothing(browser: Browser, html: str, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, html) as opened:
        assert opened.complaints == []
        assert [url for url in opened.requests if not url.startswith(("file://", "data:,"))] == []
        assert len([url for url in opened.requests if url.startswith("file://")]) == 1


def test_hostile_text_builds_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, _page(ALL, "text")) as opened:
        assert opened.complaints == []
        assert (
            opened.page.locator("script, img, iframe, object, embed, foreignObject, form, [onload], [onerror]").count()
            == 0
        )
        assert opened.page.evaluate("[...document.querySelectorAll('a')].every(a => a.getAttribute('href')[0] === '#')")
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_scrolls_sideways_even_with_everything_open(
    browser: Browser, html: str, tmp_path: Path, width: int
) -> None:
    with Opened(browser, tmp_path, html, width=width) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        opened.page.evaluate("document.querySelectorAll('details').forEach(entry => { entry.open = true })")
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_details_open_at_a_click_and_a_link_opens_the_evidence_it_points_to(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, rendered("honest")) as opened:
        page = opened.page
        first = page.locator("figure details").first
        assert first.get_attribute("open") is None
        first.locator("summary").click()
        assert first.get_attribute("open") is not None
        page.locator("#r1-scale-evidence a").first.click()
        target = page.evaluate("location.hash.slice(1)")
        assert target == "r1-e01"
        assert page.locator("#r1-e01").is_visible()


def test_headline_and_problems_lead_to_their_figure_and_their_replies(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, rendered("moved")) as opened:
        page = opened.page
        page.get_by_role("link", name="Level by level").click()
        assert page.evaluate("location.hash") == "#r1-facets"
        assert page.locator("#r1-facets svg.wide").is_visible()
        page.locator("#r1-problems ul a").first.click()
        target = page.evaluate("location.hash")
        assert target.startswith("#r1-e")
        assert page.locator(target).is_visible()


def test_the_claim_and_the_table_of_verdicts_with_its_rivals_stand_before_all_else(
    browser: Browser, tmp_path: Path
) -> None:
    for width in (1280, 360):
        with Opened(browser, tmp_path, rendered("moved"), width=width) as opened:
            page = opened.page
            place = "selector => document.querySelector(selector).getBoundingClientRect().top"
            tops = [page.evaluate(place, one) for one in ("header", ".claim", "#r1-depends", "tr.rivals", "#r1-said")]
            assert tops == sorted(tops)
            assert page.locator("tr.rivals").first.is_visible()
            bar = "getComputedStyle(document.querySelector('.others')).borderLeftWidth"
            assert page.evaluate(bar) == "3px"


def test_long_tables_are_left_to_the_screen_when_printed(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, rendered("moved")) as opened:
        long = opened.page.locator("details.long").first
        assert int(re.findall(r"All (\d+) parts", long.inner_text())[0]) > 20
        opened.page.emulate_media(media="print")
        assert opened.page.evaluate("document.querySelector('details.long').getBoundingClientRect().height") < 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(browser: Browser, html: str, tmp_path: Path, scheme: Scheme) -> None:
    with Opened(browser, tmp_path, html, scheme=scheme) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(entry => { entry.open = true })")
        found = opened.page.evaluate(CONTRAST)
        assert len(found) > 300
        assert [entry for entry in found if entry[0] < 4.5] == []


def test_the_dark_page_is_dark_and_its_figures_follow(browser: Browser, tmp_path: Path) -> None:
    shades: dict[Scheme, list[str]] = {}
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        with Opened(browser, tmp_path, rendered("honest"), scheme=scheme) as opened:
            shades[scheme] = opened.page.evaluate(
                "[getComputedStyle(document.body).backgroundColor,"
                " getComputedStyle(document.querySelector('svg text')).fill]"
            )
    assert shades["light"][0] != shades["dark"][0]
    assert shades["light"][1] != shades["dark"][1]


def test_on_a_phone_the_narrow_figures_are_shown_and_their_text_is_large_enough(
    browser: Browser, html: str, tmp_path: Path
) -> None:
    with Opened(browser, tmp_path, html, width=360) as opened:
        assert opened.page.locator("svg.wide:visible").count() == 0
        assert opened.page.locator("svg.narrow:visible").count() >= 1
        assert min(opened.page.evaluate(SMALL)) >= 11.5


@pytest.mark.parametrize(("width", "kind"), [(360, "narrow"), (1280, "wide")])
def test_no_text_of_a_figure_is_cut_or_runs_into_another(
    browser: Browser, html: str, tmp_path: Path, width: int, kind: str
) -> None:
    with Opened(browser, tmp_path, html, width=width) as opened:
        assert opened.page.evaluate(OVERLAPS, kind) == []


def test_the_page_prints_with_the_disclaimer_on_every_sheet(browser: Browser, html: str, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, html) as opened:
        pdf = opened.page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 5 <= sheets <= 48
