"""Importing again by the API: the plan, what is accepted of it, and refusals that say why."""

import json

import pytest

from actionstudio.apps.design import editing, load
from actionstudio.apps.library import importing, sources
from actionstudio.runtime.outbound import Fetched, OutboundRefused
from tests import make
from tests.apps.api.test_api import Api, errors

pytestmark = pytest.mark.django_db
PATH = "projects/todos/import/"


def document(**paths) -> str:
    found = {}
    for name, (path, fields) in paths.items():
        found[path] = {"get": {"operationId": name, "responses": {"200": {"description": "OK"}}, **fields}}
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Todos", "version": "1"}, "paths": found})


OLD = document(list=("/todos", {"summary": "List"}), one=("/todos/{id}", {}))
NEW = document(list=("/todos", {"summary": "All", "tags": ["t"]}), more=("/more", {}))


@pytest.fixture
def api(ann):
    return Api(ann)


@pytest.fixture
def project(ann):
    return importing.begin(ann, data=OLD.encode(), slug="todos").project


def test_the_plan_changes_nothing(api, project):
    answer = api("POST", PATH, {"source": NEW, "plan": True})
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["applied"], body["revision"]["number"]) == (False, 1)
    assert [(item["kind"], item["id"], item["suggested"], item["breaking"]) for item in body["plan"]["items"]] == [
        ("changed", "operation:GET /todos", True, False),
        ("added", "operation:GET /more", True, False),
        ("removed", "operation:GET /todos/{id}", True, True),
    ]
    assert body["plan"]["items"][0]["details"] == ["summary", "tags"]
    assert body["report"]["operations_kept"] == 2
    assert project.revisions.count() == 1
    assert api("POST", PATH, {"source": NEW}).json()["applied"] is False


def test_what_is_accepted_is_one_revision(api, project):
    body = api("POST", PATH, {"source": NEW, "accept": ["operation:GET /more"]}).json()
    assert (body["applied"], body["revision"]["number"]) == (True, 2)
    assert [op.operation_id for op in load.contract(project).operations] == ["list", "more", "one"]
    assert sources.of(project).revision.number == 2


def test_all_of_it_keeps_what_was_edited_here(api, project):
    with editing.editing(project):
        project.operations.filter(operation_id="list").update(summary="Mine")
    body = api("POST", PATH, {"source": NEW, "accept": "all"}).json()
    (choice,) = body["plan"]["items"][0]["choices"]
    assert (choice["ours"], choice["theirs"]) == ("Mine", "All")
    found = load.contract(project).operations
    assert [(op.operation_id, op.summary, op.tags) for op in found] == [("list", "Mine", ("t",)), ("more", "", ())]
    answer = api("POST", PATH, {"source": NEW, "accept": ["operation:GET /todos#summary"]})
    assert errors(answer) == [("/accept", "unknown-item")], "the document was taken over; nothing is left to choose"


def test_a_link_is_fetched_and_remembered(api, project, monkeypatch):
    monkeypatch.setattr(importing.outbound, "fetch", lambda *a, **k: Fetched(200, (), NEW.encode(), a[1], 1))
    api("POST", PATH, {"url": "https://api.example.com/a.json", "accept": "all"})
    assert sources.of(project).url == "https://api.example.com/a.json"


def test_a_plan_for_another_revision_is_a_conflict(api, project):
    with editing.editing(project):
        project.operations.filter(operation_id="list").update(summary="Mine")
    for wish in ({"accept": "all"}, {"plan": True}):
        answer = api("POST", PATH, {"source": NEW, "revision": 1, **wish})
        assert answer.status_code == 409
        assert "revision 2" in answer.json()["detail"]
    assert project.revisions.count() == 2


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({}, [("", "source-or-url")]),
        ({"source": NEW, "url": "https://a.test"}, [("", "source-or-url")]),
        ({"source": NEW, "plan": True, "accept": "all"}, [("", "plan")]),
        ({"source": NEW, "accept": "some"}, [("/accept", "invalid")]),
        ({"source": NEW, "accept": [1]}, [("/accept", "invalid")]),
        ({"source": NEW, "accept": ["operation:GET /nope"]}, [("/accept", "unknown-item")]),
        ({"source": NEW, "nonsense": 1}, [("/nonsense", "unknown")]),
    ],
)
def test_wishes_that_make_no_sense(api, project, wish, found):
    answer = api("POST", PATH, wish)
    assert (answer.status_code, errors(answer)) == (400, found)
    assert project.revisions.count() == 1


@pytest.mark.parametrize("source", ["no document", "a: [", "openapi: 3.1.0"])
def test_what_cannot_be_read_is_422(api, project, source):
    answer = api("POST", PATH, {"source": source, "accept": "all"})
    assert answer.status_code == 422
    assert errors(answer)
    assert project.revisions.count() == 1


def test_a_link_that_fails_is_422(api, project, monkeypatch):
    def fetch(*args, **options):
        raise OutboundRefused("it does not answer")

    monkeypatch.setattr(importing.outbound, "fetch", fetch)
    answer = api("POST", PATH, {"url": "https://api.example.com/a.json"})
    assert answer.status_code == 422
    assert "it does not answer" in answer.json()["errors"][0]["message"]


def test_a_strangers_project_is_not_there(eve, project):
    make.project("hers", eve)
    assert Api(eve)("POST", PATH, {"source": NEW, "accept": "all"}).status_code == 404


def test_what_arrives_hidden_and_what_chatgpt_says_is_in_the_answer(api, ann):
    old = {f"x{n}": (f"/x/{n}", {"summary": "One"}) for n in range(31)}
    made = importing.begin(ann, data=document(**old).encode(), slug="chosen").project
    with editing.editing(made):
        made.operations.filter(operation_id="x30").update(exposed=False)
    wish = {"source": document(**old, more=("/more", {})), "accept": "all"}
    body = api("POST", "projects/chosen/import/", wish).json()
    assert [(item["id"], item["hidden"]) for item in body["plan"]["items"]] == [("operation:GET /more", True)]
    assert (body["chatgpt"]["outcome"], body["chatgpt"]["messages"]) == ("silent", 0)
    assert not load.contract(made).operations[-1].exposed
