"""The form of a prompt case in a browser: choosing an operation shows its arguments, and keeps what was typed."""

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def suite(studio, world):
    """A suite of a project whose operations take something."""
    studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom actionstudio.apps.library import starters\n"
        "from actionstudio.apps.simulator.prompts import keeping\nfrom tests import make\n"
        "made = make.project('tickets', User.objects.get(username='ann'), starters.starter('todo'), name='Tickets')\n"
        "keeping.suite(made, None, {'name': 'First'})"
    )
    return "/projects/tickets/prompts/first/"


def test_a_chosen_operation_shows_its_arguments_at_once(window, suite):
    page = window()
    page.goto(f"{suite}cases/new/")
    page.get_by_label("Turn 1", exact=True).fill("Show me the list of Ann")
    expect(page.get_by_role("button", name="Show its arguments")).to_be_hidden()
    page.get_by_label("Operation", exact=True).select_option("getTodos")
    expect(page.get_by_role("group", name="username")).to_be_visible()
    expect(page.get_by_label("Turn 1", exact=True)).to_have_value("Show me the list of Ann")
    page.get_by_role("group", name="username").get_by_label("Matcher").select_option("equals")
    page.get_by_role("group", name="username").get_by_label("Value").fill("ann")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Show me the list of Ann")).to_be_visible()
