"""The page of an overview in a real browser; what holds of every page of runs stands in test_run_pages_browser.py."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.report.overview.pages import page_of
from tests.report.test_browser import Opened
from tests.report.test_browser import browser as browser

pytestmark = pytest.mark.browser


def test_the_verdicts_lead_to_what_stands_behind_them(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, tmp_path, page_of("planted")) as opened:
        page = opened.page
        assert page.locator("p.lead").bounding_box()["y"] < 500  # type: ignore[index]
        page.locator("table.verdicts td a").first.click()
        assert page.evaluate("location.hash") == "#internals-evidence"
        assert page.locator("#internals-evidence").is_visible()
