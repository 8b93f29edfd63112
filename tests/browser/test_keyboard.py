"""The main job with the keyboard alone: sign in, paste a document, edit an endpoint, save, see the call in the log."""

import re

import pytest

DOCUMENT = """openapi: 3.1.0
info: {title: Bike shop, version: 1.0.0}
paths:
  /bikes:
    get:
      operationId: listBikes
      summary: Bikes
      responses: {"200": {description: OK, content: {application/json: {schema: {type: array}, example: []}}}}
"""
PASSWORD = "correct horse battery"
MOST_TABS = 150


def reach(page, target):
    """Presses Tab until ``target`` has the focus, which must be visible."""
    target.wait_for()
    for _press in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            outline = target.evaluate("element => getComputedStyle(element).outlineStyle + element.className")
            assert not outline.startswith("none") or "inp" in outline or "ta" in outline
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {target}")


def press(page, target):
    reach(page, target)
    page.keyboard.press("Enter")


def write(page, target, text):
    reach(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def test_the_main_job_needs_no_mouse(window, studio):
    studio.user("kim", PASSWORD)
    page = window("")
    page.goto("/accounts/login/")
    write(page, page.get_by_label("E-mail address"), "kim@example.test")
    write(page, page.get_by_label("Password", exact=True), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/")

    page.goto("/projects/new/")
    write(page, page.get_by_label(re.compile("Paste an OpenAPI document")), DOCUMENT)
    press(page, page.get_by_role("button", name="Create from this"))
    page.wait_for_url("**/projects/bike-shop/")

    page.locator("h1").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/endpoints/")
    press(page, page.get_by_role("link", name=re.compile("listBikes|bikes")).first)
    page.wait_for_url("**/endpoints/listBikes/")
    write(page, page.get_by_label("Summary", exact=True), "All the bikes")
    press(page, page.get_by_role("button", name=re.compile("Save, live as v2")))
    page.get_by_role("button", name=re.compile("v3")).wait_for()

    assert studio.call("bike-shop", "GET", "/bikes").json() == []
    page.locator("h1").first.wait_for(state="attached")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/log/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/log/req_*/")
    page.get_by_role("button", name="Replay").wait_for()


def test_the_palette_finds_and_goes(window, world):
    page = window("ann")
    page.goto(f"/projects/{world['slug']}/")
    page.keyboard.press("ControlOrMeta+k")
    page.keyboard.type("shared sch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/schemas/")


def test_question_mark_shows_the_shortcuts_and_letters_can_be_switched_off(window, world, studio):
    page = window("ann")
    page.goto("/help/")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    page.keyboard.press("Escape")
    studio.shell("from actionstudio.apps.accounts.models import User; User.objects.update(shortcuts=False)")
    page.reload()
    page.keyboard.press("?")
    page.wait_for_timeout(200)
    assert page.get_by_role("dialog").count() == 0
    studio.shell("from actionstudio.apps.accounts.models import User; User.objects.update(shortcuts=True)")


def test_the_theme_button_is_remembered_by_the_server(window, world):
    page = window("ann")
    page.goto("/help/")
    page.get_by_role("button", name="Switch theme").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
