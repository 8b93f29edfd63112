"""The chat in a browser: it streams, keeps what one types and looks at, asks with cards, branches, stops; also without
JavaScript. What a turn writes in another process is written by the tests, so that each step is seen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import kit

RUNNING = """
import datetime
from django.utils import timezone
from actionstudio.apps.accounts.models import User
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import Chat, Message
from tests.apps.simulator import talks
project, ann = Project.objects.get(slug={slug!r}), User.objects.get(username="ann")
chat = talks.chat(project, ann, talks.user("Tell me a story"), talks.answer("Once", state="streaming"), state="running")
Chat.objects.filter(pk=chat.pk).update(holder="elsewhere", beat=timezone.now() + datetime.timedelta(hours=1))
print(chat.key)
"""
WRITES = """
from django.utils import timezone
from actionstudio.apps.simulator.models import Chat, Message
from tests.apps.simulator import talks
chat = Chat.objects.get(key={key!r})
tip = chat.tip
def write(text, **fields):
    Message.objects.filter(pk=chat.tip_id).update(text=text, updated=timezone.now(), **fields)
def end(state="idle"):
    Chat.objects.filter(pk=chat.pk).update(state=state, holder="", updated=timezone.now())
{code}
"""


class Writer:
    """What writes a turn from another process."""

    def __init__(self, studio, slug: str) -> None:
        self.studio = studio
        self.key = studio.shell(RUNNING.format(slug=slug)).splitlines()[-1]
        self.path = f"/projects/{slug}/simulator/{self.key}/"

    def does(self, code: str) -> str:
        return self.studio.shell(WRITES.format(key=self.key, code=code))


@pytest.fixture
def writer(studio, world):
    return Writer(studio, world["slug"])


def opened(page, writer, patience: float = 30_000):
    """The page, when its stream is open."""
    with page.expect_response(re.compile("/tail"), timeout=patience):
        page.goto(writer.path)
    return page


def test_its_stream_opens_also_when_the_script_for_streams_comes_late(window, writer):
    page = window()

    def late(route):
        page.wait_for_timeout(700)
        route.continue_()

    page.route(re.compile("hx-sse"), late)
    opened(page, writer, 5_000)


def test_an_answer_appears_as_it_is_written_and_ends_with_send(window, writer):
    page = opened(window(), writer)
    answer = page.locator(".piece.assistant .said")
    expect(answer).to_have_text("Once")
    expect(page.locator("[data-stop]")).to_be_visible()
    expect(page.locator("#chat-said")).to_have_text("Answering…")
    writer.does("write('Once **upon** a time')")
    expect(answer.locator("strong")).to_have_text("upon")
    writer.does("write('Once upon a time, the end.', state='done'); end()")
    expect(page.locator("#composer + #chat-send .primary")).to_have_text("Send")
    expect(page.locator("#chat-said")).to_have_text("Once upon a time, the end.")
    expect(page.locator("[id^=tail-]")).to_have_count(0)


def test_what_one_types_and_where_one_looks_stay_while_it_streams(window, writer):
    page = opened(window(), writer)
    long = "\\n\\n".join(f"Line {n} of the story." for n in range(80))
    writer.does(f"write('''{long}''')")
    expect(page.locator(".said")).to_contain_text("Line 79")
    thread = page.locator("#thread")
    at_end = "thread => thread.scrollHeight - thread.scrollTop - thread.clientHeight"
    assert thread.evaluate(at_end) < 60  # whoever is at the end is kept there
    page.locator("#say").fill("What happens")
    thread.evaluate("thread => thread.scrollTop = 300")
    page.wait_for_timeout(100)
    page.locator("#say").press("End")
    writer.does(f"write('''{long}\\n\\nAnd more.''')")
    expect(page.locator(".said")).to_contain_text("And more.")
    writer.does(f"write('''{long}\\n\\nThe end.''', state='done'); end()")
    expect(page.locator("#chat-send .primary")).to_be_visible()
    page.keyboard.type(" next?")
    expect(page.locator("#say")).to_have_value("What happens next?")
    expect(page.locator("#say")).to_be_focused()
    assert thread.evaluate("thread => thread.scrollTop") == 300


def test_a_call_and_a_card_come_by_themselves(window, writer):
    page = opened(window(), writer)
    writer.does("write('', state='done'); talks.add(chat, talks.call(state='streaming'))")
    expect(page.locator(".callline")).to_contain_text("Calling getOrder")
    writer.does("talks.add(chat, talks.asks()); end('waiting')")
    card = page.locator("form.consent")
    expect(card.get_by_role("button", name="Confirm")).to_be_visible()
    expect(page.locator("#chat-said")).to_have_text("Waiting for your decision: refundOrder")
    expect(page.locator("#debug")).to_contain_text("refundOrder")


def test_arguments_are_edited_as_fields_and_as_json_and_nothing_typed_is_lost(window, studio, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/{world['chat']}/")
    page.get_by_role("button", name="Edit arguments").click()
    card = page.locator("form.consent")
    card.get_by_label("amount").fill("12.5")
    card.get_by_role("button", name="JSON").click()
    area = card.get_by_label("Arguments as JSON")
    expect(area).to_have_value(re.compile('"amount": 12.5'))
    area.fill("{broken")
    card.get_by_role("button", name="Confirm").click()
    expect(card.get_by_role("alert")).to_contain_text("Not JSON")
    expect(card.get_by_label("Arguments as JSON")).to_have_value("{broken")
    card.get_by_role("button", name="Leave the arguments").click()
    expect(card).to_contain_text("damaged")


def test_a_branch_is_shown_and_the_other_one_again(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/{world['chat_whole']}/")
    first = page.locator(".piece.user").first
    expect(first).to_contain_text("Refund order A-10482, please.")
    first.get_by_role("button", name="Previous version").click()
    expect(page.locator(".piece.user")).to_have_count(1)
    expect(page.locator(".piece.assistant .said")).to_have_text("Which order?")
    page.get_by_role("button", name="Next version").click()
    expect(page.locator(".callline").first).to_contain_text("Refused before it was sent: refundOrder")


def test_stop_ends_the_turn_and_keeps_what_was_written(window, writer):
    page = opened(window(), writer)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You stopped this answer.")).to_be_visible()
    expect(page.locator(".said")).to_have_text("Once")
    expect(page.locator("#chat-send .primary")).to_be_visible()


def test_an_interrupted_turn_says_so_and_offers_to_go_on(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/{world['chat_cut']}/")
    expect(page.get_by_text("This turn was interrupted")).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_an_opened_call_shows_what_is_behind_it_and_the_tabs_are_in_the_url(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/{world['chat_whole']}/")
    page.locator(".callline summary").first.click()
    expect(page.locator("#debug")).to_contain_text("UnrecognizedKwargsError: colour")
    page.locator("#debug").get_by_role("link", name="Raw").click()
    expect(page.locator("#debug")).to_contain_text("Nothing was sent.")
    expect(page).to_have_url(re.compile(r"\?at=\d+&tab=raw$"))
    page.reload()
    expect(page.locator("#debug")).to_contain_text("Nothing was sent.")


def test_on_a_phone_the_panel_is_a_page_of_its_own(window, world):
    page = window(size=kit.PHONE)
    page.goto(f"/projects/{world['slug']}/simulator/{world['chat_whole']}/")
    expect(page.locator("#debug")).to_be_hidden()
    page.locator(".callline summary").first.click()
    page.get_by_role("link", name="What is behind it").first.click()
    expect(page.locator("#debug")).to_be_visible()
    expect(page.locator("#thread")).to_be_hidden()
    page.get_by_role("link", name="Back to the chat").click()
    expect(page.locator("#thread")).to_be_visible()


def test_the_keyboard_begins_a_chat_and_sends(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile("/simulator/$"))
    page.locator("#say").press_sequentially("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    expect(page.locator(".bubble")).to_have_text("First line\nsecond line", use_inner_text=True)
    expect(page.locator("#chat-send .primary")).to_be_visible(timeout=20_000)
    expect(page.locator(".piece.assistant, .piece.call").first).to_be_visible()
    page.locator("#say").fill("And then?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bubble")).to_have_count(2)
    expect(page.locator("#say")).to_have_value("")
    expect(page.locator("#say")).to_be_focused()


def test_enter_sends_what_was_said_in_other_words_too(window, writer):
    page = opened(window(), writer)
    writer.does("write('Once.', state='done'); end()")
    expect(page.locator("#chat-send .primary")).to_be_visible()
    page.locator(".rewrite > summary").first.click()
    area = page.locator(".rewrite textarea").first
    widths = [one.bounding_box()["width"] for one in (area, page.locator(".piece.user").first)]
    assert widths[0] == widths[1], "the field is as wide as the column"
    area.fill("Another")
    area.press("Shift+Enter")
    area.press_sequentially("story")
    area.press("Enter")
    expect(page.locator(".bubble").first).to_have_text("Another\nstory", use_inner_text=True)


def test_an_order_is_asked_for_allowed_called_and_told_from_the_mock(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/")
    page.locator("#say").fill("List the orders")
    page.get_by_role("button", name="Send").click()
    card = page.locator("form.consent")
    expect(card).to_contain_text("wants to talk to", timeout=20_000)
    expect(card.get_by_role("button")).to_have_text(["Allow", "Always allow", "Decline", "Edit arguments"])
    card.get_by_role("button", name="Allow", exact=True).click()
    line = page.locator(".callline")
    expect(line).to_contain_text(re.compile(r"Called\s+listOrders\s+200"), timeout=20_000)
    expect(page.locator("#chat-send .primary")).to_be_visible(timeout=20_000)
    expect(page.locator(".piece.assistant .said").last).not_to_be_empty()
    line.locator("summary").click()
    expect(page.locator("#debug")).to_contain_text("matches “")
    line.get_by_role("link", name="In the log").click()
    expect(page.locator("#detail .l1 code")).to_contain_text("/orders")


def test_what_was_said_is_edited_into_a_new_branch(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/")
    page.locator("#say").fill("Hello there")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#chat-send .primary")).to_be_visible(timeout=20_000)
    page.locator(".piece.user").hover()
    page.locator(".rewrite summary").click()
    page.get_by_label("What you said, edited").fill("Hello again")
    page.get_by_role("button", name="Send as a new branch").click()
    expect(page.locator(".bubble")).to_have_text("Hello again")
    expect(page.locator(".piece.user .branches")).to_contain_text("2/2")
    expect(page.locator("#chat-send .primary")).to_be_visible(timeout=20_000)
    page.locator(".piece.user").get_by_role("button", name="Previous version").click()
    expect(page.locator(".bubble")).to_have_text("Hello there")


def test_the_keyboard_alone_decides_and_whoever_listens_hears_what_comes(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/")
    page.locator("#say").fill("List the orders")
    page.keyboard.press("Enter")
    heard = page.get_by_role("status").and_(page.locator("#chat-said"))
    expect(heard).to_have_text("Waiting for your decision: listOrders", timeout=20_000)
    expect(page.get_by_role("form", name=re.compile("wants to talk to"))).to_be_visible()
    page.get_by_role("button", name="Allow", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chat-send .primary")).to_be_visible(timeout=20_000)
    expect(heard).to_contain_text("A-10482")
    page.locator(".callline summary").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#debug")).to_contain_text("listOrders")


@pytest.mark.parametrize(
    ("kind", "ending", "part"),
    [
        ("Download what is shown as Markdown", ".md", "The order **A-10482** was refunded"),
        ("Download as JSON, all branches", ".json", "Which order?"),
        ("Download its calls as HAR, all branches", ".har", '"openai-conversation-id"'),
    ],
)
def test_the_menu_of_a_chat_gives_it_as_a_file(window, world, kind, ending, part):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/{world['chat_whole']}/")
    page.locator("#chat-menu summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=kind).click()
    assert download.value.suggested_filename.endswith(ending)
    assert part in Path(download.value.path()).read_text()


def test_a_chosen_gpt_is_there_at_once_and_the_field_for_files_when_it_is_asked_for(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/")
    page.locator("#say").fill("Half a sentence")
    expect(page.locator("#start-files")).to_be_hidden()
    page.locator("summary[aria-label='Attach files']").click()
    expect(page.locator("#start-files")).to_be_visible()
    page.get_by_label("GPT", exact=True).select_option("Acme helper")
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme helper")
    expect(page.locator("#say")).to_have_value("Half a sentence")


def test_without_javascript_one_says_decides_stops_and_reads(browser, studio, world, writer):
    context = kit.context(browser, studio, "ann", java_script_enabled=False)
    page = context.new_page()
    page.goto(writer.path)
    expect(page.locator(".said")).to_have_text("Once")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You stopped this answer.")).to_be_visible()
    writer.does("talks.add(chat, talks.user('Refund it'), talks.answer(), talks.asks(), parent=tip); end('waiting')")
    page.goto(writer.path)
    page.get_by_role("button", name="Edit arguments").click()
    page.get_by_label("amount").fill("1")
    page.get_by_role("button", name="Deny").click()
    expect(page.locator(".callline")).to_contain_text("You declined refundOrder")
    page.goto(f"/projects/{world['slug']}/simulator/")
    page.locator("#say").fill("Hello without a script")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bubble")).to_have_text("Hello without a script")
    context.close()


def test_files_are_attached_and_the_field_for_them_is_empty_afterwards(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/")
    page.get_by_label("What you say").fill("This is what I have")
    page.locator(".attach summary").click()
    first = {"name": "report.csv", "mimeType": "text/csv", "buffer": b"a,b"}
    page.locator("#start-files").set_input_files(first)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".piece.user .files")).to_contain_text("report.csv")
    expect(page.locator("#chat-send .primary")).to_have_text("Send")
    page.locator(".attach summary").click()
    page.locator("#say-files").set_input_files({"name": "more.txt", "mimeType": "text/plain", "buffer": b"more"})
    page.locator("#say").fill("And this")
    page.locator("#say").press("Enter")
    expect(page.locator(".piece.user .files").last).to_contain_text("more.txt")
    expect(page.locator("#say-files")).to_have_value("")
    expect(page.locator("#say-files")).to_be_hidden()
    with page.expect_download() as got:
        page.locator(".piece.user .files a").last.click()
    assert got.value.suggested_filename == "more.txt"


LONG = """
from actionstudio.apps.accounts.models import User
from actionstudio.apps.projects.models import Project
from tests.apps.simulator import talks
project, ann = Project.objects.get(slug={slug!r}), User.objects.get(username="ann")
text = "A" * 32_000
why = {{"by": "words", "chosen": None, "score": 0.1, "words": [text]}}
print(talks.chat(project, ann, talks.user(text), talks.answer(text, why=why)).key)
"""


TYPED = """field => {
    const began = performance.now();
    field.focus();
    field.setRangeText('B', 0, 0);
    field.getBoundingClientRect();
    field.scrollTop = field.scrollHeight;
    return performance.now() - began;
}"""


def test_one_word_of_the_greatest_length_does_not_hold_the_page_up(window, studio, world):
    """Without places to break at, Chromium needs minutes for it, and the page does not come within its time."""
    key = studio.shell(LONG.format(slug=world["slug"])).splitlines()[-1]
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/{key}/")
    bubble = page.locator(".bubble")
    assert bubble.evaluate("bubble => bubble.innerText.length") == 32_000, "what is copied is what was said"
    assert bubble.evaluate("bubble => bubble.scrollWidth <= bubble.clientWidth")
    page.locator("#debug").get_by_role("link", name="Raw").click()
    page.locator("#say").fill("It is still there")
    expect(page.locator("#say")).to_have_value("It is still there")
    page.locator(".rewrite summary").click()
    took = page.locator(".rewrite textarea").evaluate(TYPED)
    assert took < 1_000, f"{took} ms for a letter at the beginning of the field in which it is edited"


def test_a_text_that_is_too_long_is_told_of_and_stays_in_its_field(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/{world['chat_whole']}/")
    text = "word " * 8_000
    page.locator("#say").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#say-err")).to_contain_text("at most 32,000 characters")
    expect(page.locator("#say")).to_have_value(text)


def test_while_the_server_is_away_the_page_says_so_and_goes_on_when_it_is_back(window, writer):
    page, ended = window(), []

    def cut(route):
        if ended:
            return route.abort()
        ended.append(route)
        return route.fulfill(content_type="text/event-stream", body="retry: 100\ndata:\n\n")

    tail = re.compile("/tail")
    page.route(tail, cut)
    page.goto(writer.path)
    note = page.get_by_text("No connection. It goes on when the server is back.")
    expect(note).to_be_visible()
    expect(page.locator(".typing")).to_be_hidden()
    page.unroute(tail)
    expect(note).to_be_hidden(timeout=20_000)
    writer.does("write('Once upon a time, the end.', state='done'); end()")
    expect(page.locator("#chat-said")).to_have_text("Once upon a time, the end.")


def test_a_name_for_the_header_is_asked_for_with_a_custom_one_alone(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/actions/{world['action_own']}/")
    page.locator("[name=auth][value=service_http]").check()
    name, kind = page.get_by_label("Custom Header Name"), page.get_by_label("Auth Type")
    kind.select_option("basic")
    expect(name).to_be_hidden()
    kind.select_option("bearer")
    expect(name).to_be_hidden()
    kind.select_option("custom")
    expect(name).to_be_visible()


def test_the_sign_in_that_goes_with_the_document_is_chosen_until_somebody_chooses_another(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/simulator/gpt/{world['gpt']}/actions/new/")
    chosen, source = page.locator("[name=auth]:checked"), page.locator("[name=source]")
    expect(chosen).to_have_value("none")  # another document, as this GPT has an action already
    source.select_option(index=0)
    expect(chosen).to_have_value("auto")
    page.locator("[name=auth][value=oauth]").check()
    source.select_option("link")
    expect(chosen).to_have_value("oauth")
