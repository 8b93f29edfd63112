"""Calls sent again to the upstream or to another server: the way there, and what is kept of what comes back."""

import base64
import json

import pytest

from actionstudio.apps.publishing import secrets
from actionstudio.apps.replay import judging, replaying
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.behaviour import Backend, Change, Proxy, Upstream
from actionstudio.core.call import Call
from actionstudio.core.contract import Media, Response
from actionstudio.core.problem import Refused
from actionstudio.runtime.app import BELOW_LIVE, DOMAIN, OWN_HOST, frontdoor
from actionstudio.runtime.forwarding import fleet
from tests import make
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

pytestmark = pytest.mark.django_db
KEY = "edd1c9f034335f136f87"
JSON = "Content-Type: application/json"


@pytest.fixture
def server():
    fleet.forget()
    with Server() as made:
        yield made


def shop(ann, *urls: str, behaviour=None, **upstream):
    operation = make.operation("POST", "/items", **({"behaviour": behaviour} if behaviour else {}))
    ups = tuple(Upstream(f"up{n}", (Backend(url),), **upstream) for n, url in enumerate(urls))
    return make.project("shop", ann, make.contract(operation, upstreams=ups, validation="off"))


def logged(project, **fields):
    hidden = ["authorization", "Bearer •••• (9 characters)"]
    fields.setdefault("request_headers", [["content-type", "application/json"], hidden])
    fields.setdefault("response_body", {"ok": True})
    return make.exchange(project, "POST", "/items", request_body=b'{"n": 1}', **fields)


def body(reply: dict):
    return json.loads(base64.b64decode(reply["body"]))


def test_the_only_upstream_gets_what_the_proxy_would_send(ann, server):
    project = shop(ann, server.url, secret="key", headers=(("X-Tenant", "acme"),))
    secrets.keep(project, "key", KEY)
    server.reply = lambda seen: answer(b'{"said": "%s"}' % KEY.encode(), "201 Created", JSON)
    row = replaying.replay(project, logged(project), "upstream")
    assert (server.last.method, server.last.target, server.last.body) == ("POST", "/items", b'{"n": 1}')
    assert server.last.header("authorization") == f"Bearer {KEY}"
    assert server.last.header("x-tenant") == "acme"
    assert (row.after["status"], row.result_exchange_id, row.target) == (201, None, "upstream")
    assert body(row.after) == {"said": "••••"}
    assert KEY not in json.dumps([row.call, row.facts, row.after])
    assert "It was sent to the upstream" in " ".join(judging.facts(row))


def test_an_operation_that_is_forwarded_goes_to_its_own_upstream_with_its_changes(ann, server):
    proxy = Proxy("up1", request=Change(path="/v2/things"), retries=3)
    project = shop(ann, "http://127.0.0.1:9", server.url, behaviour=proxy)
    server.reply = lambda seen: answer(b"", "503 Busy")
    row = replaying.replay(project, logged(project), "upstream")
    assert [seen.target for seen in server.seen] == ["/v2/things"]
    assert row.after["status"] == 503


def test_with_several_upstreams_and_no_word_which_nothing_is_sent(ann, server):
    project = shop(ann, server.url, server.url)
    row = replaying.replay(project, logged(project), "upstream")
    assert row.error == "no upstream stands behind this call"
    assert not server.seen


def test_an_upstream_that_nobody_answers_at_is_said(ann):
    project = shop(ann, "http://127.0.0.1:9")
    assert replaying.replay(project, logged(project), "upstream").error


def test_a_project_without_upstreams_refuses_the_target(ann):
    project = shop(ann)
    with pytest.raises(Refused) as refused:
        replaying.replay(project, logged(project), "upstream")
    assert "no upstream yet" in refused.value.problems[0].message


def test_a_redirect_of_a_call_that_may_change_something_is_not_followed(ann, server):
    server.reply = lambda seen: answer(b"", "307 Temporary Redirect", f"Location: {server.url}/elsewhere")
    project = shop(ann)
    row = replaying.replay(project, logged(project), server.url)
    assert [seen.target for seen in server.seen] == ["/items"]
    assert row.after["status"] == 307


@pytest.mark.parametrize("below", ["", "/v1"])
def test_a_path_goes_out_as_it_is_written(ann, server, below):
    project = shop(ann)
    call = make.exchange(project, "GET", "//orders//77", response_body={"ok": True})
    replaying.again(replaying.replay(project, call, server.url + below))
    assert [seen.target for seen in server.seen] == [f"{below}//orders//77"] * 2


def test_a_typed_header_is_found_and_hidden_wherever_it_comes_back(ann, server):
    def reply(seen):
        key = seen.header("x-key")
        told = {"headers": {"X-Key": key}, "note": f"you sent {key}"}
        return answer(json.dumps(told).encode(), "200 OK", JSON, f"X-Seen: {key}")

    server.reply = reply
    project = shop(ann)
    row = replaying.replay(project, logged(project), server.url, typed=("X-Key", KEY))
    assert server.last.header("x-key") == KEY
    row.refresh_from_db()
    assert KEY not in json.dumps([row.call, row.facts, row.before, row.after, row.error])
    assert KEY not in base64.b64decode(row.after["body"]).decode()


def test_headers_that_only_the_studio_adds_are_no_difference_of_another_server(ann, server):
    server.reply = lambda seen: answer(b'{"ok": true}', "200 OK", JSON)
    project = shop(ann)
    made = frontdoor().call_blocking("shop", Call("POST", "/items"), source="client")
    row = replaying.replay(project, Exchange.objects.get(pk=made.record.id), server.url)
    assert row.same, judging.lines(row, judging.difference(row))


@pytest.mark.parametrize(
    ("edit", "body", "violations"),
    [
        ({}, b'{"ok": true}', 0),
        ({}, b'{"ok": "yes"}', 1),
        ({"path": "/none"}, b'{"ok": "yes"}', None),
        ({}, b"fine", None),
    ],
)
def test_an_answer_from_elsewhere_is_held_to_the_contract_as_our_own_is(ann, server, edit, body, violations):
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
    operation = make.operation(
        "POST", "/items", responses=(Response("200", "OK", content=(Media("application/json", schema),)),)
    )
    project = make.project("shop", ann, make.contract(operation))
    server.reply = lambda seen: answer(body, "200 OK", JSON)
    row = replaying.replay(project, logged(project), server.url, edit)
    assert row.after.get("violations") == violations
    assert replaying.again(row).after.get("violations") == violations


@pytest.mark.parametrize(
    ("host", "base", "where"),
    [
        ("localhost:8000", BELOW_LIVE, "http://localhost:8000/live/shop/ok"),
        ("shop.live.localhost:8000", OWN_HOST, "http://shop.live.localhost:8000/ok"),
        ("api.acme.example", DOMAIN, "http://api.acme.example/ok"),
        ("", OWN_HOST, "http://shop.live.localhost:8000/ok"),
    ],
)
def test_a_call_goes_by_the_address_that_it_came_by(ann, server, host, base, where):
    behaviour = Proxy("up0")
    operation = make.operation("GET", "/redir", behaviour=behaviour)
    ups = (Upstream("up0", (Backend(server.url),)),)
    project = make.project("shop", ann, make.contract(operation, upstreams=ups))
    project.addresses.update(domain="api.acme.example")
    server.reply = lambda seen: answer(b"", "302 Found", f"Location: {server.url}/ok")
    call = Call("GET", "/redir", "", (("host", host),) if host else ())
    first = frontdoor().call_blocking("shop", call, base=base)
    assert dict(first.reply.headers)["location"] == where
    row = replaying.replay(project, Exchange.objects.get(pk=first.record.id))
    assert (row.same, dict(row.after["headers"])["location"]) == (True, where)
    assert replaying.again(row).same
