"""Chromium, a studio with one of everything in it, and windows in which people are signed in."""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.browser import kit
from tests.studio import Studio


class Together(LoadScopeScheduling):
    """With several workers a file's tests stay together, and so do those of one of the two tours of all pages.

    xdist_group would do the same, but pytest 9.2 no longer takes the names that xdist 3.8 gives to tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        tour = test.partition("[")[2].rstrip("]")
        return f"{file} {tour}" if file.endswith("/test_pages.py") and tour else file


def pytest_xdist_make_scheduler(config, log):
    return Together(config, log)


def pytest_collection_modifyitems(config, items):
    """Without Chromium the browser's tests are skipped for all to see; with CI=true they run, and fail.

    The two tours of all pages are the longest: they go first, and side by side.
    """
    items.sort(key=lambda item: ("/tests/browser/test_pages.py" not in str(item.path), "[" not in item.name))
    if kit.CHROMIUM or os.environ.get("CI", "").lower() == "true":
        return
    missing = pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium")
    for item in items:
        if "/tests/browser/" in str(item.path):
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
