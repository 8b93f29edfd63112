"""The overview: live, ready, where; and files out."""

import dataclasses
import io
import json
import re
import zipfile

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.library import firstcall
from actionstudio.core.auth import ApiKey, ServiceHttp
from actionstudio.core.contract import Body, Media, Parameter
from tests import make

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


@pytest.mark.parametrize(
    ("value", "command"),
    [
        (make.contract(), "curl http://a.example/items"),
        (make.contract(auth=ApiKey()), "curl http://a.example/items -H 'Authorization: Bearer YOUR_KEY'"),
        (make.contract(auth=ApiKey("basic")), "curl http://a.example/items -H 'Authorization: Basic YOUR_KEY'"),
        (make.contract(auth=ApiKey("header")), "curl http://a.example/items -H 'X-Api-Key: YOUR_KEY'"),
        (make.contract(auth=ServiceHttp()), "curl http://a.example/items -H 'Authorization: Bearer YOUR_KEY'"),
        (make.contract(make.operation(security=()), auth=ApiKey()), "curl http://a.example/items"),
        (make.contract(make.operation(parameters=(CITY,))), "curl 'http://a.example/items?city=Oslo'"),
        (make.contract(make.operation(path="/items/{id}", parameters=(ITEM,))), "curl http://a.example/items/7"),
    ],
)
def test_the_first_call_is_ready_to_paste(value, command):
    assert firstcall.curl(value, BASE) == command


def test_a_first_call_with_a_body_carries_one_that_fits():
    schema = {"type": "object", "properties": {"name": {"type": "string", "const": "it's"}}, "required": ["name"]}
    op = make.operation("POST", body=Body(content=(Media("application/json", schema),)))
    command = firstcall.curl(make.contract(op), BASE)
    assert command.startswith("curl -X POST http://a.example/items")
    assert """'{"name": "it'"'"'s"}'""" in command


def test_without_operations_the_document_is_fetched():
    assert firstcall.curl(make.contract().__class__(), BASE) == "curl http://a.example/openapi.yaml"
