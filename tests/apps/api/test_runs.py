"""The API's runs: begun, watched page by page, confirmed, cancelled."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.models import Run
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.contract import Example, Media, Response
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.api.test_api import Api, errors
from tests.runtime.upstream import Upstream as Server

pytestmark = pytest.mark.django_db
R = "projects/shop/replays/"


def contract(answer):
    media = Media("application/json", {"type": "object"}, (Example("", answer),))
    return make.contract(make.operation(responses=(Response("200", "OK", content=(media,)),)))


@pytest.fixture
def api(ann):
    make.project("shop", ann, contract({"id": 1, "price": 2}))
    return Api(ann)


def called(n: int = 1) -> list[str]:
    made = [frontdoor().call_blocking("shop", Call("GET", "/items"), source="client").record.id for _n in range(n)]
    return [Exchange(pk=pk).public_id for pk in made]


def changed() -> None:
    editing.replace(Project.objects.get(), contract({"id": 1, "price": "2"}))


def begin(api, **body):
    body.setdefault("rate", 200)
    return api("POST", R, body)


def test_a_run_is_begun_and_says_where_it_is(api):
    calls = called(2)
    changed()
    answer = begin(api, exchanges=calls)
    made = answer.json()
    assert answer.status_code == 202
    assert answer["Location"].endswith(f"/api/v1/{R}{made['id']}/")
    assert (made["state"], made["total"], made["left"], made["verdicts"]) == ("done", 2, 0, {"broken": 2})
    assert [one["exchange"] for one in made["results"]] == calls
    assert {one["run"] for one in made["results"]} == {made["id"]}
    whole = api("GET", f"{R}{made['id']}/").json()
    assert whole["groups"][0]["sentence"] == "$.price became a string."
    assert [one["replay"]["differences"][0]["path"] for one in whole["results"]] == ["$.price"] * 2
    single = api("GET", f"{R}{made['results'][0]['id']}/").json()
    assert (single["run"], single["before"]["status"]) == (made["id"], 200)


def test_a_filter_begins_one_and_its_outcomes_come_in_pages(api):
    called(3)
    made = begin(api, filter="status:200").json()
    first = api("GET", f"{R}{made['id']}/?limit=2").json()
    assert [one["n"] for one in first["results"]] == [1, 2]
    assert [one["n"] for one in api("GET", first["next"].partition("/api/v1/")[2]).json()["results"]] == [3]
    assert [run["id"] for run in api("GET", f"{R}runs/").json()["results"]] == [made["id"]]


def test_outcomes_are_asked_for_by_verdict_state_and_group(api):
    calls = called(1)
    changed()
    made = begin(api, exchanges=calls + called(1)).json()
    for query, numbers in {"verdict=broken": [1], "verdict=same": [2], "state=done": [1, 2], "group=0": [1]}.items():
        assert [one["n"] for one in api("GET", f"{R}{made['id']}/?{query}").json()["results"]] == numbers
    for query in ("verdict=nice", "state=odd", "group=x"):
        assert api("GET", f"{R}{made['id']}/?{query}").status_code == 400


def test_what_may_change_something_elsewhere_is_a_conflict_with_the_list_until_it_is_confirmed(api):
    project = Project.objects.get()
    change = make.exchange(project, "POST", "/items", operation_id="addItem")
    with Server() as server:
        answer = begin(api, exchanges=[change.public_id], target=server.url)
        told = answer.json()
        assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
        assert errors(answer) == [("/confirm", "confirm")]
        assert told["calls"][0] | {"host": ""} == {
            "operation": "addItem", "method": "POST", "host": "", "count": 1, "first": [change.public_id],
        }  # fmt: skip
        assert not server.seen and not Run.objects.exists()
        assert begin(api, exchanges=[change.public_id], target=server.url, confirm=True).status_code == 202
        assert len(server.seen) == 1


def test_a_typed_header_is_sent_and_kept_nowhere(api):
    (call,) = called(1)
    with Server() as server:
        begin(api, exchanges=[call], target=server.url, header={"name": "X-Key", "value": "s3cret-value"})
        assert server.last.header("x-key") == "s3cret-value"
    assert "s3cret" not in str(Run.objects.values().get())


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/exchanges"),
        ({"exchanges": ["req_1"], "filter": ""}, "/exchanges"),
        ({"filter": "status:>="}, "/filter"),
        ({"filter": "status:418"}, "/filter"),
        ({"filter": "", "target": "upstream"}, "/target"),
        ({"filter": "", "edits": {"set_headers": [["bad name", "x"]]}}, "/set_headers/0"),
        ({"filter": "", "edits": {"set_headers": [["Authorization", "Bearer abc"]]}}, "/set_headers/0"),
        ({"filter": "", "edits": {"set_values": [["$.password", "hunter2"]]}}, "/set_values/0"),
        ({"filter": "", "overrides": {"headers": [["a", "b"], ["x-api-key", "abc"]]}}, "/overrides/headers/1"),
        ({"filter": "", "overrides": {"query": "a=1&token=abc"}}, "/overrides/query"),
        ({"filter": "", "overrides": {"body": '{"password":"hunter2"}'}}, "/overrides/body"),
        ({"filter": "", "key_id": 99}, "/credential"),
        ({"filter": "", "key_id": 99, "credential": "none"}, "/key_id"),
        ({"filter": "", "concurrency": 17}, "/concurrency"),
        ({"filter": "", "rate": 0}, "/rate"),
    ],
)
def test_a_wrong_wish_is_refused_by_name(api, body, pointer):
    called(1)
    answer = api("POST", R, body)
    assert answer.status_code == 400
    assert pointer in [place for place, _code in errors(answer)]
    assert not Run.objects.exists()


def test_a_run_is_cancelled_and_a_strange_one_is_not_there(api, settings):
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    made = api("POST", R, {"exchanges": called(2)}, HTTP_PREFER="respond-async").json()
    assert (made["state"], made["left"], made["results"]) == ("waiting", 2, [])
    answer = api("POST", f"{R}{made['id']}/cancel/", {})
    assert (answer.status_code, answer.json()["state"], answer.json()["states"]) == (202, "cancelled", {"skipped": 2})
    assert api("GET", f"{R}run_999/").status_code == 404


def test_ten_outcomes_and_twenty_cost_the_same(api):
    def cost(n: int) -> int:
        made = begin(api, exchanges=called(n)).json()
        with CaptureQueriesContext(connection) as queries:
            api("GET", f"{R}{made['id']}/")
        return len(queries)

    assert cost(10) == cost(20)
