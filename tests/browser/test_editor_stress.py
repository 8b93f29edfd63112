"""The endpoint editor under random typing and structure changes, on a slow network: nothing is ever lost.

Each session types into fields, adds, removes and moves rows, undoes and goes on typing while answers are on their way
(20-700 ms late). At the end the page, the draft on the server and what was typed must be the same.
STUDIO_STRESS sets the number of sessions (24 for the full run).
"""

import os
import random
import time

import pytest

SESSIONS = int(os.environ.get("STUDIO_STRESS", "2"))
STEPS = 14
LATENCIES = (0.02, 0.15, 0.4, 0.7)
URL = "/projects/acme-orders/endpoints/refundOrder/"
WORDS = ("ab", "xyz", "q", "é", "longer words")
SETTLED = """async () => {
  const form = () => document.querySelector('form[data-editor]');
  let quiet = 0;
  for (let tries = 0; tries < 120 && quiet < 8; tries++) {
    await new Promise(done => setTimeout(done, 100));
    quiet = document.querySelector('.htmx-request') ? 0 : quiet + 1;
  }
  return Object.fromEntries([...form().querySelectorAll('input[id$=-name], input[id$=-desc], #f-sum, #f-desc, #f-op')]
    .map(field => [field.id, field.value]));
}"""


def slow(page, rng):
    """Every answer to a post is late by a random time, as on a bad line."""

    def late(route):
        if route.request.method != "POST":
            route.continue_()
            return
        try:
            answer = route.fetch()
            time.sleep(rng.choice(LATENCIES))
            route.fulfill(response=answer)
        except Exception:  # noqa: S110 - the page gave the request up, as htmx does with an overtaken autosave
            pass

    page.route("**/endpoints/**", late)


class Session:
    """One person at work: what they typed is remembered in ``typed``."""

    def __init__(self, page, seed: int) -> None:
        self.page, self.rng, self.typed = page, random.Random(seed), {}
        self.rows = page.locator(".prow").count()
        self.fields = page.locator(".srow").count()

    def step(self) -> None:
        deed = self.rng.random()
        if deed < 0.5:
            self.type()
        elif deed < 0.65:
            self.add()
        elif deed < 0.75:
            self.add_field()
        elif deed < 0.82:
            self.remove()
        elif deed < 0.9:
            self.move()
        else:
            self.page.wait_for_timeout(self.rng.choice((50, 300, 600)))

    def visible_fields(self):
        chosen = "#f-sum, #f-desc, [id^=r-][id$=-name]:not([readonly]), [id^=r-][id$=-desc]"
        ids = self.page.eval_on_selector_all(
            chosen, "all => all.filter(f => f.offsetParent && f.closest('.a')).map(f => f.id)"
        )
        return [name for name in ids if self.page.locator(f"[id='{name}']").count() == 1]

    def type(self) -> None:
        name = self.rng.choice(self.visible_fields())
        field = self.page.locator(f"[id='{name}']")
        text = self.rng.choice(WORDS)
        before = field.input_value()
        field.click()
        self.page.keyboard.press("End")
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text, delay=self.rng.choice((5, 40)))
        self.typed[name] = before + text
        if self.rng.random() < 0.5:
            self.page.keyboard.press("Tab")

    def add(self) -> None:
        self.page.click("button[value='param.add']")
        if self.rng.random() < 0.6:  # goes on typing while the new row is on its way
            self.page.wait_for_timeout(30)
            field = self.page.locator("#f-sum")
            before = field.input_value()
            field.click()
            self.page.keyboard.press("End")
            self.page.keyboard.type("W")
            self.typed["f-sum"] = before + "W"
        self.rows += 1
        self.page.locator(".prow").nth(self.rows - 1).wait_for()

    def add_field(self) -> None:
        self.page.locator("button[value^='row.add']").first.click()
        self.fields += 1
        self.page.locator(".srow").nth(self.fields - 1).wait_for()

    def remove(self) -> None:
        buttons = self.page.locator(".prow button[value^='param.del']")
        if buttons.count() < 3:
            return
        button = buttons.nth(buttons.count() - 1)
        key = button.get_attribute("value").split(":")[1]
        button.click()
        self.page.locator(f"#r-{key}").wait_for(state="detached")
        self.typed = {name: text for name, text in self.typed.items() if not name.startswith(f"r-{key}-")}
        self.rows -= 1

    def move(self) -> None:
        """Alt+↑ on the last parameter."""
        row = self.page.locator(".prow:not(.locked)").last
        row.locator("input[id$=-desc]").focus()
        self.page.keyboard.press("Alt+ArrowUp")


@pytest.mark.parametrize("seed", range(SESSIONS))
def test_nothing_is_lost(window, world, seed):
    page = window("ann")
    page.goto(URL)
    discard(page)
    session = Session(page, seed)
    slow(page, session.rng)
    for _ in range(STEPS):
        session.step()
    shown = page.evaluate(SETTLED)
    assert {name: shown.get(name) for name in session.typed} == session.typed
    order = page.eval_on_selector_all(".prow input[name=params]", "all => all.map(f => f.value)")
    page.unroute("**/endpoints/**")
    page.goto(URL)
    kept = page.evaluate(SETTLED)
    assert kept == shown
    assert page.eval_on_selector_all(".prow input[name=params]", "all => all.map(f => f.value)") == order
    discard(page)


def discard(page):
    button = page.locator("button[value=discard]")
    if button.is_enabled():
        button.click()
        page.locator(".savebar", has_text="No changes").wait_for()


def test_an_answer_between_a_keystroke_and_its_autosave_loses_nothing(window, world):
    """The older answer must not set back what the newer request says of itself."""
    page = window("ann")
    page.goto(URL)
    discard(page)

    def late(route):
        answer = route.fetch()
        time.sleep(0.5)
        route.fulfill(response=answer)

    page.route("**/endpoints/**", lambda route: late(route) if route.request.method == "POST" else route.continue_())
    field = page.locator("#f-sum")
    field.fill("")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        field.press_sequentially("ab")
        page.wait_for_timeout(450)  # the autosave has left
        field.press_sequentially("cd", delay=200)  # still typing when its answer comes
    page.evaluate(SETTLED)
    page.unroute("**/endpoints/**")
    page.goto(URL)
    assert page.input_value("#f-sum") == "abcd"
    discard(page)


def test_two_changes_pressed_at_once_are_both_done(window, world):
    page = window("ann")
    page.goto(URL)
    discard(page)
    before = page.locator(".prow").count()
    slow(page, random.Random(1))
    page.evaluate("() => { for (let n = 0; n < 3; n++) document.querySelector('button[value=\"param.add\"]').click() }")
    page.locator(".prow").nth(before + 2).wait_for()
    page.unroute("**/endpoints/**")
    page.evaluate(SETTLED)
    discard(page)


def test_two_tabs_are_asked_which_version_to_keep(window, world):
    one, two = window("ann"), window("ann")
    one.goto(URL)
    discard(one)
    one.goto(URL)
    two.goto(URL)
    one.fill("#f-sum", "from the first tab")
    one.locator(".savebar", has_text="Draft kept").wait_for()
    two.fill("#f-sum", "from the second tab")
    dialog = two.locator("dialog.conflict-dialog")
    dialog.wait_for()
    assert "from the first tab" in dialog.inner_text()
    assert "from the second tab" in dialog.inner_text()
    dialog.get_by_role("button", name="Keep mine").click()
    two.locator(".savebar", has_text="Draft kept").wait_for()
    one.fill("#f-desc", "again from the first")
    other = one.locator("dialog.conflict-dialog")
    other.wait_for()
    other.get_by_role("link", name="Take the other").click()
    one.locator("#f-sum").and_(one.locator("[value='from the second tab']")).wait_for()
    discard(one)


def test_two_tabs_that_change_different_fields_keep_both(window, world):
    one, two = window("ann"), window("ann")
    one.goto(URL)
    discard(one)
    one.goto(URL)
    two.goto(URL)
    one.fill("#f-sum", "only in the first")
    one.locator(".savebar", has_text="Draft kept").wait_for()
    two.fill("#f-desc", "only in the second")
    two.locator("dialog.conflict-dialog").get_by_role("button", name="Keep both").click()
    two.locator("#f-sum[value='only in the first']").wait_for()
    two.goto(URL)
    assert two.input_value("#f-sum") == "only in the first"
    assert two.input_value("#f-desc") == "only in the second"
    discard(two)


def test_fields_move_with_the_keyboard_and_take_their_children_along(window, world):
    page = window("ann")
    page.goto(URL)
    discard(page)
    names = "all => all.map(f => f.value)"
    cells = ".media:has(button[value^='media.del']) >> nth=0 >> .srow input[id$=-name]"
    before = page.eval_on_selector_all("#h-body >> xpath=../.. >> .srow input[id$=-name]", names)
    assert before == ["amount", "reason", "items", "sku", "quantity", "address"], cells
    page.locator(".srow", has=page.locator("input[value=items]")).locator("input[id$=-name]").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator(".savebar", has_text="Draft kept").wait_for()
    page.evaluate(SETTLED)
    after = page.eval_on_selector_all("#h-body >> xpath=../.. >> .srow input[id$=-name]", names)
    assert after == ["amount", "items", "sku", "quantity", "reason", "address"]
    assert page.evaluate("document.activeElement.value") == "items"
    discard(page)


def test_undo_resets_what_was_clicked_and_typed(window, world):
    page = window("ann")
    page.goto(URL)
    discard(page)
    page.fill("#f-sum", "other")
    page.locator(".savebar", has_text="Draft kept").wait_for()
    page.locator("label", has_text="Never needs asking").click()
    page.evaluate(SETTLED)
    for _ in range(2):
        page.locator("button[value=undo]").click()
        page.evaluate(SETTLED)
    assert page.input_value("#f-sum") == "Refund an order"
    assert page.locator("input[name=consequential][value=yes]").is_checked()
    discard(page)


def test_without_javascript_every_button_works(window, world):
    page = window("ann", java_script_enabled=False)
    page.goto(URL)
    rows = page.locator(".prow").count()
    page.fill("#f-sum", "no script")
    page.click("button[value='param.add']")
    assert page.locator(".prow").count() == rows + 1
    assert page.input_value("#f-sum") == "no script"
    page.click("button[value=undo]")
    assert page.locator(".prow").count() == rows
    page.click("button[value=discard]")
    assert page.input_value("#f-sum") != "no script"
