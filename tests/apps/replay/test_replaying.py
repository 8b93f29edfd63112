"""A logged call is sent again the way every call goes, and what comes back is kept beside what came back then."""

import base64
import json

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.replay import judging, rehiding, replaying, sending, verdicts
from actionstudio.apps.replay.models import Replay, Run
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import ApiKey, Declared
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Contract, Example, Media, Parameter, Response
from actionstudio.core.hiding import Masks
from actionstudio.core.hiding import Rule as HideRule
from actionstudio.core.importer.profile import enabled
from actionstudio.core.judging import Rules
from actionstudio.core.problem import Refused
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = pytest.mark.django_db


def contract(answer, **fields):
    """One GET /items that answers ``answer``."""
    media = Media("application/json", {"type": "object"}, (Example("", answer),))
    return make.contract(make.operation(responses=(Response("200", "OK", content=(media,)),)), **fields)


def called(project, method="GET", path="/items", headers=(), body=b"", key_id=None) -> Exchange:
    """A call that really went through the front door, as the log has it."""
    call = Call(method, path, "", tuple(headers), body)
    answer = frontdoor().call_blocking(project.slug, call, source="client", key_id=key_id)
    return Exchange.objects.get(pk=answer.record.id)


def body(reply: dict):
    return json.loads(base64.b64decode(reply["body"]))


@pytest.fixture
def project(ann):
    return make.project("shop", ann, contract({"id": 1, "price": 2}))


def test_the_same_call_gets_the_same_answer(project):
    row = replaying.replay(project, called(project), by=project.owner)
    assert (row.same, row.changes, row.after["status"]) == (True, 0, 200)
    assert not judging.facts(row)
    assert Exchange.objects.get(pk=row.result_exchange_id).source == "replay"


def test_an_edited_answer_shows_in_the_difference(project):
    exchange = called(project)
    editing.replace(project, contract({"id": 1, "price": 3, "tax": 0.5}))
    row = replaying.replay(project, exchange)
    found = [(line.kind, line.path, line.before, line.after) for line in judging.lines(row, judging.difference(row))]
    assert found == [("changed", "$.price", "2", "3"), ("added", "$.tax", "null", "0.5")]
    assert (row.same, row.changes) == (False, 2)
    assert judging.revisions(row) == (1, 2)
    assert "Then version 1 answered, now version 2." in judging.facts(row)


def test_a_revision_can_be_chosen(project):
    exchange = called(project)
    editing.replace(project, contract({"id": 1, "price": 3}))
    row = replaying.replay(project, exchange, "revision:1")
    assert row.same
    assert body(row.after) == {"id": 1, "price": 2}


@pytest.mark.parametrize(
    "target", ["revision:9", "ftp://x", "nonsense", "http://", "http://u:p@host/", "https://h/?a=1"]
)
def test_a_target_that_cannot_be_is_refused(project, target):
    with pytest.raises(Refused):
        replaying.replay(project, called(project), target)
    assert not Replay.objects.exists()


def test_the_credential_travels_by_reference(ann):
    project = make.project("shop", ann, contract({"ok": 1}, auth=ApiKey(), security=({"apiKey": []},)))
    key, text = Key.mint(project, "ann's laptop")
    exchange = called(project, headers=[("authorization", f"Bearer {text}")])
    assert (exchange.status, exchange.auth) == (200, "ok")
    row = replaying.replay(project, exchange)
    assert row.same
    assert "ann's laptop" in " ".join(judging.facts(row))
    assert text not in json.dumps(row.call)
    without = replaying.replay(project, exchange, credential=replaying.NOBODY)
    assert without.after["status"] == 401
    assert "authorization was not sent" in " ".join(judging.facts(without))


@pytest.mark.parametrize("credential", [replaying.SAME, "key"])
@pytest.mark.parametrize("how", ["edited", "typed"])
def test_a_credential_that_is_written_or_typed_is_the_one_that_counts(ann, how, credential):
    project = make.project("shop", ann, contract({"ok": 1}, auth=ApiKey(), security=({"apiKey": []},)))
    key, text = Key.mint(project, "ann's laptop")
    exchange = called(project, headers=[("authorization", f"Bearer {text}")])
    chosen = replaying.SAME if credential == replaying.SAME else str(key.pk)

    def sent(value: str) -> Replay:
        pair = ("Authorization", f"Bearer {value}")
        more = {"typed": pair} if how == "typed" else {"overrides": {"headers": [pair]}}
        return replaying.replay(project, exchange, credential=chosen, **more)

    wrong = sent("certainly-wrong-key")
    assert (wrong.after["status"], wrong.same) == (401, False)
    assert "counted as carrying" not in " ".join(judging.facts(wrong))
    assert "certainly-wrong-key" not in json.dumps([wrong.call, wrong.facts])
    assert sent(text).after["status"] == 200
    again = replaying.again(wrong)
    assert again.after["status"] == 401 and "authorization was not sent" in " ".join(judging.facts(again))


def test_edits_are_sent_and_named(project):
    row = replaying.replay(
        project,
        called(project, headers=[("accept", "application/json")]),
        overrides={"path": "/nowhere", "headers": [("Accept", "text/plain"), ("X-A", "1")]},
    )
    assert row.edited
    assert row.facts["edited"] == ["path", "header:accept", "header:x-a"]
    assert row.after["status"] == 404
    assert row.call["path"] == "/nowhere"


def test_what_is_masked_is_not_sent(project):
    exchange = make.exchange(
        project,
        path="/items",
        query="token=••••cdef (40 characters)&page=2",
        request_headers=[["cookie", "sid=•••• (6 characters)"], ["accept", "*/*"]],
    )
    sent = replaying.logged(exchange)
    assert sent.call.query == "page=2"
    assert sent.call.headers == (("accept", "*/*"),)
    assert sent.withheld == ("cookie", "?token")


def test_a_typed_header_is_used_once_and_not_kept(project, monkeypatch):
    seen = {}

    def fetch(method, url, headers=(), body=b"", **more):
        seen.update(url=url, headers=dict(headers))
        return FakeFetched()

    monkeypatch.setattr(sending, "fetch", fetch)
    row = replaying.replay(project, called(project), "https://other.test/v1/", typed=("X-Key", "s3cret-value"))
    assert seen["url"] == "https://other.test/v1/items"
    assert seen["headers"]["x-key"] == "s3cret-value"
    row.refresh_from_db()
    assert "s3cret" not in json.dumps([row.call, row.facts, row.after])
    assert "It was sent to https://other.test/v1." in judging.facts(row)


class FakeFetched:
    status, headers, body, url, duration_us = 200, (("content-type", "application/json"),), b'{"id": 2}', "u", 5


def test_masks_never_reach_another_server(project, monkeypatch):
    seen = {}
    monkeypatch.setattr(
        sending, "fetch", lambda method, url, headers=(), body=b"", **more: seen.update(body=body) or FakeFetched()
    )
    exchange = make.exchange(project, "POST", request_body='{"password": "••••cdef (40 characters)"}'.encode())
    replaying.replay(project, exchange, "https://other.test")
    assert seen["body"] == b'{"password": "hidden"}'


def test_a_server_that_does_not_answer_is_said(project, monkeypatch):
    def fetch(*args, **more):
        raise sending.OutboundRefused("The host other.test does not exist.")

    monkeypatch.setattr(sending, "fetch", fetch)
    row = replaying.replay(project, called(project), "https://other.test")
    assert (row.error, row.after, row.same) == ("The host other.test does not exist.", {}, False)


def test_two_runs_find_the_noise(project, monkeypatch):
    answers = iter([b'{"id": 1, "price": 5, "at": 5}', b'{"id": 1, "price": 6, "at": 6}'])

    class Answer(FakeFetched):
        @property
        def body(self):
            return self._body

    def fetch(*args, **more):
        made = Answer()
        made._body = next(answers)
        return made

    monkeypatch.setattr(sending, "fetch", fetch)
    row = replaying.replay(project, called(project), "https://other.test", twice=True)
    assert judging.noise(row) == ["$.price"]
    told = [(line.path, line.noise) for line in judging.lines(row, judging.difference(row)) if line.path[0] == "$"]
    assert sorted(told) == [("$.at", False), ("$.price", True)]  # a member that is new is new, whatever stands in it


def test_an_ignored_path_is_remembered_for_the_operations_next_replay(project):
    exchange = called(project)
    editing.replace(project, contract({"id": 1, "price": 3}))
    row = replaying.replay(project, exchange)
    replaying.ignore(row, ["$.price", " ", "$.price"])
    row.refresh_from_db()
    assert (row.same, row.changes, row.ignore) == (True, 0, ["$.price"])
    assert replaying.replay(project, called(project)).ignore == ["$.price"]
    replaying.ignore(Replay.objects.first(), [])
    assert replaying.replay(project, exchange).ignore == []


def test_it_runs_again_when_the_logged_call_is_gone(project):
    exchange = called(project)
    row = replaying.replay(project, exchange)
    exchange.delete()
    assert replaying.again(row, by=project.owner).same


def test_an_address_that_was_renamed_is_followed(project):
    exchange = called(project)
    project.addresses.update(name="other-name")
    assert replaying.replay(project, exchange).same


def test_a_cut_answer_is_compared_as_far_as_it_was_kept(project):
    exchange = called(project)
    Exchange.objects.filter(pk=exchange.pk).update(response_body=b'{"id":1', response_size=900, cut=2)
    exchange.refresh_from_db()
    assert not judging.difference(replaying.replay(project, exchange)).body


REMOTE = "https://other.test"


@pytest.fixture
def sent(monkeypatch):
    """What was sent to another server."""
    seen = {}

    def fetch(method, url, headers=(), body=b"", **more):
        seen.update(url=url, headers=dict(headers), body=body)
        answer = FakeFetched()
        answer.url = url
        return answer

    monkeypatch.setattr(sending, "fetch", fetch)
    return seen


def test_another_server_gets_the_documents_shape(ann, sent):
    schema = {"type": "array", "items": {"type": "integer"}}
    op = make.operation(
        "POST",
        "/list",
        body=Body(True, content=(Media("application/json", schema),)),
        parameters=(Parameter("X-Tenant", "header", True, schema={"type": "string"}),),
    )
    project = make.project("shapes", ann, enabled(Contract(operations=(op,)), None))
    call = Call("POST", "/list", "X-Tenant=acme", (("content-type", "application/json"),), b'{"items": [1]}')
    answer = frontdoor().call_blocking(project.slug, call, source="client")
    row = replaying.replay(project, Exchange.objects.get(pk=answer.record.id), REMOTE)
    assert sent["url"] == f"{REMOTE}/list"
    assert sent["headers"]["x-tenant"] == "acme"
    assert json.loads(sent["body"]) == [1]
    assert "translated to the document's shape" in " ".join(judging.facts(row))
    assert (row.call["query"], base64.b64decode(row.call["body"])) == ("X-Tenant=acme", b'{"items": [1]}')
    ours = replaying.replay(project, Exchange.objects.get(pk=answer.record.id))
    assert ours.same and "translated" not in ours.facts


def test_the_documents_own_shape_goes_to_another_server_as_it_is(project, sent):
    row = replaying.replay(project, called(project), REMOTE)
    assert row.facts["translated"] == ""
    assert sent["url"] == f"{REMOTE}/items"


@pytest.mark.parametrize("place", ["query", "cookie"])
def test_a_key_in_a_header_goes_back_to_where_the_document_has_it(ann, sent, place):
    schemes = {"k": {"type": "apiKey", "in": place, "name": "api_key"}}
    asked = contract({}, auth=Declared(), security=({"k": []},), extra={"components": {"securitySchemes": schemes}})
    project = make.project("keyed", ann, enabled(asked, None))
    exchange = called(project, headers=[("api_key", "s3cret-value"), ("cookie", "a=1")])
    assert exchange.status == 200
    row = replaying.replay(project, exchange, REMOTE, typed=("api_key", "s3cret-value"))
    assert "api_key" not in sent["headers"]
    if place == "query":
        assert sent["url"] == f"{REMOTE}/items?api_key=s3cret-value"
    else:
        assert sent["headers"]["cookie"].endswith("api_key=s3cret-value")
    assert "s3cret" not in json.dumps([row.call, row.facts, row.after])


def test_a_body_that_is_shorter_for_what_is_hidden_in_it_is_whole(project):
    told = {"paths": {}, "token": "a" * 60}
    hidden = redaction.body(json.dumps(told, indent=4).encode(), "application/json")
    long = make.exchange(project, response_body=hidden, response_size=len(json.dumps(told, indent=4)))
    assert len(hidden) < long.response_size
    row = replaying.replay(project, long)
    assert not row.before["cut"]
    found = verdicts.judged(row, Rules())
    assert "content-type" not in [one.kind for one in found.reasons]


def test_a_status_of_another_class_is_one_place(project):
    refused = make.exchange(project, status=401, response_body={"title": "no", "detail": "x", "status": 401})
    row = replaying.replay(project, refused)
    assert (row.after["status"], row.changes, row.same) == (200, 1, False)


def test_examples_go_when_the_past_is_hidden(project):
    run = Run.objects.create(project=project)
    facts = {"reasons": [{"kind": "value", "path": "$.name", "was": '"Maria"', "now": '"Eve"'}]}
    body = base64.b64encode(b'{"name":"Maria"}').decode()
    reply = {"status": 200, "headers": [["content-type", "application/json"]], "body": body}
    row = Replay.objects.create(project=project, run=run, exchange_id=1, facts=facts, before=reply, after=reply)
    assert rehiding.again(project, Masks((), [HideRule("path", "$.name")])) == 1
    row.refresh_from_db()
    assert "Maria" not in json.dumps(row.facts) and row.facts["reasons"][0]["path"] == "$.name"
