"""What people paste of ChatGPT's own text is kept masked, set beside the log, changed and removed."""

import json

import pytest
from django.urls import reverse

from actionstudio.apps.traffic.conversations import debugging, feeding, listing
from actionstudio.apps.traffic.models import DebugText
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")
NOW = 1_700_000_000_000
TALK = {"source": "gpt", "gpt_id": "g-1", "conversation_id": "talk-1", "user_id": "u-1"}


def told(operation: str, params: dict, answer: object = None, status: int = 200, domain: str = "") -> str:
    call = {"domain": domain or "shop.live.localhost", "method": "post", "path": "/orders/{id}", "operation": operation}
    text = f"[debug] Calling HTTP endpoint\n{json.dumps(call | {'params': params})}\n"
    return text + f"[debug] Response received\n{json.dumps({'response_data': answer, 'status_code': status})}\n"


@pytest.fixture
def shop(ann):
    return make.project("shop", ann, make.contract(make.operation("POST", "/orders/{id}", operation_id="pay")))


@pytest.fixture
def talk(shop):
    for n, status in enumerate((200, 500)):
        make.exchange(
            shop, "POST", f"/orders/{n}", status, operation_id="pay", request_body={"amount": n},
            response_body={"paid": n}, at=NOW + n * 1000, **TALK,
        )  # fmt: skip
    feeding.work()
    return listing.page(shop.pk).rows[0]


@pytest.fixture
def url(talk):
    return reverse("traffic:debug-text", args=["shop", talk.key])


@pytest.fixture
def ann_there(client, ann):
    client.force_login(ann)
    return client


def test_a_text_is_set_beside_the_log(shop, talk, ann):
    text = told("pay", {"id": "0", "amount": 0}, {"paid": 0}) + told("pay", {"id": "1", "amount": 9}, {"paid": 2}, 500)
    text += told("pay", {"env": "x"}, "UnrecognizedKwargsError: env") + told("pay", {"id": "2"}, domain="other.example")
    beside = debugging.beside(shop, talk, text)
    assert (beside.matched, beside.differing, beside.only_said, beside.only_logged) == (2, 1, 2, 0)
    assert [line.equal for line in beside.lines] == [True, False, None, None]
    assert [one.kind for one in beside.lines[1].pair.arguments] == ["same", "changed"]
    assert [line.pair.reason for line in beside.lines] == ["", "", "kwargs", "domain"]


def test_what_did_not_arrive_cannot_be_read_or_was_answered_otherwise_is_told(shop, ann):
    many = {"orders": [{"n": n, "token": "a-secret-that-is-hidden"} for n in range(4_000)]}
    body = debugging.masked(shop, json.dumps(many)).encode()
    call = {"operation_id": "pay", "request_body": {"amount": 500}, **TALK}
    make.exchange(shop, "POST", "/orders/77", at=NOW, response_body=body, response_size=len(json.dumps(many)), **call)
    feeding.work()
    talk = listing.page(shop.pk).rows[0]
    assert len(body) > 100_000
    text = told("pay", {"id": "77", "amount": 500}, {"orders": []}) + told("pay", {"id": "99", "amount": 7}, {})
    beside = debugging.beside(shop, talk, text + "[debug] Calling HTTP endpoint\n{operation: pay, id: 77}\n")
    assert [(line.pair.reason, line.equal) for line in beside.lines] == [
        ("", False), ("elsewhere", None), ("unreadable", None),
    ]  # fmt: skip
    assert (beside.matched, beside.differing, beside.only_said) == (1, 1, 2)


def test_every_reason_has_words():
    for reason in ("kwargs", "syntax", "approval", "declined", "domain", "operation", "large", "transport"):
        assert all(debugging.REASONS[reason]())
    assert {"unanswered", "elsewhere"} < set(debugging.REASONS)


def test_what_is_kept_is_masked_like_the_log(shop, talk, ann_there, url):
    shop.masks = ["pin"]
    shop.save()
    secret = "ask_" + "s3cr3tS3cr3tS3cr3tS3cr3t"
    text = told("pay", {"id": "0", "password": "hunter2hunter2", "pin": "0000111122223333", "note": f"key {secret}"})
    assert ann_there.post(url, {"text": text}).status_code == 302
    kept = DebugText.objects.get().text
    assert not [word for word in ("hunter2", "0000111122223333", "s3cr3tS3cr3t") if word in kept]
    assert debugging.beside(shop, talk, kept).matched == 1
    page = ann_there.get(reverse("traffic:conversation", args=["shop", talk.key])).content.decode()
    assert "hunter2" not in page


def test_a_text_without_a_call_stays_typed_beside_its_error(ann_there, url):
    answer = ann_there.post(url, {"text": "Talked to <nobody>"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "No call was found" in page and "Talked to &lt;nobody&gt;" in page
    assert not DebugText.objects.exists()
    for wrong in ("", " ", "x" * 200_001):
        assert ann_there.post(url, {"text": wrong}).status_code == 422


def test_a_text_is_changed_and_removed(ann_there, url, talk):
    ann_there.post(url, {"text": told("pay", {"id": "0"})})
    ann_there.post(url, {"text": told("pay", {"id": "1"})})
    assert '"1"' in DebugText.objects.get().text
    assert ann_there.get(url).status_code == 302
    ann_there.post(url, {"remove": "1"})
    assert not DebugText.objects.exists()


def test_a_wrong_change_leaves_the_kept_text(ann_there, url):
    ann_there.post(url, {"text": told("pay", {"id": "0"})})
    page = ann_there.post(url, {"text": "nothing of the kind"}).content.decode()
    assert "nothing of the kind" in page
    assert '"0"' in DebugText.objects.get().text


def test_the_page_shows_both_sides(ann_there, url, talk):
    ann_there.post(url, {"text": told("pay", {"id": "0", "amount": 5}) + told("nothing", {}, "ClientResponseError")})
    page = ann_there.get(reverse("traffic:conversation", args=["shop", talk.key])).content.decode()
    for words in ("changed", "1 on both sides", "1 only in ChatGPT", "1 only in the log"):
        assert words in page
    assert "no endpoint of that name" in page
    table = page.partition('<div class="argtable">')[2].partition("</table>")[0]
    assert '<thead class="vh">' not in table and "colspan" not in table, "heads are seen, and each value is under one"
    both = '<td class="mono wrap-anywhere">0</td><td class="mono wrap-anywhere">0</td><td><span class="muted">same'
    assert both in table, "a value that is the same stands on both sides"


@pytest.mark.parametrize(
    "text", ['[debug] Calling HTTP endpoint\n{"operation": "pay", "params": [1]}', "\0[debug] Calling"]
)
def test_odd_texts_do_no_harm(ann_there, url, talk, text):
    assert ann_there.post(url, {"text": text}).status_code in (302, 422)
    assert ann_there.get(reverse("traffic:conversation", args=["shop", talk.key])).status_code == 200


def test_the_filter_of_a_conversation_is_one_that_the_log_understands(talk, shop, ann_there):
    answer = ann_there.get(reverse("traffic:log", args=["shop"]) + f"?{debugging.query(talk)}")
    assert answer.status_code == 200 and answer.content.decode().count('class="lr"') == 2
