"""axe-core finds nothing to object to on any page, in light and in dark, on a phone and on a desk."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import CHROMIUM, COUSIN
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = ("/", "/campaign", "/poster", "/quiz", "/learn", "/learn/urgency", "/?lang=ar", "/quiz?lang=th")


def violations(page: Page, name: str) -> list[str]:
    found = Axe().run(page, options=RULES)
    return [f"{name}: {v['id']} {v['nodes'][0]['html'][:300]}" for v in found.response["violations"]]


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1120)])
def test_no_violation(browser: Browser, address: str, scheme: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(120_000)
    told: list[str] = []
    for path in PAGES:
        page.goto(address + path)
        told += violations(page, path)
    page.click("#compare")
    told += violations(page, "answer")
    for path, filled in (("/", COUSIN), ("/campaign", f"{COUSIN}\n---\nShop assistant, Leeds")):
        page.goto(address + path)
        page.fill("#text", filled)
        page.click("button.main")
        page.wait_for_selector("#result section")
        if path == "/":
            page.locator("a.mark").first.focus()
        told += violations(page, f"{path} with a result")
    context.close()
    assert told == []
