"""The API says of conversations what their pages say."""

import json

import pytest
from rest_framework.test import APIClient

from actionstudio.apps.traffic.conversations import feeding
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")
NOW = 1_700_000_000_000
TALK = {"source": "gpt", "gpt_id": "g-1", "user_id": "u-1"}
CALL = {
    "domain": "items.live.localhost",
    "method": "get",
    "path": "/items",
    "operation": "getItems",
    "params": {"a": 1},
}
TEXT = f"[debug] Calling HTTP endpoint\n{json.dumps(CALL)}\n"
ROOT = "/api/v1/projects/items/conversations/"


@pytest.fixture
def api(ann):
    client = APIClient()
    client.force_authenticate(ann)
    return client


@pytest.fixture
def items(ann):
    project = make.project("items", ann)
    for n in range(5):
        make.exchange(project, at=NOW + n, query="a=1", operation_id="getItems", conversation_id=f"t{n % 3}", **TALK)
    feeding.work()
    return project


def test_the_list_is_paged(api, items):
    first = api.get(ROOT, {"limit": 2}).json()
    assert [one["conversation_id"] for one in first["results"]] == ["t1", "t0"]
    second = api.get(first["next"]).json()
    assert [one["conversation_id"] for one in second["results"]] == ["t2"] and second["next"] is None
    assert [one["calls"] for one in first["results"]] == [2, 2]


def test_a_timeline_is_paged_too(api, items):
    for n in range(101):
        make.exchange(items, at=NOW + 100 + n, conversation_id="long", **TALK)
    feeding.work()
    key = api.get(ROOT, {"q": "long"}).json()["results"][0]["key"]
    first = api.get(f"{ROOT}{key}/").json()
    assert len(first["timeline"]) == 100 and first["previous"] is None
    second = api.get(first["next"]).json()
    assert len(second["timeline"]) == 1 and second["next"] is None
    assert len(api.get(second["previous"]).json()["timeline"]) == 100


@pytest.mark.parametrize("query", ["before=1", "before=req_%20", "limit=0", "limit=201", "colour=red", "q=a&q=b"])
def test_odd_questions_are_refused(api, items, query):
    answer = api.get(f"{ROOT}?{query}")
    assert answer.status_code == 422 or answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_text_is_kept_read_and_removed(api, items):
    url = f"{ROOT}{api.get(ROOT).json()['results'][0]['key']}/text/"
    assert api.get(url).status_code == 404
    told = api.put(url, {"text": TEXT}, format="json").json()
    assert (told["matched"], told["only_said"], told["only_logged"]) == (1, 0, 1)
    assert api.get(url).json() == told
    pairs = [one for one in told["calls"] if one["line"]]
    assert pairs[0]["arguments"] == [{"name": "a", "kind": "same", "said": 1, "arrived": "1"}]
    assert api.delete(url).status_code == 204 and api.get(url).status_code == 404


@pytest.mark.parametrize("body", [{"text": "no call"}, {"text": ""}, {}, {"text": 5}, {"texts": TEXT}, [TEXT]])
def test_a_text_without_a_call_is_refused(api, items, body):
    url = f"{ROOT}{api.get(ROOT).json()['results'][0]['key']}/text/"
    answer = api.put(url, body, format="json")
    assert answer.status_code in (400, 422) and answer["Content-Type"].startswith("application/problem+json")
    assert api.get(url).status_code == 404


def test_a_conversation_of_another_project_is_not_there(api, items, ann):
    make.project("other", ann)
    key = api.get(ROOT).json()["results"][0]["key"]
    assert api.get(f"/api/v1/projects/other/conversations/{key}/").status_code == 404
