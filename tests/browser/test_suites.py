"""Suites in a browser: a call becomes a case, the run says what changed, the order of cases is dragged by keyboard."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def till(studio, world):
    """A project whose answer has changed since its call was logged."""
    return studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom actionstudio.core.call import Call\n"
        "from actionstudio.runtime.app import frontdoor\nfrom actionstudio.apps.traffic.models import Exchange\n"
        "from tests import make\n"
        "made = make.project('till', User.objects.get(username='ann'), name='Till')\n"
        "record = frontdoor().call_blocking('till', Call('GET', '/items'), source='client').record\n"
        "print(Exchange(pk=record.id).public_id)"
    )


def test_a_call_becomes_a_case_that_runs_and_is_moved(window, till):
    page = window()
    page.goto(f"/projects/till/suites/add/?pick={till}")
    page.get_by_label("Name of the new suite").fill("Orders")
    page.get_by_role("button", name="Save as cases").click()
    expect(page.get_by_role("heading", name="Orders")).to_be_visible()

    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Every case passed.")).to_be_visible(timeout=20_000)

    page.goto("/projects/till/suites/orders/")
    page.get_by_role("button", name="Duplicate getItems").click()
    page.get_by_label("Name", exact=True).fill("second")
    page.get_by_label("Status").fill("404")
    page.get_by_role("button", name="Save", exact=True).click()
    rows = page.locator("[data-sort-row]")
    expect(rows.nth(1)).to_contain_text("second")

    with page.expect_response(re.compile("/order/")) as answer:
        rows.nth(1).get_by_role("link").first.focus()
        page.keyboard.press("Alt+ArrowUp")
    assert answer.value.status == 204
    page.reload()
    expect(rows.nth(0)).to_contain_text("second")

    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("What is wrong")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="The status became 200; it was 404.").click()
    page.get_by_role("button", name="Accept as expected").click()
    expect(page.get_by_text("accepted", exact=True)).to_be_visible()
    page.goto("/projects/till/suites/orders/")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Every case passed.")).to_be_visible(timeout=20_000)
