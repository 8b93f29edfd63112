"""The query bar, the brush and selected rows of the Requests page, with the keyboard, the mouse and a finger."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import kit


@pytest.fixture(scope="module")
def address(studio, world):
    """A project whose log has something of each kind, newest last."""
    studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom tests import make\n"
        "made = make.project('asked', User.objects.get(username='ann'), name='Asked')\n"
        "[make.exchange(made, 'POST' if n % 2 else 'GET', f'/things/{n}', 404 if n % 3 else 200,"
        " conversation_id='talk-1' if n < 4 else '', user_id='user-' + 'ab'[n % 2],"
        " request_body={'name': '우유' if n == 5 else 'milk'}) for n in range(12)]"
    )
    return "asked"


def open_log(page, query: str = "?q="):
    page.goto(f"/projects/asked/log/{query}")
    expect(page.locator("[data-live-text]")).to_have_text("Live")
    return page


def rows(page):
    return page.locator("#rows > .rln > .lr")


def field(page):
    return page.locator("#log-q")


def options(page):
    return page.locator("#log-offers [role=option]")


def test_a_term_is_completed_with_the_keyboard_alone(window, address):
    page = open_log(window())
    page.keyboard.press("/")
    page.keyboard.type("conv", delay=30)
    expect(options(page)).to_have_count(1)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(field(page)).to_have_attribute("aria-activedescendant", "log-offer-0")
    page.keyboard.press("Tab")
    expect(field(page)).to_have_value("conversation:")
    expect(options(page).first).to_contain_text("talk-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("conversation:talk-1 ")
    expect(rows(page)).to_have_count(4)
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#log-offers")).to_be_hidden()
    expect(field(page)).to_have_value("conversation:talk-1 ")
    expect(page.locator(".chip.set")).to_have_count(1)


def test_up_from_the_field_is_the_last_suggestion_and_down_from_it_the_field(window, address):
    page = open_log(window())
    field(page).fill("status:")
    expect(options(page).nth(1)).to_be_visible()
    last = options(page).count() - 1
    page.keyboard.press("ArrowUp")
    expect(field(page)).to_have_attribute("aria-activedescendant", f"log-offer-{last}")
    page.keyboard.press("ArrowDown")
    expect(field(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))


def test_a_suggestion_is_taken_with_a_finger(window, address):
    page = window(size=kit.PHONE, has_touch=True, is_mobile=True)
    open_log(page)
    field(page).tap()
    page.keyboard.type("meth", delay=30)
    options(page).first.tap()
    expect(field(page)).to_have_value("method:")
    options(page).filter(has_text="POST").tap()
    expect(rows(page)).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_word_is_not_asked_for_while_it_is_being_composed(window, address):
    page = open_log(window())
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/complete" in request.url else None)
    field(page).focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "우", "selectionStart": 1, "selectionEnd": 1})
    page.wait_for_timeout(500)
    session.send("Input.imeSetComposition", {"text": "우유", "selectionStart": 2, "selectionEnd": 2})
    page.wait_for_timeout(500)
    assert asked == []
    expect(rows(page)).to_have_count(12)
    session.send("Input.insertText", {"text": "우유"})
    expect(field(page)).to_have_value("우유")
    expect(rows(page)).to_have_count(1)


def test_half_a_term_leaves_the_list_alone_until_it_is_sent(window, address):
    page = open_log(window())
    field(page).press_sequentially("status:4oo", delay=40)
    page.wait_for_timeout(600)
    expect(rows(page)).to_have_count(12)
    expect(page.locator("#log-q-err")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#log-q-err mark")).to_have_text("status:4oo")
    expect(page.locator("#log-q-err")).to_contain_text("Write a status such as 404")
    expect(field(page)).to_have_value("status:4oo")
    expect(field(page)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Go to the place").click()
    page.keyboard.type("op:")
    expect(field(page)).to_have_value("op:")


def test_help_types_its_examples(window, address):
    page = open_log(window(), "?q=milk")
    page.get_by_label("What can be asked").click()
    page.locator("#log-help").get_by_role("link", name="method:POST", exact=True).first.click()
    expect(field(page)).to_have_value("milk method:POST")
    expect(field(page)).to_be_focused()


def test_the_menu_writes_into_the_question(window, address):
    page = open_log(window(), "?q=things+status%3A200")
    page.locator("#log-filters summary").click()
    expect(page.locator("#log-filters").get_by_label("Status")).to_have_value("200")
    page.locator("#log-filters").get_by_label("Method").select_option("POST")
    page.locator("#log-filters").get_by_label("Status").fill("")
    page.locator("#log-filters").get_by_role("button", name="Apply").click()
    expect(field(page)).to_have_value("things method:POST")
    expect(page).to_have_url(re.compile(r"\?q=things\+method%3APOST$"))
    page.get_by_label("Remove filter method:POST").click()
    expect(field(page)).to_have_value("things")


def test_a_time_is_dragged_over_the_bars(window, address):
    page = open_log(window())
    box = page.locator("#log-histo").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 20, steps=4)
    expect(page.locator("#log-brush-said")).to_have_text(re.compile("calls"))
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"/log/\?q=$"))
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("since.*until"))
    expect(rows(page)).to_have_count(12)
    page.get_by_role("link", name="Zoom out").click()
    expect(page).to_have_url(re.compile("since"))


def test_a_time_is_chosen_with_the_keyboard(window, address):
    page = open_log(window())
    page.locator("#log-histo").focus()
    page.keyboard.press("End")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#log-brush-said")).to_have_text(re.compile(r"\d+ calls"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("since.*until"))


def test_rows_are_selected_with_letters_and_go_to_a_replay(window, address):
    page = open_log(window(), "?q=status%3A404")
    wanted = rows(page).evaluate_all("rows => rows.slice(1, 4).map(row => row.id)")
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("#log-picks .pickn")).to_have_text("3 selected")
    page.keyboard.press("r")
    page.wait_for_url(re.compile("/replays/new/"))
    assert set(page.locator("input[name=pick]").evaluate_all("all => all.map(one => one.value)")) == set(wanted)


def test_all_that_match_go_by_the_question(window, address):
    page = open_log(window(), "?q=status%3A404")
    page.locator("body").press("a")
    page.get_by_role("button", name="Select all 8 that match").click()
    expect(page.locator("#log-picks .pickn")).to_have_text("All 8 that match")
    page.locator("[data-pick-replay]").click()
    page.wait_for_url(re.compile("/replays/new/"))
    expect(page.locator("input[name=q]")).to_have_value("status:404")
    expect(page.locator("input[name=pick]")).to_have_count(0)


def test_a_selection_holds_the_tail_and_escape_lets_it_go(window, address, studio):
    page = open_log(window())
    page.locator("#rows > .rln .rowpick").nth(2).check()
    page.locator("body").click(position={"x": 700, "y": 4})
    studio.call("asked", "GET", "/held")
    expect(page.locator("[data-new]")).to_have_text("1 new")
    page.keyboard.press("Escape")
    expect(rows(page).first).to_contain_text("/held")
    expect(page.locator("#log-picks")).to_be_hidden()


def test_the_selection_is_exported_with_nothing_else(window, address):
    page = open_log(window(), "?q=status%3A404")
    page.locator("#rows > .rln .rowpick").nth(0).check()
    page.locator("#rows > .rln .rowpick").nth(2).click(modifiers=["Shift"])
    expect(page.locator("#log-picks .pickn")).to_have_text("3 selected")
    page.locator("#log-picks summary").click()
    with page.expect_download() as download:
        page.locator("#log-picks").get_by_role("button", name=re.compile("^Hurl")).click()
    text = download.value.path().read_text()
    assert text.count("/things/") >= 3 and len(re.findall(r"(?m)^(GET|POST) ", text)) == 3


def test_c_copies_the_row_as_curl(browser, studio, address):
    context = kit.context(browser, studio, "ann", permissions=["clipboard-read", "clipboard-write"])
    page = open_log(context.new_page())
    page.locator("body").press("j")
    page.keyboard.press("c")
    expect(page.get_by_text("Copied")).to_be_visible()
    assert "curl" in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_letters_after_g_still_go_places(window, address):
    page = open_log(window())
    page.locator("body").press("j")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/connect/"))


def test_what_a_call_has_in_common_leads_to_the_others(window, address):
    page = open_log(window(), "?q=conversation%3Atalk-1")
    rows(page).first.click()
    page.locator("#detail").get_by_role("link", name=re.compile("^user-[ab]$")).click()
    expect(field(page)).to_have_value(re.compile("^conversation:talk-1 user:user-[ab]$"))
    expect(rows(page)).to_have_count(2)


def test_it_all_works_without_javascript(browser, studio, address):
    context = kit.context(browser, studio, "ann", java_script_enabled=False)
    page = context.new_page()
    page.goto("/projects/asked/log/")
    field(page).fill("status:4oo")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#log-q-err mark")).to_have_text("status:4oo")
    field(page).fill("status:404 method:POST")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(rows(page)).to_have_count(4)
    page.locator("#rows > .rln .rowpick").nth(1).check()
    page.locator("#log-picks [data-pick-replay]").click()
    expect(page.locator("input[name=pick]")).to_have_count(1)
    context.close()


@pytest.mark.parametrize("size", [kit.NARROW, kit.PHONE], ids=["320", "390"])
def test_the_bar_fits_a_phone_with_everything_open(window, address, size):
    page = window(size=size, has_touch=True)
    long = "conversation%3Aa-very-long-conversation-id-of-more-than-sixty-characters-or-so"
    for question, menus in ((f"status%3A4oo+{long}", ("help", "filters")), ("", ("help", "filters", "take"))):
        open_log(page, f"?q={question}")
        for name in menus:
            page.locator(f"#log-{name} > summary").click()
            box = page.locator(f"#log-{name} > .pop").bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"], name
            page.locator(f"#log-{name} > summary").click()
    page.locator("#rows > .rln .rowpick").first.tap()
    expect(page.locator("#log-picks .pickn")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_view_is_saved_opened_and_found_again(window, address):
    page = open_log(window(), "?q=conversation%3Atalk-1")
    page.locator("#log-views summary").click()
    page.get_by_role("link", name="Save this view…").click()
    expect(page.get_by_label("Question")).to_have_value("conversation:talk-1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give the view a name.")).to_be_visible()
    page.get_by_label("Name").fill("One talk")
    page.get_by_role("button", name="Save").click()
    expect(rows(page)).to_have_count(4)
    page.goto("/projects/asked/log/?q=")
    page.locator("#log-views summary").click()
    page.locator("#log-views").get_by_role("link", name="One talk").click()
    expect(field(page)).to_have_value("conversation:talk-1")
