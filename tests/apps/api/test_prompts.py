"""The API's prompt suites: made, filled, run, read in numbers, compared, asked again."""

import json

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import Gpt, PromptRun
from actionstudio.apps.simulator.providers import table
from tests import make
from tests.apps.api.test_api import Api, errors
from tests.apps.simulator.prompts.test_prompt_running import Model, contract

pytestmark = pytest.mark.django_db
S = "projects/todo/prompts/"
NONE = {"op": "any-of", "value": []}  # no matcher at all


@pytest.fixture
def model(monkeypatch):
    made = Model({"milk": [("addTodo", {"title": "Milk"})], "open": [("listTodos", {})]})
    monkeypatch.setattr(table, "provider_of", lambda _endpoint, _project: made)
    return made


@pytest.fixture
def api(ann):
    make.project("todo", ann, contract())
    return Api(ann)


@pytest.fixture
def suite(api, model):
    made = f"{S}{api('POST', S, {'name': 'First'}).json()['id']}/"
    for wish in (
        {"turns": ["Add milk"], "calls": [{"operation": "addTodo", "arguments": {"title": "milk"}}], "consent": True},
        {"turns": ["What is open?"], "calls": [{"operation": "listTodos"}], "kind": "indirect"},
        {"turns": ["Tell me a joke"]},
    ):
        assert api("POST", f"{made}cases/", wish).status_code == 201
    return made


def test_a_suite_is_run_and_read_in_numbers(api, suite):
    begun = api("POST", f"{suite}runs/", {"repeat": 2})
    assert begun.status_code == 202 and begun.json()["passed"] is True
    where = begun.headers["Location"].partition("/api/v1/")[2]
    found = api("GET", where).json()
    assert found["counts"] == {"passed": 6} and found["share"] == 1.0 and found["tool_tokens"] > 20
    (numbers,) = found["results"]
    assert numbers["names"] == ["listTodos", "addTodo", ""]
    assert numbers["matrix"] == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]
    assert numbers["operations"][1]["precision"] == {"good": 2, "of": 2, "share": 1.0}
    assert numbers["arguments"] == [
        {"operation": "addTodo", "argument": "title", "right": {"good": 2, "of": 2, "share": 1.0}}
    ]
    assert numbers["pass_all"] == {"1": 1.0, "2": 1.0} and numbers["no_call"]["of"] == 2
    page = api("GET", f"{where}outcomes/?limit=4").json()
    assert len(page["results"]) == 4 and page["next"]
    one = api("GET", f"{where}outcomes/{page['results'][-1]['id']}/").json()
    assert one["verdict"] == "passed" and one["expected"]["turns"] and one["trace"][0]["request"]["tools"] == "…"
    assert api("GET", suite).json()["state"] == "passed"
    assert len(api("GET", f"{suite}runs/").json()["results"]) == 1


def test_two_runs_are_compared_and_only_what_changed_is_asked_again(api, suite, model):
    first = api("POST", f"{suite}runs/", {}).json()
    editing.replace(Project.objects.get(), contract("Puts something onto the list"))
    model.rules["milk"] = "No."
    again = api("POST", f"{suite}runs/{first['id']}/again/", {})
    assert again.status_code == 202
    assert (again.json()["base"], again.json()["only"]) == (first["id"], ["addTodo"])
    where = again.headers["Location"].partition("/api/v1/")[2]
    found = api("GET", f"{where}compare/?with={first['id']}").json()
    assert [(one["name"], one["better"]) for one in found["flips"]] == [("Add milk", False)]
    assert [(one["operation"], one["field"]) for one in found["changes"]] == [("addTodo", "description")]
    assert (found["p"], found["hint"], found["passed_before"], found["passed_after"]) == (1.0, "", 3, 2)
    assert errors(api("GET", f"{where}compare/?with=prun_999")) == [("?with", "unknown")]
    assert where.endswith(f"runs/{again.json()['id']}/")
    assert api("GET", f"{suite}runs/{first['id'].removeprefix('prun_')}/").json()["id"] == first["id"]
    assert api("GET", f"{suite}runs/prun_x/").status_code == 404
    name = first["models"][0]["label"]
    named = api("GET", f"{where}compare/?with={first['id']}&model={name}&other={first['models'][0]['model']}")
    assert named.json() == found
    wrong = api("GET", f"{where}compare/?model=1")
    assert errors(wrong) == [("?model", "unknown")] and name in wrong.text
    assert api("POST", f"{where}cancel/", {}).json()["state"] == "done"


def test_cases_are_changed_moved_deleted(api, suite):
    rows = api("GET", f"{suite}cases/").json()["results"]
    one = f"{suite}cases/{rows[0]['id']}/"
    changed = api("PATCH", one, {"never": ["listTodos"], "enabled": False}).json()
    assert (changed["never"], changed["enabled"], changed["turns"]) == (["listTodos"], False, ["Add milk"])
    assert api("GET", one).json() == changed
    ids = [row["id"] for row in reversed(rows)]
    assert [row["id"] for row in api("PUT", f"{suite}cases/", {"cases": ids}).json()["results"]] == ids
    assert errors(api("PUT", f"{suite}cases/", {"cases": ids[:1]})) == [("/cases", "incomplete")]
    assert api("DELETE", one).status_code == 204
    assert api("GET", suite).json()["cases"] == 2


def test_cases_come_from_starters_files_and_the_log(api, suite):
    made = api("POST", f"{suite}cases/starters/", {})
    assert made.status_code == 201 and {row["origin"] for row in made.json()["results"]} == {"starter"}
    assert errors(api("POST", f"{suite}cases/starters/", {"language": "xx"})) == [("/language", "language")]
    chinese = api("POST", f"{suite}cases/starters/", {"language": "zh-CN"}).json()["results"]
    assert {(row["kind"], row["language"]) for row in chinese} == {("negative", "zh-Hans")}
    brought = api("POST", f"{suite}cases/import/", {"text": "prompt,operation\nShow all,listTodos\n"})
    assert brought.json()["results"][0]["calls"] == [{"operation": "listTodos", "arguments": {}}]
    call = make.exchange(Project.objects.get(), "GET", "/todos", operation_id="listTodos")
    wish = {"calls": [{"exchange": call.public_id, "text": "What is left?", "kind": "indirect"}]}
    promoted = api("POST", f"{suite}cases/promote/", wish).json()["results"]
    assert [(row["name"], row["source"], row["kind"]) for row in promoted] == [
        ("What is left?", call.public_id, "indirect")
    ]
    untold = {"calls": [{"exchange": call.public_id}]}
    assert errors(api("POST", f"{suite}cases/promote/", untold)) == [("/calls/0/text", "required")]
    gone = {"calls": [{"exchange": "req_0", "text": "x"}]}
    assert api("POST", f"{suite}cases/promote/", gone).status_code == 404


def test_cases_go_out_in_every_format(api, suite):
    for kind, mime in (("csv", "text/csv"), ("jsonl", "application/jsonl"), ("promptfoo", "application/json")):
        answer = api("GET", f"{suite}export/?as={kind}")
        assert answer["Content-Type"].startswith(mime)
        fresh = f"{S}{api('POST', S, {'name': kind}).json()['id']}/"
        assert api("POST", f"{fresh}cases/import/", {"text": answer.content.decode()}).status_code == 201
        assert len(api("GET", f"{fresh}cases/").json()["results"]) == 3
    assert errors(api("GET", f"{suite}export/?as=xml")) == [("?as", "unknown")]


def test_hints_come_before_any_model(api, suite, model):
    found = api("GET", f"{suite}hints/").json()["results"]
    assert {"short", "silent"} <= {one["code"] for one in found}
    assert not model.prompts


def test_a_suite_changes_and_goes_with_all_it_has(api, suite):
    gpt = Gpt.objects.create(project=Project.objects.get(), name="Helper", instructions="Be kind.")
    changed = api(
        "PATCH", suite, {"gpt": gpt.key, "models": ["scripted"], "temperature": 0.2, "fail_under": 0.9}
    ).json()
    assert (changed["gpt"], changed["models"], changed["temperature"]) == (gpt.key, ["scripted"], 0.2)
    api("POST", f"{suite}runs/", {})
    assert PromptRun.objects.get().instructions == "Be kind."
    assert api("DELETE", suite).status_code == 204
    assert not PromptRun.objects.exists() and api("GET", S).json()["results"] == []


@pytest.mark.parametrize(
    ("where", "wish", "found"),
    [
        ("", {"name": "x", "models": ["gpt-99"]}, [("/models/0", "unknown")]),
        ("", {"name": "x", "gpt": "g-nothing"}, [("/gpt", "unknown")]),
        ("", {"name": "x", "repeat": 99}, [("/repeat", "max_value")]),
        ("", {"name": "x", "colour": "red"}, [("/colour", "unknown")]),
        ("{}cases/", {"turns": []}, [("/turns", "required")]),
        ("{}cases/", {"turns": ["x"], "calls": [{"operation": "addTodo", "arguments": {"b/c": NONE}}]},
         [("/calls/0/arguments/b~1c/value", "list"), ("/calls/0/arguments/b~1c", "unknown")]),
        ("{}cases/", {"turns": ["x"], "language": "not a language"}, [("/language", "language")]),
        ("{}runs/", {"models": ["gpt-99"]}, [("/models/0", "unknown")]),
        ("{}runs/", {"revision": 77}, [("/revision", "revision")]),
        ("{}runs/", {"cases": []}, [("", "empty")]),
        ("{}cases/import/", {"text": "nothing"}, [("/text", "heading")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(api, suite, where, wish, found):
    assert errors(api("POST", where.format(suite) or S, wish)) == found


def test_a_strangers_suites_are_not_there(api, suite, eve):
    other = Api(eve)
    for where in (S, suite, f"{suite}cases/", f"{suite}runs/", f"{suite}export/", f"{suite}hints/"):
        assert other("GET", where).status_code == 404
    assert other("POST", f"{suite}runs/", {}).status_code == 404


def test_ten_and_twenty_cases_cost_the_same_queries(api, suite, django_assert_max_num_queries):
    lines = "\n".join(json.dumps({"turns": [f"Add milk {n}"], "calls": [{"operation": "addTodo"}]}) for n in range(20))
    api("POST", f"{suite}cases/import/", {"text": lines})
    where = api("POST", f"{suite}runs/", {}).headers["Location"].partition("/api/v1/")[2]
    for path in (
        f"{suite}cases/",
        f"{suite}runs/",
        where,
        f"{where}outcomes/",
        f"{where}compare/?with={where.split('/')[-2]}",
    ):
        with django_assert_max_num_queries(12):
            assert api("GET", path).status_code == 200


def test_a_case_that_no_model_could_pass_is_refused(api, suite):
    wish = {"turns": ["x"], "calls": [{"operation": "nope"}]}
    assert errors(api("POST", f"{suite}cases/", wish)) == [("/calls/0/operation", "unknown")]
    wish = {"turns": ["x"], "calls": [{"operation": "addTodo"}], "kind": "negative"}
    assert errors(api("POST", f"{suite}cases/", wish)) == [("/kind", "negative")]


def test_an_argument_that_no_operation_has_is_refused_and_told_of_after_an_import(api, suite):
    wish = {"turns": ["Add"], "calls": [{"operation": "addTodo", "arguments": {"bogus": "1"}}]}
    assert errors(api("POST", f"{suite}cases/", wish)) == [("/calls/0/arguments/bogus", "unknown")]
    wish["calls"][0]["arguments"] = {"bogus": {"op": "absent"}}
    assert api("POST", f"{suite}cases/", wish).status_code == 201
    text = 'prompt,operation,arguments\nhello,getTodoz,\nadd,addTodo,"{""bogus"": 1}"\n'
    made = api("POST", f"{suite}cases/import/", {"text": text}).json()
    assert len(made["results"]) == 2, "they may come later"
    assert [(one["code"], one["operations"], one["argument"]) for one in made["hints"]] == [
        ("gone", ["getTodoz"], ""),
        ("unfit", ["addTodo"], "bogus"),
    ]


def test_a_case_of_an_operation_that_is_gone_may_still_be_switched_off(api, suite):
    editing.replace(Project.objects.get(), make.contract(make.operation(operation_id="other")))
    row = api("GET", f"{suite}cases/").json()["results"][0]
    assert api("PATCH", f"{suite}cases/{row['id']}/", {"enabled": False}).json()["enabled"] is False
    assert api("GET", f"{suite}hints/").json()["results"][0]["code"] == "gone"


def test_cases_that_cannot_be_run_are_named(api, suite, model):
    rows = api("GET", f"{suite}cases/").json()["results"]
    api("PATCH", f"{suite}cases/{rows[0]['id']}/", {"enabled": False})
    wish = {"cases": [rows[1]["id"], 99999, rows[0]["id"]]}
    assert errors(api("POST", f"{suite}runs/", wish)) == [("/cases/1", "unknown"), ("/cases/2", "off")]
