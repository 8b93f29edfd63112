"""The log tells the legs of a sign-in in words, and how they ended."""

import pytest

from actionstudio.apps.traffic import legs, verdict, why
from tests import make

pytestmark = pytest.mark.django_db


def call(ann, *told, status=200, **fields):
    """A logged call to the provider with these legs."""
    project = make.project("items", ann)
    notes = {**told[-1], "legs": list(told), **fields} if told else fields
    decisions = {"route": "the address's own sign-in, /oauth/token", "response": str(status), "oauth": notes}
    path = "/oauth/token"
    return project, make.exchange(project, "POST", path, status, kind="oauth", decisions=decisions, sign_in="k1")


@pytest.mark.parametrize("name", legs.LEGS)
def test_every_leg_has_words(ann, name):
    project, row = call(ann, {"leg": name, "outcome": "ok", "code": ""})
    step = why.steps(project, row)[1]
    assert step.title == "Sign-in" and step.words.endswith(".") and step.kind == "ok"
    assert step.words != legs.LEGS["page"][1]() or name == "page"


def test_each_leg_of_a_call_is_a_step_with_its_facts(ann):
    allowed = {"leg": "allowed", "outcome": "ok", "code": "", "scopes": ["orders:read"]}
    token = {"leg": "token", "outcome": "failed", "code": "redirect_mismatch", "sent": "a", "registered": ["b"]}
    project, row = call(ann, allowed, token, status=400)
    first, second = why.steps(project, row)[1:3]
    assert ("scopes", '["orders:read"]') in first.facts and first.kind == "ok"
    assert ("What was wrong", "redirect_mismatch") in second.facts and ("sent", "a") in second.facts
    assert second.kind == "bad"


def test_a_leg_that_tells_of_one_thing_only_is_understood(ann):
    project, row = call(ann, leg="page", outcome="ok")
    assert [step.title for step in why.steps(project, row)] == ["Route", "Sign-in", "Answer"]


@pytest.mark.parametrize(
    ("told", "status", "kind", "words"),
    [
        ({"leg": "token", "outcome": "ok"}, 200, "ok", "went well"),
        ({"leg": "token", "outcome": "failed", "code": "code_used"}, 400, "warn", "failed"),
        ({"leg": "token", "outcome": "ok", "fault": "token-html"}, 200, "warn", "on purpose"),
        ({"leg": "page", "outcome": "ok"}, 404, "warn", "no such path"),
        ({"leg": "page", "outcome": "ok"}, 500, "bad", "provider failed"),
        ({"leg": "page", "outcome": "ok"}, 405, "warn", "refused"),
    ],
)
def test_the_verdict_says_how_it_ended(ann, told, status, kind, words):
    _project, row = call(ann, status=status, **told)
    found = verdict.verdict(row)
    assert found.kind == kind and words in found.head


def test_a_failure_that_was_asked_for_is_a_step(ann):
    project, row = call(ann, leg="answer", outcome="ok", fault="token-html")
    step = why.steps(project, row)[2]
    assert step.title == "Fault" and "token-html" in step.words


@pytest.mark.parametrize("auth", ["expired", "scope"])
def test_a_token_that_is_no_good_is_said_first(ann, auth):
    row = make.exchange(make.project("items", ann), status=401, auth=auth, decisions={"guard": "it expired"})
    assert "token" in verdict.verdict(row).head


@pytest.mark.parametrize("notes", [[], "x", {"legs": "x"}, {"legs": [1]}, {"leg": ["a"], "outcome": {}}])
def test_notes_that_nobody_wrote_do_not_take_the_page_down(ann, notes):
    project = make.project("items", ann)
    row = make.exchange(project, kind="oauth", decisions={"route": "x", "response": "200", "oauth": notes})
    assert why.steps(project, row) and verdict.verdict(row)
