"""The overview: live, ready, where; and files out."""

import dataclasses
import io
import json
import re
import shlex
import zipfile

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.library import firstcall, starters, steps
from actionstudio.apps.publishing import secrets
from actionstudio.core.auth import ApiKey, Declared, ServiceHttp
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Media, Parameter
from actionstudio.core.importer.profile import enabled
from tests import make
from tests.runtime.house import front

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    made = make.project()
    client.force_login(made.owner)
    return made


def url(name, project, *args):
    return reverse(f"library:{name}", args=[project.slug, *args])


@pytest.mark.parametrize("name", ["overview", "export", "settings"])
def test_eve_sees_nothing(client, eve, project, name):
    client.force_login(eve)
    assert client.get(url(name, project)).status_code == 404


def test_it_says_what_is_live_and_where(client, project):
    text = client.get(url("overview", project)).text
    assert "Live v1" in text
    assert "items.live.localhost" in text
    assert "/live/items/openapi.json" in text or "openapi.json" in text


@pytest.mark.parametrize("page", ["library:overview", "design:document"])
def test_both_documents_are_there_to_copy_and_explained(client, project, page):
    text = client.get(reverse(page, args=["items"])).text
    for end in ("/openapi.json", "/openapi.json?profile=full"):
        assert re.search(rf'data-copy="http://items\.live\.localhost:\d+{re.escape(end)}"', text)
    assert "examples, header parameters and hidden endpoints are left out" in text


def test_the_first_steps_stay_until_they_are_sent_away(client, project):
    editing.replace(project, make.contract(make.operation(summary="x")))
    assert "First steps" in client.get(url("overview", project)).text
    client.post(url("steps-leave", project))
    assert "First steps" not in client.get(url("overview", project)).text


def test_the_first_steps_end_with_the_first_call_from_chatgpt(client, project):
    known = reverse("traffic:steps", args=["items"])
    make.exchange(project)
    assert client.get(known).context["steps"].now == "sign_in"
    make.exchange(project, source="gpt")
    assert client.get(known).content == b""
    assert "First steps" not in client.get(url("overview", project)).text


def test_eve_sees_and_ends_no_steps(client, eve, project):
    client.force_login(eve)
    assert client.get(reverse("traffic:steps", args=["items"])).status_code == 404
    assert client.post(url("steps-leave", project)).status_code == 404
    project.refresh_from_db()
    assert project.guided


@pytest.mark.parametrize(
    ("fields", "page"),
    [
        ({"privacy": ""}, "/projects/items/settings/privacy/"),
        ({"contact_email": ""}, "/projects/items/settings/general/"),
        ({"operations": (make.operation(operation_id="listItems", summary=""),)}, "/endpoints/listItems/"),
    ],
)
def test_what_is_to_be_mended_links_to_where(client, project, fields, page):
    editing.replace(project, dataclasses.replace(make.contract(contact_email="a@b.example", privacy="x"), **fields))
    items = client.get(url("overview", project)).context["readiness"].items
    assert any(item.url.endswith(page) for item in items if item.kind != "o")


def test_what_chatgpt_would_not_take_is_listed(client, project):
    editing.replace(project, make.contract(make.operation(operation_id="", summary="")))
    page = client.get(url("overview", project))
    assert page.context["readiness"].level in ("warn", "bad")
    assert page.context["readiness"].passed < page.context["readiness"].total


def test_an_empty_project_names_the_next_step(client):
    bare = make.project("bare", value=make.contract().__class__(title="Bare"))
    client.force_login(bare.owner)
    text = client.get(url("overview", bare)).text
    assert "Add an endpoint" in text and "/endpoints/new/" in text
    assert "The mock is live" not in text


@pytest.mark.parametrize(
    ("form", "starts"),
    [
        ("bundle", b"PK"),
        ("openapi-json", b"{"),
        ("openapi-yaml", b'openapi: "3.1.0"'),
        ("gpt-json", b"{"),
        ("gpt-yaml", b'openapi: "3.1.0"'),
        ("ai-plugin", b"{"),
    ],
)
def test_every_format_downloads(client, project, form, starts):
    answer = client.get(url("export", project), {"as": form})
    assert answer.content.startswith(starts)
    assert "attachment" in answer["Content-Disposition"]


def test_a_format_that_is_not_there_is_404(client, project):
    assert client.get(url("export", project), {"as": "exe"}).status_code == 404


def test_the_bundle_holds_the_contract(client, project):
    content = client.get(url("export", project)).content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert json.loads(file.read("project.json"))["contract"]["operations"][0]["path"] == "/items"


BASE = "http://a.example"
CITY = Parameter("city", "query", required=True, schema={"type": "string", "examples": ["Oslo"]})
ITEM = Parameter("id", "path", required=True, schema={"type": "integer", "examples": [7]})

IN_QUERY = {"type": "apiKey", "in": "query", "name": "api_key"}
BEARER = {"type": "http", "scheme": "bearer"}
DIGEST = {"type": "http", "scheme": "digest"}
CURL = "curl http://a.example/items"


def declared(*ways, **schemes):
    extra = {"components": {"securitySchemes": schemes}}
    return make.contract(auth=Declared(), security=ways, extra=extra)


@pytest.mark.parametrize(
    ("value", "command"),
    [
        (make.contract(), "curl http://a.example/items"),
        (make.contract(auth=ApiKey()), "curl http://a.example/items -H 'Authorization: Bearer YOUR_KEY'"),
        (make.contract(auth=ApiKey("basic")), "curl http://a.example/items -H 'Authorization: Basic YOUR_KEY'"),
        (make.contract(auth=ApiKey("header")), "curl http://a.example/items -H 'X-Api-Key: YOUR_KEY'"),
        (make.contract(auth=ServiceHttp()), "curl http://a.example/items -H 'Authorization: Bearer YOUR_KEY'"),
        (declared({"k": []}, k=IN_QUERY), "curl 'http://a.example/items?api_key=YOUR_KEY'"),
        (
            declared({"k": []}, k={**IN_QUERY, "in": "cookie"}),
            "curl http://a.example/items -H 'Cookie: api_key=YOUR_KEY'",
        ),
        (
            declared({"k": [], "b": []}, k={**IN_QUERY, "in": "header", "name": "X-K"}, b=BEARER),
            "curl http://a.example/items -H 'X-K: YOUR_KEY' -H 'Authorization: Bearer YOUR_KEY'",
        ),
        (declared({"k": [], "b": []}, {"b": []}, k=IN_QUERY, b=BEARER), f"{CURL} -H 'Authorization: Bearer YOUR_KEY'"),
        (declared({"b": []}, b={"type": "http", "scheme": "basic"}), f"{CURL} -H 'Authorization: Basic YOUR_KEY'"),
        (declared({"b": []}, b={"type": "oauth2", "flows": {}}), f"{CURL} -H 'Authorization: Bearer YOUR_KEY'"),
        (declared({"k": []}, {}, k=IN_QUERY), CURL),
        (declared({"m": []}, m={"type": "mutualTLS"}), CURL),
        (make.contract(make.operation(security=()), auth=ApiKey()), "curl http://a.example/items"),
        (make.contract(make.operation(parameters=(CITY,))), "curl 'http://a.example/items?city=Oslo'"),
        (make.contract(make.operation(path="/items/{id}", parameters=(ITEM,))), "curl http://a.example/items/7"),
    ],
)
def test_the_first_call_is_ready_to_paste(value, command):
    assert firstcall.curl(value, BASE) == command


@pytest.mark.parametrize(
    "value",
    [
        declared({"k": []}, k=IN_QUERY),
        declared({"k": []}, k={**IN_QUERY, "in": "cookie"}),
        declared({"k": [], "b": []}, k=IN_QUERY, b=BEARER),
        declared({"d": []}, d=DIGEST),
    ],
)
def test_the_first_call_is_let_in(value):
    word, url, *rest = shlex.split(firstcall.curl(value, ""))
    headers = dict(pair.split(": ", 1) for pair in rest if pair != "-H")
    call = Call("GET", *url.partition("?")[::2], tuple((name.lower(), text) for name, text in headers.items()))
    assert front(value).call_blocking("todo", call, source="client").record.auth == "ok"


@pytest.mark.parametrize(
    ("value", "settled"),
    [
        (make.contract(), False),
        (make.contract(auth=ApiKey()), True),
        (declared({"b": []}, b=BEARER), True),
        (declared(b=BEARER), False),
        (declared({"k": []}, k=IN_QUERY), False),
        (enabled(declared({"k": []}, k=IN_QUERY), None), True),
    ],
)
def test_a_document_settles_the_sign_in_where_chatgpt_can_follow_it(project, value, settled):
    assert steps.of(project, value).sign_in == settled


def test_a_first_call_with_a_body_carries_one_that_fits():
    schema = {"type": "object", "properties": {"name": {"type": "string", "const": "it's"}}, "required": ["name"]}
    op = make.operation("POST", body=Body(content=(Media("application/json", schema),)))
    command = firstcall.curl(make.contract(op), BASE)
    assert command.startswith("curl -X POST http://a.example/items")
    assert """'{"name": "it'"'"'s"}'""" in command


def test_without_operations_the_document_is_fetched():
    assert firstcall.curl(make.contract().__class__(), BASE) == "curl http://a.example/openapi.yaml"


def test_an_upstream_that_cannot_be_asked_yet_is_told_where_it_is_set(client, ann):
    project = make.project("gate", ann, starters.starter("gateway"))
    make.project("stats", ann, starters.starter("sport"))
    client.force_login(ann)
    shown = client.get("/projects/gate/").content.decode()
    assert "APISIX admin key" in shown
    assert "/projects/gate/upstreams/admin/" in shown
    secrets.keep(project, "APISIX admin key", "edd1c9f034335f136f87")
    assert "/projects/gate/upstreams/admin/" not in client.get("/projects/gate/").content.decode()
    assert "has no server yet" in client.get("/projects/stats/").content.decode()
