"""The API's suites: made, filled from the log, run, watched, accepted; and what does not count."""

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.models import IgnoreRule, Suite
from actionstudio.apps.traffic.models import Exchange
from tests import make
from tests.apps.api.test_api import Api, errors
from tests.apps.api.test_runs import called, contract

pytestmark = pytest.mark.django_db
S = "projects/shop/suites/"


@pytest.fixture
def api(ann):
    make.project("shop", ann, contract({"id": 1, "price": 2}))
    return Api(ann)


@pytest.fixture
def suite(api):
    made = api("POST", S, {"name": "Orders"}).json()
    assert api("POST", f"{S}{made['id']}/cases/save/", {"exchanges": called(1)}).status_code == 201
    return f"{S}{made['id']}/"


def test_a_suite_is_filled_from_the_log_run_and_accepted(api, suite):
    assert api("GET", S).json()["results"][0]["cases"] == 1
    begun = api("POST", f"{suite}run/", {})
    assert (begun.status_code, begun.json()["passed"]) == (202, True)
    editing.replace(Project.objects.get(), contract({"id": 1, "price": "2"}))
    where = api("POST", f"{suite}run/", {}).headers["Location"].partition("/api/v1/")[2]
    found = api("GET", where).json()
    assert (found["counts"], found["passed"]) == ({"broken": 1}, False)
    assert found["outcomes"][0]["why"] == ["$.price became a string."]
    assert errors(api("POST", f"{where}accept/", {"outcomes": [9]})) == [("/outcomes", "unknown")]
    assert api("POST", f"{where}accept/", {}).json() == {"accepted": 1}
    assert api("POST", f"{suite}run/", {}).json()["passed"]
    assert len(api("GET", f"{suite}runs/").json()["results"]) == 3
    assert api("GET", suite).json()["state"] == "passed"


def test_a_case_is_written_changed_moved_and_deleted(api, suite):
    wish = {
        "name": "mine",
        "method": "get",
        "path": "/items",
        "checks": [{"on": "$.price", "op": "equals", "value": 2}],
    }
    made = api("POST", f"{suite}cases/", wish)
    assert made.status_code == 201
    one = f"{suite}cases/{made.json()['id']}/"
    answer = {"status": 200, "headers": [["content-type", "application/json"]], "body": '{"id":1,"price":2}'}
    changed = api("PATCH", one, {"whole": True, "answer": answer, "extracts": [{"name": "id", "on": "$.id"}]})
    assert changed.json()["answer"] == answer
    assert api("GET", one).json() == changed.json()
    assert api("POST", f"{suite}run/", {}).json()["counts"] == {"passed": 2}
    ids = [case["id"] for case in api("GET", f"{suite}cases/").json()["results"]]
    turned = api("PUT", f"{suite}cases/", {"cases": ids[::-1]}).json()["results"]
    assert [case["id"] for case in turned] == ids[::-1]
    assert errors(api("PUT", f"{suite}cases/", {"cases": ids[:1]})) == [("/cases", "incomplete")]
    assert api("DELETE", one).status_code == 204
    assert api("GET", one).status_code == 404


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"path": "items"}, "/path"),
        ({"method": "BREW"}, "/method"),
        ({"query": "a b"}, "/query"),
        ({"headers": [["a b", "c"]]}, "/headers/0"),
        ({"credential": "99"}, "/credential"),
        ({"whole": True}, "/answer"),
        ({"checks": [{"on": "price", "op": "exists"}]}, "/checks/0/on"),
        ({"checks": [{"on": "$.a", "op": "matches", "value": "("}]}, "/checks/0/value"),
        ({"rules": {"ignore": ["price"]}}, "/rules/ignore/0"),
        ({"rules": {"off": ["nothing"]}}, "/rules/off/0"),
        ({"extracts": [{"name": "1a", "on": "$.a"}]}, "/extracts/0/name"),
        ({"extracts": [{"name": "a", "on": "a"}]}, "/extracts/0/on"),
    ],
)
def test_a_case_that_cannot_be_is_refused_beside_its_field(api, suite, wish, pointer):
    answer = api("POST", f"{suite}cases/", {"name": "x", "method": "GET", "path": "/items", **wish})
    assert [where for where, _code in errors(answer)] == [pointer]


def test_secrets_go_in_and_are_never_told(api):
    wish = {"name": "Secret", "variables": [{"name": "pin", "secret": True, "value": "s3cret-text"}]}
    made = api("POST", S, wish)
    assert made.json()["variables"] == [{"name": "pin", "secret": True, "value": "", "set": True}]
    one = f"{S}{made.json()['id']}/"
    changed = api("PATCH", one, {"variables": [{"name": "pin", "secret": True}], "schedule": "hourly"})
    assert changed.json()["variables"][0]["set"] is True
    assert changed.json()["next_run"]
    assert errors(api("PATCH", one, {"target": "nonsense"})) == [("/target", "invalid")]
    assert errors(api("PATCH", one, {"schedule": "daily"})) == [("/daily_at", "required")]
    assert errors(api("POST", f"{one}run/", {})) == [("", "empty")]
    assert api("DELETE", one).status_code == 204
    assert not Suite.objects.exists()


def test_rules_are_kept_changed_and_deleted(api):
    made = api("POST", "projects/shop/ignore-rules/", {"what": "ignore", "at": "$.price"})
    assert made.status_code == 201
    one = f"projects/shop/ignore-rules/{made.json()['id']}/"
    assert api("PATCH", one, {"note": "why"}).json()["note"] == "why"
    assert errors(api("PATCH", one, {"at": "price"})) == [("/at", "place")]
    assert errors(api("POST", "projects/shop/ignore-rules/", {"what": "noise-on", "at": "x"})) == [("/kind", "unknown")]
    assert len(api("GET", "projects/shop/ignore-rules/").json()["results"]) == 1
    assert api("DELETE", one).status_code == 204
    assert not IgnoreRule.objects.exists()


def test_a_filter_that_finds_nothing_is_told_at_the_filter(api, suite):
    for where in (f"{suite}cases/save/", "projects/shop/replays/"):
        refused = api("POST", where, {"filter": "path:/zzzz"})
        assert errors(refused) == [("/filter", "none")] and "finds no call" in refused.text
    Exchange.objects.update(source="replay")
    for where in (f"{suite}cases/save/", "projects/shop/replays/"):
        refused = api("POST", where, {"filter": "status:200"})
        assert errors(refused) == [("/filter", "none")] and "only 1 replay" in refused.text


def test_cases_of_a_filter_say_what_was_left_out(api, suite):
    api("POST", f"{suite}run/", {})
    made = api("POST", f"{suite}cases/save/", {"filter": "status:200"}).json()
    assert (len(made["results"]), made["left_out"]) == (1, {"replay": 1})


def test_a_suites_run_answers_to_the_id_that_it_tells(api, suite):
    told = api("POST", f"{suite}run/", {}).json()["id"]
    assert told.startswith("srun_")
    found = api("GET", f"{suite}runs/{told}/").json()
    assert found["id"] == told and api("GET", f"{suite}runs/{told[5:]}/").json() == found
    for odd in ("srun_", "srun_x", "run_1", "9" * 30):
        assert api("GET", f"{suite}runs/{odd}/").status_code == 404


def test_cases_come_in_pages_when_asked_for(api, suite):
    for _n in range(2):
        api("POST", f"{suite}cases/save/", {"exchanges": called(1)})
    assert len(api("GET", f"{suite}cases/").json()["results"]) == 3
    first = api("GET", f"{suite}cases/?limit=2").json()
    rest = api("GET", first["next"].partition("/api/v1/")[2]).json()
    ids = [one["id"] for page in (first, rest) for one in page["results"]]
    assert ids == [one["id"] for one in api("GET", f"{suite}cases/?limit=200").json()["results"]]
    assert errors(api("GET", f"{suite}cases/?limit=201")) == [("?limit", "invalid")]
