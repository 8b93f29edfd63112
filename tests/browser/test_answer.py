"""The page "Answer" in a browser: a rule made by hand, JSON with its problems at the line, a template seen at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import kit
from tests.browser.test_pages import in_both_themes

MAKE = """
from actionstudio.apps.accounts.models import User
from actionstudio.core.contract import Media, Example, Parameter, Response
from tests import make
ann = User.objects.get(username="ann")
answers = (
    Response("200", "OK", content=(Media("application/json", None, (Example("", {{"open": True}}),)),)),
    Response("404", "None", content=(Media("application/json", None, (Example("", {{"gone": True}}),)),)),
)
query = Parameter("status", "query", schema={{"type": "string"}})
make.project("{slug}", ann, make.contract(make.operation(responses=answers, parameters=(query,)), title="Items"))
"""


@pytest.fixture
def page(studio, world, window, request):
    """The page of an endpoint of the test's own."""
    slug = "answer-" + re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:40].strip("-")
    studio.shell(MAKE.format(slug=slug))
    made = window("ann")
    made.goto(f"/projects/{slug}/endpoints/getItems/mock/")
    return made


def way(page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("button", name=name).first).to_have_attribute("aria-pressed", "true")


def save(page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(".savebar")).to_contain_text("No changes")


def field(page, name: str):
    return page.locator(f"[name$='.{name}']:visible").first


def test_a_rule_is_made_by_hand_checked_and_saved(page):
    way(page, "Rules")
    page.get_by_role("button", name="Add rule").click()
    expect(page.get_by_label("What the rule is for")).to_be_focused()
    page.keyboard.type("closed ones are gone")
    page.get_by_label("Value").fill("closed")
    page.locator(".rule [name$='.status']").fill("404")
    expect(page.locator("#check")).to_contain_text("closed ones are gone")
    save(page)
    page.reload()
    expect(page.get_by_label("What the rule is for")).to_have_value("closed ones are gone")
    expect(page.get_by_label("Its name")).to_have_value("status")
    expect(page.locator(".rule [name$='.status']")).to_have_value("404")


def test_rules_move_with_the_keyboard(page):
    way(page, "Rules")
    for words in ("first", "second"):
        page.get_by_role("button", name="Add rule").click()
        expect(page.get_by_label("What the rule is for").last).to_be_focused()
        page.keyboard.type(words)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_label("What the rule is for").first).to_have_value("second")
    expect(page.get_by_label("What the rule is for").last).to_have_value("first")


def test_what_a_template_writes_is_seen_while_it_is_typed(page):
    way(page, "Template")
    page.locator("code-editor .cm-content").click()
    page.keyboard.insert_text('"Hello {{ method }}"')
    expect(page.locator("#check")).to_contain_text("Hello GET")
    save(page)


def test_a_flaw_of_a_template_is_marked_at_its_line(page):
    way(page, "Template")
    page.locator("code-editor .cm-content").click()
    page.keyboard.insert_text('"{{ methud }}"')
    page.locator("code-editor .cm-lint-marker-error").wait_for()
    expect(page.locator(".err")).to_contain_text("methud")


def test_json_is_saved_with_problems_at_their_line(page):
    page.get_by_role("button", name="JSON", exact=True).click()
    page.locator("code-editor .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('{"behaviour": {\n"kind": "examples",\n"status": "302"}}')
    expect(page.locator(".lint .e")).to_contain_text("Line 3: No response 302 is declared.")
    page.locator("code-editor .cm-lint-marker-error").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('{"behaviour": {"kind": "examples", "status": "404"}}')
    expect(page.locator(".lint .e")).to_have_count(0)
    save(page)
    page.get_by_role("button", name="Form", exact=True).click()
    expect(field(page, "status")).to_have_value("404")


def test_the_next_call_is_made_to_fail_and_the_draft_stays(page):
    way(page, "Made from the schema")
    page.get_by_role("button", name="Broken JSON").click()
    expect(page.locator("#beside, aside.b")).to_contain_text("Broken JSON")
    expect(page.get_by_role("button", name="Made from the schema").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("aside.b .lint")).to_contain_text("Broken JSON")


@pytest.mark.parametrize("size", [kit.DESKTOP, kit.NARROW], ids=["wide", "narrow"])
def test_no_way_to_answer_has_anything_for_axe_or_overflows(window, world, size):
    page = window("ann", size=size)
    page.goto(f"/projects/{world['slug']}/endpoints/{world['operation']}/mock/")
    found = {}
    for name in ("Rules", "Template", "Collection", "Forward to an API", "Misbehave"):
        way(page, name)
        for more in ("Add rule", "Add fault"):
            if page.get_by_role("button", name=more).count() and (more == "Add rule" or name == "Misbehave"):
                page.get_by_role("button", name=more).click()
        page.wait_for_timeout(400)
        trouble = in_both_themes(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        if trouble or width > size["width"]:
            found[name] = (trouble, width)
    page.locator("button[value=discard]").evaluate("button => button.form.requestSubmit(button)")
    assert found == {}


def test_a_long_line_scrolls_within_the_templates_editor(page):
    way(page, "Template")
    wide = (
        "() => [document.querySelector('.split > .a').scrollWidth, document.querySelector('code-editor').offsetWidth]"
    )
    before = page.evaluate(wide)
    page.locator("code-editor").click()
    page.keyboard.insert_text("long " * 200)
    expect(page.locator(".savebar")).to_contain_text("Draft kept")
    assert page.evaluate(wide) == before
    page.set_viewport_size(kit.PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == kit.PHONE["width"]
