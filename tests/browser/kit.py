"""The browser kit: starts Chromium, signs people in, and fills a studio with one of everything."""

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from tests.studio import Studio

CHROMIUM = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
LAPTOP = {"width": 1280, "height": 850}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 640}
NARROW = {"width": 320, "height": 720}
AXE = Path(__file__).parent / "vendor" / "axe.min.js"

FILL = Path(__file__).parent / "fill.py"


@contextmanager
def chromium():
    """A running Chromium. ``with chromium() as browser:``"""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def context(browser, studio: Studio, user: str = "", *, size=None, theme: str = "light", **options):
    """A window of ``browser`` in which ``user`` is signed in."""
    made = browser.new_context(
        base_url=studio.url, viewport=size or DESKTOP, color_scheme=theme, reduced_motion="reduce", **options
    )
    made.set_default_timeout(10_000)
    if user:
        name, value = studio.session(user)
        made.add_cookies([{"name": name, "value": value, "url": studio.url}])
    return made


def filled(studio: Studio) -> dict:
    """Fills ``studio`` for ann, and returns what the pages' addresses need."""
    studio.user("ann")
    return json.loads(studio.shell(FILL.read_text()).splitlines()[-1])
