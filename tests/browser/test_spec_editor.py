"""The OpenAPI document as text, in a browser: problems at their lines, two views of one copy, nothing typed is lost.

STUDIO_STRESS sets the number of random sessions (24 for the full run).
"""

import os
import random
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser import kit
from tests.browser.test_pages import RUN

SESSIONS = int(os.environ.get("STUDIO_STRESS", "2"))
MAKE = """
from actionstudio.apps.accounts.models import User
from actionstudio.core.contract import Component
from tests import make
ann = User.objects.get(username="ann")
names = ("dogs", "cats")
operations = [
    make.operation("GET", f"/{{name}}", operation_id=f"list_{{name}}", summary=f"All {{name}}") for name in names
]
pet = Component("Pet", {{"type": "object", "properties": {{"name": {{"type": "string"}}}}}})
make.project("{slug}", ann, make.contract(*operations, components=(pet,), title="Pets"))
"""
LINE = """() => { const {state} = document.querySelector('code-editor').view;
    return state.doc.lineAt(state.selection.main.head).number; }"""
VALUE = "document.querySelector('code-editor').value"


@pytest.fixture
def slug(studio, world, request):
    """A project of the test's own."""
    name = "text-" + re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:40].strip("-")
    studio.shell(MAKE.format(slug=name))
    return name


@pytest.fixture
def page(window, slug):
    page = window("ann")
    open_text(page, slug)
    return page


def open_text(page, slug):
    page.goto(f"/projects/{slug}/spec/")
    page.locator("code-editor .cm-content").wait_for()
    page.locator("#spec-badge .badge").wait_for()


def text_of(page):
    return page.evaluate(VALUE)


def caret_after(page, words):
    """Puts the caret behind the first ``words``."""
    page.evaluate(
        """words => { const editor = document.querySelector('code-editor');
        editor.goToOffset(editor.value.indexOf(words) + words.length); }""",
        words,
    )


def write(page, text):
    """All of the text is replaced, as by pasting."""
    page.locator("code-editor .cm-content").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def is_kept(page):
    page.locator("#spec-state", has_text="Draft kept").wait_for()
    page.locator("#saved:not(.htmx-request)").wait_for()


def toast(page, words):
    page.locator("#toasts .toast", has_text=words).first.wait_for()


def line_of(page, words):
    return text_of(page).partition(words)[0].count("\n") + 1


def test_an_error_is_shown_at_its_line_mended_and_saved(page, slug):
    caret_after(page, "paths:")
    page.keyboard.type(" [x}", delay=30)
    line = line_of(page, "paths:")
    problem = page.locator("#problems button")
    expect(problem).to_contain_text(f"Line {line}: This is not valid YAML")
    expect(page.locator("#spec-badge")).to_have_text("1 error")
    page.locator("code-editor .cm-lint-marker-error").wait_for()
    page.keyboard.press("ControlOrMeta+s")
    toast(page, "Not saved")
    page.keyboard.press("ControlOrMeta+Home")
    problem.click()
    assert page.evaluate(LINE) == line
    page.keyboard.press("End")
    while text_of(page).split("\n")[line - 1] != "paths:":
        page.keyboard.press("Backspace")
    expect(page.locator("#spec-badge")).to_have_text("Valid OpenAPI 3.1")
    caret_after(page, "summary: All dogs")
    page.keyboard.type(" of the town")
    page.keyboard.press("ControlOrMeta+s")
    toast(page, "Saved, live as v2.")
    page.goto(f"/projects/{slug}/endpoints/list_dogs/")
    expect(page.locator("#f-sum")).to_have_value("All dogs of the town")


def test_what_a_form_saves_stands_in_the_text(page, slug):
    page.goto(f"/projects/{slug}/endpoints/list_cats/")
    page.fill("#f-sum", "Every cat")
    page.click("button[data-save]")
    toast(page, "Saved, live as v2.")
    open_text(page, slug)
    assert "summary: Every cat" in text_of(page)


def test_a_save_elsewhere_is_told_and_both_are_merged(page, window, slug):
    other = window("ann")
    other.goto(f"/projects/{slug}/endpoints/list_cats/")
    other.fill("#f-sum", "Every cat")
    other.click("button[data-save]")
    toast(other, "Saved, live as v2.")
    caret_after(page, "summary: All dogs")
    page.keyboard.type(" here")
    page.locator("[data-notice=overtaken]").wait_for()
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_timeout(300)
    assert "All dogs here" in text_of(page)
    page.get_by_role("button", name="Merge the two").click()
    expect(page.locator("[data-notice]")).to_have_count(0)
    assert "summary: Every cat" in text_of(page)
    assert "summary: All dogs here" in text_of(page)
    page.keyboard.press("ControlOrMeta+s")
    toast(page, "Saved, live as v3.")


def test_two_tabs_are_asked_which_text_to_keep(page, window, slug):
    two = window("ann")
    open_text(two, slug)
    caret_after(page, "All dogs")
    page.keyboard.type(" one")
    is_kept(page)
    caret_after(two, "All dogs")
    two.keyboard.type(" two")
    two.locator("[data-notice=tab]").wait_for()
    two.wait_for_timeout(2500)  # longer than it takes to keep a draft
    two.keyboard.type(", typed on")
    two.wait_for_timeout(2500)
    expect(two.locator("[data-notice=tab]")).to_be_visible()
    page.reload()
    page.locator("code-editor .cm-content").wait_for()
    assert "All dogs one" in text_of(page)
    two.get_by_role("button", name="Keep mine").click()
    is_kept(two)
    open_text(page, slug)
    assert "All dogs two, typed on" in text_of(page)


def test_a_draft_survives_a_reload_at_once_and_undo_is_the_editors(page, slug):
    caret_after(page, "All dogs")
    page.keyboard.type(" typed just now")
    page.reload()
    page.locator("code-editor .cm-content").wait_for()
    page.locator("#spec-badge .badge").wait_for()
    page.wait_for_timeout(300)
    assert "All dogs typed just now" in text_of(page)
    is_kept(page)
    caret_after(page, "All cats")
    page.keyboard.type("X")
    page.keyboard.press("ControlOrMeta+z")
    assert "All cats\n" in text_of(page)


def test_yaml_and_json_say_the_same_and_wrong_text_stays(page):
    caret_after(page, "All dogs")
    page.keyboard.type(" here")
    page.get_by_role("button", name="JSON").click()
    expect(page.get_by_role("button", name="JSON")).to_have_attribute("aria-current", "true")
    assert '"summary": "All dogs here"' in text_of(page)
    page.get_by_role("button", name="YAML").click()
    expect(page.get_by_role("button", name="YAML")).to_have_attribute("aria-current", "true")
    assert "summary: All dogs here" in text_of(page)
    caret_after(page, "paths:")
    page.keyboard.type(" [}")
    page.get_by_role("button", name="JSON").click()
    toast(page, "cannot be written anew")
    assert "paths: [}" in text_of(page)


def offers(page):
    """The words that are offered: asked for until they are what is expected."""
    return expect(page.locator("code-editor .cm-completionLabel"))


def take(page, words: str):
    """Takes the first word offered; ``words`` is what the text has then. No Enter counts while an offer is new."""
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    page.wait_for_function(f"words => {VALUE}.includes(words)", arg=words)


def test_completion_knows_where_it_stands(page):
    tooltip = page.locator("code-editor .cm-tooltip-autocomplete")
    caret_after(page, "operationId: list_dogs")
    page.keyboard.type("\nopera")
    page.keyboard.press("Escape")
    page.keyboard.press("Backspace")
    page.keyboard.type("a")
    offers(page).to_contain_text([re.compile("^operationId$")])
    for _ in "opera":
        page.keyboard.press("Backspace")
    page.keyboard.type("parameters:\n  - i")
    offers(page).to_contain_text([re.compile("^(in|name)$")])
    page.keyboard.press("Escape")
    expect(tooltip).to_have_count(0)
    page.keyboard.type("n: q")
    offers(page).to_have_text(["query"])
    take(page, "in: query")
    page.keyboard.type("\nschema:\n  $ref: ")
    page.wait_for_timeout(500)  # as a person who looks first
    page.keyboard.type("#")
    offers(page).to_have_text(["#/components/schemas/Pet"])
    take(page, '$ref: "#/components/schemas/Pet"')


def test_completion_in_json(page):
    page.get_by_role("button", name="JSON").click()
    expect(page.get_by_role("button", name="JSON")).to_have_attribute("aria-current", "true")
    caret_after(page, '"operationId": "list_dogs",')
    page.keyboard.type('\n"dep')
    offers(page).to_contain_text([re.compile("^deprecated$")])
    take(page, '"deprecated": ')


def test_f8_goes_from_problem_to_problem(page):
    text = (
        text_of(page)
        .replace("operationId: list_dogs", "operationId: list_cats")
        .replace("type: object\n", "type: objekt\n", 1)
    )
    write(page, text)
    expect(page.locator("#problems li").first).to_be_visible()
    page.keyboard.press("ControlOrMeta+Home")
    seen = []
    for _ in range(2):
        page.keyboard.press("F8")
        seen.append(page.evaluate("document.querySelector('code-editor').view.state.selection.main.head"))
    assert seen[0] < seen[1]
    page.keyboard.press("Shift+F8")
    assert page.evaluate("document.querySelector('code-editor').view.state.selection.main.head") == seen[0]


def test_operations_that_would_vanish_are_counted_before_saving(page, slug):
    text = text_of(page)
    start, end = text.index("  /cats:"), text.index("components:")
    write(page, text[:start] + text[end:])
    expect(page.locator("#spec-removes")).to_have_text("Saving removes 1 endpoint")
    page.get_by_role("button", name=re.compile("Save, live")).click()
    notice = page.locator("[data-notice=removes]")
    expect(notice).to_contain_text("GET /cats")
    notice.get_by_role("button", name="Save and remove 1 endpoint").click()
    toast(page, "Saved, live as v2.")


def test_a_lost_session_keeps_the_input(page, slug):
    page.context.clear_cookies()
    caret_after(page, "All dogs")
    page.keyboard.type(" unsaved")
    toast(page, "Your session ended")
    assert "All dogs unsaved" in text_of(page)


def test_leaving_asks_only_while_something_is_not_kept(page, slug):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    caret_after(page, "All dogs")
    page.keyboard.type(" kept")
    is_kept(page)
    page.goto(f"/projects/{slug}/")
    assert asked == []
    open_text(page, slug)
    page.route("**/spec/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    caret_after(page, "All dogs")
    page.keyboard.type(" not")
    toast(page, "No connection")
    page.goto(f"/projects/{slug}/")
    assert asked == ["beforeunload"]


def test_without_javascript_the_same_problems_come_after_a_round_trip(window, slug):
    page = window("ann", java_script_enabled=False)
    page.goto(f"/projects/{slug}/spec/")
    good = page.input_value("#spec-text")
    page.fill("#spec-text", good.replace("paths:", "paths: [}"))
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#problems")).to_contain_text("not valid YAML")
    assert "paths: [}" in page.input_value("#spec-text")
    page.fill("#spec-text", good.replace("All dogs", "No script"))
    page.get_by_role("button", name=re.compile("Save, live")).click()
    page.goto(f"/projects/{slug}/endpoints/list_dogs/")
    expect(page.locator("#f-sum")).to_have_value("No script")


def test_axe_finds_nothing_with_problems_and_a_notice_shown(window, slug, studio):
    for size, theme in ((kit.DESKTOP, "light"), (kit.PHONE, "dark")):
        page = window("ann", size=size, theme=theme)
        open_text(page, slug)
        text = text_of(page)
        write(
            page, text.replace("operationId: list_dogs", "operationId: list_cats").replace("  /cats:", "  /dogs2:", 1)
        )
        page.locator("#problems li").first.wait_for()
        page.keyboard.press("ControlOrMeta+s")
        page.wait_for_timeout(400)
        page.evaluate("document.querySelector('#toasts').replaceChildren()")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(kit.AXE.read_text())
        assert page.evaluate(RUN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        write(page, text)
        page.context.close()


LARGE = """
from actionstudio.apps.accounts.models import User
from actionstudio.core.contract import Media, Response
from tests import make
ann = User.objects.get(username="ann")
fields = {{f"field_{{n}}": {{"type": "string", "description": "What this field means. " * 4}} for n in range(40)}}
answer = (Response("200", "OK", content=(Media("application/json", {{"type": "object", "properties": fields}}),)),)
many = [make.operation("GET", f"/things{{n}}", operation_id=f"thing{{n}}", responses=answer) for n in range(400)]
make.project("{slug}", ann, make.contract(*many, title="Large"))
"""


def test_a_document_of_megabytes_stays_typable(window, world, studio):
    studio.shell(LARGE.format(slug="large-text"))
    page = window("ann")
    page.goto("/projects/large-text/spec/", timeout=30_000)
    page.locator("code-editor .cm-content").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate(f"{VALUE}.length") > 2_000_000
    caret_after(page, "title: Large")
    began = time.monotonic()
    page.keyboard.type(" and typed while the server looks at it")
    assert page.evaluate(f"{VALUE}.slice(0, 200)").count("Large and typed while the server looks at it") == 1
    assert time.monotonic() - began < 8, "typing waits for something"
    page.locator("#spec-state", has_text="Draft kept").wait_for(timeout=30_000)
    expect(page.locator("#spec-badge")).to_have_text("Valid OpenAPI 3.1", timeout=30_000)
    expect(page.locator("#spec-panel")).to_contain_text("This text is long")


@pytest.mark.parametrize("seed", range(SESSIONS))
def test_random_typing_on_a_slow_line_loses_nothing(window, world, studio, seed):
    name = f"text-stress-{seed}"
    studio.shell(MAKE.format(slug=name))
    page, rng = window("ann"), random.Random(seed)
    open_text(page, name)

    def late(route):
        try:
            answer = route.fetch()
            time.sleep(rng.choice((0.02, 0.2, 0.6)))
            route.fulfill(response=answer)
        except Exception:  # noqa: S110 - the page gave the request up
            pass

    page.route(f"**/projects/{name}/spec/**", late)
    typed = []
    for step in range(10):
        deed = rng.random()
        if deed < 0.7:
            word = f"w{step}{rng.choice('abc')}é"
            caret_after(page, rng.choice(("All dogs", "All cats")))
            page.keyboard.type(f" {word}", delay=rng.choice((5, 40)))
            typed.append(word)
        elif deed < 0.85:
            page.keyboard.press("ControlOrMeta+s")
        else:
            page.wait_for_timeout(rng.choice((50, 400, 900)))
    page.unroute_all(behavior="wait")
    page.keyboard.press("ControlOrMeta+s")
    page.locator("#spec-state", has_text="No changes").wait_for()
    shown = text_of(page)
    assert [word for word in typed if word not in shown] == []
    open_text(page, name)
    assert text_of(page) == shown
