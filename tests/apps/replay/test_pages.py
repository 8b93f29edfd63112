"""The replay pages: send, edit and resend, the result with its difference, the list."""

import base64
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.oauth import people
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.replay import replaying
from actionstudio.apps.replay.models import IgnoreRule, Replay
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import OAuth
from actionstudio.core.call import Call
from actionstudio.core.contract import Example, Media, Response
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = pytest.mark.django_db


def contract(answer):
    media = Media("application/json", {"type": "object"}, (Example("", answer),))
    return make.contract(make.operation(responses=(Response("200", "OK", content=(media,)),)))


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project("shop", ann, contract({"id": 1, "price": 2}))


@pytest.fixture
def exchange(project):
    call = Call("GET", "/items", "", (("accept", "application/json"),))
    return Exchange.objects.get(pk=frontdoor().call_blocking("shop", call, source="client").record.id)


def url(name: str, *args) -> str:
    return reverse(f"replay:{name}", args=["shop", *args])


def form(**fields) -> dict:
    return {"method": "GET", "path": "/items", "target": "live", "credential": "same", **fields}


def test_replay_leads_to_its_result(client, project, exchange):
    answer = client.post(url("send", exchange.public_id))
    row = Replay.objects.get()
    assert answer.url == url("result", row.pk)
    text = client.get(answer.url).content.decode()
    assert "The same answer as then." in text
    assert "Nothing: the same request was sent again." in text


def test_the_result_shows_what_changed_and_between_which_versions(client, project, exchange):
    editing.replace(project, contract({"id": 1, "price": 3}))
    client.post(url("send", exchange.public_id))
    text = client.get(url("result", Replay.objects.get().pk)).content.decode()
    assert "The answer differs in 1 place." in text
    assert "<code>$.price</code>" in text
    assert "<del>2</del>" in text and "<ins>3</ins>" in text
    assert "/projects/shop/spec/versions/1..2/" in text


def test_an_edited_call_is_sent(client, project, exchange):
    answer = client.post(url("edit", exchange.public_id), form(path="/nowhere", headers="accept: text/plain\n"))
    row = Replay.objects.get()
    assert answer.url == url("result", row.pk)
    assert row.facts["edited"] == ["path", "header:accept"]
    text = client.get(answer.url).content.decode()
    assert "The path was edited." in text and "200 → 404" in text


def test_sending_the_form_untouched_edits_nothing(client, project):
    binary = make.exchange(project, "POST", path="/items", request_body=b"\xff\xfe\r\n")
    page = client.get(url("edit", binary.public_id))
    sent = {name: field.value() or "" for name, field in ((f.name, f) for f in page.context["form"])}
    client.post(url("edit", binary.public_id), sent | {"twice": ""})
    assert Replay.objects.get().facts["edited"] == []
    assert replaying.call_of(Replay.objects.get()).body == b"\xff\xfe\r\n"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"path": "items"}, "A path begins with a slash"),
        ({"path": "/a b"}, "Write a space as %20"),
        ({"headers": "no colon here"}, "Line 1 is not name: value."),
        ({"headers": "content-type: application/json", "body": '{"a": 1,}'}, "Not JSON, line 1, column"),
        ({"target": "base"}, "Type the base URL"),
        ({"target": "base", "base": "ftp://x"}, "Use live, revision:N, upstream, or a base URL"),
        ({"typed_value": "secret"}, "Name the header"),
        ({"typed_name": "bad name", "typed_value": "x"}, "Use letters, digits and dashes"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(client, project, exchange, wrong, message):
    sent = form(query="keep=this", body="kept body", **{"headers": "x-kept: 1"}) | wrong
    answer = client.post(url("edit", exchange.public_id), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    assert "keep=this" in text and (wrong.get("body") or "kept body") in text.replace("&quot;", '"')
    assert not Replay.objects.exists()


def test_broken_json_can_be_sent_on_purpose(client, project, exchange):
    sent = form(method="POST", headers="content-type: application/json", body="{oops", broken="on")
    assert client.post(url("edit", exchange.public_id), sent).status_code == 302
    assert Replay.objects.get().after["status"] == 405


def test_the_form_begins_with_what_was_sent_last_time(client, project, exchange):
    row = replaying.replay(project, exchange, overrides={"query": "page=7"})
    text = client.get(url("edit", exchange.public_id), {"from": row.pk}).content.decode()
    assert 'value="page=7"' in text


def test_a_key_can_be_chosen(client, project, exchange):
    key, _text = Key.mint(project, "second key")
    assert "second key" in client.get(url("edit", exchange.public_id)).content.decode()
    client.post(url("edit", exchange.public_id), form(credential=str(key.pk)))
    assert Replay.objects.get().facts["key_id"] == key.pk


def test_ignoring_and_taking_back(client, project, exchange):
    editing.replace(project, contract({"id": 1, "price": 3}))
    row = replaying.replay(project, exchange)
    client.post(url("ignore", row.pk), {"add": "$.price"})
    row.refresh_from_db()
    assert row.same
    assert "$.price" in client.get(url("result", row.pk)).content.decode()
    client.post(url("ignore", row.pk), {"remove": "$.price"})
    row.refresh_from_db()
    assert not row.same


def test_running_twice_says_when_there_is_no_noise(client, project, exchange):
    row = replaying.replay(project, exchange)
    answer = client.post(url("again", row.pk), {"twice": "1"})
    text = client.get(answer.url).content.decode()
    assert "there is no noise" in text


def test_a_result_outlives_its_logged_call(client, project, exchange):
    row = replaying.replay(project, exchange)
    Exchange.objects.all().delete()
    text = client.get(url("result", row.pk)).content.decode()
    assert "no longer in the log" in text
    assert client.get(url("edit", exchange.public_id)).status_code == 404
    assert b"not in the log" in client.post(url("send", exchange.public_id)).content


def test_markup_in_bodies_is_only_text(client, project, exchange):
    editing.replace(project, contract({"id": "<script>alert(1)</script>", "price": 2}))
    row = replaying.replay(project, exchange)
    assert b"<script>alert" not in client.get(url("result", row.pk)).content


def test_the_list_shows_verdicts(client, project, exchange):
    assert b"Nothing has been replayed yet" in client.get(url("list")).content
    replaying.replay(project, exchange, by=project.owner)
    assert b"same" in client.get(url("list")).content
    assert b"replay-call" in client.get(url("list"), {"of": exchange.public_id}).content
    assert b"same" in client.get(url("of", exchange.public_id)).content


def test_twenty_replays_cost_as_many_queries_as_ten(client, project, exchange):
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            client.get(url("list"))
        return len(counted)

    for _ in range(10):
        replaying.replay(project, exchange, by=project.owner)
    cost()
    ten = cost()
    for _ in range(10):
        replaying.replay(project, exchange, by=project.owner)
    assert cost() == ten


def test_eve_sees_and_does_nothing(client, project, exchange, eve):
    row = replaying.replay(project, exchange)
    client.force_login(eve)
    for name, *args in (("list",), ("result", row.pk), ("edit", exchange.public_id), ("of", exchange.public_id)):
        assert client.get(url(name, *args)).status_code == 404, name
    for name, *args in (
        ("send", exchange.public_id),
        ("edit", exchange.public_id),
        ("again", row.pk),
        ("ignore", row.pk),
    ):
        assert client.post(url(name, *args), form()).status_code == 404, name
    assert Replay.objects.count() == 1


def test_a_replay_of_another_project_is_not_found(client, project, exchange, ann):
    row = replaying.replay(project, exchange)
    make.project("other", ann)
    assert client.get(reverse("replay:result", args=["other", row.pk])).status_code == 404


def test_a_closed_account_is_marked_among_those_to_send_as(client, project, exchange):
    editing.replace(project, make.contract(make.operation(), auth=OAuth()))
    for name in ("shut", "open"):
        people.make(project, name)
    people.close(project.end_users.get(username="shut"))
    text = client.get(url("edit", exchange.public_id)).content.decode()
    assert ">As shut, signed in (closed)</option>" in text and ">As open, signed in</option>" in text


def test_noise_is_told_beside_what_counts(client, project, exchange):
    row = replaying.replay(project, exchange)
    for name, at in (("before", 1), ("after", 2), ("again", 3)):
        told = json.dumps({"id": at, "price": 2 if name == "before" else 9}).encode()
        setattr(row, name, {**row.after, "body": base64.b64encode(told).decode()})
    replaying.judge(row)
    row.save()
    assert (row.changes, row.same) == (1, False)
    page = client.get(url("result", row.pk)).text
    assert "The answer differs in 1 place." in page and "1 place is noise" in page and "<dd>1 change</dd>" in page
    row.before = {**row.before, "body": base64.b64encode(b'{"id":1,"price":9}').decode()}
    replaying.judge(row)
    row.save()
    page = client.get(url("result", row.pk)).text
    assert "The same answer as then." in page and "1 place is noise" in page


def test_a_rule_made_in_one_click_is_shown_with_a_way_back(client, project, exchange):
    row = replaying.replay(project, exchange)
    after = client.post(url("ignore", row.pk), {"keep": "$.price"})
    rule = IgnoreRule.objects.get()
    page = client.get(after.url).text
    assert "<code>$.price</code> does not count from now on" in page and "<code>getItems</code>" in page
    assert url("rule", rule.pk) in page and url("rule-delete", rule.pk) in page
    client.post(url("rule-delete", rule.pk))
    assert not IgnoreRule.objects.exists()
    assert client.get(after.url).status_code == 200
    assert client.get(url("result", row.pk), {"rule": "x"}).status_code == 200
