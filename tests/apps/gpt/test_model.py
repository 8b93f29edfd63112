"""What the model sees: the namespace, its sizes, what is lost."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.gpt import seeing
from actionstudio.core.contract import Body, Manifest, Media, Parameter
from actionstudio.core.importer.profile import enabled
from actionstudio.core.specs import typescript
from tests import make

pytestmark = pytest.mark.django_db
HOST = "items.live.localhost"


@pytest.fixture
def project(client):
    made = make.project()
    client.force_login(made.owner)
    return made


def page(client, project, **query):
    return client.get(reverse("gpt:model", args=[project.slug]), query).text


def shown(text: str) -> str:
    """The namespace as the browser shows it."""
    inside = re.search(r'<pre class="sig mb" id="namespace"[^>]*>(.*?)</pre>', text, re.DOTALL)[1]
    return html.unescape(re.sub(r"<[^>]+>", "", inside))


def test_eve_sees_nothing(client, eve, project):
    client.force_login(eve)
    assert client.get(reverse("gpt:model", args=[project.slug])).status_code == 404


@pytest.mark.parametrize("layout", typescript.LAYOUTS)
def test_the_page_shows_the_namespace_to_the_letter(client, layout):
    body = Body(content=(Media("application/json", {"type": "object", "properties": {"<b>": {"enum": ["&", "<"]}}}),))
    op = make.operation("POST", "/items", operation_id="add", description="Adds <i>one</i> // item", body=body)
    contract = make.contract(op, make.operation(), manifest=Manifest("", "mine", "", "Plugin for <b>items</b>."))
    project = make.project(value=contract)
    client.force_login(project.owner)
    assert shown(page(client, project, layout=layout)) == typescript.namespace(contract, HOST, layout)


def test_it_says_where_this_knowledge_comes_from(client, project):
    assert "Reconstructed from 2024 prompts" in page(client, project)
    assert "our conclusion" in page(client, project, layout="plugin")


def test_an_unknown_layout_is_the_usual_one(client, project):
    assert shown(page(client, project, layout="x")) == shown(page(client, project))


def test_sizes_are_estimates_that_the_browser_replaces(client, project):
    text = page(client, project)
    whole = typescript.namespace(make.contract(), HOST)
    assert f"≈ {typescript.tokens(whole)}</span>" in text
    assert 'data-tokens="/static/vendor/o200k_base' in text
    assert 'data-tokens-of="#fn-getItems"' in text
    assert "Tokens are an estimate" in text


def test_the_largest_operation_is_marked(client):
    many = [Parameter(f"p{n}", "query", description="A longer text", schema={}) for n in range(5)]
    large = make.operation("GET", "/large", operation_id="large", parameters=tuple(many))
    project = make.project(value=make.contract(make.operation(), large))
    client.force_login(project.owner)
    marks = re.findall(r'data-largest-of="#fn-(\w+)"( hidden)?', page(client, project))
    assert marks == [("getItems", " hidden"), ("large", "")]


def test_a_hidden_endpoint_is_lost_and_not_shown(client):
    project = make.project(value=make.contract(make.operation(), make.operation("GET", "/b", exposed=False)))
    client.force_login(project.owner)
    text = page(client, project)
    assert "getB" not in shown(text)
    assert "Hidden operations" in text


def test_losses_lead_to_where_they_are(client):
    op = make.operation(parameters=(Parameter("X-Trace", "header", schema={"type": "string", "format": "uuid"}),))
    project = make.project(value=make.contract(op))
    client.force_login(project.owner)
    text = page(client, project)
    assert "Header and cookie parameters" in text
    assert "Formats" in text
    assert f'href="{reverse("design:endpoint", args=["items", "getItems"])}"' in text


def test_nothing_to_see_says_what_to_do(client):
    project = make.project(value=make.contract(make.operation(exposed=False)))
    client.force_login(project.owner)
    text = page(client, project)
    assert "The model sees nothing yet" in text
    assert reverse("design:endpoint-new", args=["items"]) in text


def test_a_text_too_long_to_show_is_not_counted_wrongly(client, monkeypatch):
    monkeypatch.setattr(seeing, "LONGEST", 10)
    project = make.project()
    client.force_login(project.owner)
    text = page(client, project)
    assert "data-tokens=" not in text
    assert "≈" in text


def test_more_operations_than_the_page_shows_are_counted(client, monkeypatch):
    monkeypatch.setattr(seeing, "OPERATIONS", 1)
    project = make.project(value=make.contract(make.operation(), make.operation("GET", "/b")))
    client.force_login(project.owner)
    text = page(client, project)
    assert "and 1 more operation, not shown here" in text
    assert "getB" not in shown(text)


def test_the_page_costs_the_same_queries_for_one_and_many(client, project):
    page(client, project)
    with CaptureQueriesContext(connection) as few:
        page(client, project)
    many = make.project("many", value=make.contract(*(make.operation("GET", f"/i{n}") for n in range(40))))
    page(client, many)
    with CaptureQueriesContext(connection) as more:
        page(client, many)
    assert len(more) == len(few) <= 17


def test_it_is_linked_from_where_one_looks(client, project):
    there = reverse("gpt:model", args=[project.slug])
    endpoint = client.get(reverse("design:endpoint", args=[project.slug, "getItems"])).text
    assert f"{there}#fn-getItems" in endpoint
    for name in ("library:overview", "design:document"):
        assert re.search(f'<a class="(btn|link)[^"]*" href="{there}"', client.get(reverse(name, args=["items"])).text)


def test_the_names_that_repairs_give_are_the_ones_shown(client):
    parameters = (Parameter("X-Trace", "header", schema={"type": "string"}),)
    op = make.operation("POST", "/a", operation_id="a", parameters=parameters)
    before = make.contract(op)
    after = enabled(before, ["header-parameters"])
    project = make.project(value=after)
    client.force_login(project.owner)
    text = page(client, project)
    assert '"X-Trace"?: string' in shown(text)
    assert "Header and cookie parameters" not in text
    assert '"X-Trace"?: ' in html.unescape(re.sub("<[^>]+>", "", client.get("/projects/items/endpoints/a/").text))
