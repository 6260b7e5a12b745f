"""Pictures of every page at phone and desktop width: `make screenshots`."""

from io import BytesIO
from pathlib import Path

from browser import COUSIN, chromium
from PIL import Image
from playwright.sync_api import Page
from servers import running

from serve.app import create_app
from serve.settings import Settings

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SIZES = {"phone": (390, 844), "desktop": (1120, 800)}
TALLEST, COLOURS = 1800, 96
ADS = "\n---\n".join([COUSIN, "Shop assistant, Leeds. Till and shelves, 20 hours a week, 11.44 pounds an hour. Apply at the counter.",
    "Earn 80 to 300 dollars a day from home: like hotels and rate them, 40 tasks. Paid at once. WhatsApp us.",
    "Nurse, Hospital Nord, night shift, permanent. Licence and two years of practice wanted. Interview on site."])  # fmt: skip


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running(create_app(Settings())) as address, chromium() as browser:
        for size, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, locale="en-PH")
            take(page, address, size)
            page.close()
        page = browser.new_page(viewport={"width": 390, "height": 844}, locale="ar", color_scheme="dark")
        check(page, f"{address}/?lang=ar")
        shot(page, "verdict-arabic-dark-phone")


def take(page: Page, address: str, size: str) -> None:
    """One size of every page."""
    check(page, address)
    shot(page, f"verdict-{size}")
    page.goto(f"{address}/campaign")
    page.fill("#text", ADS)
    page.click("button.main")
    page.wait_for_selector("#table")
    shot(page, f"campaign-{size}")
    for name in ("poster", "quiz", "learn", "learn/irregular_travel"):
        page.goto(f"{address}/{name}")
        shot(page, f"{name.replace('/', '-')}-{size}")


def check(page: Page, address: str) -> None:
    """Paste the ad and wait for its verdict."""
    page.goto(address)
    page.fill("#text", COUSIN)
    page.click("button.main")
    page.wait_for_selector(".verdict")


def shot(page: Page, name: str) -> None:
    """The upper part of the page, in as few colours as keep it legible."""
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    whole = Image.open(BytesIO(page.screenshot(full_page=True)))
    file = FOLDER / f"{name}.png"
    whole.crop((0, 0, whole.width, min(whole.height, TALLEST))).convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file.name} {file.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
