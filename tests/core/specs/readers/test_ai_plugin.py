"""A plugin manifest gives the texts, and names the document that gives the operations."""

import contextlib
import dataclasses

import pytest
from hypothesis import given, settings

from actionstudio.core.auth import ApiKey, NoAuth, OAuth, Scope, ServiceHttp, UserHttp
from actionstudio.core.problem import Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import manifest
from actionstudio.core.specs.readers import Wanted, openapi
from actionstudio.core.specs.readers import auth as declared
from tests.core.specs.readers import kit

TODO = {
    "schema_version": "v1",
    "name_for_human": "TODO Plugin",
    "name_for_model": "todo",
    "description_for_human": "Manage your TODO list.",
    "description_for_model": "Plugin for managing a TODO list.",
    "auth": {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {"openai": "a" * 32}},
    "api": {"type": "openapi", "url": "https://todo.example/openapi.yaml", "is_user_authenticated": False},
    "logo_url": "https://todo.example/logo.png",
    "contact_email": "ann@todo.example",
    "legal_info_url": "https://todo.example/legal",
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Todo", "version": "1"},
    "paths": {"/todos": {"get": {"operationId": "list", "responses": {"200": {"description": "OK"}}}}},
}


def whole(source=TODO, document=DOCUMENT, origin=""):
    wanted = kit.read(source, "ai-plugin", origin)
    return wanted.then(openapi.read(document))


def test_the_document_is_named_and_waited_for():
    wanted = kit.read(TODO)
    assert isinstance(wanted, Wanted)
    assert wanted.url == "https://todo.example/openapi.yaml"


def test_the_texts_of_the_manifest_are_kept():
    report = whole()
    contract = report.contract
    assert report.format == "ai-plugin.json, OpenAPI 3.1.0"
    assert contract.manifest.name_for_model == "todo"
    assert contract.contact_email == "ann@todo.example"
    assert "https://todo.example/legal" in contract.legal
    assert contract.auth == ServiceHttp("bearer", {"openai": "a" * 32})
    assert [op.operation_id for op in contract.operations] == ["list"]
    kit.written(report)


def test_a_manifest_of_ours_comes_back_the_same():
    rendered = manifest.render(whole().contract, base_url="https://todo.example")
    again = whole(rendered).contract
    assert manifest.render(again, base_url="https://todo.example") == rendered


def test_a_relative_address_needs_the_manifests_own():
    relative = {**TODO, "api": {"type": "openapi", "url": "/openapi.yaml"}}
    found = kit.read(relative, "ai-plugin", "https://todo.example/.well-known/ai-plugin.json")
    assert found.url == "https://todo.example/openapi.yaml"
    with pytest.raises(Refused, match="Paste the link to the manifest"):
        kit.read(relative, "ai-plugin")


@pytest.mark.parametrize("api", [None, {}, {"url": ""}, {"url": 5}, {"url": "ftp://a.example/x"}, {"url": "http://["}])
def test_a_manifest_without_a_document_is_refused(api):
    with pytest.raises(Refused) as caught:
        kit.read({**TODO, "api": api}, "ai-plugin")
    assert caught.value.problems[0].pointer == "/api/url"


def test_what_the_document_asks_for_counts_when_the_manifest_asks_for_nothing():
    secured = {
        **DOCUMENT,
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    }
    assert whole({**TODO, "auth": {"type": "none"}}).contract.auth == NoAuth()
    assert whole({**TODO, "auth": {"type": "none"}}, secured).contract.auth == ApiKey("header", "X-Key", "key")


OAUTH = {
    "type": "oauth",
    "client_url": "https://login.example/authorize",
    "scope": "search:read search:write",
    "authorization_url": "https://login.example/token",
    "authorization_content_type": "application/json",
    "verification_tokens": {"openai": "b" * 32},
}


def test_oauth_of_a_manifest_is_kept_with_everything_it_says():
    report = whole({**TODO, "auth": OAUTH})
    assert report.contract.auth == OAuth(
        (Scope("search:read"), Scope("search:write")),
        "https://login.example/authorize",
        "https://login.example/token",
        content_type="application/json",
        verification_tokens={"openai": "b" * 32},
    )
    assert "/auth" in kit.at(report, "auth")  # one choice lets people sign in here instead
    kit.written(report)


@pytest.mark.parametrize("url", ["", None, 5, "e.g. https://<your domain>/authorize", "https://[", "/authorize"])
@pytest.mark.parametrize("field", ["client_url", "authorization_url"])
def test_addresses_that_are_none_give_way_to_the_projects_own(field, url):
    report = whole({**TODO, "auth": {**OAUTH, field: url}})
    assert report.contract.auth.ours
    assert [scope.name for scope in report.contract.auth.scopes] == ["search:read", "search:write"]
    assert "/auth" in kit.at(report, "auth")


def test_a_manifest_of_ours_with_oauth_comes_back_the_same():
    auth = OAuth((Scope("read"),), content_type="application/json", verification_tokens={"openai": "b" * 32})
    base = "https://todo.example/live/todo"
    rendered = manifest.render(dataclasses.replace(whole().contract, auth=auth), base_url=base)
    again = declared.settled(whole(rendered).contract, lambda url: url == base)
    assert again.auth == auth
    assert manifest.render(again, base_url=base) == rendered
    assert not declared.settled(whole(rendered).contract, lambda url: False).auth.ours


def test_the_documents_sentences_and_what_its_operations_ask_for_stay():
    flow = {
        "authorizationUrl": "https://x.example/a",
        "tokenUrl": "https://x.example/t",
        "scopes": {"search:read": "Search"},
    }
    secured = {
        **DOCUMENT,
        "security": [{"shop": ["search:read"]}],
        "components": {"securitySchemes": {"shop": {"type": "oauth2", "flows": {"authorizationCode": flow}}}},
    }
    contract = whole({**TODO, "auth": OAUTH}, secured).contract
    assert contract.auth.scopes == (Scope("search:read", "Search"), Scope("search:write"))
    assert list(Resolver(contract).security(contract.operations[0])) == [{"shop": ["search:read"]}]


def test_each_persons_key_is_kept():
    report = whole({**TODO, "auth": {"type": "user_http", "authorization_type": "basic"}})
    assert report.contract.auth == UserHttp("basic")
    assert "/auth" in kit.at(report, "auth")  # keys are still to be issued
    kit.written(report)


def test_texts_that_are_too_long_are_cut_and_told():
    report = whole({**TODO, "name_for_human": "x" * 60, "name_for_model": "to do!", "contact_email": "nobody"})
    assert len(report.contract.manifest.name_for_human) == 50
    assert report.contract.manifest.name_for_model == "to_do"
    assert {"long", "renamed", "contact", "logo"} <= set(kit.codes(report))


@settings(max_examples=100, deadline=None)
@given(kit.bent(TODO))
def test_no_manifest_however_bent_makes_it_fail(source):
    kit.survives("ai-plugin", source)
    with contextlib.suppress(Refused):
        whole(source)
