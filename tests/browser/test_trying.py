"""Try it in a browser: sent from the keyboard, read with nothing for axe to find, brought into view on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser import kit
from tests.browser.test_pages import in_both_themes

URL = "/projects/{slug}/endpoints/{operation}/try/"


def sent(page, world):
    """The page after one call that was sent with the keyboard alone."""
    page.goto(URL.format(**world))
    page.locator("[name='path.order_id']").fill("A-1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tried")).to_contain_text("Why this answer?")
    return page


def test_control_enter_sends_and_what_was_typed_stays(window, world):
    page = sent(window(), world)
    expect(page.locator("#wire")).to_contain_text("POST /orders/A-1/refunds HTTP/1.1")
    expect(page.locator("[name='path.order_id']")).to_have_value("A-1")
    expect(page.locator("[name='path.order_id']")).to_be_focused()


def test_on_a_phone_the_answer_comes_into_view(window, world):
    page = sent(window(size=kit.PHONE), world)
    expect(page.locator("#tried h2").first).to_be_in_viewport()


def test_the_body_as_text_is_a_code_editor_and_is_what_goes_out(window, world):
    page = window()
    page.goto(URL.format(**world))
    page.get_by_role("button", name="Text", exact=True).click()
    editor = page.locator("code-editor .cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("nonsense")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not JSON, line 1")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("[5]")
    page.get_by_role("button", name="Send", exact=False).last.click()
    expect(page.locator("#wire")).to_contain_text("[5]")
    expect(page.locator("#tried .near")).to_contain_text("body")


@pytest.mark.parametrize("size", [kit.DESKTOP, kit.PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_in_an_answer(window, world, size):
    page = sent(window(size=size), world)
    assert in_both_themes(page) == {}


def test_an_answer_fits_320_pixels(window, world):
    page = sent(window(size=kit.NARROW), world)
    assert page.evaluate("document.documentElement.scrollWidth") <= kit.NARROW["width"]


def test_a_lost_call_becomes_an_endpoint_in_two_clicks(window, world):
    page = window()
    page.goto("/projects/{slug}/log/{lost}/".format(**world))
    expect(page.get_by_role("heading", name="Closest endpoints")).to_be_visible()
    page.get_by_role("button", name="Create endpoint from this request").click()
    expect(page.locator("[name=path]")).to_have_value("/order/{order_id}/refund")
    page.get_by_role("button", name="Discard draft").click()


def test_ticks_show_at_once_what_they_change(window, world):
    page = window()
    page.goto("/projects/{slug}/log/{request}/adopt/".format(**world))
    expect(page.get_by_role("heading", name="What will change")).to_be_visible()
    page.locator("[name=take]").first.uncheck()
    expect(page.get_by_text("Nothing is ticked, so nothing changes.")).to_be_visible()
