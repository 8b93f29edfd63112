"""A sign-in watched live: its steps light up by themselves while a person goes through it in another browser."""

import contextlib
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Error, expect

from tests.browser import kit

GPT = "https://chatgpt.com/aip/g-4hJ2k/oauth/callback"
TWIN = GPT.replace("chatgpt.com", "chat.openai.com")
MAKE = """
from actionstudio.apps.accounts.models import User
from actionstudio.apps.oauth import people, registering, secrets
from actionstudio.core.auth import OAuth, Scope
from tests import make
value = make.contract(auth=OAuth((Scope("orders:read", "Read your orders"),)))
made = make.project("watched", User.objects.get(username="ann"), value, name="Watched")
people.make(made, "mina", name="Mina", password="correct horse battery")
client = registering.register(made, "gpt", name="Acme GPT", redirect_uris=["GPT"])
print(client.client_id, secrets.mint(client))
""".replace('GPT"]', f'{GPT}"]')


@pytest.fixture(scope="module")
def gpt(studio, world):
    """The id and the secret of a GPT's client."""
    return studio.shell(MAKE).split()[-2:]


@pytest.fixture
def mina(browser, studio):
    """A browser of somebody whom the studio does not know."""
    context = kit.context(browser, studio)
    yield context.new_page()
    context.close()


def begin(studio, mina, gpt, state: str) -> None:
    """Opens the sign-in as ChatGPT does."""
    asked = {"response_type": "code", "client_id": gpt[0], "redirect_uri": GPT, "scope": "orders:read", "state": state}
    mina.goto(f"{studio.live('watched')}/oauth/authorize?{urlencode(asked)}")


def sign_in(mina) -> None:
    mina.get_by_label("Username or e-mail").fill("mina")
    mina.get_by_label("Password", exact=True).fill("correct horse battery")
    mina.get_by_role("button", name="Sign in", exact=True).click()


def sent_back(mina, deed) -> str:
    """The code with which the browser is sent to the GPT when that is done. There is no ChatGPT here to answer it."""
    with mina.expect_request("https://chatgpt.com/**") as sent, contextlib.suppress(Error):
        deed()
    return parse_qs(urlsplit(sent.value.url).query)["code"][0]


def redeem(studio, gpt, code: str, callback: str = GPT):
    """The token request."""
    sent = {"grant_type": "authorization_code", "client_id": gpt[0], "client_secret": gpt[1], "code": code}
    return studio.call("watched", "POST", "/oauth/token", data={**sent, "redirect_uri": callback})


def test_a_sign_in_appears_by_itself_fails_is_mended_by_one_press_and_the_next_one_passes(studio, window, mina, gpt):
    page = window()
    page.goto("/projects/watched/oauth/handshake/")
    expect(page.get_by_text("Waiting for ChatGPT")).to_be_visible()
    begin(studio, mina, gpt, "first")
    page.get_by_role("link", name="Watch it").click()  # it has come by itself
    expect(page.locator("svg.seq a.done")).to_have_count(2)
    sign_in(mina)
    expect(page.locator("svg.seq a.done")).to_have_count(4)
    code = sent_back(mina, mina.get_by_role("button", name="Allow").click)
    expect(page.locator("svg.seq a.done")).to_have_count(6)
    expect(page.locator("#run [role=status]")).to_have_text("Waiting for step 7")
    assert redeem(studio, gpt, code, TWIN).status_code == 400
    expect(page.locator("#run [role=status]")).to_have_text("Stopped at step 7")
    expect(page.locator("#step")).to_contain_text(f"began with redirect_uri {GPT}, and the token request has {TWIN}")
    page.get_by_role("button", name="Allow both addresses").click()
    expect(page.get_by_text(re.compile("Registered: .*Run the sign-in again"))).to_be_visible()

    code = sent_back(mina, lambda: begin(studio, mina, gpt, "second"))  # signed in, and not asked again
    answer = redeem(studio, gpt, code, TWIN)
    assert answer.status_code == 200
    page.goto("/projects/watched/oauth/handshake/")
    page.get_by_role("row", name=re.compile("Passed")).get_by_role("link").click()
    expect(page.locator("#run [role=status]")).to_have_text("Passed")
    token = answer.json()["access_token"]
    assert studio.call("watched", "GET", "/items", headers={"authorization": f"Bearer {token}"}).status_code == 200
    expect(page.locator("svg.seq a.waiting")).to_have_count(0, timeout=12_000)  # the call has been seen, too
    assert token not in page.content() and gpt[1] not in page.content()


def test_a_step_is_chosen_with_the_keyboard_and_stays_chosen_while_the_page_is_kept_fresh(window, world):
    page = window()
    page.goto(f"/projects/sign-in/oauth/handshake/{'b' * 20}/")
    step = page.locator("svg.seq a.msg").nth(1)
    step.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#h-step")).to_have_text("2. Sign in")
    assert page.url.endswith("?step=login")
    page.locator("#step summary", has_text="Request").click()
    page.wait_for_timeout(6000)  # it has been asked for news meanwhile
    expect(page.locator("#h-step")).to_have_text("2. Sign in")
    expect(page.locator("#step details").first).to_have_attribute("open", "")
    page.go_back()
    expect(page.locator("#h-step")).to_contain_text("7.")


def test_without_a_script_all_of_it_is_there(window, world):
    page = window(java_script_enabled=False)
    page.goto(f"/projects/sign-in/oauth/handshake/{'b' * 20}/")
    page.locator("svg.seq a.msg").nth(3).click()
    expect(page.locator("#h-step")).to_have_text("4. Allow or cancel")
    page.get_by_role("button", name="Error 500").click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)


def test_on_a_phone_the_steps_are_a_list(window, world):
    page = window(size=kit.PHONE)
    page.goto(f"/projects/sign-in/oauth/handshake/{'b' * 20}/")
    expect(page.locator("svg.seq")).to_be_hidden()
    page.locator("ol.steps a", has_text="Open sign-in").click()
    expect(page.locator("#h-step")).to_have_text("1. Open sign-in")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_log_tells_of_the_sign_in_that_a_call_belongs_to(window, world):
    page = window()
    page.goto("/projects/sign-in/log/?kind=oauth")
    row = page.locator("#rows .lr", has_text="/oauth/token").last
    row.click()
    card = page.locator("#detail", has_text="The whole sign-in")
    expect(card).to_contain_text("Exchange the code for a token")
    card.get_by_role("link", name="The whole sign-in").last.click()
    expect(page.locator("#h-step")).to_contain_text("Exchange the code for a token")
