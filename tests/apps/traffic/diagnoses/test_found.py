"""Every diagnosis finds what it is for, with the cure, and is silent about calls that are well."""

import re
from pathlib import Path

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.traffic import diagnoses
from actionstudio.apps.traffic.diagnoses import found as family
from actionstudio.apps.traffic.redaction import headers
from actionstudio.core.auth import ApiKey, OAuth, UserHttp
from actionstudio.core.contract import Body, Component, Media, Parameter
from tests import make

pytestmark = pytest.mark.django_db

TITLE = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
ADD = make.operation(
    "POST", "/todos", operation_id="addTodo", body=Body(True, content=(Media("application/json", TITLE),))
)
LIST = make.operation(
    "GET", "/todos", operation_id="listTodos", parameters=(Parameter("limit", schema={"type": "integer"}),)
)
READ = make.operation(
    "GET",
    "/todos/{id}",
    operation_id="readTodo",
    parameters=(Parameter("id", "path", True, schema={"type": "string"}),),
)
GPT = {"source": "gpt", "revision": 1}
HTML = b"<!DOCTYPE html><html><title>Just a moment...</title><body>cf-challenge</body></html>"
PLACEHOLDER = {"function_name": "x", "message": "The requested action requires approval", "action_id": "g-1"}
GONE = {"location": ["body", "title"], "code": "required", "message": "is missing", "side": "request"}
BAD = {"location": ["query", "limit"], "code": "type", "message": "must be a whole number", "side": "request"}
BROKEN = {"location": ["body"], "code": "json", "message": "is no JSON", "side": "request"}
PACKED = {"location": ["header", "Content-Encoding"], "code": "content-encoding", "side": "request"}
WHOLE = {"location": ["body"], "code": "required", "message": "is required", "side": "request"}
JSON = [["content-type", "application/json"]]
PAGE = [["content-type", "text/html"]]
BEARER = [["authorization", "Bearer ••••cdef (14 characters)"]]
BASIC = [["authorization", "Basic ••••cdef (14 characters)"]]
HEADER = [["x-api-key", "••••cdef (14 characters)"]]
TWICE = [["authorization", "Bearer Bearer ••••cdef (14 characters)"]]

ADDED = {"method": "POST", "path": "/todos", "operation_id": "addTodo"}
# What comes, and a word of the title that must be said
CASES = {
    "wrong-scheme": [
        ({"status": 401, "auth": "missing"}, "no credential"),
        ({"status": 401, "auth": "wrong", "request_headers": HEADER}, "another form"),
        ({"status": 401, "auth": "wrong", "request_headers": BASIC}, "another form"),
        ({"status": 401, "auth": "wrong", "request_headers": BEARER}, "secret itself"),
        ({"status": 401, "auth": "wrong", "request_headers": TWICE}, "twice"),
    ],
    "token-over": [({"status": 401, "auth": "expired"}, "expired"), ({"status": 401, "auth": "revoked"}, "revoked")],
    "scope-missing": [({"status": 403, "auth": "scope"}, "scope")],
    "body-missing": [({**ADDED, **GPT, "status": 422}, "empty"), ({**ADDED, "revision": 1, "status": 422}, "empty")],
    "arguments-dropped": [
        ({**ADDED, **GPT, "status": 422, "violations": [GONE], "request_body": {"done": True}}, "left out"),
        (
            {
                **ADDED, **GPT, "status": 422, "request_body": {"a": 1},
                "violations": [{**GONE, "location": ["body", "unknown_to_the_import"]}],
            },
            "dropped by the import",
        ),
    ],
    "answer-too-large": [
        ({**GPT, "response_body": b"x" * 100_000}, "throws it away"),
        ({**GPT, "response_body": b"x" * 99_999}, "close"),
        ({**GPT, "response_body": b"x" * 10, "response_size": 300_000}, "throws it away"),
    ],
    "request-too-large": [({"request_size": 100_000}, "could not send")],
    "too-slow": [({**GPT, "duration_us": 45_000_000}, "given up"), ({**GPT, "duration_us": 30_000_000}, "late")],
    "redirected": [
        ({**GPT, "status": 301, "response_headers": [["location", "https://other.test/"]]}, "another host"),
        ({**GPT, "status": 308, "response_headers": [["location", "/todos/"]]}, "may not follow"),
    ],
    "page-instead": [({**GPT, "response_body": HTML, "response_headers": PAGE}, "HTML")],
    "not-json": [({**GPT, "response_body": b'{"a": 1', "response_headers": JSON}, "not valid JSON")],
    "nothing-told": [({**GPT, "status": 204}, "empty")],
    "consent-placeholder": [({**GPT, "response_body": PLACEHOLDER}, "placeholder")],
    "unrecognized-argument": [
        ({"operation_id": "listTodos", "path": "/todos", "revision": 1, "query": "limit=2&env=prod"}, "would not send"),
        ({**ADDED, "revision": 1, "request_body": {"title": "a", "env": "x", "b": 1}}, "would not send"),
    ],
    "wrong-content-type": [
        (
            {
                **ADDED, "status": 415, "revision": 1, "request_body": b"title=a",
                "request_headers": [["content-type", "application/x-www-form-urlencoded"]],
            },
            "another format",
        ),
        ({**ADDED, **GPT, "request_body": b"\x1f\x8b", "violations": [PACKED], "status": 415}, "compressed"),
    ],
    "against-contract": [
        ({"revision": 1, "status": 422, "query": "limit=abc", "violations": [BAD]}, "against the contract"),
        ({**ADDED, **GPT, "status": 400, "request_body": b'{"pet":', "violations": [BROKEN]}, "against the contract"),
    ],
    "wrong-path": [
        ({"status": 405, "method": "DELETE", "path": "/todos"}, "the method is not"),
        ({"status": 404, "path": "/todos/"}, "slash"),
        ({"status": 404, "path": "/Todos"}, "capital"),
        ({"status": 404, "path": "/v1/todos"}, "“/v1”"),
        ({"status": 404, "path": "/things/{id}"}, "its name"),
        ({"status": 404, "path": "/nowhere/at/all", "kind": "refused"}, "none of this project's"),
    ],
    "files-without-links": [({**ADDED, "request_body": {"openaiFileIdRefs": ["file-1"]}}, "without links")],
    "backing-off": [({**GPT, "status": 429}, "rate limit"), ({**GPT, "status": 503}, "less often")],
    "error-without-words": [({**GPT, "status": 400, "response_body": b"{}"}, "says nothing")],
    "sign-in-failed": [
        (
            {
                "kind": "oauth", "path": "/oauth/token", "status": 400,
                "decisions": {"oauth": {"leg": "token", "outcome": "failed", "code": "code_used"}},
            },
            "broke off",
        )
    ],
}  # fmt: skip
ELSEWHERE = {"old-document"}  # needs a past: below


@pytest.fixture
def todos(ann):
    return make.project("todos", ann, make.contract(ADD, LIST, READ, auth=ApiKey()))


def found(project, **fields):
    fields.setdefault("operation_id", "listTodos" if fields.get("status", 200) not in (404, 405) else "")
    row = make.exchange(project, fields.pop("method", "GET"), fields.pop("path", "/todos"), **fields)
    return {one.code: one for one in diagnoses.of(diagnoses.Case(project, row))}


def test_every_diagnosis_has_a_case():
    names = {path.stem.replace("_", "-") for path in Path(family.__path__[0]).glob("*.py")} - {"--init--"}
    assert names == {*diagnoses.CALLS, *diagnoses.ACROSS}
    assert {*CASES} | ELSEWHERE == {*diagnoses.CALLS}


@pytest.mark.parametrize(
    ("code", "fields", "words"), [(code, fields, words) for code, all in CASES.items() for fields, words in all]
)
def test_what_went_wrong_is_found_and_the_cure_told(todos, code, fields, words):
    one = found(todos, **fields)[code]
    assert words in one.title and one.level in ("bad", "warn", "info")
    assert re.search(r"[.!]$", one.words) and len(one.words) > 20


GOOD = [
    {**GPT, "response_body": {"ok": True}, "request_headers": BEARER, "auth": "ok"},
    {**ADDED, **GPT, "status": 201, "request_body": {"title": "Milk"}, "response_body": {"id": 1}},
    {"kind": "document", "path": "/openapi.json", "response_body": b"x" * 200_000},
    {"kind": "document", "path": "/docs", "response_body": HTML, "response_headers": PAGE},
    {"kind": "callback", "status": 0, "path": "https://x.test/hook"},
    {**GPT, "status": 304},
    {**GPT, "status": 200, "method": "HEAD"},
    {"status": 200, "operation_id": "listTodos", "query": "limit=2", "revision": 1},
]


@pytest.mark.parametrize("fields", GOOD)
def test_a_call_that_is_well_has_no_diagnosis(todos, fields):
    assert found(todos, **fields) == {}


def test_what_came_and_what_was_expected_stand_side_by_side(todos):
    one = found(todos, status=401, auth="wrong", request_headers=HEADER)["wrong-scheme"]
    assert one.facts == (("Came", "x-api-key: …"), ("Expected", "Authorization: Bearer …"))
    assert all(url.startswith("/projects/todos/") for _label, url in one.links) and one.links


def refused(project, auth="wrong", query="", **sent):
    """The diagnosis of a call with these headers, hidden as the log hides them; x_api_key is X-Api-Key."""
    pairs = [(name.replace("_", "-"), value) for name, value in sent.items()]
    hidden = [list(pair) for pair in headers(pairs)]
    return found(project, status=401, auth=auth, request_headers=hidden, query=query)["wrong-scheme"]


@pytest.mark.parametrize(
    ("auth", "sent", "came", "title"),
    [
        (ApiKey(), {"authorization": "Bearer Bearer ask_9Zx9Zx9Zx9Zx9Zx9"}, "Authorization: Bearer Bearer …", "twice"),
        (ApiKey("basic"), {"authorization": "Basic Bearer s3cr3t-9f8e7d6c"}, "Authorization: Basic Bearer …", "before"),
        (ApiKey("header"), {"x_api_key": "Bearer s3cr3t-9f8e7d6c"}, "X-Api-Key: …", "before"),
        (ApiKey("header"), {"authorization": "Bearer s3cr3t-9f8e7d6c"}, "Authorization: Bearer …", "another form"),
    ],
)
def test_a_scheme_that_was_pasted_with_the_secret_is_told(ann, auth, sent, came, title):
    one = refused(make.project("todos", ann, make.contract(LIST, auth=auth)), **sent)
    assert one.facts[0] == ("Came", came) and title in one.title
    assert ("alone" in one.words) is (title != "another form")


@pytest.mark.parametrize(
    ("query", "sent", "came"),
    [
        ("", {"x_api_key": "ask_9Zx9Zx9Zx9Zx9Zx9"}, "x-api-key: …"),
        ("a=1&access_token=••••4242 (20 characters)", {}, "?access_token=…"),
        ("", {"x_mine": "ask_9Zx9Zx9Zx9Zx9Zx9"}, "x-mine: …"),
    ],
)
def test_a_credential_in_another_place_is_told_with_that_place(todos, query, sent, came):
    one = refused(todos, "missing", query, **sent)
    assert "another place" in one.title and one.facts == (("Came", came), ("Expected", "Authorization: Bearer …"))


def test_a_hidden_header_that_is_no_credential_is_not_taken_for_one(todos):
    one = refused(todos, "missing", "page=2", x_csrf_token="s3cr3t-9f8e7d6c", x_hub_signature="sha256=9f8e7d6c5b4a")
    assert "no credential" in one.title


@pytest.mark.parametrize(
    ("auth", "cure", "not_this"), [(OAuth(), "Sign in again", "Issue a key"), (UserHttp(), "person", "GPT editor")]
)
def test_the_cure_is_that_of_the_projects_authentication(ann, auth, cure, not_this):
    one = refused(make.project("todos", ann, make.contract(LIST, auth=auth)), authorization="Bearer asat_9Zx9Zx9Zx9Zx9")
    assert cure in one.words and not_this not in one.words


@pytest.mark.parametrize("auth", [OAuth(), ApiKey()])
def test_a_variable_that_nobody_filled_in_is_told(ann, auth):
    one = refused(make.project("todos", ann, make.contract(LIST, auth=auth)), authorization="Bearer {{access_token}}")
    assert "placeholder" in one.title


def test_an_empty_body_is_told_once(todos):
    said = found(todos, **ADDED, **GPT, status=422, violations=[WHOLE], response_body={"detail": "Send a body."})
    assert {*said} == {"body-missing"}


def test_a_compressed_body_is_no_fault_of_the_model(todos):
    told = found(todos, **ADDED, **GPT, status=415, request_body=b"\x1f\x8b", violations=[PACKED])
    assert "against-contract" not in told


def test_chatgpt_is_not_told_to_declare_what_is_declared(todos):
    form = [["content-type", "text/plain"]]
    one = found(todos, **ADDED, **GPT, status=415, request_body=b"x", request_headers=form)["wrong-content-type"]
    assert "Declare" not in one.words


def test_a_path_that_is_known_is_told_with_its_methods(todos):
    one = found(todos, status=405, method="DELETE", path="/todos")["wrong-path"]
    assert ("Answers", "GET, POST") in one.facts


def test_a_path_that_is_nobodys_is_told_with_the_nearest(todos):
    assert ("Nearest", "/todos") in found(todos, status=404, path="/todo")["wrong-path"].facts
    assert not found(todos, status=404, path="/.well-known/x", kind="oauth")


def test_a_diagnosis_that_fails_leaves_the_others(todos, monkeypatch):
    def broken(case):
        raise RuntimeError("a bug")

    monkeypatch.setitem(diagnoses.CALLS, "broken", diagnoses.diagnosis.Entry("broken", "bad", broken))
    assert "nothing-told" in found(todos, **GPT, status=204)


def test_an_older_document_is_told_only_where_the_called_endpoint_changed(ann):
    project = make.project("todos", ann, make.contract(ADD, LIST))
    make.exchange(project, path="/openapi.json", kind="document", source="gpt", revision=1)
    renamed = make.operation("GET", "/todos", operation_id="listTodos", parameters=(Parameter("page"),))
    editing.replace(project, make.contract(ADD, renamed), by=ann)
    told = found(project, source="gpt", revision=2, response_body={"ok": 1})
    assert told["old-document"].facts == (("ChatGPT imported", "v1"), ("Answered by", "v2"))
    assert "old-document" not in found(project, **ADDED, source="gpt", revision=2, request_body={"title": "a"})
    make.exchange(project, path="/openapi.json", kind="document", source="gpt", revision=2)
    assert "old-document" not in found(project, source="gpt", revision=2, response_body={"ok": 1})


UNITS = {"location": ["query", "units"], "code": "required", "message": "is required", "side": "request"}
NOTE = {"location": ["body", "note"], "code": "required", "message": "is missing", "side": "request"}


def grown(ann, before, after):
    """A project whose document ChatGPT fetched before it changed."""
    project = make.project("todos", ann, before)
    make.exchange(project, path="/openapi.json", kind="document", source="gpt", revision=1)
    editing.replace(project, after, by=ann)
    return project


def test_what_was_right_by_the_older_document_is_told_as_that_alone(ann):
    asking = make.operation(
        "GET", "/todos", operation_id="listTodos", parameters=(Parameter("units", required=True), *LIST.parameters)
    )
    project = grown(ann, make.contract(LIST), make.contract(asking))
    call = {"source": "gpt", "revision": 2, "status": 422, "response_body": {"detail": "units is required"}}
    told = found(project, **call, violations=[UNITS])
    assert {*told} == {"old-document"}
    assert told["old-document"].facts[-1] == ("Was right by then", "query.units")
    told = found(project, **call, query="limit=abc", violations=[UNITS, BAD])
    assert told["against-contract"].facts == (("query.limit", "must be a whole number"),)


def test_a_fetch_by_a_client_without_a_name_counts_where_the_call_shows_the_older_document(ann):
    """The GPT editor fetches from a server of OpenAI's that may call itself anything."""
    units = Parameter("units", required=True)
    asking = make.operation("GET", "/todos", operation_id="listTodos", parameters=(units, *LIST.parameters))
    project = make.project("todos", ann, make.contract(LIST))
    fetch = {"path": "/openapi.json", "kind": "document"}
    make.exchange(project, **fetch, revision=1, request_headers=[["user-agent", "Python/3.12 aiohttp/3.11"]])
    editing.replace(project, make.contract(asking), by=ann)
    make.exchange(project, **fetch, revision=2, request_headers=[["sec-fetch-mode", "cors"]])  # a browser's
    make.exchange(project, **fetch, revision=2, address="another")
    call = {"source": "gpt", "revision": 2}
    late = {**call, "status": 422, "response_body": {"detail": "units is required"}, "violations": [UNITS]}
    told = found(project, **late)
    assert {*told} == {"old-document"}
    assert told["old-document"].facts[0] == ("Last fetched", "v1")
    assert "old-document" not in found(project, **call, query="units=a", response_body={"ok": 1}), "nothing shows it"
    make.exchange(project, **fetch, revision=2)
    assert {*found(project, **late)} == {"arguments-dropped"}
    make.exchange(project, **fetch, source="gpt", revision=1)
    assert found(project, **late)["old-document"].facts[0] == ("ChatGPT imported", "v1")


def test_a_document_fetched_between_two_calls_of_an_hour_counts_for_the_later_one(ann):
    units = Parameter("units", required=True)
    asking = make.operation("GET", "/todos", operation_id="listTodos", parameters=(units, *LIST.parameters))
    project = grown(ann, make.contract(LIST), make.contract(asking))
    call = {"method": "GET", "path": "/todos", "operation_id": "listTodos", "source": "gpt", "revision": 2}
    late = {**call, "status": 422, "response_body": {"detail": "units is required"}, "violations": [UNITS]}
    before = make.exchange(project, **late)
    make.exchange(project, path="/openapi.json", kind="document", source="gpt", revision=2)
    groups = diagnoses.across(project, [before, make.exchange(project, **late)])
    assert {(group.diagnosis.code, group.count) for group in groups} == {("old-document", 1), ("arguments-dropped", 1)}


def test_a_shared_schema_that_changed_makes_the_document_an_older_one(ann):
    def of(*needed):
        media = Media("application/json", {"$ref": "#/components/schemas/Todo"})
        schema = {**TITLE, "properties": {**TITLE["properties"], "note": {"type": "string"}}, "required": [*needed]}
        add = make.operation("POST", "/todos", operation_id="addTodo", body=Body(True, content=(media,)))
        return make.contract(add, components=(Component("Todo", schema),))

    project = grown(ann, of("title"), of("title", "note"))
    call = {**ADDED, "source": "gpt", "revision": 2, "status": 422, "response_body": {"detail": "note is missing"}}
    assert {*found(project, **call, request_body={"title": "a"}, violations=[NOTE])} == {"old-document"}
    told = found(project, **call, request_body={"note": "a"}, violations=[GONE])
    assert {*told} == {"arguments-dropped"}, "the title was needed then, too"
    cut = {"request_body": b'{"title', "request_size": 900, "cut": 1, "violations": [NOTE]}
    assert "old-document" not in found(project, **call, **cut), "nobody knows what was sent"


def test_a_path_that_the_older_document_had_is_no_wrong_path(ann):
    project = grown(ann, make.contract(ADD, LIST, READ), make.contract(LIST, READ))
    call = {"source": "gpt", "revision": 2, "response_body": {"detail": "There is no such method."}}
    told = found(project, **call, method="POST", status=405)
    assert {*told} == {"old-document"}


def test_a_missing_argument_of_the_query_is_told_once(todos):
    told = found(todos, **GPT, status=422, violations=[UNITS], response_body={"detail": "units is required"})
    assert {*told} == {"arguments-dropped"}
