"""A sign-in in the middle of a chat: the card, the pages of the studio's own provider, and the chat goes on."""

import re

from playwright.sync_api import expect

from tests.browser import kit

MAKE = """
from actionstudio.apps.accounts.models import User
from actionstudio.apps.oauth import people
from actionstudio.core.auth import OAuth, Scope
from tests import make
value = make.contract(auth=OAuth((Scope("items:read", "Read your items"),)))
made = make.project({slug!r}, User.objects.get(username="ann"), value, name="Closet")
people.make(made, "mina", name="Mina", password="correct horse battery")
"""


CARD = "asks you to sign in at"


def closet(studio, slug: str) -> str:
    """A project whose callers sign in; its name."""
    studio.shell(MAKE.format(slug=slug))
    return slug


def begin(page, slug: str) -> None:
    """A chat whose first call needs a sign-in."""
    page.goto(f"/projects/{slug}/simulator/")
    page.locator("#say").fill("Get the items")
    page.get_by_role("button", name="Send").click()


def leave(page, slug: str) -> None:
    """From the card to the pages on which people sign in."""
    page.get_by_role("link", name=f"Sign in with {slug}.live.localhost").click()
    expect(page).to_have_url(re.compile(rf"^http://{slug}\.live\.localhost:\d+/oauth/"))


def sign_in(page, slug: str) -> None:
    """From the card to the pages on which people sign in, and on to the question."""
    leave(page, slug)
    page.get_by_label("Username or e-mail").fill("mina")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Read your items")).to_be_visible()


def test_a_call_waits_for_the_sign_in_and_is_made_when_one_comes_back(window, studio, world):
    page, slug = window(), closet(studio, "closet")
    begin(page, slug)
    expect(page.get_by_role("region", name="Sign-in")).to_contain_text(CARD, timeout=20_000)
    chat = page.url.partition("#")[0]
    sign_in(page, slug)
    page.get_by_role("button", name="Allow").click()

    expect(page).to_have_url(f"{chat}#end")
    expect(page.get_by_text(f"Signed in to {slug}.live.localhost.")).to_be_visible()
    page.get_by_role("button", name="Allow", exact=True).click()  # now ChatGPT's own question before the first call
    line = page.locator(".callline")
    expect(line).to_contain_text(re.compile(r"Called\s+getItems\s+200"), timeout=20_000)
    expect(page.locator("#chat-send .primary")).to_be_visible(timeout=20_000)
    expect(page.locator("#debug")).to_contain_text("OAuth · Mina")

    page.locator("#say").fill("Get the items")  # whoever is signed in is not asked again
    page.locator("#say").press("Enter")
    expect(page.get_by_role("button", name="Allow", exact=True).or_(line.nth(1))).to_be_visible(timeout=20_000)
    expect(page.get_by_text(CARD)).to_have_count(0)


def test_without_scripts_one_says_no_and_later_yes(browser, studio, world):
    slug = closet(studio, "closet-plain")
    context = kit.context(browser, studio, "ann", java_script_enabled=False)
    page = context.new_page()
    begin(page, slug)
    expect(page.get_by_text(CARD)).to_be_visible(timeout=20_000)  # the page looks again by itself
    sign_in(page, slug)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("access_denied")).to_be_visible()
    leave(page, slug)  # where one is signed in by now
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="Allow", exact=True).click()
    expect(page.locator(".callline")).to_contain_text(re.compile(r"Called\s+getItems\s+200"), timeout=20_000)
    context.close()
