"""The pages of a chat: bubbles, call lines, cards in ChatGPT's words, the debug panel; and all of it is one's own."""

import contextlib
import datetime
import re

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.oauth import people
from actionstudio.apps.oauth.models import AccessToken
from actionstudio.apps.simulator import dialog, keeping
from actionstudio.apps.simulator.models import Chat, Endpoint, Grant
from actionstudio.apps.simulator.pages import finding
from tests import make
from tests.apps.simulator import talks

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def items(ann):
    return make.project("items", ann)


@pytest.fixture
def page(ann, client):
    """The text of a chat's page, for Ann."""
    client.force_login(ann)

    def get(chat, query: str = "", part: str = "chat") -> str:
        answer = client.get(reverse(f"simulator:{part}", args=["items", chat.key]) + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def words(text: str) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_what_was_said_called_and_answered_stands_there(items, ann, page):
    said = [talks.user("Where is <b>A-1</b>?"), talks.answer(), talks.call(), talks.answer("It is **sent**.")]
    text = page(talks.chat(items, ann, *said))
    assert "Where is &lt;b&gt;A-1&lt;/b&gt;?" in text and "<strong>sent</strong>" in text
    assert "Called getOrder 200 38 ms" in words(text) and "Talked to api.acme.test" in text


def test_without_scripts_a_page_at_work_goes_to_another_address_each_time(items, ann, page):
    """With a fragment, a browser does not go again to the address where it is."""
    chat = talks.chat(items, ann, talks.user("Hello"))
    Chat.objects.filter(pk=chat.pk).update(state=Chat.State.RUNNING, beat=timezone.now())
    again = re.search(r'http-equiv="refresh" content="3; url=([^"]+)"', page(chat, "?tab=raw"))
    assert re.fullmatch(rf"/projects/items/simulator/{chat.key}/\?tab=raw&amp;look=\d+#end", again[1])


@pytest.mark.parametrize(
    ("kind", "buttons"),
    [("confirm", ["Confirm", "Deny"]), ("allow", ["Allow", "Always allow", "Decline"])],
)
def test_a_card_asks_with_the_words_and_buttons_of_chatgpt(items, ann, page, kind, buttons):
    chat = talks.chat(items, ann, talks.user("Refund"), talks.answer(), talks.asks(kind=kind), state="waiting")
    text = page(chat)
    assert "Acme Support GPT wants to talk to api.acme.test" in text
    assert ("Only allow sites you trust" in text) == (kind == "allow")
    card = text[text.index('id="card-') :]
    found = re.findall(r'name="choice" value="[a-z]+">([^<]+)<', card)
    assert found == buttons
    assert "Waiting for your decision: refundOrder" in text


REFUSAL = {"code": "kwargs", "message": "UnrecognizedKwargsError: colour", "detail": "No such argument."}


@pytest.mark.parametrize(
    ("call", "line", "chatgpt"),
    [
        (talks.call(refusal=REFUSAL), "Refused before it was sent: getOrder", "Error talking to api.acme.test"),
        (talks.call(choice="decline", attempts=[]), "You declined getOrder", "You declined this action"),
        (talks.call(state="stopped"), "Stopped before the answer: getOrder", "Stopped talking to api.acme.test"),
        (talks.call(status=503), "Called getOrder 503", "Error talking to api.acme.test"),
        (
            talks.call(attempts=[talks.attempt(0, error="time")]),
            "No answer: getOrder",
            "Error talking to api.acme.test",
        ),
        (talks.call(state="streaming"), "Calling getOrder", "Talking to api.acme.test"),
        (talks.call(attempts=[talks.attempt(503), talks.attempt()]), "getOrder after 2 attempts 200", "Talked to"),
    ],
)
def test_every_end_of_a_call_has_its_line_and_chatgpts(items, ann, page, call, line, chatgpt):
    text = words(page(talks.chat(items, ann, talks.user("Go"), talks.answer(), call)))
    assert line in text and chatgpt in text


def test_a_refused_call_tells_chatgpts_words_and_ours(items, ann, page):
    text = page(talks.chat(items, ann, talks.user("Go"), talks.answer(), talks.call(refusal=REFUSAL)))
    assert "UnrecognizedKwargsError: colour" in text and "No such argument." in text


def test_a_call_leads_to_the_log_while_the_log_has_it(items, ann, page):
    kept = make.exchange(items, source="simulator")
    other = make.exchange(make.project("hers", make.user("eve")))
    exchanges = [kept.public_id, other.public_id, "req_zzzzzz", "nonsense"]
    calls = [talks.call(attempts=[talks.attempt(exchange=one)]) for one in exchanges]
    text = page(talks.chat(items, ann, talks.user("Go"), talks.answer(), *calls))
    links = re.findall(r'href="(/projects/\w+/log/req_\w+/)"', text)
    assert set(links) == {f"/projects/items/log/{kept.public_id}/"}


def test_a_sign_in_is_a_link_for_forms_go_nowhere_else(items, ann, page, client):
    chat = talks.chat(items, ann, talks.user("Go"), talks.answer(), talks.signs_in(), state="waiting")
    text = page(chat)
    way = reverse("simulator:chat-sign-in", args=["items", chat.key, chat.tip_id])
    assert f'<a class="btn primary" href="{way}">' in text and "Sign in with api.acme.test" in text
    led = client.get(way)
    assert led.status_code == 302 and f"back=%2Fprojects%2Fitems%2Fsimulator%2F{chat.key}" in led["Location"]


def test_the_panel_tells_why_and_whether_the_arguments_fit(items, ann, page):
    chat = talks.chat(items, ann, talks.user("Go"), talks.answer(), talks.call("getItems", {"colour": "red"}))
    text = words(page(chat, part="chat-debug"))
    assert "Chosen getItems" in text and "Consequential no" in text
    assert "Additional properties are not allowed" in text or "colour" in text


def test_the_panel_shows_what_travelled(items, ann, page):
    chat = talks.chat(items, ann, talks.user("Go"), talks.answer(), talks.call())
    text = words(page(chat, "?tab=raw", part="chat-debug"))
    assert "GET https://api.acme.test/orders/A-10482" in text and "openai-conversation-id: 6e9d7aed" in text
    assert "What the model was told" in text


@pytest.mark.parametrize("query", ["?at=99999999999999999999", "?at=x&tab=none", "?at=-1", "?tab=prompt"])
def test_strange_queries_show_the_page(items, ann, page, query):
    assert "Debug" in page(talks.chat(items, ann, talks.user("Go"), talks.answer(), talks.call()), query)


def test_versions_of_a_message_are_counted_and_led_to(items, ann, page):
    chat = talks.chat(items, ann, talks.user("Number one"), talks.answer("1"))
    first = chat.messages.get(text="Number one")
    other = chat.messages.create(role="user", text="Two")
    talks.add(chat, talks.answer("2"), parent=other)
    text = page(chat)
    assert "2/2" in text and f'name="message" value="{first.pk}"' in text and "Number one" not in words(text)


def test_a_chat_is_its_persons_alone(items, ann, client):
    chat = talks.chat(items, ann, talks.user("Secret"))
    theirs = talks.chat(items, make.user("bob"), talks.user("Bob's own"))
    client.force_login(ann)
    assert client.get(reverse("simulator:chat", args=["items", theirs.key])).status_code == 404
    assert client.post(reverse("simulator:chat-say", args=["items", theirs.key]), {"text": "x"}).status_code == 404
    assert "Bob" not in words(client.get(reverse("simulator:start", args=["items"])).content.decode()).replace(
        "bob", ""
    )
    assert [row.pk for row in finding.page(items, ann).rows] == [chat.pk]


def test_another_chats_message_cannot_be_named(items, ann, client):
    one, other = (talks.chat(items, ann, talks.user("Hello"), talks.asks(), state="waiting") for _ in range(2))
    client.force_login(ann)
    for name in ("edit", "again", "choose"):
        url = reverse(f"simulator:chat-{name}", args=["items", one.key, other.tip_id])
        assert client.post(url, {"text": "x", "choice": "confirm"}).status_code == 404


def test_somebody_elses_model_cannot_be_chosen(items, ann, client):
    his = Endpoint.objects.create(user=make.user("bob"), name="His", base_url="https://m.test", model="m")
    client.force_login(ann)
    answer = client.post(reverse("simulator:start", args=["items"]), {"text": "Hello", "model": str(his.pk)})
    assert answer.status_code == 404 and not Chat.objects.exists()


def test_an_empty_text_is_not_sent_and_says_so(items, ann, client):
    client.force_login(ann)
    answer = client.post(reverse("simulator:start", args=["items"]), {"text": "  "})
    assert answer.status_code == 422 and "Say something first" in answer.content.decode()
    assert not Chat.objects.exists()


def test_a_strange_parameter_is_no_fault(items, ann, client):
    client.force_login(ann)
    for after in ("x", "2020-01-01T00:00:00_1", "2020-01-01T00:00:00+00:00_99999999999999999999", "\0"):
        assert client.get(reverse("simulator:start", args=["items"]), {"after": after}).status_code == 200


def test_chats_come_a_page_at_a_time_each_once(items, ann):
    now = timezone.now()
    made = [talks.chat(items, ann, title=f"{n}") for n in range(finding.PAGE * 2 + 3)]
    for n, chat in enumerate(made):
        Chat.objects.filter(pk=chat.pk).update(updated=now - datetime.timedelta(minutes=n // 3))
    found, after = [], ""
    while True:
        page = finding.page(items, ann, after)
        found += [row.pk for row in page.rows]
        if not (after := page.after):
            break
    assert len(found) == len(set(found)) == len(made)


def test_a_list_and_a_chat_cost_the_same_however_long_they_are(items, ann):
    signed_in = Client()
    signed_in.force_login(ann)

    def cost(url: str) -> int:
        with contextlib.ExitStack() as stack:  # the log has a database of its own, or not
            every = [stack.enter_context(CaptureQueriesContext(one)) for one in connections.all()]
            assert signed_in.get(url).status_code == 200
        return sum(map(len, every))

    few, many = (talks.chat(items, ann, *_turns(items, n)) for n in (3, 20))
    urls = [reverse("simulator:chat", args=["items", chat.key]) for chat in (few, many)]
    cost(urls[0])  # the first visit reads what is kept afterwards
    assert cost(urls[0]) == cost(urls[1])
    start = reverse("simulator:start", args=["items"])
    before = cost(start)
    for n in range(12):
        talks.chat(items, ann, title=f"{n}")
    assert cost(start) == before


def _turns(project, number: int) -> list[dict]:
    call = make.exchange(project, source="simulator").public_id
    turn = [talks.user("Go"), talks.answer(), talks.call(attempts=[talks.attempt(exchange=call)]), talks.answer("Done")]
    return turn * number


def test_a_chat_is_named_and_deleted(items, ann, client):
    chat = talks.chat(items, ann, talks.user("Hello"))
    client.force_login(ann)
    client.post(reverse("simulator:chat-change", args=["items", chat.key]), {"title": " My  chat ", "model": ""})
    chat.refresh_from_db()
    assert chat.title == "My chat"
    client.post(reverse("simulator:chat-delete", args=["items", chat.key]))
    assert not Chat.objects.filter(pk=chat.pk).exists()


def test_an_endpoint_suggests_what_one_might_say(ann, client):
    value = make.contract(make.operation(operation_id="getItems", summary="List the items"))
    make.project("items", ann, value)
    client.force_login(ann)
    start = reverse("simulator:start", args=["items"])
    assert "List the items</textarea>" in client.get(start, {"endpoint": "getItems"}).content.decode()
    assert client.get(start, {"endpoint": "\0"}).status_code == 200


def test_beside_a_call_whose_token_was_refused_one_signs_in_again(items, ann, page):
    made = talks.chat(items, ann, talks.user("Go"), talks.answer(), talks.call(status=401, oauth=True))
    text = page(made)
    assert f"/{made.tip.pk}/sign-in/" in text and "Sign in again" in text
    keyed = talks.chat(items, ann, talks.user("Go"), talks.answer(), talks.call(status=401, oauth=False))
    assert "Sign in again" not in page(keyed)


NOTHING = {"by": "words", "chosen": None, "score": 0.21, "least": 0.4, "words": ["tea"]}


def test_the_panel_shows_why_nothing_was_chosen_rather_than_an_older_call(items, ann, page):
    old = [talks.user("Where is A-1?"), talks.answer(), talks.call("getOrder"), talks.answer("It is sent.")]
    chat = talks.chat(items, ann, *old)
    assert "getOrder" in panel(page(chat)), "what the last turn called, though words came after it"
    talks.add(chat, talks.user("Make me tea"), talks.answer("Nothing here fits that.", why=NOTHING))
    said = panel(page(chat))
    assert "Chosen nothing" in said and "no operation fits well enough (0.21); one is called from 0.40 on" in said
    assert "getOrder" not in said


def test_a_real_models_words_without_a_call_are_told_of_as_such(items, ann, page):
    chat = talks.chat(items, ann, talks.user("Hello"), talks.answer("Hello!", model="gpt-5-mini"))
    assert "Chosen nothing" in panel(page(chat)) and "a real model does not say why" in panel(page(chat))


def test_calls_behind_a_card_wait_and_the_panel_is_about_the_card(items, ann, page):
    later = talks.call("deleteTodo", state="streaming", attempts=[])
    chat = talks.chat(items, ann, talks.user("Both"), talks.answer(), talks.asks("addTodo"), later, state="waiting")
    text = page(chat)
    assert "Waits: deleteTodo" in words(text) and "Calling" not in words(text) and "Try again" not in words(text)
    assert "addTodo" in panel(text) and "deleteTodo" not in panel(text)
    assert 'class="i spin"' not in text


def test_a_call_of_an_operation_that_does_not_exist_has_no_half_sentence(items, ann, page):
    made_up = talks.call("dropTables", method="", state="failed", attempts=[], told="There is no such function.")
    said = panel(page(talks.chat(items, ann, talks.user("x"), talks.answer(), made_up)))
    assert "the document has no such operation; nothing was called" in said and "(," not in said


def test_the_panel_names_who_is_signed_in_at_the_action_and_not_the_studios_user(items, ann, page):
    chat = talks.chat(items, ann, talks.user("x"), talks.answer(), talks.signs_in(), state="waiting")
    action = chat.gpt.actions.get()
    action.automatic, action.auth = False, dialog.oauth("https://p.test/a", "https://p.test/t", "", client_id="c")
    action.save()
    assert "OAuth · not signed in yet" in panel(page(chat)) and ann.email not in panel(page(chat))
    alice = people.make(items, "alice", password="correct horse battery", name="Alice")
    grant = Grant(action=action, user=ann, state=Grant.State.GRANTED)
    keeping.put_held(grant, {"access": "t-1"})
    grant.save()
    assert "OAuth · signed in" in panel(page(chat)), "another server does not tell who"
    AccessToken.objects.create(user=alice, token="t-1", expires=timezone.now() + datetime.timedelta(hours=1), scope="")
    assert f"OAuth · {alice}" in panel(page(chat)) and "lice" in str(alice)
    called = talks.chat(items, ann, talks.user("x"), talks.answer(), talks.call(**{"as": "Bob"}))
    assert "OAuth · Bob" in panel(page(called)), "who it was then"


def test_a_sign_in_that_failed_is_told_in_its_card(items, ann, page):
    asked = talks.signs_in()
    asked["data"]["card"]["fault"] = "The person said no: access_denied"
    text = page(talks.chat(items, ann, talks.user("x"), talks.answer(), asked, state="waiting"))
    assert "The sign-in failed. The person said no: access_denied" in text


def test_a_text_that_is_too_long_is_not_cut_but_told_of_and_kept(items, ann, client):
    client.force_login(ann)
    chat, text = talks.chat(items, ann, talks.user("Hi"), talks.answer("Yes?")), "A" * 40_000
    for url in (reverse("simulator:chat-say", args=["items", chat.key]), reverse("simulator:start", args=["items"])):
        answer = client.post(url, {"text": text})
        shown = answer.content.decode()
        assert answer.status_code == 422 and f">\n{text}</textarea>" in shown and "maxlength" not in field(shown)
        assert "at most 32,000 characters: these are 40,000. Nothing was sent." in shown
    assert chat.messages.count() == 2


def test_a_new_chat_says_that_its_model_is_the_last_ones_and_starters_are_whole_but_short(items, ann, client):
    client.force_login(ann)
    start = reverse("simulator:start", args=["items"])
    assert "as in your last chat" not in client.get(start).content.decode()
    mine = Endpoint.objects.create(user=ann, name="Mine", base_url="https://x.test", model="m")
    chat = talks.chat(items, ann, talks.user("Hi"), endpoint=mine)
    chat.gpt.starters = ["word " * 60]
    chat.gpt.save()
    text = client.get(start).content.decode()
    assert "as in your last chat" in text and f"<span>{'word ' * 60}</span>" in text


def panel(text: str) -> str:
    """What stands in the debug panel."""
    return words(text[text.index('id="debug"') :])


def field(text: str) -> str:
    """The tag of the field for what one says."""
    return re.search(r'<textarea[^>]*id="say"[^>]*>', text)[0]


def test_the_lenient_way_promises_the_body_and_no_status(items, ann, page):
    text = words(page(talks.chat(items, ann, talks.user("Go"), talks.answer())))
    assert "lenient: the body of an error too" in text
