"""Trying an operation by the API, and taking over what a logged call teaches."""

import json

import pytest

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import ApiKey
from actionstudio.core.contract import Body, Example, Media, Parameter, Response
from tests import make
from tests.apps.api.test_api import Api, errors

pytestmark = pytest.mark.django_db
PET = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}


@pytest.fixture
def api(ann):
    return Api(ann)


@pytest.fixture
def project(ann):
    answer = Media("application/json", PET, (Example("cat", {"name": "Tom"}), Example("dog", {"name": "Rex"})))
    op = make.operation(
        "POST",
        "/shops/{id}/pets",
        operation_id="addPet",
        parameters=(
            Parameter("id", "path", True, schema={"type": "string"}),
            Parameter("id", "query", schema={"type": "string"}),
            Parameter("loud", "query", schema={"type": "boolean"}),
        ),
        body=Body(True, content=(Media("application/json", PET),)),
        responses=(Response("201", "Made", content=(answer,)),),
    )
    return make.project("shop", ann, make.contract(op, auth=ApiKey()))


def attempt(api, data):
    return api("POST", "projects/shop/operations/addPet/try/", data)


GOOD = {"arguments": {"path.id": "a b", "loud": True, "name": "Rex", "age": 3}, "key_id": -1}


def test_arguments_become_a_call_and_come_back_with_answer_and_decisions(api, project):
    answer = attempt(api, GOOD)
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["source"], found["status"], found["path"], found["query"]) == (
        "try", 201, "/shops/a%20b/pets", "loud=true",
    )  # fmt: skip
    assert json.loads(found["request"]["body"]["text"]) == {"name": "Rex", "age": 3}
    assert json.loads(found["response"]["body"]["text"]) == {"name": "Tom"}
    assert found["decisions"]["route"] == "POST /shops/{id}/pets"
    assert found["near_misses"] == []
    assert api("GET", f"projects/shop/exchanges/{found['id']}/").json() == found


def test_a_key_of_the_project_is_carried_by_its_id(api, project):
    key, _text = Key.mint(project, "tester")
    assert attempt(api, {**GOOD, "key_id": key.pk}).json()["key_id"] == key.pk
    assert attempt(api, {**GOOD, "key_id": None}).json()["status"] == 401
    assert errors(attempt(api, {**GOOD, "key_id": key.pk + 1})) == [("/key_id", "unknown")]


def test_the_body_the_answer_and_the_media_type_can_be_said(api, project):
    data = {"arguments": {"path.id": "1"}, "body": {"name": "Ali"}, "prefer": {"example": "dog"}, "key_id": -1}
    found = attempt(api, data).json()
    assert json.loads(found["request"]["body"]["text"]) == {"name": "Ali"}
    assert json.loads(found["response"]["body"]["text"]) == {"name": "Rex"}


def test_a_call_that_is_refused_says_what_fitted(api, project):
    found = attempt(api, {**GOOD, "arguments": {"path.id": "1", "age": "old"}}).json()
    assert found["status"] == 422
    assert found["near_misses"][0]["differences"][0].startswith("body.age: ")


def test_a_raw_request_goes_out_as_it_is_written(api, project):
    raw = {"method": "PUT", "path": "/shops/1/pet", "query": "a=1", "headers": [["X-A", "1"]], "body": "{"}
    found = attempt(api, {"request": raw}).json()
    assert (found["method"], found["path"], found["status"]) == ("PUT", "/shops/1/pet", 404)
    assert ["x-a", "1"] in found["request"]["headers"]
    assert found["near_misses"][0]["path"] == "/shops/{id}/pets"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"arguments": {"id": "1"}}, [("/arguments/id", "ambiguous"), ("/arguments/id", "required")]),
        ({"arguments": {"loud": True}}, [("/arguments/id", "required")]),
        ({"arguments": {"path.id": "1", "size": "m"}, "body": {}}, [("/arguments/size", "unknown")]),
        ({"request": {"path": "shops"}}, [("/request/path", "path")]),
        ({"request": {"headers": [["a", "b\nc"]]}}, [("/request/headers", "invalid")]),
        ({"request": {"body_base64": "?"}}, [("/request/body_base64", "invalid")]),
        ({"request": {}, "arguments": {}}, [("/arguments", "mixed")]),
        ({"something": 1}, [("/something", "unknown")]),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_place(api, project, data, found):
    assert errors(attempt(api, data)) == found
    assert not Exchange.objects.exists()


def test_an_operation_that_is_not_served_is_a_conflict(api, project):
    project.addresses.all().delete()
    assert attempt(api, GOOD).status_code == 409


def test_what_a_call_teaches_is_listed_and_added(api, project):
    row = make.exchange(
        project, "POST", "/shops/1/pets", 201, query="page=2", operation_id="addPet",
        request_body={"name": "Rex", "colour": "red"}, response_body={"name": "Rex"},
    )  # fmt: skip
    url = f"projects/shop/exchanges/{row.public_id}/adopt/"
    found = api("GET", url).json()["proposals"]
    answers = ["request-example:application/json", "example:201", "rule:201"]
    assert [one["id"] for one in found] == ["query:page", "request-field:/colour", *answers]
    assert found[1]["label"] == "Declare the field /colour of the request body (string)"
    answer = api("POST", url, {"proposals": ["query:page", "request-field:/colour"]})
    assert answer.json() == {"revision": 2, "proposals": ["query:page", "request-field:/colour"]}
    assert [one["id"] for one in api("GET", url).json()["proposals"]] == answers
    assert errors(api("POST", url, {"proposals": ["query:page"]})) == [("/proposals", "unknown")]
    assert api("POST", url, {"proposals": []}).status_code == 400


def test_a_callback_teaches_nothing_and_says_why(api, project):
    row = make.exchange(project, "POST", "https://a.test/x", 204, kind="callback", operation_id="addPet")
    url = f"projects/shop/exchanges/{row.public_id}/"
    assert errors(api("POST", url + "adopt/", {"proposals": ["query:page"]})) == [("", "callback")]
    assert errors(api("GET", url + "sketch/")) == [("", "callback")]


def test_a_call_nobody_answers_becomes_the_body_of_a_new_operation(api, project):
    row = make.exchange(project, "GET", "/owners/17", 404, kind="refused", query="full=true")
    sketch = api("GET", f"projects/shop/exchanges/{row.public_id}/sketch/").json()
    assert (sketch["method"], sketch["path"]) == ("GET", "/owners/{owner_id}")
    answer = api("POST", "projects/shop/operations/", sketch)
    assert answer.status_code == 201, answer.content
    assert api("GET", f"projects/shop/exchanges/{row.public_id}/adopt/").status_code == 404
