"""The API under odd input: what no database keeps, odd shapes, odd queries, and a schema that says what is taken."""

import json

import pytest

from actionstudio.apps.api import schema
from actionstudio.apps.projects import naming
from actionstudio.apps.projects.models import Project
from tests import make
from tests.apps.api.test_api import Api, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(ann):
    made = Api(ann)
    made("POST", "projects/", {"name": "Todo", "template": "todo"})
    return made


OPERATION = "projects/todo/operations/getTodos/"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\0b", "character"),
        ("\ud800", "character"),
        ({"a\0b": 1}, "character"),
        (10**30, "number"),
        (json.loads("[" * 200 + "]" * 200), "depth"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_place(api, value, code):
    before = api("GET", OPERATION).json()
    example = {"status": "200", "media_type": "application/json", "value": value}
    [(pointer, found)] = errors(api("PATCH", OPERATION, {"examples": [example]}))
    assert (pointer.startswith("/examples/0/value"), found) == (True, code)
    assert api("GET", OPERATION).json() == before


def test_a_number_too_large_for_a_float_is_refused(api):
    assert errors(api("PATCH", OPERATION, body=b'{"extra": {"x-a": 1e999}}')) == [("/extra/x-a", "number")]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("projects/", {"name": 5}, "/name"),
        ("projects/todo/operations/", {"operation_id": "a", "method": "GET", "path": "/a", "exposed": 1}, "/exposed"),
        ("projects/todo/auth/keys/", {"name": True}, "/name"),
        ("projects/todo/components/", {"name": "..", "schema": {}}, "/name"),
    ],
)
def test_a_value_of_another_type_is_not_bent(api, path, body, pointer):
    assert errors(api("POST", path, body)) == [(pointer, "invalid")]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"behaviour": {}}, "/behaviour/kind"),
        ({"examples": [{}]}, "/examples/0/status"),
        ({"security": [{"a": 1}]}, "/security/0/a"),
    ],
)
def test_a_patch_takes_whole_objects_inside(api, change, pointer):
    assert pointer in [where for where, _code in errors(api("PATCH", OPERATION, change))]


@pytest.mark.parametrize(
    "change", [{"tags": [{}]}, {"tags": [{"name": 1}]}, {"servers": [{"url": ""}]}, {"security": [{"a": 1}]}]
)
def test_a_document_takes_no_tag_or_requirement_that_openapi_does_not_know(api, change):
    assert api("PATCH", "projects/todo/document/", change).status_code == 400


@pytest.mark.parametrize("name", ["", "a b", "é", "Host"])
def test_a_key_travels_only_in_a_header_that_can_be_sent(api, name):
    body = {"kind": "api_key", "scheme": "header", "header": name}
    assert errors(api("PUT", "projects/todo/auth/", body)) == [("/header", "header")]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("cursor=zz", "?cursor"),
        ("cursor=cD1hYmM%3D", "?cursor"),
        ("cursor=cD0lMDA%3D", "?cursor"),
        ("cursor=%00", "?cursor"),
        ("limit=", "?limit"),
        ("limit=0", "?limit"),
        ("limit=201", "?limit"),
        ("limit=zz", "?limit"),
        ("limit=2&limit=3", "?limit"),
    ],
)
@pytest.mark.parametrize("place", ["projects/", "projects/todo/operations/", "projects/todo/revisions/"])
def test_a_cursor_or_limit_that_means_nothing_is_refused(api, place, query, pointer):
    assert [where for where, _code in errors(api("GET", f"{place}?{query}"))] == [pointer]


def test_any_number_is_a_cursor(api):
    assert api("GET", "projects/?cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk%3D").status_code == 200


def test_the_end_of_time_is_a_time(api):
    assert api("GET", "projects/todo/exchanges/?to=9999-12-31T23:59:59%2B14:00").status_code == 200


@pytest.mark.parametrize("place", ["components/a%00b/", "operations/%00/", "exchanges/x%0A/", "%0A/", "addresses/%0A/"])
def test_a_name_with_control_characters_is_nobodys(api, place):
    assert errors(api("GET", f"projects/todo/{place}")) == []


def test_head_knows_the_parameters_of_get(api):
    assert api("HEAD", "projects/?limit=2").status_code == 200


def test_an_unknown_method_is_405_whatever_is_asked(api):
    assert api("TRACE", "projects/?limit=2").status_code == 405


def test_a_logo_of_no_bytes_is_refused(api):
    assert errors(api("PUT", "projects/todo/logo/", body=b"", content_type="image/png")) == [("/logo", "logo")]


def test_the_schema_says_that_lists_come_in_pages_and_errors_as_problems():
    document = schema.document()
    listed = document["paths"]["/api/v1/projects/"]["get"]["responses"]
    page = document["components"]["schemas"][listed["200"]["content"]["application/json"]["schema"]["$ref"][21:]]
    assert page["required"] == ["next", "previous", "results"]
    assert document["components"]["schemas"]["ProblemShape"]["required"]


def test_calls_of_another_owner_are_not_replayed(api, ann, eve):
    mine = make.exchange(Project.objects.get(slug="todo")).public_id
    theirs = make.exchange(make.project("eves", eve)).public_id
    assert api("POST", "projects/todo/replays/", {"exchanges": [mine, theirs]}).status_code == 404
    assert api("GET", "projects/todo/replays/").json()["results"] == []


def test_two_who_want_one_name_at_once_both_get_a_project(api, monkeypatch):
    seen = iter(["todo", "todo-2"])  # the first look did not see the other's project
    monkeypatch.setattr(naming, "free_slug", lambda name: next(seen))
    made = api("POST", "projects/", {"name": "Todo"})
    assert (made.status_code, made.json()["slug"]) == (201, "todo-2")


@pytest.mark.parametrize("query", ["source=", "source=CLIENT", "kind=zz", "status=9xx", "method=%00", "from=zz"])
def test_a_filter_that_means_nothing_is_refused(api, query):
    assert errors(api("GET", f"projects/todo/exchanges/?{query}")) == [("?" + query.partition("=")[0], "invalid")]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("q=op:nosuch", [("unknown", "No endpoint has the name “nosuch”.")]),
        ("op=getTodo", [("unknown", "No endpoint has the name “getTodo”. Did you mean getTodos?")]),
        ("q=address:toda+took:>2", ["unknown", "ambiguous"]),
        ("q=op:getTodos", []),
        ("q=op:gone", []),
        ("q=took:>2", ["ambiguous"]),
        ("q=took:>2s", []),
    ],
)
def test_the_log_tells_what_the_page_tells_of_a_question(api, query, told):
    make.exchange(Project.objects.get(slug="todo"), operation_id="gone", duration_us=9_000)
    warnings = api("GET", f"projects/todo/exchanges/?{query}").json()["warnings"]
    assert [(one["code"], one["message"]) if isinstance(told[0], tuple) else one["code"] for one in warnings] == told
