"""Connect to GPT in a browser: the light turns green by itself, and the whole document can be copied."""

import pytest
from playwright.sync_api import expect

AGENT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot"


@pytest.fixture(scope="module")
def address(studio, world):
    """A project that ChatGPT never called."""
    studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom tests import make\n"
        "make.project('lonely', User.objects.get(username='ann'), name='Lonely')"
    )
    return "lonely"


def test_the_light_turns_green_at_chatgpts_first_call_and_asks_no_more(studio, window, address):
    page, asked = window(), []
    page.on("request", lambda request: asked.append(request.url) if "/light/" in request.url else None)
    page.goto(f"/projects/{address}/connect/")
    light = page.locator("#light")
    expect(light).to_contain_text("Waiting for ChatGPT")
    studio.call(address, "GET", "/items")
    page.wait_for_timeout(2500)
    expect(light).to_contain_text("Waiting for ChatGPT")  # somebody else called
    assert asked
    studio.call(address, "GET", "/items", headers={"User-Agent": AGENT})
    expect(light).to_contain_text("ChatGPT called getItems")
    before = len(asked)
    page.wait_for_timeout(2500)
    assert len(asked) == before
    light.get_by_role("link", name="Open the request").click()
    expect(page.locator("#detail")).to_contain_text("ChatGPT")


def test_one_can_wait_for_the_next_call(studio, window, address):
    page = window()
    studio.call(address, "GET", "/items", headers={"User-Agent": AGENT})
    page.goto(f"/projects/{address}/connect/")
    light = page.locator("#light")
    light.get_by_role("link", name="Wait for the next one").click()
    expect(light).to_contain_text("Waiting for the next call")
    studio.call(address, "GET", "/items", headers={"User-Agent": AGENT})
    expect(light).to_contain_text("ChatGPT called getItems")


def test_the_whole_document_is_copied_at_once(window, address):
    page = window(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/projects/{address}/connect/")
    page.get_by_role("button", name="Copy the document").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith('openapi: "3.1.0"')


def test_without_a_script_there_is_the_file(window, address):
    page = window(java_script_enabled=False)
    page.goto(f"/projects/{address}/connect/?after={9 * 10**18}")
    expect(page.get_by_role("button", name="Copy the document")).to_be_hidden()
    expect(page.locator(".panel").get_by_role("link", name="Download")).to_be_visible()
    expect(page.locator("#light").get_by_role("link", name="Look again")).to_be_visible()
