"""The rows of a collection over the API."""

import pytest

from actionstudio.core.behaviour import Collection, Seed
from actionstudio.runtime import tables
from tests import make
from tests.apps.api.test_api import Api, errors

pytestmark = pytest.mark.django_db
PETS = Collection("pets", seeds=(Seed(({"id": 1, "name": "Rex"}, {"id": 2, "name": "Tom"})),))
TODOS = Collection("todos", {"type": "string"}, "", partition="path.username", seeds=(Seed(("milk",), "ann"),))
ROWS = "projects/shop/collections/pets/"


@pytest.fixture
def api(ann):
    make.project("shop", ann, make.contract(collections=(PETS, TODOS)))
    return Api(ann)


def found(api, url=ROWS):
    return [(row["key"], row["value"]) for row in api("GET", url).json()["results"]]


def test_rows_are_listed_added_changed_and_deleted(api):
    assert found(api) == [("1", {"id": 1, "name": "Rex"}), ("2", {"id": 2, "name": "Tom"})]
    made = api("POST", ROWS, {"value": {"name": "Kit"}})
    assert (made.status_code, made.json()) == (201, {"key": "3", "value": {"id": 3, "name": "Kit"}})
    assert api("PUT", ROWS + "rows/3/", {"value": {"id": 3, "name": "Kat"}}).json()["value"]["name"] == "Kat"
    assert api("GET", ROWS + "rows/3/").json() == {"key": "3", "value": {"id": 3, "name": "Kat"}}
    assert api("DELETE", ROWS + "rows/3/").status_code == 204
    assert api("GET", ROWS + "rows/3/").status_code == 404
    assert api("PUT", ROWS + "rows/3/", {"value": {"id": 3}}).status_code == 404


def test_an_id_that_is_taken_or_changed_is_refused_with_its_place(api):
    assert errors(api("POST", ROWS, {"value": {"id": 2}})) == [("/value/id", "id")]
    assert errors(api("PUT", ROWS + "rows/2/", {"value": {"id": 9}})) == [("/value/id", "id")]


def test_a_row_is_as_the_schema_has_it_without_what_comes_by_itself(ann):
    priced = {
        "type": "object",
        "required": ["id", "name", "made"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "price": {"type": "number"},
            "made": {"type": "string", "readOnly": True},
        },
    }
    shop = Collection("things", priced, seeds=(Seed(({"id": 1, "price": "odd"},)),))
    make.project("shop", ann, make.contract(collections=(shop,)))
    api, url = Api(ann), "projects/shop/collections/things/"
    refused = api("PUT", url + "rows/1/", {"value": {"id": 1, "name": "Cup", "price": "x"}})
    assert (refused.status_code, errors(refused)) == (400, [("/value/price", "type")])
    assert errors(api("POST", url, {"value": {"price": 1}})) == [("/value/name", "required")]
    assert api("POST", url, {"value": {"name": "Mug"}}).json()["value"] == {"id": 2, "name": "Mug"}
    assert errors(api("PUT", url, {"rows": [{"id": 5, "name": "Pot"}, {"id": 6}]})) == [("/rows/1/name", "required")]
    assert list(api("POST", url, {"value": {"name": "Jug"}}).json()["value"]) == ["id", "name"]


def test_a_row_that_was_incomplete_may_stay_so(ann):
    named = {"type": "object", "required": ["name"], "properties": {"id": {"type": "integer"}}}
    make.project("shop", ann, make.contract(collections=(Collection("things", named, seeds=(Seed(({"id": 1},)),)),)))
    api, url = Api(ann), "projects/shop/collections/things/"
    assert api("PUT", url + "rows/1/", {"value": {"id": 1, "note": "new"}}).status_code == 200
    assert api("PUT", url, {"rows": [{"id": 1}]}).status_code == 200
    assert api("PUT", url + "rows/1/", {"value": {"id": 1, "name": "A"}}).status_code == 200
    assert errors(api("PUT", url + "rows/1/", {"value": {"id": 1}})) == [("/value/name", "required")]


def test_pages_of_rows_follow_next(api):
    api("PUT", ROWS, {"rows": [{"name": f"Pet{n}"} for n in range(5)]})
    first = api("GET", ROWS + "?limit=2").json()
    assert [row["value"]["name"] for row in first["results"]] == ["Pet0", "Pet1"]
    second = api("GET", first["next"].partition("/api/v1/")[2]).json()
    assert [row["value"]["name"] for row in second["results"]] == ["Pet2", "Pet3"]
    assert errors(api("GET", ROWS + "?cursor=*")) == [("?cursor", "invalid")]
    assert errors(api("GET", ROWS + "?page=1")) == [("?page", "unknown")]


def test_each_list_of_a_partitioned_collection_is_its_own(api):
    url = "projects/shop/collections/todos/"
    api("POST", url + "?list=bob", {"value": "bread"})
    assert [value for _key, value in found(api, url + "?list=bob")] == ["bread"]
    assert [value for _key, value in found(api, url + "?list=ann")] == ["milk"]
    assert errors(api("GET", url + "?list=" + "x" * 201)) == [("?list", "long")]


def test_reset_puts_the_seeds_back(api):
    api("PUT", ROWS, {"rows": []})
    assert found(api) == []
    assert api("POST", ROWS + "reset/", {}).status_code == 204
    assert len(found(api)) == 2
    api("DELETE", ROWS + "rows/1/")
    api("POST", ROWS + "reset/", {"all": True})
    assert len(found(api)) == 2
    assert errors(api("POST", ROWS + "reset/", {"everything": True}))[0][1] == "unknown"


def test_snapshots_bring_the_rows_back(api):
    made = api("POST", ROWS + "snapshots/", {"name": "before"})
    assert (made.status_code, made.json()["rows"]) == (201, 2)
    api("PUT", ROWS, {"rows": []})
    number = made.json()["id"]
    assert api("POST", f"{ROWS}snapshots/{number}/restore/").status_code == 204
    assert len(found(api)) == 2
    assert [one["name"] for one in api("GET", ROWS + "snapshots/").json()["results"]] == ["before"]
    assert api("DELETE", f"{ROWS}snapshots/{number}/").status_code == 204
    assert api("DELETE", f"{ROWS}snapshots/{number}/").status_code == 404
    assert api("POST", f"{ROWS}snapshots/{number}/restore/").status_code == 404


def test_a_full_collection_answers_507_with_the_cure(api, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert api("POST", ROWS, {"value": {"name": "three"}}).status_code == 201
    full = api("POST", ROWS, {"value": {"name": "four"}})
    assert full.status_code == 507
    assert "Delete rows" in full.json()["detail"]
    assert len(found(api)) == 3


def test_an_unknown_collection_is_404(api):
    assert api("GET", "projects/shop/collections/ghosts/").status_code == 404
