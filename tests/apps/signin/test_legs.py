"""Legs: one shape for the emulator and the log; nothing secret stays, nothing grows without bound."""

import datetime

import pytest

from actionstudio.apps.signin import legs
from tests import make

FORM = [("Content-Type", "application/x-www-form-urlencoded")]
JSON = [("content-type", "application/json")]


def token(**more):
    request = ("POST", "https://id.acme.test/token", FORM, b"grant_type=authorization_code&code=sesame-open-123")
    answer = (200, JSON, b'{"access_token": "at-0123456789abcdef", "token_type": "bearer"}')
    return legs.made("token", request, answer, **more)


def test_a_leg_says_from_where_to_where_in_the_order_of_the_wire():
    leg = token(ms=12, facts={"exchange": "post"})
    assert (leg["from"], leg["to"], leg["ms"], leg["outcome"]) == ("client", "provider", 12, "ok")
    assert leg["request"]["headers"] == [["Content-Type", "application/x-www-form-urlencoded"]]
    assert datetime.datetime.fromisoformat(leg["at"]).tzinfo is not None


def test_codes_tokens_and_secrets_are_masked_by_name_and_by_value():
    leg = token(secrets=["hushhushhush"])
    assert "sesame" not in str(leg) and "at-0123456789abcdef" not in str(leg)
    assert "••••cdef (19 characters)" in leg["response"]["body"]
    page = (200, [("content-type", "text/html")], b"<p>you sent hushhushhush</p>")
    echo = legs.made("token", ("POST", "https://id.test/t", [], b""), page, secrets=["hushhushhush"])
    assert "hushhush" not in str(echo)


def test_urls_lose_the_code_in_query_and_fragment():
    leg = legs.made("callback", ("GET", "https://s.test/cb?code=abcdef-open&state=1#access_token=my-tok", [], b""))
    assert "open" not in leg["request"]["url"] and "my-tok" not in leg["request"]["url"]
    assert "state=1" in leg["request"]["url"]


def test_large_and_broken_answers_are_bounded_and_storable():
    leg = legs.made("call", ("GET", "https://a.test/", [], b""), (200, [("x", "y")] * 500, b"\0\xff" * 500_000))
    assert len(leg["response"]["body"]) <= legs.BODY + 2
    assert len(leg["response"]["headers"]) == legs.HEADERS
    assert "\0" not in leg["response"]["body"]


@pytest.mark.django_db
def test_a_logged_call_becomes_the_same_shape():
    project = make.project()
    row = make.exchange(
        project,
        "POST",
        "/oauth/token",
        400,
        kind="oauth",
        request_headers=[["host", "items.live.localhost:8000"]],
        response_body={"error": "invalid_grant"},
        decisions={"oauth": {"leg": "token", "outcome": "failed", "code": "code-used", "client": "asc_1"}},
    )
    leg = legs.of_exchange(row)
    assert leg.keys() - {"exchange"} == legs.titled(token()).keys()
    assert (leg["kind"], leg["outcome"], leg["code"], leg["facts"]) == (
        "token",
        "failed",
        "code-used",
        {"client": "asc_1"},
    )
    assert leg["request"]["url"].endswith("items.live.localhost:8000/oauth/token")
    assert leg["title"] and leg["exchange"] == row.public_id


@pytest.mark.django_db
def test_a_call_with_a_token_and_a_leg_of_unknown_kind_have_a_title_too():
    project = make.project()
    assert legs.of_exchange(make.exchange(project))["kind"] == "call"
    odd = make.exchange(project, kind="oauth", decisions={"oauth": {"leg": "dance"}})
    assert legs.of_exchange(odd)["kind"] == "page"
