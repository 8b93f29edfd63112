"""What is hard to fit: long names and addresses, a phone, colours that the system chooses."""

import pytest
from playwright.sync_api import expect

from tests.browser import kit

PATH = "/v1/customers/c-3f2a9d10/orders/A-10482/refunds-and-corrections/history/complete?q=" + "%E4%BC%9A" * 60
MADE = f"""
from actionstudio.apps.accounts.models import User
from actionstudio.apps.replay.models import Replay, Run
from tests import make
ann = User.objects.get(username="ann")
made = make.project("long-names", ann, name="Conference rooms of the whole company and of all its subsidiaries")
call = make.exchange(made, "GET", "{PATH}")
run = Run.objects.create(project=made, author=ann, state="done", target="https://staging.example.com/" + "a" * 90)
sent = dict(method="GET", path="{PATH}", query="", headers=[], body="")
Replay.objects.create(project=made, exchange_id=call.pk, author=ann, call=sent, same=True)
print(call.public_id, run.pk)
"""


@pytest.fixture(scope="module")
def made(studio, world):
    """A project whose names are long, with one logged call: its id, and the number of a run."""
    return studio.shell(MADE).split()[-2:]


def test_a_tick_is_seen_before_anybody_points_at_its_row(window, made):
    page = window()
    page.goto("/projects/long-names/log/")
    tick = page.locator("#rows .rowpick").first
    expect(tick).to_be_visible()
    expect(tick).to_have_css("opacity", "1")


def test_a_long_name_leaves_room_for_what_the_page_is(window, made):
    page = window(size=kit.PHONE)
    page.goto("/projects/long-names/log/")
    box = page.locator(".crumb b").bounding_box()
    assert box["width"] > 40
    assert box["x"] + box["width"] <= kit.PHONE["width"]


def test_a_long_address_leaves_room_for_the_call(window, made):
    page = window(size=kit.PHONE)
    page.goto(f"/projects/long-names/log/{made[0]}/")
    assert page.locator(".dh").bounding_box()["height"] < kit.PHONE["height"] / 3
    expect(page.locator("#detail .kv dd", has_text=PATH)).to_be_visible()


def test_the_address_of_a_replay_is_read_in_words_on_a_phone(window, made):
    page = window(size=kit.PHONE)
    page.goto("/projects/long-names/replays/")
    assert page.locator(".replay-call .mono").bounding_box()["width"] > 120


def test_a_run_to_a_long_address_fits_a_phone(window, made):
    page = window(size=kit.PHONE)
    page.goto(f"/projects/long-names/replays/runs/{made[1]}/")
    assert page.locator("h1").evaluate("one => one.scrollWidth <= one.clientWidth")


def test_the_current_page_is_marked_where_the_system_chooses_the_colours(window, made):
    page = window(forced_colors="active")
    page.goto("/projects/long-names/log/")
    ground = "one => getComputedStyle(one).backgroundColor"
    for current, other in ((".nav a[aria-current]", ".nav a"), (".chip[aria-current]", ".chip:not([aria-current])")):
        assert page.locator(current).first.evaluate(ground) != page.locator(other).first.evaluate(ground)


def test_a_laptops_screen_shows_the_whole_sidebar(window, made):
    page = window()
    page.goto("/projects/long-names/log/")
    assert page.locator("#side").evaluate("one => one.scrollHeight - one.clientHeight") == 0
