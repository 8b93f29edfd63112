"""How a call goes to another server: redirects, tries, 45 seconds, sizes, and a secret that comes back."""

import datetime
import json

import pytest
from django.core.cache import cache

from actionstudio.apps.simulator.calling import acting, making, performing, sending
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.behaviour import Around, Latency
from actionstudio.core.chatgpt import identity
from actionstudio.core.chatgpt.credential import Credential
from actionstudio.runtime.outbound import Fetched, OutboundRefused
from tests import make

pytestmark = pytest.mark.django_db
WHO = identity.identity("g-" + "1" * 32, identity.conversation_id("x"), "ann", datetime.date(2026, 11, 27))
SERVER = "https://api.example.com"


def operation(name, **more):
    return {"operationId": name, "responses": {"200": {"description": "OK"}}, **more}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1"},
    "servers": [{"url": f"{SERVER}/v1/"}],
    "paths": {"/items": {"get": operation("list"), "post": operation("add")}, "/open": {"get": operation("open")}},
}
DOCUMENT["paths"]["/open"]["get"]["security"] = []


class Server:
    """Answers with what is put in, one after the other: (status, headers, body), or why there is no answer."""

    def __init__(self):
        self.answers, self.heard = [], []

    def fetch(self, method, url, headers, body, *, timeout, redirects, **bounds):
        self.heard.append((method, url, dict(headers), body, timeout))
        assert redirects == 0, "each redirect is an attempt of its own"
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise OutboundRefused(answer, answer)
        status, found, body = answer
        return Fetched(status, tuple(found), body, url, 1_000_000)


@pytest.fixture
def server(monkeypatch):
    cache.clear()
    made = Server()
    monkeypatch.setattr(sending.outbound, "fetch", made.fetch)
    monkeypatch.setattr(making.time, "sleep", lambda seconds: made.heard.append(seconds))
    return made


def perform(name="list", **wishes):
    project = wishes.pop("project", None) or make.project()
    found = acting.of_document(project, json.dumps(DOCUMENT), f"{SERVER}/openapi.json")
    return performing.perform(found, name, "{}", identity=WHO, consent="confirm", **wishes)


def to(where, status=302):
    return status, [("location", where)], b"moved"


def test_a_redirect_within_the_host_is_followed(server):
    server.answers = [to("/v2/items"), (200, [], b"[]")]
    done = perform()
    assert [(method, url) for method, url, *_more in server.heard] == [
        ("GET", f"{SERVER}/v1/items"),
        ("GET", f"{SERVER}/v2/items"),
    ]
    assert (done.told, [one.response["status"] for one in done.attempts]) == ("[]", [302, 200])


def test_of_operations_whose_bodies_are_never_kept_it_keeps_none(server):
    project = make.project(bodyless=["add"])
    server.answers = [(200, [], b'{"private": 1}')] * 2
    done, other = perform("add", project=project), perform("list", project=project)
    assert (done.told, done.attempts[0].response["body"]) == ('{"private": 1}', "")
    assert other.attempts[0].response["body"] == '{"private": 1}'


@pytest.mark.parametrize("where", ["https://other.example/items", "http://api.example.com/items", f"{SERVER}:444/"])
def test_a_redirect_to_another_host_is_an_answer_like_any_other(server, where):
    server.answers = [to(where)]
    done = perform()
    assert (done.code, done.told, len(done.attempts)) == ("redirect", "ClientResponseError", 1)


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_a_post_goes_on_as_the_status_says(server, status, method):
    server.answers = [to("/elsewhere", status), (200, [], b"{}")]
    perform("add")
    assert server.heard[1][0] == method


def test_redirects_in_a_circle_end(server):
    server.answers = [to("/v1/items")] * 9
    assert len(perform().attempts) == making.HOPS + 1


def test_a_failure_is_tried_again_as_often_as_wished_with_longer_pauses(server):
    server.answers = [(503, [], b""), (429, [("retry-after", "3")], b""), (200, [], b"{}")]
    done = perform(retries=2)
    assert [one.response["status"] for one in done.attempts] == [503, 429, 200]
    assert [one for one in server.heard if isinstance(one, float)] == [0.5, 3.0]


def test_by_itself_it_is_tried_once(server):
    server.answers = [(503, [], b"")]
    assert (perform().told, len(server.heard)) == ("ClientResponseError", 1)


def test_tries_and_pauses_end_with_the_45_seconds(server):
    server.answers = [(503, [("retry-after", "30")], b"")] * 9
    assert len(perform(retries=10).attempts) == 2
    timeouts = [one[4] for one in server.heard if not isinstance(one, float)]
    assert timeouts == [45, 14]


def test_without_an_answer_in_time_the_model_is_told_the_error(server):
    server.answers = ["time"]
    done = perform(mode="lenient")
    assert (done.code, done.told, done.last.error, done.last.response) == (
        "failed",
        "ClientResponseError",
        "time",
        None,
    )


def test_an_answer_that_is_too_large_is_lost(server):
    server.answers = [(200, [("content-type", "text/plain")], b"x" * 100_000)]
    done = perform()
    assert (done.code, done.told, done.last.response["size"]) == ("too-large", "ResponseTooLarge", 100_000)


def test_after_three_failures_in_a_minute_calls_are_held_back(server):
    project = make.project()
    server.answers = [(500, [], b""), (429, [], b""), (503, [], b""), (200, [], b"{}")]
    codes = [perform(project=project).code for _ in range(4)]
    assert codes == ["status", "status", "status", "backing-off"]
    assert len(server.heard) == 3
    assert perform(project=project, paced=False).code == ""


def test_failures_of_calls_that_are_not_held_back_do_not_count(server):
    project = make.project()
    server.answers = [(503, [], b"")] * 3 + [(200, [], b"{}")]
    codes = [perform(project=project, paced=False).code for _ in range(3)]
    assert (codes, perform(project=project).code) == (["status"] * 3, "")


def test_a_key_that_comes_back_is_shown_nowhere(server):
    server.answers = [(200, [("x-echo", "sk-secret-1234")], b'{"you sent": "Bearer sk-secret-1234"}')]
    done = perform(credential=Credential("authorization", "Bearer sk-secret-1234"))
    assert "sk-secret-1234" not in json.dumps(done.plain())
    assert server.heard[0][2]["authorization"] == "Bearer sk-secret-1234"


def test_an_operation_that_needs_no_credential_gets_none(server):
    server.answers = [(200, [], b"{}")]
    perform("open", credential=Credential("authorization", "Bearer sk-secret-1234"))
    assert "authorization" not in server.heard[0][2]


def test_a_call_of_the_plugin_era_has_its_headers(server):
    server.answers = [(200, [], b"{}")]
    perform(era="plugin")
    assert server.heard[0][2]["openai-subdivision-1-iso-code"] == "US-CA"
    assert "openai-gpt-id" not in server.heard[0][2]


def test_an_answer_of_our_own_that_waits_longer_than_chatgpt_counts_as_none():
    slow = make.operation(around=Around(latency=Latency(low=50_000)))
    found = acting.of_project(make.project(value=make.contract(slow)))
    done = performing.perform(found, "getItems", "{}", identity=WHO, consent="allow")
    assert (done.code, done.last.error, done.last.ms) == ("failed", "time", 45_000)
    assert done.last.exchange == Exchange.objects.get().public_id
