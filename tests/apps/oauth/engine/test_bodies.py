"""Bodies of token requests: forms, JSON where a client is set to it, and whatever else comes: never our error."""

import itertools
import json

import pytest

from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
FORM, JSON = flows.FORM, "application/json"


@pytest.fixture
def project(db):
    return shop()


def ask(project, who, body=None, content_type=JSON, **sent):
    """A code exchange with that body, or with one of that type."""
    code = flows.allowed(project, who, flows.person(project))["code"]
    whole = {
        "grant_type": "authorization_code", "client_id": who.id, "client_secret": who.secret, "code": code,
        "redirect_uri": flows.CALLBACK, **sent,
    }  # fmt: skip
    reply = flows.post(project, "/oauth/token", whole if body is None else body, content_type=content_type)
    return reply.status, json.loads(reply.body)


@pytest.mark.parametrize("fields", [{"json_bodies": True}, {"preset": "plugin"}])
@pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", "Application/JSON", FORM])
def test_a_client_that_is_set_to_json_sends_either(project, fields, kind):
    assert ask(project, flows.client(project, **fields), content_type=kind)[0] == 200


def test_any_other_is_told_what_to_change(project):
    status, answer = ask(project, flows.client(project))
    assert (status, answer["error"]) == (415, "invalid_request")
    assert "x-www-form-urlencoded" in answer["error_description"] and "JSON" in answer["error_description"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b"1", b"[" * 50_000, b"\xff", b'{"a":' * 5000 + b"1" + b"}" * 5000]
)
def test_json_that_is_no_object_is_said(project, body):
    status, answer = ask(project, flows.client(project, json_bodies=True), body)
    assert (status, answer["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("value", [1, True, {"a": "b"}, ["a"], 1.5, "\ud800", "a\x00"])
@pytest.mark.parametrize("name", ["code", "client_id", "grant_type"])
def test_json_values_are_texts(project, name, value):
    status, answer = ask(project, flows.client(project, json_bodies=True), **{name: value})
    assert (status, answer["error"]) == (400, "invalid_request") and name in answer["error_description"]


def test_json_members_that_say_nothing_do_not_count(project):
    who = flows.client(project, json_bodies=True)
    assert ask(project, who, scope=None, extra={"a": [1]}, code_verifier="")[0] == 200


def test_json_members_come_once(project):
    who = flows.client(project, json_bodies=True)
    body = json.dumps({"client_id": who.id, "client_secret": who.secret, "grant_type": "refresh_token"})
    status, answer = ask(project, who, (body[:-1] + ', "client_id": "x"}').encode())
    assert status == 400 and "client_id came more than once" in answer["error_description"]


def test_json_names_several_resources(project):
    who = flows.client(project, json_bodies=True)
    base = flows.issuer(project)
    assert ask(project, who, resource=[base, f"{base}/mcp"])[0] == 200
    assert ask(project, who, resource=[base, 1])[0] == 400


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/xml", "x" * 500])
def test_other_types_are_refused_with_the_right_one(project, kind):
    status, answer = ask(project, flows.client(project), b"grant_type=authorization_code", kind)
    assert (status, answer["error"]) == (415, "invalid_request") and FORM in answer["error_description"]


@pytest.mark.parametrize("kind", [FORM + "; charset=UTF-8", FORM.upper(), FORM + ";charset=iso-8859-1"])
def test_what_is_said_about_a_form_does_not_matter(project, kind):
    assert flows.post(project, "/oauth/token", b"grant_type=x", content_type=kind).status == 400


NAMES = ["grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "refresh_token", "scope"]


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_comes_once(project, name):
    who = flows.client(project)
    sent = {"grant_type": "authorization_code", "client_id": who.id, "client_secret": who.secret, "code": "x"}
    status, answer = flows.token(project, who, **{**sent, name: ["a", "b"]})
    assert (status, answer["error"]) == (400, "invalid_request") and f"{name} came more" in answer["error_description"]


JUNK = {
    "nul": "a\x00b", "long": "x" * 5000,
    "longer": "x" * 20_000, "wide": "\U0001f600é", "jwt": "eyJhbGciOiJub25lIn0.e30.",
    "fake jwt": "ey.ey.ey", "percent": "%zz%00", "quotes": "\"'\\<>", "lines": "a\r\nSet-Cookie: x=y", "blank": " ",
    "sql": "' OR 1=1 --", "format": "{0} {client} %s %(sent)s", "list": "[]", "dots": "../../..",
}  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
def test_nonsense_anywhere_is_an_error_of_the_client(project, junk):
    who = flows.client(project, token_method="any")
    whole = {"client_id": who.id, "client_secret": who.secret}
    for grant, name in itertools.product(("authorization_code", "refresh_token", "client_credentials"), NAMES):
        sent = {**whole, "grant_type": grant, "code": "x", "refresh_token": "x", name: JUNK[junk]}
        reply = flows.post(project, "/oauth/token", sent)
        assert reply.status in (400, 401, 429), (grant, name, reply)
        answer = json.loads(reply.body)
        assert answer["error"] and answer["error_description"].isascii() and "\\" not in answer["error_description"]
    for name in ("token", "token_type_hint", "client_id", "client_secret"):
        reply = flows.post(project, "/oauth/revoke", {**whole, "token": "x", name: JUNK[junk]})
        assert reply.status in (200, 400, 401, 429), (name, reply)


@pytest.mark.parametrize("junk", JUNK)
def test_nonsense_at_the_authorize_endpoint_is_explained(project, junk):
    who = flows.client(project)
    for name in (
        "client_id", "redirect_uri", "response_type", "scope", "code_challenge", "code_challenge_method", "resource",
        "response_mode", "prompt", "max_age",
    ):  # fmt: skip
        found = flows.asked(project, who, **{name: JUNK[junk]})
        if hasattr(found, "error"):
            assert found.description.isascii() and '"' not in found.description


@pytest.mark.parametrize("body", [b"\xff\xfe", b"%", b"&&&=&", b"a" * 70_000, b"a=b&" * 300, b"grant_type"])
def test_forms_that_are_none_are_refused(project, body):
    assert flows.post(project, "/oauth/token", body).status == 400


def test_a_device_flow_is_not_offered_anywhere(project):
    who = flows.client(project)
    for path in ("/oauth/device-authorization", "/oauth/device", "/oauth/device_authorization"):
        assert flows.post(project, path, {"client_id": who.id}).status == 404
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    for sent in ({"device_code": "x"}, {}, {"device_code": ""}):
        assert flows.token(project, who, grant_type=grant, **sent)[1]["error"] == "unsupported_grant_type"
