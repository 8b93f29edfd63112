"""Calls of which the log hides something: what goes out in its place, and what is said of it."""

import base64

import pytest
from django.urls import reverse

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.release import credentials
from actionstudio.apps.replay import judging, replaying
from actionstudio.apps.replay.models import Run
from actionstudio.apps.replay.runs import selecting, starting
from actionstudio.apps.replay.runs.options import Options
from actionstudio.core.auth import ApiKey
from tests import make
from tests.apps.replay.test_replaying import called, contract
from tests.runtime.upstream import Upstream as Server

pytestmark = pytest.mark.django_db
MARK = "••••2345 (17 characters)"


@pytest.fixture
def project(ann):
    return make.project("shop", ann, contract({"ok": 1}, auth=ApiKey(), security=({"apiKey": []},)))


@pytest.fixture
def hidden(project):
    return make.exchange(project, path=f"/items/ask_{MARK}", query=f"q={MARK}&api_key={MARK}&page=2")


def test_elsewhere_a_word_stands_for_it_and_only_credentials_are_left_out(project, hidden):
    with Server() as server:
        row = replaying.replay(project, hidden, server.url)
        assert server.last.target == "/items/hidden?q=hidden&page=2"
    told = " ".join(judging.facts(row))
    assert "in their place the word “hidden” was sent" in told and "?api_key was not sent" in told


def test_here_the_marks_go_out_and_that_is_said(project, hidden):
    row = replaying.replay(project, hidden)
    assert (row.call["path"], row.call["query"]) == (hidden.path, f"q={MARK}&page=2")
    assert "in their place the marks were sent" in " ".join(judging.facts(row))


def test_a_run_says_how_many_calls_went_out_without_hidden_values(project, hidden, client, ann):
    calls = [
        hidden,
        make.exchange(project, path="/items"),
        make.exchange(project, request_body=f'{{"password": "{MARK}"}}'.encode()),
    ]
    options = Options(send_refused=True)
    starting.start(project, selecting.picked(project, [one.public_id for one in calls]), "live", options, ann)
    client.force_login(ann)
    run = Run.objects.get()
    assert run.counts["hidden"] == 2
    assert (
        "2 of 3 calls held values that the log hides" in client.get(reverse("replay:run", args=["shop", run.pk])).text
    )


def test_a_call_with_marks_can_be_edited(project, hidden, client, ann):
    client.force_login(ann)
    url = reverse("replay:edit", args=["shop", hidden.public_id])
    wish = {"method": "GET", "path": hidden.path, "query": f"q={MARK}&page=2", "target": "live", "credential": "same"}
    assert client.post(url, wish | {"headers": "x-a: 1"}).status_code == 302
    assert client.post(url, wish | {"path": hidden.path + " x"}).status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        ("authorization", "Basic " + base64.b64encode(b"ann:secret-of-ann").decode()),
        ("authorization", "Bearer certainly-wrong-key"),
        ("authorization", "Bearer not a token at all"),
        ("authorization", "Bearer Bearer certainly-wrong-key"),
        ("authorization", "certainly-wrong-key"),
        ("x-api-key", "certainly-wrong-key"),
        ("x-api-key", "ask_" + "a" * 32),
    ],
)
def test_a_refused_credential_is_refused_alike(project, ann, sent):
    Key.mint(project, "production")
    exchange = called(project, headers=[sent])
    assert exchange.status == 401
    row = replaying.replay(project, exchange)
    assert row.same, judging.lines(row, judging.difference(row))
    assert row.facts["edited"] == [] and f"hides in {sent[0]}, which was refused" in " ".join(judging.facts(row))
    assert replaying.again(row).same
    run = starting.start(project, selecting.picked(project, [exchange.public_id]), by=ann)
    assert run.replays.get().same
    assert replaying.replay(project, exchange, credential=replaying.NOBODY).facts["stood_in"] == {}


def test_basic_that_is_refused_is_refused_alike(ann):
    auth = ApiKey(scheme="basic")
    project = make.project("shop", ann, contract({"ok": 1}, auth=auth, security=({"apiKey": []},)))
    Key.mint(project, "production")
    for text in (base64.b64encode(b"ann:secret-of-ann").decode(), "%%%no-base64%%%"):
        row = replaying.replay(project, called(project, headers=[("authorization", f"Basic {text}")]))
        assert row.same, (text, judging.lines(row, judging.difference(row)))


def test_a_revoked_key_is_still_the_revoked_one(project):
    key, text = Key.mint(project, "production")
    Key.mint(project, "other")
    credentials.revoke(project, key.pk)
    exchange = called(project, headers=[("authorization", f"Bearer {text}")])
    assert exchange.auth == "revoked"
    row = replaying.replay(project, exchange)
    assert row.same, judging.lines(row, judging.difference(row))
