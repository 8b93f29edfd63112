"""Function tools: the page says what strict mode takes and why not, and the files are what OpenAI's API takes."""

import json
import re
from html import unescape
from typing import get_args

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.library import tool_views
from actionstudio.core import arguments
from actionstudio.core.contract import Body, Media, Parameter
from actionstudio.core.importer.profile import enabled
from tests import make

pytestmark = pytest.mark.django_db


def bodied(schema, path="/items", name="add"):
    return make.operation(
        "POST", path, operation_id=name, body=Body(True, content=(Media("application/json", schema),))
    )


LOOSE = bodied({"type": "object", "properties": {"any": {"type": "object"}}}, name="add loose")
LIST = make.operation(parameters=(Parameter("q", schema={"type": "string"}),))


@pytest.fixture
def project(client):
    made = make.project(value=make.contract(LIST, LOOSE))
    client.force_login(made.owner)
    return made


def page(project, **query):
    return reverse("library:tools", args=[project.slug], query=query)


def file(client, project, **query):
    return client.get(reverse("library:export", args=[project.slug], query=query))


def test_a_strangers_project_is_not_there(client, eve, project):
    client.force_login(eve)
    assert client.get(page(project)).status_code == 404


def test_the_page_says_what_is_strict_ready_and_why_not(client, project):
    text = unescape(client.get(page(project)).text)
    assert "1 of 2 strict-ready" in text
    assert "any is an object with any fields." in text
    assert "called add loose in the document" in text
    assert re.search(r"<code[^>]*>add_loose</code>", text)
    assert "items.live.localhost" in text


def test_what_is_copied_is_the_tool(client, project):
    for query, strict in (({}, True), ({"strict": "0"}, False)):
        text = client.get(page(project, **query)).text
        copied = [json.loads(unescape(found)) for found in re.findall(r'data-copy="([^"]+)"', text) if "{" in found]
        assert [tool["function"]["strict"] for tool in copied] == [strict, False]
    responses = client.get(page(project, **{"as": "openai-responses-tools"})).text
    assert '"function": {' not in unescape(responses)


@pytest.mark.parametrize("query", [{"as": "nonsense"}, {"strict": "maybe"}, {"as": "bundle"}])
def test_nonsense_in_the_address_is_the_usual_page(client, project, query):
    assert "strict-ready" in client.get(page(project, **query)).text


def test_without_operations_it_says_so(client, ann):
    client.force_login(ann)
    empty = make.project("empty", value=make.contract(make.operation(exposed=False)))
    assert "no operation yet" in client.get(page(empty)).text


def test_the_files_are_what_the_api_of_openai_takes(client, project):
    chat = json.loads(file(client, project, **{"as": "openai-tools"}).content)
    assert [tool["function"]["strict"] for tool in chat] == [True, False]
    loose = json.loads(file(client, project, **{"as": "openai-tools", "strict": "0"}).content)
    assert [tool["function"]["strict"] for tool in loose] == [False, False]
    answer = file(client, project, **{"as": "openai-responses-tools"})
    assert [tool["name"] for tool in json.loads(answer.content)] == ["getItems", "add_loose"]
    assert answer["Content-Disposition"] == 'attachment; filename="items.openai-responses-tools.json"'
    found = json.loads(file(client, project, **{"as": "openai-tools-map"}).content)
    assert found["tools"][1]["operationId"] == "add loose"
    assert found["server"].startswith("http://items.")


@pytest.mark.parametrize("query", [{"as": "openai-tools", "strict": "x"}, {"as": "bundle", "strict": "1"}])
def test_a_strict_that_makes_no_sense_is_refused(client, project, query):
    assert file(client, project, **query).status_code == 404


def test_steps_back_to_the_document_are_told(client, project):
    value = make.contract(bodied({"type": "array", "items": {"type": "string"}}))
    editing.replace(project, enabled(value, None))
    text = unescape(client.get(page(project)).text)
    assert re.search("The body is the value of “[^”]+” alone.", text)


def test_every_kind_of_step_has_its_words():
    made = {
        arguments.Unwrap: arguments.Unwrap("items"),
        arguments.Move: arguments.Move("x", "header", "X"),
        arguments.Rename: arguments.Rename("query", "a_2", "a"),
        arguments.Parse: arguments.Parse(("a", "*")),
        arguments.Encode: arguments.Encode("text/plain"),
    }
    assert set(made) == set(get_args(arguments.Step.__value__))
    assert all(tool_views._said(step) for step in made.values())
    assert "cookie" in tool_views._said(arguments.Move("x", "cookie", "X"))


def test_the_number_of_queries_does_not_grow(client, project, django_assert_max_num_queries):
    many = make.contract(*(make.operation(path=f"/x{n}") for n in range(40)))
    editing.replace(project, many)
    with django_assert_max_num_queries(18):
        client.get(page(project))
