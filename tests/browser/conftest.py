"""Chromium, a studio with one of everything in it, and windows in which people are signed in."""

import os

import pytest

from tests.browser import kit
from tests.studio import Studio


def pytest_collection_modifyitems(config, items):
    """Without Chromium the browser's tests are skipped for all to see; with CI=true they run, and fail.

    With several workers a file's tests stay together. The two tours of all pages are the longest: they go first.
    """
    ours = [item for item in items if "/tests/browser/" in str(item.path)]
    for item in ours:
        tour = item.callspec.params.get("found", "") if hasattr(item, "callspec") else ""
        item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {tour}".strip()))
    items.sort(key=lambda item: "/tests/browser/test_pages.py" not in str(item.path))
    if kit.CHROMIUM or os.environ.get("CI", "").lower() == "true":
        return
    missing = pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium")
    for item in ours:
        item.add_marker(missing)


@pytest.fixture(scope="session")
def browser():
    with kit.chromium() as running:
        yield running


@pytest.fixture(scope="session")
def studio():
    with Studio() as running:
        yield running


@pytest.fixture(scope="session")
def world(studio):
    """What the addresses of pages are made of; see fill.py."""
    return kit.filled(studio)


@pytest.fixture
def window(browser, studio):
    """``window("ann", size=kit.PHONE, theme="dark")``: a page in a window of its own, closed after the test."""
    opened = []

    def open_window(user="ann", **options):
        opened.append(kit.context(browser, studio, user, **options))
        return opened[-1].new_page()

    yield open_window
    for context in opened:
        context.close()
