"""The page in a real browser: the service on a free port, and Debian's Chromium."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from serve.app import create_app
from serve.settings import Settings

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
def served(settings: Settings | None = None) -> Iterator[str]:
    """Address of the running service."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings or Settings()), port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


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
