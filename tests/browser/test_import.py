"""ChatGPT's import in the browser: seen, repaired with a look at what changes, thirty chosen, any document checked."""

import pytest
from playwright.sync_api import expect

from tests.browser import kit
from tests.browser.test_projects import TODO

MAKE = """
from actionstudio.apps.accounts.models import User
from tests import make
from tests.apps.gpt.documents import troubled
ann = User.objects.get(username="ann")
if {many}:
    value = make.contract(*(make.operation(path=f"/t{{n:03}}", summary=f"Thing {{n}}") for n in range({many})))
else:
    value = troubled()
make.project("{slug}", ann, value)
"""


@pytest.fixture
def made(studio, world):
    """``made("slug")``: a project with defects; ``made("slug", 500)``: one with that many operations."""

    def make(slug: str, many: int = 0) -> str:
        studio.shell(MAKE.format(slug=slug, many=many))
        return slug

    return make


def test_from_a_lost_operation_to_silence_in_three_clicks(window, made):
    slug = made("mended")
    page = window("ann")
    page.goto(f"/projects/{slug}/")
    page.get_by_role("link", name="Make it import cleanly").click()
    expect(page.get_by_text("2 messages before, 0 after")).to_be_visible()
    page.get_by_role("button", name="Apply 2 repairs, live at once").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ChatGPT's import")
    expect(page.get_by_text("ChatGPT imports this in silence: 3 operations, no message.")).to_be_visible()


def test_what_is_unticked_leaves_the_difference_at_once(window, made):
    slug = made("ticked")
    page = window("ann")
    page.goto(f"/projects/{slug}/gpt/repair/")
    box = page.get_by_role("checkbox", name="Wrap bodies in an object")
    box.uncheck()
    expect(page.get_by_text("2 messages before, 2 after")).to_be_visible()
    expect(page.get_by_role("button", name="Apply 1 repair, live at once")).to_be_visible()
    expect(box).to_be_focused()
    page.get_by_role("checkbox", name="Move header parameters").uncheck()
    expect(page.get_by_text("Nothing is ticked")).to_be_visible()
    box.check()
    expect(page.get_by_text("2 messages before, 0 after")).to_be_visible()


def test_without_scripts_repairs_are_previewed_and_applied(browser, studio, made):
    slug = made("plain-repair")
    context = kit.context(browser, studio, "ann", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/projects/{slug}/gpt/repair/")
    page.get_by_role("checkbox", name="Move header parameters").uncheck()
    page.get_by_role("button", name="Show the difference").click()
    page.get_by_role("button", name="Apply 1 repair").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ChatGPT's import")
    context.close()


def test_five_hundred_operations_are_searched_ticked_and_counted_live(window, made):
    slug = made("huge", 500)
    page = window("ann")
    page.goto(f"/projects/{slug}/gpt/choose/")
    counter = page.locator("[data-counter]")
    expect(counter).to_have_text("30 of 30 chosen")
    page.get_by_role("searchbox").fill("t49")
    expect(page.locator("tr[data-row]:visible")).to_have_count(10)
    page.get_by_role("checkbox", name="/t491").check()
    save = page.get_by_role("button", name="Save, live at once")
    expect(counter).to_have_text("31 chosen, 30 at most: untick some to save")
    expect(save).to_be_disabled()
    page.get_by_role("button", name="Tick what is shown").click()
    expect(counter).to_have_text("40 chosen, 30 at most: untick some to save")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("checkbox", name="/t491")).to_be_checked()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Untick it").click()
    page.get_by_role("searchbox").fill("t499")
    page.get_by_role("checkbox", name="/t499").check()
    page.get_by_role("button", name="Save, live at once").click()
    expect(page.get_by_text("ChatGPT imports this in silence: 1 operation, no message.")).to_be_visible()


def test_typing_in_the_search_of_five_hundred_stays_quick(window, made):
    slug = made("quick", 500)
    page = window("ann")
    page.goto(f"/projects/{slug}/gpt/choose/")
    page.get_by_role("searchbox").focus()
    took = page.evaluate("""() => {
        const field = document.querySelector('input[name=q]');
        const began = performance.now();
        for (const value of ['t', 't4', 't49', 't4', '']) {
            field.value = value;
            field.dispatchEvent(new Event('input', {bubbles: true}));
            document.body.offsetHeight;
        }
        return performance.now() - began;
    }""")
    assert took < 1000


def test_without_scripts_a_filter_keeps_the_ticks(browser, studio, made):
    slug = made("plain-choice", 40)
    context = kit.context(browser, studio, "ann", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/projects/{slug}/gpt/choose/")
    page.get_by_role("searchbox").fill("t03")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="Untick it").click()
    page.get_by_role("button", name="Save, live at once").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ChatGPT's import")
    context.close()


@pytest.mark.parametrize("size", [kit.DESKTOP, kit.PHONE], ids=["wide", "phone"])
def test_any_document_is_checked_and_becomes_a_project(window, world, size):
    page = window("ann", size=size)
    page.goto("/check/")
    title = f"Checked {size['width']}"
    page.get_by_label("Paste an OpenAPI document").fill(TODO % title)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("Could not find a valid URL in `servers`").first).to_be_visible()
    page.evaluate(kit.AXE.read_text())
    found = page.evaluate("() => axe.run().then(found => found.violations.map(rule => rule.id))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("button", name="Make a project of it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
