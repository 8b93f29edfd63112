"""A builder makes a client for a GPT in a browser, and is asked for the callback that the GPT came with."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

GPT = "https://chat.openai.com/aip/g-0123456789abcdef0123456789abcdef/oauth/callback"
TWIN = GPT.replace("chat.openai.com", "chatgpt.com")


@pytest.fixture(scope="module")
def project(studio, world):
    studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom actionstudio.core.auth import OAuth\n"
        "from tests import make\n"
        "make.project('signing', User.objects.get(username='ann'), make.contract(auth=OAuth()), name='Signing')"
    )
    return "signing"


def made(page, project: str, name: str) -> tuple[str, str]:
    """Makes a client for ChatGPT on the pages; its id and its secret."""
    page.goto(f"/projects/{project}/oauth/clients/")
    page.get_by_role("link", name="New client").click()
    page.get_by_role("link", name="ChatGPT A GPT with this project").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Make the client").click()
    expect(page.get_by_role("heading", name=name)).to_contain_text("waiting for its callback")
    return page.url.rstrip("/").rpartition("/")[2], page.locator("#secret").inner_text()


def refused(studio, project: str, client_id: str) -> None:
    """A GPT begins a sign-in with a callback that nobody registered."""
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": GPT, "scope": "", "state": "x"}
    assert studio.call(project, "GET", f"/oauth/authorize?{urlencode(asked)}").status_code == 400


def test_the_callback_that_a_gpt_came_with_appears_by_itself_and_is_allowed_with_one_press(studio, window, project):
    page = window()
    client_id, secret = made(page, project, "Learner")
    assert re.fullmatch(r"asc_[0-9a-f]+", client_id) and secret.startswith("ascs_")
    refused(studio, project, client_id)
    question = page.locator("#waiting")
    expect(question).to_contain_text("ChatGPT asked for this callback: allow it?", timeout=10_000)
    expect(question).to_contain_text(GPT)
    page.get_by_label("Name", exact=True).fill("Learner, renamed")  # what is typed meanwhile stays
    question.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("goes through now")).to_be_visible()
    expect(question).to_be_empty()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Learner, renamed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Learner, renamed")).to_contain_text("ready")
    assert page.get_by_label("Callbacks (redirect URIs)").input_value().split() == [GPT, TWIN]
    assert secret not in page.content()


def test_without_a_script_all_of_it_is_forms(studio, window, project):
    page = window(java_script_enabled=False)
    client_id, secret = made(page, project, "Plain")
    page.get_by_label("Callback URL of the GPT").fill("https://chatgpt.com/g/g-abc-my-gpt")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is the address of the GPT itself")).to_be_visible()
    assert page.get_by_label("Callback URL of the GPT").input_value() == "https://chatgpt.com/g/g-abc-my-gpt"
    refused(studio, project, client_id)
    page.goto(f"/projects/{project}/oauth/clients/")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="Plain")).to_contain_text("ready")
    page.get_by_role("button", name="Make it and show it").click()
    assert page.locator("#secret").inner_text() != secret
    expect(page.get_by_role("table")).to_contain_text("more")


def test_saving_the_scopes_asks_while_what_operations_ask_for_is_unsaved(window, project):
    page = window("ann")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"/projects/{project}/auth/")
    tick = page.locator("#operations input[name=open]").first
    tick.check()
    # A part that comes in by itself elsewhere on the page forgets nothing
    page.evaluate("document.querySelector('#scopes').dispatchEvent(new Event('htmx:after:swap', {bubbles: true}))")
    page.locator("#scopes input[name=name-0]").fill("todos:read")
    page.locator("#scopes").get_by_role("button", name="Save").click()
    expect(tick).to_be_checked()
    assert asked == ["beforeunload"]
    page.locator("#operations").get_by_role("button", name="Save").click()
    assert asked == ["beforeunload"] * 2  # the scopes are not saved yet
