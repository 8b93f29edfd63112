"""A run of replays in a browser: begun from a selection, watched while it goes on, cancelled, and told how it ended."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import kit, pages


@pytest.fixture(scope="module")
def selected(studio, world):
    """A project of its own with forty calls."""
    studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom tests import make\n"
        "made = make.project('many', User.objects.get(username='ann'), name='Many')\n"
        "[make.exchange(made, 'GET', '/items', operation_id='getItems', response_body={'ok': n > 20}, "
        "response_headers=[['content-type', 'application/json']]) for n in range(40)]"
    )
    return "/projects/many/replays/new/?q=op:getItems+-is:replay"


def test_a_run_shows_its_answers_as_they_come_and_is_cancelled(window, selected):
    page = window()
    page.goto(selected)
    expect(page.get_by_role("heading", level=1)).to_have_text("Replay 40 calls")
    page.get_by_label("Calls at once").fill("1")
    page.get_by_label("Calls a second").fill("2")
    page.get_by_role("button", name="Send 40 calls").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("40 calls to")
    expect(page.locator("progress")).to_be_visible()
    expect(page.locator("#outcomes tbody tr").nth(1)).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The run was cancelled.")).to_be_visible(timeout=20_000)
    expect(page.locator("progress")).to_have_count(0)
    assert page.locator("#run").get_attribute("hx-trigger") is None
    expect(page.get_by_role("link", name=re.compile(r"^Skipped \d+$"))).to_be_visible()


def test_a_run_ends_by_itself_and_tells_what_changed(window, selected):
    page = window()
    page.goto(selected)
    page.get_by_label("Calls a second").fill("200")
    page.get_by_role("button", name="Send 40 calls").click()
    expect(page.get_by_text("The run is over.")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name=re.compile(r"^\$\.ok has another value")).click()
    expect(page.locator("#outcomes tbody tr")).to_have_count(21)
    page.locator("#outcomes tbody tr a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("/items")
    page.get_by_role("link", name=re.compile(r"^run \d+$")).click()
    expect(page.get_by_text("The run is over.")).to_be_visible()


@pytest.mark.parametrize("name", ["replay:run", "replay:suite-run"])
def test_on_a_phone_no_name_is_broken_and_the_reason_has_the_whole_line(window, world, name):
    page = window(size=kit.PHONE)
    page.goto(pages.reachable()[name][1](world))
    heights = page.locator("tbody .replay-call > .wrap-anywhere").evaluate_all(
        "all => all.filter(one => one.textContent.length <= 16).map(one => one.offsetHeight)"
    )
    assert heights and max(heights) < 30
    why = page.locator("tbody tr .small.wrap-anywhere").first.bounding_box()
    assert why["width"] > 300
