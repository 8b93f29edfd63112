"""Whatever is sent to the endpoints for programs, the answer is an error of theirs and never a failure of ours."""

import itertools
import json

import pytest

from actionstudio.apps.oauth import keys
from actionstudio.apps.oauth.models import Provider
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests.apps.oauth import flows
from tests.apps.oauth.entering import BELOW_LIVE, OWN_HOST, ask, shop

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Key size should be")]
PATHS = (
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-protected-resource//%00/%ff/..",
    "/oauth/jwks",
    "/oauth/userinfo",
    "/oauth/introspect",
    "/oauth/register",
    "/oauth/register/asc_x",
    "/oauth/register/%00",
    "/oauth/register/%ff%fe",
)
BODIES = (
    (b"", ""),
    (b"\0", "application/x-www-form-urlencoded"),
    (b"token=%00&client_id=%ff&client_secret=%f0%9f", "application/x-www-form-urlencoded"),
    (b"token=a&token=b", "application/x-www-form-urlencoded"),
    (b"token=" + b"x" * 5000, "application/x-www-form-urlencoded"),
    (b'{"redirect_uris": {"a": [1]}}', "application/json"),
    (b'{"client_name": "\\ud800"}', "application/json"),
    (b"[" * 20_000, "application/json"),
    (b"\xff\xfe", "text/plain; charset=nonsense"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
)
HEADERS = (
    {},
    {"authorization": "Bearer \0"},
    {"authorization": "Bearer " + "x" * 6000},
    {"authorization": "Bearer ey.ey.ey"},
    {"authorization": "Basic !!!"},
    {"authorization": "Basic AAAA"},
    {"authorization": "Digest x"},
    {"origin": "https://[", "if_none_match": '"', "accept_language": "xx;q=z,\0"},
)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(keys, "BITS", 1024)


@pytest.mark.parametrize("path", PATHS)
def test_no_junk_makes_it_fail(path):
    project = shop()
    Provider.objects.create(project=project, registration=True)
    hosted, bases = DatabaseSource().load(project.slug), itertools.cycle([OWN_HOST, BELOW_LIVE])
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        for headers in HEADERS:
            assert ask(hosted, method, path, base=next(bases), **headers).status < 500, (method, headers)
    for body, kind in BODIES:
        for method in ("POST", "PUT"):
            said = ask(hosted, method, f"{path}?token=x&%00=%ff", value=body, base=next(bases), content_type=kind)
            assert said.status < 500, (method, body[:40], kind)


def test_what_is_issued_to_a_client_is_in_no_log():
    project = shop()
    Provider.objects.create(project=project, registration=True)
    value = {"redirect_uris": ["https://a.example/cb"], "token_endpoint_auth_method": "client_secret_post"}
    body, typed = json.dumps(value).encode(), ("content-type", "application/json")
    made = json.loads(frontdoor().call_blocking("shop", Call("POST", "/oauth/register", "", (typed,), body)).reply.body)
    token, secret = made["registration_access_token"], made["client_secret"]
    bearer = ("authorization", f"Bearer {token}")
    changed = json.dumps({**value, "client_id": made["client_id"], "client_secret": secret}).encode()
    path = f"/oauth/register/{made['client_id']}"
    assert frontdoor().call_blocking("shop", Call("PUT", path, "", (typed, bearer), changed)).reply.status == 200
    rows = Exchange.objects.filter(project_id=project.pk)
    assert rows.count() == 2
    for row in rows:
        kept = " ".join(str(value) for value in vars(row).values())
        assert token not in kept
        assert secret not in kept


def test_a_page_of_a_public_client_may_read_what_the_token_endpoint_says():
    project = shop()
    flows.client(project, token_method="none", redirect_uris="https://app.example/cb")
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"):
        ours = ask(project, "OPTIONS", path, origin="https://app.example")
        assert (ours.status, ours.headers["access-control-allow-origin"]) == (204, "https://app.example")
        theirs = ask(project, "OPTIONS", path, origin="https://evil.example")
        assert "access-control-allow-origin" not in theirs.headers
    wrong = ask(project, "POST", "/oauth/token", form={"grant_type": "x"}, origin="https://app.example")
    assert (wrong.status, wrong.headers["access-control-allow-origin"]) == (400, "https://app.example")
    assert ask(project, "GET", "/oauth/token").json["error"] == "invalid_request"


def test_userinfo_and_introspection_cost_the_same_however_much_there_is(django_assert_max_num_queries):
    project = shop()
    gpt, alice = flows.client(project), flows.person(project)
    for _ in range(3):
        answer = flows.signed_in(project, gpt, alice, scope="openid profile")
    bearer = f"Bearer {answer['access_token']}"
    with django_assert_max_num_queries(10):  # most of them load the address, which the front door keeps
        assert ask(project, "GET", "/oauth/userinfo", authorization=bearer).status == 200
    sent = {"client_id": gpt.id, "client_secret": gpt.secret, "token": answer["access_token"]}
    with django_assert_max_num_queries(13):
        assert ask(project, "POST", "/oauth/introspect", form=sent).json["active"] is True
