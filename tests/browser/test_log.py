"""The Requests page in a browser: rows come by themselves, wait while somebody reads, and the keyboard is enough."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from tests.browser import kit

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def address(studio, world):
    """A project of its own, so that other tests' calls do not come in between."""
    studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom tests import make\n"
        "made = make.project('tailed', User.objects.get(username='ann'), name='Tailed')\n"
        "[make.exchange(made, 'POST' if n % 2 else 'GET', f'/old/{n}', 404 if n % 3 else 200) for n in range(30)]"
    )
    return "tailed"


@pytest.fixture
def call(studio, address):
    """Makes a real call to a path nobody has called before, and returns the path."""

    def make() -> str:
        path = f"/fresh/{next(numbers)}"
        studio.call(address, "GET", path)
        return path

    return make


def open_log(page, query: str = ""):
    """The page, when its stream is open."""
    page.goto(f"/projects/tailed/log/{query}")
    expect(page.locator("[data-live-text]")).to_have_text("Live")
    return page


def rows(page):
    return page.locator("#rows > .rln > .lr")


def test_a_new_call_appears_by_itself_and_once(window, call):
    page = open_log(window())
    path = call()
    first = rows(page).first
    expect(first).to_contain_text(path)
    page.wait_for_timeout(2500)
    expect(page.locator("#rows > .rln > .lr", has_text=path)).to_have_count(1)


def test_new_rows_wait_while_a_request_is_open(window, call):
    page = open_log(window())
    rows(page).nth(3).click()
    expect(page.locator("#detail")).to_be_visible()
    before = rows(page).count()
    path = call()
    pill = page.locator("[data-new]")
    expect(pill).to_have_text("1 new")
    assert rows(page).count() == before
    pill.click()
    expect(rows(page).first).to_contain_text(path)
    expect(pill).to_be_hidden()


def test_new_rows_wait_while_somebody_has_scrolled(window, call):
    page = open_log(window())
    page.locator("#rows").evaluate("rows => rows.scrollTop = 300")
    path = call()
    expect(page.locator("[data-new]")).to_have_text("1 new")
    page.locator("#rows").evaluate("rows => rows.scrollTop = 0")
    expect(rows(page).first).to_contain_text(path)


def test_a_stream_that_did_not_open_at_first_is_tried_again(window, call):
    page = window()
    tries = itertools.count()
    page.route("**/tail?*", lambda route: route.abort() if next(tries) == 0 else route.continue_())
    page.goto("/projects/tailed/log/")
    expect(page.locator("[data-live-text]")).to_have_text("Live", timeout=15_000)
    path = call()
    expect(rows(page).first).to_contain_text(path)


def test_pausing_holds_the_rows(window, call):
    page = open_log(window())
    page.locator("[data-tail]").click()
    expect(page.locator("[data-live-text]")).to_have_text("Paused")
    call()
    expect(page.locator("[data-new]")).to_be_visible()
    page.locator("[data-tail]").click()
    expect(page.locator("[data-live-text]")).to_have_text("Live")


def test_the_tail_shows_only_what_the_filter_asks(window, call, studio):
    page = open_log(window(), "?status=2")
    call()
    studio.call("tailed", "GET", "/items")
    expect(rows(page).first).to_contain_text("/items")
    expect(page.locator("#rows > .rln > .lr .s4")).to_have_count(0)


def test_the_counts_of_the_chips_follow_the_tail_whatever_the_filter(window, call, studio):
    page = open_log(window(), "?q=status:4xx")
    chips = {name: page.locator(f"#log-chips [data-status='{name}'] .num") for name in ("", "2xx", "4xx")}
    before = {name: int(chip.inner_text()) for name, chip in chips.items()}
    studio.call("tailed", "GET", "/items")
    call()
    expect(chips["4xx"]).to_have_text(str(before["4xx"] + 1), timeout=15_000)
    expect(chips["2xx"]).to_have_text(str(before["2xx"] + 1))
    expect(chips[""]).to_have_text(str(before[""] + 2))


def test_a_filter_is_in_the_url_and_back_takes_it_away(window, address):
    page = open_log(window())
    page.get_by_role("link", name="4xx").click()
    expect(page).to_have_url(re.compile(r"\?q=status%3A4xx$"))
    expect(page.locator("#rows > .rln > .lr .s2")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile("/log/$"))
    expect(page.locator("#rows > .rln > .lr .s2").first).to_be_visible()
    page.go_forward()
    expect(page.locator("#rows > .rln > .lr .s2")).to_have_count(0)


def test_search_narrows_while_typing_and_keeps_the_caret(window, address):
    page = open_log(window())
    page.keyboard.press("/")
    page.keyboard.type("/old/17", delay=60)
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#log-q")).to_be_focused()
    expect(page.locator("#log-q")).to_have_value("/old/17")
    expect(page).to_have_url(re.compile("q=%2Fold%2F17"))


def test_a_bar_of_the_histogram_sets_the_time(window, address):
    page = open_log(window())
    page.locator(".hist a.hb:has(rect.ok)").last.click()
    expect(page).to_have_url(re.compile("since.*until"))
    expect(page.locator(".chip.set")).to_have_count(2)
    page.get_by_role("link", name="Zoom out").click()
    expect(page).not_to_have_url(re.compile("until"))


def test_the_keyboard_opens_moves_and_closes(window, address):
    page = open_log(window(), "?q=/old/")
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows(page).first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#detail .l1 code")).to_have_text(rows(page).nth(1).locator(".p").inner_text())
    expect(rows(page).nth(1)).to_have_attribute("aria-current", "true")
    expect(page).to_have_title(re.compile("/old/"))
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/log/\?q=%2Fold%2F$"))


def test_r_replays_the_open_request(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/log/{world['request']}/")
    expect(page.locator("#detail")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="What was different this time")).to_be_visible()


def test_views_of_a_body_switch_in_place(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/log/{world['request']}/")
    page.locator("#body-response").get_by_role("link", name="Tree").click()
    expect(page.locator("#body-response .jtree")).to_be_visible()
    expect(page.locator("#body-request pre")).to_be_visible()
    page.reload()
    expect(page.locator("#body-response .jtree")).to_be_visible()


def test_a_large_tree_opens_branch_by_branch(window, studio, address):
    found = studio.shell(
        "from actionstudio.apps.projects.models import Project\nfrom tests import make\n"
        "body = {'items': [{'id': n, 'deep': {'x': n}} for n in range(900)]}\n"
        "print(make.exchange(Project.objects.get(slug='tailed'), response_body=body).public_id)"
    )
    page = window()
    page.goto(f"/projects/tailed/log/{found}/?response=tree")
    body = page.locator("#body-response")
    body.locator("summary", has_text="items").click()
    expect(body.locator("summary")).to_have_count(501)
    body.locator("summary").nth(1).click()
    expect(body.locator(".leaf", has_text="id")).to_be_visible()
    body.get_by_role("button", name="Show more").click()
    expect(body.locator("summary", has_text="899")).to_be_attached()


def test_on_a_phone_a_request_is_a_page_of_its_own(window, address):
    page = window(size=kit.PHONE)
    open_log(page)
    rows(page).nth(2).click()
    expect(page.locator("#detail")).to_be_visible()
    expect(page.locator("#rows")).to_be_hidden()
    page.go_back()
    expect(page.locator("#rows")).to_be_visible()


def test_edit_and_resend_keeps_what_was_typed(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/log/{world['request']}/resend/")
    page.get_by_label("Path").fill("no slash")
    page.get_by_label("Headers").fill("x-mine: 1")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("A path begins with a slash")).to_be_visible()
    expect(page.get_by_label("Headers")).to_have_value("x-mine: 1")
    page.get_by_label("Path").fill("/orders")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The path was edited.")).to_be_visible()


def test_without_javascript_it_is_all_there(browser, studio, world):
    context = kit.context(browser, studio, "ann", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/projects/{world['slug']}/log/")
    page.locator(".chip", has_text="2xx").click()
    page.locator("#rows > .rln > .lr").first.click()
    expect(page.locator("#detail")).to_be_visible()
    page.get_by_role("link", name="Timing").click()
    expect(page.get_by_role("heading", name="Where the time went")).to_be_visible()
    context.close()
