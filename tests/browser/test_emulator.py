"""The client emulator in a browser: out to the sign-in pages of another origin, and back to a page that follows."""

import pytest
from playwright.sync_api import expect

from tests.browser import kit
from tests.provider import Elsewhere

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def orders(studio, world):
    """A project with a provider of its own, and mina's account there."""
    studio.shell(
        "from actionstudio.apps.accounts.models import User\n"
        "from actionstudio.apps.oauth import people\n"
        "from actionstudio.core.auth import OAuth, Scope\n"
        "from tests import make\n"
        "auth = OAuth((Scope('read', 'Read your orders'),))\n"
        "made = make.project('emulated', User.objects.get(username='ann'), make.contract(auth=auth))\n"
        f"people.make(made, 'mina', password='{PASSWORD}')"
    )
    return "/projects/emulated/oauth/emulator/"


@pytest.mark.parametrize("size", [kit.DESKTOP, kit.PHONE], ids=["wide", "phone"])
def test_out_to_the_projects_own_provider_and_back(window, orders, size):
    page = window(size=size)
    page.goto(orders)
    page.get_by_label("ChatGPT (GPT action)").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Sign in at").click()
    page.get_by_label("Username").fill("mina")
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('input[name="password"]').press("Enter")
    expect(page.locator("h1")).to_contain_text("sign-in test")  # what the test client is called
    page.get_by_role("button", name="Allow").click()
    expect(page.locator("#legs")).to_contain_text("It works.")
    expect(page.locator("#legs")).to_contain_text("Ask for a fresh token")


def test_an_mcp_client_finds_the_provider_while_one_looks(window, orders):
    page = window()
    page.goto(orders)
    page.get_by_label("An MCP client").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("link", name="Sign in at")).to_be_visible()
    expect(page.locator("#legs")).to_contain_text("Read the provider's metadata")


def test_fields_of_another_provider_appear_when_it_is_chosen(window, orders, studio):
    page = window()
    page.goto(orders)
    assert not page.get_by_label("Token URL").is_visible()
    page.get_by_label("Another provider").check()
    with Elsewhere(f"{studio.url}/oauth/emulator/callback") as other:
        page.get_by_label("Authorization URL").fill(f"{other.url}/authorize")
        page.get_by_label("Token URL").fill(f"{other.url}/token")
        page.get_by_label("Client ID").fill(other.client_id)
        page.get_by_label("Client secret").fill(other.client_secret)
        page.get_by_label("Or this URL").fill(f"{other.url}/api")
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("link", name="Sign in at").click()
        expect(page.locator("#legs")).to_contain_text("It works.")
