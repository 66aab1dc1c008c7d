"""The page of an overview in a real browser: readable on a phone, in the dark and on paper."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.report.overview.pages import page_of
from tests.report.test_browser import CONTRAST, OVERLAPS, SMALL, Opened, Scheme
from tests.report.test_browser import browser as browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("case", ["planted", "parted", "alone"])
@pytest.mark.parametrize(("width", "kind"), [(360, "narrow"), (768, "narrow"), (1280, "wide")])
def test_nothing_scrolls_sideways_and_no_text_is_cut_or_runs_into_another(
    browser: Browser, case: str, tmp_path: Path, width: int, kind: str
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(browser: Browser, tmp_path: Path, scheme: Scheme) -> None:
    with Opened(browser, tmp_path, page_of("planted"), scheme=scheme) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(entry => { entry.open = true })")
        found = opened.page.evaluate(CONTRAST)
        assert len(found) > 300
        assert [entry for entry in found if entry[0] < 4.5] == []


def test_on_a_phone_the_figures_text_is_large_enough(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, page_of("planted"), width=360) as opened:
        assert opened.page.locator("svg.wide:visible").count() == 0
        assert min(opened.page.evaluate(SMALL)) >= 11.5


def test_the_verdicts_lead_to_what_stands_behind_them(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, page_of("planted")) as opened:
        page = opened.page
        assert page.locator("p.lead").bounding_box()["y"] < 500  # type: ignore[index]
        page.locator("table.verdicts td a").first.click()
        assert page.evaluate("location.hash") == "#internals-evidence"
        assert page.locator("#internals-evidence").is_visible()


def test_it_prints_on_some_sheets(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, page_of("planted")) as opened:
        pdf = opened.page.pdf(prefer_css_page_size=True)
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30
