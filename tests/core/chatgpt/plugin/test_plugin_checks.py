"""Each rule of 2023 over a manifest: a good one passes, and each fault is found at its place with its level."""

import json

import pytest

from actionstudio.core.chatgpt.plugin import checks, flaw, reading
from actionstudio.core.problem import Refused
from actionstudio.core.specs.manifest import NO_CONTACT

URL = "https://todo.example.com/.well-known/ai-plugin.json"
GOOD = {
    "schema_version": "v1",
    "name_for_human": "To-do list",
    "name_for_model": "todo",
    "description_for_human": "Keeps what you have to do.",
    "description_for_model": "Plugin for managing a to-do list.",
    "auth": {"type": "none"},
    "api": {"type": "openapi", "url": "https://todo.example.com/openapi.yaml"},
    "logo_url": "https://todo.example.com/logo.png",
    "contact_email": "ann@example.com",
    "legal_info_url": "https://example.com/legal",
}
OAUTH = {
    "type": "oauth",
    "client_url": "https://todo.example.com/authorize",
    "scope": "read",
    "authorization_url": "https://todo.example.com/token",
    "authorization_content_type": "application/json",
    "verification_tokens": {"openai": "0" * 32},
}


def api(url):
    return {"api": {"type": "openapi", "url": url}}


def auth(**fields):
    return {"auth": fields}


def found(changes, root="todo.example.com"):
    manifest = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return [(one.rule, one.level, one.pointer) for one in checks.check(reading.Manifest(manifest, URL), root)]


FAULTS = [
    ({"schema_version": "v2"}, "PL-01", "fatal", "/schema_version"),
    ({"schema_version": None}, "PL-01", "fatal", "/schema_version"),
    ({"name_for_human": "n" * 51}, "PL-02", "fatal", "/name_for_human"),
    ({"name_for_human": "n" * 21}, "PL-02", "publish", "/name_for_human"),
    ({"name_for_human": " "}, "PL-02", "fatal", "/name_for_human"),
    ({"name_for_model": "my list"}, "PL-03", "fatal", "/name_for_model"),
    ({"name_for_model": "n" * 51}, "PL-03", "fatal", "/name_for_model"),
    ({"name_for_model": 7}, "PL-03", "fatal", "/name_for_model"),
    ({"description_for_human": "d" * 121}, "PL-04", "fatal", "/description_for_human"),
    ({"description_for_human": "d" * 101}, "PL-04", "publish", "/description_for_human"),
    ({"description_for_model": "d" * 8001}, "PL-05", "fatal", "/description_for_model"),
    ({"description_for_model": None}, "PL-05", "fatal", "/description_for_model"),
    ({"auth": None}, "PL-06", "fatal", "/auth/type"),
    (auth(type="api_key"), "PL-06", "fatal", "/auth/type"),
    (auth(type="user_http"), "PL-06", "fatal", "/auth/authorization_type"),
    (auth(type="service_http", authorization_type="custom"), "PL-06", "fatal", "/auth/authorization_type"),
    (auth(**OAUTH | {"client_url": "/authorize"}), "PL-06", "fatal", "/auth/client_url"),
    (auth(**OAUTH | {"authorization_url": None}), "PL-06", "fatal", "/auth/authorization_url"),
    (auth(**OAUTH | {"client_url": "http://todo.example.com/a"}), "PL-11", "fatal", "/auth/client_url"),
    (
        auth(**OAUTH | {"authorization_content_type": "text/plain"}),
        "PL-06", "degrades", "/auth/authorization_content_type",
    ),
    (auth(**OAUTH | {"scope": ["read"]}), "PL-06", "degrades", "/auth/scope"),
    (
        auth(**OAUTH | {"verification_tokens": {"openai": "abc"}}),
        "PL-14", "degrades", "/auth/verification_tokens/openai",
    ),
    ({"api": None}, "PL-07", "fatal", "/api/type"),
    ({"api": {"type": "graphql", "url": "https://todo.example.com/o"}}, "PL-07", "fatal", "/api/type"),
    (api("/openapi.yaml"), "PL-07", "fatal", "/api/url"),
    (api("https://example.com/openapi.yaml"), "PL-07", "fatal", "/api/url"),
    (api("https://nottodo.example.com/openapi.yaml"), "PL-07", "fatal", "/api/url"),
    (api("http://todo.example.com/openapi.yaml"), "PL-11", "fatal", "/api/url"),
    ({"logo_url": ""}, "PL-08", "fatal", "/logo_url"),
    ({"contact_email": "nobody"}, "PL-08", "fatal", "/contact_email"),
    ({"contact_email": "ann@gmail.com"}, "PL-12", "publish", "/contact_email"),
    ({"contact_email": NO_CONTACT}, "PL-12", "publish", "/contact_email"),
    ({"legal_info_url": "hello@legal.com"}, "PL-08", "fatal", "/legal_info_url"),
    ({"legal_info_url": "https://legal.com/todo"}, "PL-12", "publish", "/legal_info_url"),
]  # fmt: skip


def test_a_good_manifest_has_no_flaw():
    assert found({}) == []
    assert found({"auth": OAUTH}) == []
    assert found(api("https://api.todo.example.com/openapi.yaml")) == []
    assert found(auth(type="user_http", authorization_type="bearer")) == []


@pytest.mark.parametrize(("changes", "rule", "level", "pointer"), FAULTS)
def test_each_fault_is_found_at_its_place(changes, rule, level, pointer):
    assert (rule, level, pointer) in found(changes)


def test_exactly_the_limit_is_allowed():
    longest = {"name_for_model": "n" * 50, "description_for_model": "d" * 8000}
    assert found(longest | {"name_for_human": "n" * 20, "description_for_human": "d" * 100}) == []


def test_the_worst_comes_first_and_each_says_the_cure():
    flaws = checks.check(reading.Manifest({}, URL), "todo.example.com")
    assert [flaw.LEVELS.index(one.level) for one in flaws] == sorted(flaw.LEVELS.index(one.level) for one in flaws)
    assert {one.rule for one in flaws} >= {"PL-01", "PL-02", "PL-03", "PL-04", "PL-05", "PL-06", "PL-07", "PL-08"}
    assert all(one.problem.message.endswith(".") and one.problem.code == one.rule for one in flaws)


def test_on_localhost_no_domains_are_compared_and_http_is_good():
    local = api("http://localhost:3333/openapi.yaml") | {"logo_url": "http://localhost:3333/logo.png"}
    assert found(local, "localhost") == []


@pytest.mark.parametrize("value", [[], 1, "x", None, {"a": 1}, [{}], True])
def test_any_value_anywhere_is_judged_without_a_crash(value):
    for name in GOOD:
        found({name: value})
        for kind in reading.AUTHS:
            found({"auth": {"type": kind, **dict.fromkeys(OAUTH.keys() - {"type"}, value)}})
    found({"api": {"type": value, "url": value}})


TOKEN = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ({"openai": TOKEN}, ""), ({}, "no verification token"), ({"openai": "f" * 32}, "another"),
        ({"openai": "x"}, "32 hexadecimal"), (None, "no verification token"), ({"other": TOKEN}, "no verification"),
    ],
)  # fmt: skip
def test_a_token_is_verified_by_looking_for_it_in_the_manifest(tokens, said):
    manifest = reading.Manifest({"auth": {"type": "service_http", "verification_tokens": tokens}}, URL)
    flaw = checks.unverified(manifest, TOKEN)
    assert (flaw is None) == (said == "")
    assert flaw is None or (said in flaw.message and flaw.rule == "PL-14")


def test_a_manifest_is_json_and_an_object():
    assert reading.read(json.dumps(GOOD).encode(), URL).kind == "none"
    assert reading.read(b"\xef\xbb\xbf{}", URL).raw == {}
    for body in (b"", b"[1]", b'{"a": 1,}', b"schema_version: v1", b"<!doctype html>", b"\xff\xfe", b"[" * 5000):
        with pytest.raises(Refused):
            reading.read(body, URL)
