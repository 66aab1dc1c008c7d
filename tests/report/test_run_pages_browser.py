"""Pages of runs by choice, of conduct and of overviews in a real browser: on a phone, in the dark and on paper."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.report.choosing import pages as choosing
from tests.report.conducting import pages as conducting
from tests.report.overview import pages as overview
from tests.report.test_browser import CONTRAST, OVERLAPS, SMALL, Opened, Scheme
from tests.report.test_browser import browser as browser

pytestmark = pytest.mark.browser

Page = Callable[[str], str]
SHOWN = [
    *((choosing.page_of, case) for case in ("planted", "letter habit", "lures alone", "declining")),
    *((conducting.page_of, case) for case in ("planted", "letter habit", "abstaining", "unparsable")),
    *((overview.page_of, case) for case in ("planted", "parted", "alone")),
]
PLANTED = pytest.mark.parametrize(
    "page_of",
    [choosing.page_of, conducting.page_of, overview.page_of],
    ids=["choosing", "conducting", "overview"],
)


@pytest.mark.parametrize(("page_of", "case"), SHOWN)
@pytest.mark.parametrize(("width", "kind"), [(360, "narrow"), (768, "narrow"), (1280, "wide")])
def test_nothing_scrolls_sideways_and_no_text_is_cut_or_runs_into_another(
    browser: Browser, page_of: Page, case: str, tmp_path: Path, width: int, kind: str
) -> None:
    with Opened(browser, tmp_path, page_of(case), width=width) as opened:
        assert opened.page.evaluate(OVERLAPS, kind) == []
        opened.page.evaluate("document.querySelectorAll('details').forEach(entry => { entry.open = true })")
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert opened.page.evaluate(
            "[...document.querySelectorAll('table')].every(t => t.scrollWidth <= t.parentElement.clientWidth + 1)"
        )
        assert opened.complaints == []
        assert [url for url in opened.requests if not url.startswith(("file://", "data:,"))] == []


@PLANTED
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(browser: Browser, page_of: Page, tmp_path: Path, scheme: Scheme) -> None:
    with Opened(browser, tmp_path, page_of("planted"), scheme=scheme) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(entry => { entry.open = true })")
        found = opened.page.evaluate(CONTRAST)
        assert len(found) > 300
        assert [entry for entry in found if entry[0] < 4.5] == []


@PLANTED
def test_on_a_phone_the_figures_text_is_large_enough(browser: Browser, page_of: Page, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, page_of("planted"), width=360) as opened:
        assert opened.page.locator("svg.wide:visible").count() == 0
        assert min(opened.page.evaluate(SMALL)) >= 11.5


@pytest.mark.parametrize(
    ("page_of", "first"), [(choosing.page_of, "order"), (conducting.page_of, "conduct")], ids=["choosing", "conducting"]
)
def test_the_first_screen_has_the_lead_and_the_verdicts_lead_to_their_replies(
    browser: Browser, page_of: Page, first: str, tmp_path: Path
) -> None:
    with Opened(browser, tmp_path, page_of("planted")) as opened:
        page = opened.page
        assert page.locator("table.verdicts").bounding_box()["y"] < 800  # type: ignore[index]
        page.locator("table.verdicts td a").first.click()
        assert page.evaluate("location.hash") == f"#{first}-evidence"
        assert page.locator(f"#{first}-evidence").is_visible()


@PLANTED
def test_it_prints_on_some_sheets(browser: Browser, page_of: Page, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, page_of("planted")) as opened:
        pdf = opened.page.pdf(prefer_css_page_size=True)
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30
