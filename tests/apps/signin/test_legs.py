"""Legs: one shape for the emulator and the log; nothing secret stays, nothing grows without bound."""

import base64
import datetime
import json

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
    assert "•••• (19 characters)" in leg["response"]["body"]
    page = (200, [("content-type", "text/html")], b"<p>you sent hushhushhush</p>")
    echo = legs.made("token", ("POST", "https://id.test/t", [], b""), page, secrets=["hushhushhush"])
    assert "hushhush" not in str(echo)


CODE = "4/0AVG7fiQ-of-another-provider-nobody-may-see-this"


def echoed(body, kind="application/json", secret=CODE, headers=(), **more):
    """What is kept of a provider's answer that says a secret back."""
    request = ("POST", "https://id.example/token", JSON, b"{}")
    answer = (400, [("content-type", kind), *headers], body.encode())
    return json.dumps(legs.made("token", request, answer, secrets=[secret], **more))


def test_a_code_that_an_answer_says_back_in_another_spelling_is_masked():
    said = json.dumps({"error": "invalid_grant", "error_description": f"{CODE} was used"})
    assert CODE[10:] not in echoed(said.replace("/", "\\/"))
    assert CODE[10:] not in echoed(f"<p>No such code 4%2F{CODE[2:]}.</p>", "text/html")
    basic = base64.b64encode(f"me:{CODE}".encode()).decode()
    assert basic[12:30] not in echoed(f"You sent Basic {basic}", "text/plain", headers=[("x-echo", basic)])


@pytest.mark.parametrize("size", [legs.BODY, 8 * legs.BODY])
def test_of_a_code_at_the_edge_of_what_is_kept_no_part_is_kept(size):
    assert CODE[:30] not in echoed("x" * (size - len(CODE) + 3) + CODE, "text/plain")
    long = json.dumps({"access_token": "x" * (size - 60), "note": CODE})
    assert CODE[:30] not in echoed(long)


def test_of_headers_urls_and_facts_a_secret_at_the_edge_is_masked_before_they_are_cut():
    headers = [("x-said", "x" * 1990 + CODE)]
    assert CODE[:8] not in echoed("", headers=headers)
    assert CODE[:8] not in echoed("", facts={"said": "x" * (legs.SAID - 9) + CODE})
    url = "https://id.example/" + "x" * (legs.URL - 28) + CODE
    leg = legs.made("callback", ("GET", url, [], b""), secrets=[CODE])
    assert CODE[:8] not in leg["request"]["url"] and len(leg["request"]["url"]) <= legs.URL


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


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("content-type", "application/json")], b'{"id_token": "SECRETvalue0123456789"}'),
        ([("content-type", "text/html")], b'{"id_token": "SECRETvalue0123456789"}'),
        ([("content-type", "text/plain")], b"access_token=SECRETvalue0123456789&code=SECRETvalue0123456789"),
        ([("content-type", "text/html")], b'<input type=hidden name="code" value="SECRETvalue0123456789">'),
        ([("content-type", "text/html")], b"<INPUT VALUE='SECRETvalue0123456789' NAME=id_token>"),
        ([("location", "https://a.test/cb?code=SECRETvalue0123456789&state=x")], b""),
        ([("location", "https://a.test/cb#id_token=SECRETvalue0123456789")], b""),
        ([("refresh", "0;url=https://a.test/cb?code=SECRETvalue0123456789")], b""),
        ([("link", "<https://a.test/?access_token=SECRETvalue0123456789>; rel=next")], b""),
        ([("set-cookie", "sid=SECRETvalue0123456789; Path=/")], b""),
    ],
)
def test_what_strangers_answer_shows_no_secret_that_the_emulator_does_not_know(headers, body):
    leg = legs.made("token", ("POST", "https://a.test/token", [], b""), (200, headers, body))
    assert "SECRETvalue" not in str(leg) and "••••6789" in str(leg)


def test_other_fields_of_a_page_stay_as_they_are():
    page = b'<input name="username" value="mina-the-first-one"><input name="code"><input value="x">'
    leg = legs.made("token", ("GET", "https://a.test/", [], b""), (200, [("content-type", "text/html")], page))
    assert leg["response"]["body"] == page.decode()
