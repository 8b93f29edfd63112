"""An endpoint and its neighbours become stateful in one step, after a look at what becomes of each."""

import re

import pytest

from actionstudio.apps.design import load
from actionstudio.core.behaviour import Examples, Fault, Stateful
from actionstudio.core.contract import Body, Example, Media, Parameter, Response
from tests import make

pytestmark = pytest.mark.django_db
URL = "/projects/items/endpoints/listPets/mock/collection/"
PET = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "tag": {"type": "string"}}}
JSON = "application/json"
ID = Parameter("petId", "path", required=True, schema={"type": "integer"})


def said(status: str, schema, *examples) -> tuple[Response, ...]:
    return (Response(status, "OK", content=(Media(JSON, schema, tuple(Example("", one) for one in examples)),)),)


PETS = make.contract(
    make.operation(
        "GET",
        "/pets",
        operation_id="listPets",
        responses=said("200", {"type": "array", "items": PET}, [{"id": 1, "tag": "dog"}]),
    ),
    make.operation(
        "POST",
        "/pets",
        operation_id="addPet",
        body=Body(content=(Media(JSON, PET),)),
        responses=said("201", PET),
    ),
    make.operation("GET", "/pets/{petId}", operation_id="getPet", parameters=(ID,), responses=said("200", PET)),
    make.operation("GET", "/health", operation_id="getHealth"),
)


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project("items", ann, PETS)


def behaviours(project):
    return {op.operation_id: op.behaviour for op in load.contract(project).operations}


def form(html: str) -> dict:
    """What a browser would post."""
    fields = {"op": re.findall(r'name="op" value="([^"]*)"', html)}
    fields["with"] = [v for v, rest in re.findall(r'name="with" value="([^"]*)"([^>]*)>', html) if "checked" in rest]
    fields["name"] = re.search(r'name="name" value="([^"]*)"', html)[1]
    for name in ("id_field", "partition", "made"):
        options = re.search(rf'name="{name}".*?</select>', html, re.S)[0]
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return fields


def test_the_page_says_what_each_endpoint_will_do_and_changes_nothing(project, client):
    html = client.get(URL).content.decode()
    assert [op in html for op in ("GET /pets", "POST /pets", "GET /pets/{petId}", "GET /health")] == [True] * 3 + [
        False
    ]
    assert "lists the rows" in html
    assert "It begins with 1 row" in html
    assert set(behaviours(project).values()) == {Examples()}
    assert project.revisions.count() == 1


def test_one_press_binds_them_as_one_revision(project, client):
    answer = client.post(URL, {**form(client.get(URL).content.decode()), "_op": "bind"})
    assert answer["Location"].endswith("/listPets/mock/")
    found = behaviours(project)
    assert [found["listPets"].action, found["addPet"].action, found["getPet"].action] == ["list", "create", "read"]
    assert found["getHealth"] == Examples()
    assert project.revisions.first().number == 2
    [collection] = load.contract(project).collections
    assert (collection.name, collection.id_field) == ("pets", "id")
    assert collection.seeds[0].rows == ({"id": 1, "tag": "dog"},)


def test_name_id_and_endpoints_can_be_chosen(project, client):
    chosen = form(client.get(URL).content.decode()) | {"name": "animals", "id_field": "tag"}
    chosen["with"] = [one for one in chosen["with"] if one != "POST /pets"]
    html = client.post(URL, chosen).content.decode()
    assert form(html) == chosen
    client.post(URL, {**chosen, "_op": "bind"})
    assert behaviours(project)["addPet"] == Examples()
    assert behaviours(project)["listPets"] == Stateful("animals", "list")
    assert load.contract(project).collections[0].id_field == "tag"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "my pets"}, "A name has letters"),
        ({"id_field": "colour"}, "Choose one of the fields of a row."),
        ({"partition": "moon"}, "Choose one of these."),
        ({"with": []}, "Leave at least one endpoint ticked"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(project, client, change, says):
    chosen = form(client.get(URL).content.decode()) | change
    answer = client.post(URL, {**chosen, "_op": "bind"})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert project.revisions.count() == 1
    if "name" in change:
        assert 'value="my pets"' in answer.content.decode()


def test_an_endpoint_that_answers_otherwise_is_named_before_it_is_replaced(project, client):
    row = project.operations.get(operation_id="addPet")
    row.behaviour = {"kind": "fault", "what": "html"}
    row.save()
    assert load.operation(row).behaviour == Fault("html")
    assert "Answers otherwise now (Misbehaves: an html error page)" in client.get(URL).content.decode()


def test_where_nothing_keeps_rows_the_page_says_so(client, ann):
    client.force_login(ann)
    quiet = make.operation("OPTIONS", "/x", operation_id="listPets", responses=(Response("204"),))
    make.project("items", ann, make.contract(quiet))
    assert "Nothing at /x shows or changes rows that could be kept." in client.get(URL).content.decode()


def test_a_stranger_finds_nothing(project, client, eve):
    client.force_login(eve)
    assert client.get(URL).status_code == 404
    assert client.post(URL, {"_op": "bind"}).status_code == 404
    assert project.revisions.count() == 1
