"""Scripts of the scripted model over the API."""

import pytest

from actionstudio.apps.accounts.models import ApiToken
from actionstudio.apps.simulator.models import Script
from tests import make

WISH = {
    "when": "regex",
    "pattern": r"order (\d+)",
    "then": "call",
    "operation": "getItems",
    "arguments": '{"n": "{{1}}"}',
}


@pytest.fixture
def api(client, ann):
    make.project("items", ann)
    _, token = ApiToken.mint(ann, "mine")

    def ask(method, path="", body=None):
        extra = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        url = f"/api/v1/projects/items/simulator/scripts/{path}"
        return client.generic(method, url, make.json.dumps(body), content_type="application/json", **extra)

    return ask


def test_a_script_is_made_read_changed_and_deleted(api):
    made = api("POST", body=WISH)
    assert made.status_code == 201
    number = made.json()["id"]

    assert api("GET", f"{number}/").json()["pattern"] == r"order (\d+)"
    assert api("PATCH", f"{number}/", {"enabled": False}).json()["enabled"] is False
    assert [one["id"] for one in api("GET").json()["results"]] == [number]
    assert api("DELETE", f"{number}/").status_code == 204
    assert api("GET", f"{number}/").status_code == 404


@pytest.mark.parametrize(
    "change, pointer",
    [({"pattern": "(?=a)"}, "pattern"), ({"arguments": "[]"}, "arguments"), ({"operation": ""}, "operation")],
)
def test_what_cannot_be_is_refused_with_its_place(api, change, pointer):
    answer = api("POST", body=WISH | change)

    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert pointer in answer.json()["errors"][0]["pointer"]


def test_an_operation_that_there_is_not_is_refused_and_one_that_has_gone_is_no_reason_to_refuse_more(api):
    answer = api("POST", body=WISH | {"operation": "nope"})
    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == "/operation"

    number = api("POST", body=WISH).json()["id"]
    Script.objects.update(operation="gone")

    assert api("PATCH", f"{number}/", {"enabled": False}).status_code == 200
    assert api("PATCH", f"{number}/", {"operation": "nope"}).status_code == 400
