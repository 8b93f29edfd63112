"""OAuth and a key for each person in documents: written for the address at which they are asked for, and read again."""

import dataclasses

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from actionstudio.core import codec
from actionstudio.core.auth import Declared, OAuth, Scope, UserHttp
from actionstudio.core.contract import Operation
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers import auth as reading
from actionstudio.core.specs.readers.openapi import read
from tests import make

BASE = "https://studio.example/live/todo"
SCOPES = (Scope("todos:read", "Read your todos"), Scope("todos:write", "Change your todos", changes=True))
READS, WRITES = ({"oauth": ["todos:read"]},), ({"oauth": ["todos:read", "todos:write"]},)


def todo(auth=None, *more):
    operations = (
        make.operation("GET", "/todos", security=READS),
        make.operation("POST", "/todos", security=WRITES),
        make.operation("GET", "/health", security=()),
        make.operation("GET", "/me"),
    )
    return make.contract(*operations, *more, auth=auth or OAuth(SCOPES))


def flow(document, name="oauth"):
    return document["components"]["securitySchemes"][name]["flows"]["authorizationCode"]


@pytest.mark.parametrize("profile", openapi.PROFILES)
def test_the_addresses_are_those_under_which_the_document_is_asked_for(profile):
    document = openapi.render(todo(), profile=profile, servers=[BASE, "https://todo.live.example"])
    OpenAPIV31SpecValidator(document).validate()
    assert flow(document) == {
        "authorizationUrl": f"{BASE}/oauth/authorize",
        "tokenUrl": f"{BASE}/oauth/token",
        "scopes": {"todos:read": "Read your todos", "todos:write": "Change your todos"},
    }


@pytest.mark.parametrize("profile", openapi.PROFILES)
def test_each_operation_says_what_it_asks_for(profile):
    document = openapi.render(todo(), profile=profile, servers=[BASE])
    asked = {path: {verb: op.get("security", document.get("security")) for verb, op in item.items()}
             for path, item in document["paths"].items()}  # fmt: skip
    assert asked == {
        "/todos": {"get": list(READS), "post": list(WRITES)},
        "/health": {"get": []},
        "/me": {"get": [{"oauth": []}]},
    }


def test_a_provider_of_ones_own_keeps_its_addresses():
    own = OAuth(SCOPES, "https://login.example.com/a", "https://login.example.com/t")
    written = flow(openapi.render(todo(own), profile="gpt", servers=[BASE]))
    assert (written["authorizationUrl"], written["tokenUrl"]) == (own.authorization_url, own.token_url)


@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_a_key_for_each_person_is_an_http_scheme(kind):
    document = openapi.render(todo(UserHttp(kind)), profile="gpt", servers=[BASE])
    OpenAPIV31SpecValidator(document).validate()
    assert document["components"]["securitySchemes"] == {"userToken": {"type": "http", "scheme": kind}}
    assert document["paths"]["/todos"]["get"]["security"] == [{"userToken": []}]


@pytest.mark.parametrize("servers", [(), (BASE,), ("https://todo.live.example",)])
@pytest.mark.parametrize("profile", openapi.PROFILES)
def test_our_own_document_gives_the_same_oauth_back(profile, servers):
    written = read(openapi.render(todo(), profile=profile, servers=servers)).contract
    found = reading.settled(written, lambda base: base in servers)
    plain = tuple(dataclasses.replace(scope, changes=False) for scope in SCOPES)  # no document says what changes
    assert found.auth == OAuth(plain)
    before, after = Resolver(todo()), Resolver(found)
    assert [list(after.security(op)) for op in found.operations] == [
        list(before.security(op)) for op in todo().operations
    ]


def test_what_is_read_is_written_again_as_it_was():
    document = openapi.render(todo(), servers=[BASE])
    assert openapi.render(read(document).contract, servers=[BASE]) == document
    assert openapi.render(reading.settled(read(document).contract, lambda base: True), servers=[BASE]) == document


def test_another_servers_oauth_of_the_same_form_is_not_ours():
    found = read(openapi.render(todo(), servers=["https://api.example.com"])).contract
    assert found.auth == Declared()
    assert reading.settled(found, lambda base: base == BASE) is found


def test_scopes_of_the_whole_document_are_said_at_each_operation_once_it_is_ours():
    document = openapi.render(make.contract(auth=OAuth(SCOPES)), servers=[BASE])
    document["security"] = [{"oauth": ["todos:read"]}]
    found = reading.settled(read(document).contract, lambda base: base == BASE)
    assert list(Resolver(found).security(found.operations[0])) == [{"oauth": ["todos:read"]}]


def test_another_servers_oauth_stays_as_it_is_declared_and_is_offered():
    own = OAuth(SCOPES, "https://login.example.com/a", "https://login.example.com/t", scheme_name="shop")
    found = read(openapi.render(todo(own), servers=[BASE])).contract
    assert found.auth == Declared()
    offered = reading.offered(found)
    assert (offered.scheme_name, offered.authorization_url, offered.token_url) == (
        "shop", "https://login.example.com/a", "https://login.example.com/t",
    )  # fmt: skip
    assert [scope.name for scope in offered.scopes] == ["todos:read", "todos:write"]


@pytest.mark.parametrize(
    "flows",
    [
        {},
        {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
        {"authorizationCode": "x"},
        {"authorizationCode": {"authorizationUrl": 3, "tokenUrl": None, "scopes": ["a"]}},
        {"authorizationCode": {"authorizationUrl": "/oauth/authorize", "tokenUrl": "/token", "scopes": {}}},
    ],
)
def test_what_is_not_ours_is_not_taken_for_it(flows):
    document = openapi.render(todo(), servers=[BASE])
    document["components"]["securitySchemes"]["oauth"]["flows"] = flows
    found = reading.settled(read(document).contract, lambda base: True)
    assert found.auth == Declared()


def test_a_revision_keeps_oauth_with_everything():
    auth = OAuth(
        SCOPES, "https://a.example/a", "https://a.example/t", "basic_auth_header", "application/json", {"x": "y"}
    )
    contract = make.contract(Operation("GET", "/a"), auth=auth)
    assert codec.load(codec.dump(contract)).auth == auth
