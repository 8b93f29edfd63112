"""How operations answer, through the API: whole values in, whole values out, and a schema that says the same."""

import pytest

from actionstudio.apps.api import answer_shapes, schema
from actionstudio.apps.design import load
from actionstudio.apps.projects.models import Project
from actionstudio.core import codec
from actionstudio.core.behaviour import Around, Collection, Latency, Limit, Stateful
from actionstudio.core.schemas.validate import compile_validator
from tests import make
from tests.apps.api.test_api import Api, errors
from tests.core.test_answering import RIGHT, WHOLE, WRONG

pytestmark = pytest.mark.django_db
OPERATION = "projects/items/operations/getPetsPetid/"
PETS = {"name": "pets", "id_field": "id"}


@pytest.fixture
def api(ann):
    make.project("items", ann, WHOLE)
    return Api(ann)


@pytest.mark.parametrize("value", RIGHT, ids=lambda value: type(value).__name__)
def test_every_behaviour_is_taken_and_shown_as_it_was_given(api, value):
    answer = api("PATCH", OPERATION, {"behaviour": codec.plain(value)})
    assert answer.status_code == 200, answer.content
    assert answer.json()["behaviour"] == codec.plain(value)
    assert load.contract(Project.objects.get()).operations[0].behaviour == value


def test_what_stands_around_is_taken_and_shown(api):
    value = codec.plain(Around(Latency("uniform", 5, 9), Limit(2)))
    assert api("PATCH", OPERATION, {"around": value}).json()["around"] == value


def test_faults_of_behaviour_and_around_are_named_at_once(api):
    wrong = {"behaviour": {"kind": "proxy", "upstream": "bank"}, "around": {"limit": {"calls": 0}}}
    assert errors(api("PATCH", OPERATION, wrong)) == [("/behaviour/upstream", "gone"), ("/around/limit/calls", "range")]


def test_a_behaviour_that_the_document_left_behind_does_not_hinder_other_changes(api):
    api("PATCH", OPERATION, {"behaviour": {"kind": "examples", "status": "404"}})
    assert api("PATCH", OPERATION, {"responses": {"200": {"description": "OK"}}}).status_code == 200
    assert api("PATCH", OPERATION, {"summary": "One pet"}).status_code == 200
    again = {"behaviour": {"kind": "examples", "status": "405"}}
    assert errors(api("PATCH", OPERATION, again)) == [("/behaviour/status", "gone")]


def test_a_replaced_operation_answers_in_the_usual_way(api):
    api("PATCH", OPERATION, {"behaviour": {"kind": "fault"}})
    whole = {"operation_id": "getPetsPetid", "method": "GET", "path": "/pets/{petId}"}
    assert api("PUT", OPERATION, whole).json()["behaviour"] == {"kind": "examples"}


def test_a_project_shows_and_takes_what_its_mocks_share(api):
    assert api("GET", "projects/items/").json()["collections"] == [{"name": "pets"}]
    wish = {"limits": [{"calls": 10, "per": "credential"}], "upstreams": [{"name": "shop", "balance": "weighted"}]}
    shown = api("PATCH", "projects/items/", wish).json()
    assert {name: shown[name] for name in wish} == wish
    assert load.contract(Project.objects.get()).limits == (Limit(10, per="credential"),)


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"collections": [PETS, PETS]}, ("/collections/1/name", "twice")),
        ({"collections": [{"name": "a b"}]}, ("/collections/0/name", "name")),
        ({"upstreams": [{"name": "shop", "sceret": "a"}]}, ("/upstreams/0/sceret", "unknown")),
        ({"limits": [{"calls": 1}, {"calls": "9"}]}, ("/limits/1/calls", "type")),
    ],
)
def test_a_wrong_list_is_refused_at_its_place_and_nothing_changes(api, wish, found):
    before = api("GET", "projects/items/").json()
    assert errors(api("PATCH", "projects/items/", {"name": "New", **wish})) == [found]
    assert api("GET", "projects/items/").json() == before


def test_a_collection_that_operations_answer_from_cannot_go(api):
    api("PATCH", OPERATION, {"behaviour": codec.plain(Stateful("pets", "read"))})
    answer = api("PATCH", "projects/items/", {"collections": []})
    assert errors(answer) == [("/collections", "used")]
    assert "GET /pets/{petId}" in answer.json()["errors"][0]["message"]


def test_collections_are_listed_and_added(api):
    made = {"name": "orders", "id_kind": "uuid", "seeds": [{"rows": [{"id": "a"}]}]}
    assert (answer := api("POST", "projects/items/collections/", made)).status_code == 201, answer.content
    assert api("GET", "projects/items/collections/").json()["results"] == [{"name": "pets"}, made]
    assert load.contract(Project.objects.get()).collections[1].id_kind == "uuid"


def test_a_second_collection_of_that_name_is_a_conflict(api):
    assert api("POST", "projects/items/collections/", PETS).status_code == 409


@pytest.mark.parametrize("body", [[], "x", {"name": ""}, {}, {"name": "a", "id_kind": "roman"}])
def test_what_is_no_collection_is_refused(api, body):
    assert api("POST", "projects/items/collections/", body).status_code == 400


def _checker(name: str):
    document = schema.document()
    return compile_validator({"$ref": f"#/components/schemas/{name}"}, document["components"]["schemas"])


@pytest.mark.parametrize("value", RIGHT, ids=lambda value: type(value).__name__)
def test_the_schema_takes_what_is_right(value):
    assert _checker("Behaviour").ok(codec.plain(value))


@pytest.mark.parametrize("data", [data for data, _p, says in WRONG if "must" in says or "not known" in says], ids=str)
def test_the_schema_refuses_what_has_another_shape(data):
    assert not _checker("Behaviour").ok(data)


def test_the_schema_has_every_value_that_it_refers_to():
    found = answer_shapes.schemas()
    assert {"Behaviour", "Around", "Collection", "Upstream", "Limit", "Rule", "Condition", "Seed"} <= set(found)
    assert found["Stateful"]["required"] == ["collection"]
    assert Collection.__doc__.split()[0] in found["Collection"]["description"]
