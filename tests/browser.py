"""Debian's Chromium, to look at the page with."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
COUSIN = (
    "URGENT HIRING! Customer service in Тhailand 🇹🇭, 1,800 USD a month, no experi\u200bence, free flight and room.\n"
    "Typing 30 wpm is enough, company holds your passport for the visa. Telegram @hr_example, leave this week. Bring friends!"
)
"""An ad that we wrote, with a look-alike letter and a hidden character."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that keeps nothing."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def busy() -> bool:
    """Whether others keep this machine so busy that seconds say nothing of the page."""
    return os.getloadavg()[0] > 2 * (os.cpu_count() or 1)
