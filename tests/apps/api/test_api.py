"""The API: who may, projects, operations, components, keys, addresses, revisions, and errors that say where."""

import datetime
import json
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from actionstudio.apps.accounts.models import ApiToken, User
from actionstudio.apps.projects.models import Project
from actionstudio.core.contract import Component
from tests import make

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"


class Api:
    """A client of the API with a token."""

    def __init__(self, user, **options):
        self.token, self.text = ApiToken.mint(user, "tests", **options)

    def __call__(self, method, path, data=None, **extra):
        body = extra.pop("body", None) or (b"" if data is None else json.dumps(data).encode())
        extra.setdefault("content_type", "application/json")
        headers = {"Authorization": f"Bearer {self.text}"}
        return Client().generic(method, V1 + path, body, headers=headers, **extra)


@pytest.fixture
def api(ann):
    return Api(ann)


def errors(response):
    assert response["Content-Type"] == "application/problem+json"
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_without_a_token_the_answer_is_401_and_says_how(client):
    response = client.get(V1 + "projects/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert errors(response) == [("", "not_authenticated")]


def test_an_expired_or_unknown_token_opens_nothing(ann):
    gone = Api(ann, expires=timezone.now() - datetime.timedelta(seconds=1))
    assert gone("GET", "projects/").status_code == 401
    gone.text = "ast_wrong"
    assert gone("GET", "projects/").status_code == 401


def test_a_token_notes_its_last_use_at_most_once_a_minute(api, django_assert_num_queries):
    with django_assert_num_queries(3):  # token, note, projects
        api("GET", "projects/")
    with django_assert_num_queries(2):
        api("GET", "projects/")
    api.token.refresh_from_db()
    assert api.token.last_used


def test_the_session_may_read_and_needs_the_csrf_token_to_write(ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert client.get(V1 + "projects/").status_code == 200
    assert client.post(V1 + "projects/", {"name": "A"}, content_type="application/json").status_code == 403


def test_a_project_is_created_read_changed_and_deleted(api):
    made = api("POST", "projects/", {"name": "My todos", "template": "todo"})
    assert made.status_code == 201
    assert made["Location"].endswith("/api/v1/projects/my-todos/")
    assert made.json()["operations"] == 3
    changed = api("PATCH", "projects/my-todos/", {"name": "Todos", "masks": ["ssn"]})
    assert (changed.json()["name"], changed.json()["masks"]) == ("Todos", ["ssn"])
    assert api("DELETE", "projects/my-todos/").status_code == 204
    assert api("GET", "projects/my-todos/").status_code == 404


def test_lists_are_cursor_pages(api, ann):
    for number in range(3):
        make.project(f"p{number}", ann)
    first = api("GET", "projects/?limit=2").json()
    assert [row["slug"] for row in first["results"]] == ["p2", "p1"]
    rest = api("GET", first["next"].partition(V1)[2]).json()
    assert [row["slug"] for row in rest["results"]] == ["p0"]
    assert rest["next"] is None


def test_a_list_costs_the_same_for_many_projects(api, ann, django_assert_max_num_queries):
    for number in range(5):
        make.project(f"p{number}", ann)
    with django_assert_max_num_queries(6):
        assert len(api("GET", "projects/").json()["results"]) == 5


PLACES = (
    ("GET", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("GET", "document/"),
    ("PATCH", "document/"),
    ("DELETE", "logo/"),
    ("GET", "export/?as=openapi-json"),
    ("GET", "lint/"),
    ("GET", "waivers/"),
    ("POST", "waivers/"),
    ("DELETE", "waivers/?code=missing-text"),
    ("GET", "operations/"),
    ("POST", "operations/"),
    ("GET", "operations/getItems/"),
    ("DELETE", "operations/getItems/"),
    ("GET", "components/"),
    ("GET", "auth/"),
    ("POST", "auth/keys/"),
    ("DELETE", "auth/keys/1/"),
    ("GET", "addresses/"),
    ("GET", "addresses/items/"),
    ("GET", "revisions/"),
    ("GET", "revisions/1/"),
    ("POST", "revisions/1/restore/"),
    ("GET", "exchanges/"),
    ("GET", "exchanges.har"),
    ("GET", "exchanges/req_1/"),
    ("GET", "exchanges/req_1/hurl/"),
    ("GET", "exchanges/req_1/python/"),
    ("GET", "exchanges/req_1/postman/"),
    ("GET", "replays/"),
    ("POST", "replays/"),
    ("GET", "replays/1/"),
    ("GET", "replays/runs/"),
    ("GET", "replays/run_1/"),
    ("POST", "replays/run_1/cancel/"),
)


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_a_stranger_finds_nothing(method, place, eve):
    make.project("items")
    response = Api(eve)(method, f"projects/items/{place}", {} if method in ("POST", "PATCH") else None)
    assert response.status_code == 404
    assert Project.objects.filter(slug="items").exists()


def test_unknown_paths_are_a_problem_too(api):
    response = api("GET", "no/such/thing/")
    assert response.status_code == 404
    assert errors(response) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name": NaN}', "parse_error"),
        (b'{"name": "a", "name": "b"}', "parse_error"),
        (b'{"name": ', "parse_error"),
        (b"\xff", "parse_error"),
        (b"[" * 100_000, "parse_error"),
    ],
)
def test_json_is_read_strictly(api, body, code):
    response = api("POST", "projects/", body=body)
    assert response.status_code == 400
    assert errors(response) == [("", code)]


def test_unknown_fields_and_parameters_are_refused_by_name(api):
    response = api("POST", "projects/", {"name": "A", "colour": "red"})
    assert errors(response) == [("/colour", "unknown")]
    assert errors(api("GET", "projects/?page=2")) == [("?page", "unknown")]
    assert errors(api("POST", "projects/", [1])) == [("", "invalid")]


def test_another_media_type_or_method_is_a_problem(api):
    assert api("POST", "projects/", body=b"a=1", content_type="application/x-www-form-urlencoded").status_code == 415
    assert api("PUT", "projects/", {}).status_code == 405


def test_a_bad_slug_says_so_and_creates_nothing(api):
    response = api("POST", "projects/", {"name": "A", "slug": "🎉"})
    assert errors(response) == [("/slug", "slug")]
    assert not Project.objects.exists()


OPERATION = {
    "operation_id": "addTodo",
    "method": "POST",
    "path": "/todos/{username}",
    "summary": "Adds a todo",
    "consequential": False,
    "parameters": [{"name": "username", "in": "path", "required": True, "schema": {"type": "string"}}],
    "request_body": {"content": {"application/json": {"schema": {"type": "object"}}}},
    "responses": {"200": {"description": "OK", "content": {"text/plain": {"example": "OK"}}}},
    "behaviour": {"kind": "generated", "seed": 7},
    "extra": {"x-team": "red"},
}


def test_an_operation_comes_back_as_it_was_given(api):
    make.project()
    made = api("POST", "projects/items/operations/", OPERATION)
    assert made.status_code == 201, made.json()
    again = api("GET", "projects/items/operations/addTodo/").json()
    assert {name: again[name] for name in OPERATION} == {**OPERATION, "behaviour": again["behaviour"]}
    assert again["behaviour"] == {"kind": "generated", "seed": 7}
    assert again["examples"] == [
        {"status": "200", "media_type": "text/plain", "name": "", "summary": "", "value": "OK"}
    ]


def test_every_operation_can_be_written_back_unchanged(api):
    for template in ("todo", "petstore", "items", "weather"):
        api("POST", "projects/", {"name": template, "template": template})
        for shown in api("GET", f"projects/{template}/operations/").json()["results"]:
            name = shown["operation_id"]
            put = api("PUT", f"projects/{template}/operations/{name}/", shown)
            assert put.status_code == 200, put.json()
            assert put.json() == shown
        assert len(api("GET", f"projects/{template}/revisions/").json()["results"]) == 1


def test_a_patch_changes_what_it_names_and_makes_one_revision(api):
    project = make.project()
    response = api("PATCH", "projects/items/operations/getItems/", {"summary": "All", "exposed": False})
    assert (response.json()["summary"], response.json()["exposed"]) == ("All", False)
    assert response.json()["responses"]["200"]["content"]
    assert project.revisions.first().number == 2


def test_examples_given_apart_replace_those_of_the_responses(api):
    make.project()
    example = {"status": "200", "media_type": "application/json", "name": "two", "value": [1, 2]}
    response = api("PATCH", "projects/items/operations/getItems/", {"examples": [example]})
    assert [row["value"] for row in response.json()["examples"]] == [[1, 2]]
    wrong = api("PATCH", "projects/items/operations/getItems/", {"examples": [{**example, "status": "404"}]})
    assert errors(wrong) == [("/examples/0", "no-response")]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"path": "//a"}, "/path"),
        ({"path": "a"}, "/path"),
        ({"method": "FETCH"}, "/method"),
        ({"parameters": [{"in": "query"}]}, "/parameters/0"),
        ({"responses": {"abc": {}}}, "/responses/abc"),
        ({"request_body": {"content": {"application/json": {"schema": {"type": 3}}}}}, "/request_body/"),
        ({"behaviour": {"kind": "examples", "seed": 1}}, "/behaviour/seed"),
        ({"validation": "never"}, "/validation"),
    ],
)
def test_a_faulty_operation_is_refused_with_the_place(api, change, pointer):
    project = make.project()
    response = api("POST", "projects/items/operations/", {**OPERATION, **change})
    assert response.status_code == 400
    assert errors(response)[0][0].startswith(pointer)
    assert project.operations.count() == 1
    assert project.revisions.count() == 1


def test_the_same_name_or_place_twice_is_a_conflict(api):
    make.project()
    for change in ({"operation_id": "getItems"}, {"method": "GET", "path": "/items"}):
        assert api("POST", "projects/items/operations/", {**OPERATION, **change}).status_code == 409


def test_shared_schemas_know_their_users_and_refuse_circles(api):
    node = {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}}
    value = make.contract(components=(Component("A", node), Component("B", {"type": "string"})))
    make.project(value=value)
    assert api("GET", "projects/items/components/B/").json()["used_by"] == ["A"]
    circle = {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}}
    response = api("PUT", "projects/items/components/B/", circle)
    assert errors(response) == [("/schema", "cycle")]
    assert "B → A → B" in response.json()["errors"][0]["message"]
    assert api("DELETE", "projects/items/components/B/").status_code == 409
    assert api("DELETE", "projects/items/components/A/").status_code == 204


def test_a_key_is_shown_once_and_can_be_revoked(api):
    make.project()
    chosen = api("PUT", "projects/items/auth/", {"kind": "api_key", "scheme": "header", "header": "X-Key"})
    assert (chosen.json()["kind"], chosen.json()["header"]) == ("api_key", "X-Key")
    made = api("POST", "projects/items/auth/keys/", {"name": "GPT"}).json()
    assert made["text"].startswith("ask_")
    listed = api("GET", "projects/items/auth/").json()["keys"]
    assert [key["last4"] for key in listed] == [made["text"][-4:]]
    assert made["text"] not in json.dumps(listed)
    assert api("DELETE", f"projects/items/auth/keys/{made['id']}/").status_code == 204
    assert api("GET", "projects/items/auth/").json()["keys"][0]["revoked"]
    assert errors(api("PUT", "projects/items/auth/", {"kind": "none", "header": "X"})) == [("/header", "unknown")]


def test_oauth_is_chosen_with_its_scopes_and_shown_again(api):
    make.project()
    scopes = [{"name": "todos:read", "sentence": "Read your todos"}, {"name": "todos:write", "changes": True}]
    wish = {
        "kind": "oauth",
        "scopes": scopes,
        "token_exchange": "basic_auth_header",
        "verification_tokens": {"openai": "abc"},
    }
    shown = api("PUT", "projects/items/auth/", wish).json()
    assert shown == api("GET", "projects/items/auth/").json()
    assert shown["scopes"] == [
        {"name": "todos:read", "sentence": "Read your todos", "changes": False},
        {"name": "todos:write", "sentence": "", "changes": True},
    ]
    assert (shown["token_exchange"], shown["authorization_url"]) == ("basic_auth_header", "")
    security = [{"oauth": ["todos:read"]}]
    assert api("PATCH", "projects/items/operations/getItems/", {"security": security}).json()["security"] == security


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"kind": "oauth", "scopes": [{"name": "a b"}]}, [("/scopes/0/name", "scope")]),
        ({"kind": "oauth", "scopes": [{"name": "a"}, {"name": "a"}]}, [("/scopes/1/name", "scope")]),
        ({"kind": "oauth", "scopes": [{"title": "a"}]}, None),
        ({"kind": "oauth", "authorization_url": "https://a.example/a"}, [("/token_url", "url")]),
        (
            {"kind": "oauth", "authorization_url": "a", "token_url": "b"},
            [("/authorization_url", "url"), ("/token_url", "url")],
        ),
        ({"kind": "oauth", "token_exchange": "pigeon"}, [("/token_exchange", "invalid_choice")]),
        ({"kind": "user_http", "scopes": []}, [("/scopes", "unknown")]),
    ],
)
def test_what_oauth_cannot_be_is_refused_at_its_field(api, wish, found):
    make.project()
    response = api("PUT", "projects/items/auth/", wish)
    assert response.status_code == 422 or response.status_code == 400
    assert found is None or errors(response) == found
    assert api("GET", "projects/items/auth/").json()["kind"] == "none"


def test_each_person_can_have_a_key(api):
    make.project()
    shown = api("PUT", "projects/items/auth/", {"kind": "user_http", "authorization_type": "basic"}).json()
    assert (shown["kind"], shown["authorization_type"]) == ("user_http", "basic")


def test_an_address_is_pinned_bound_and_followed_again(api):
    make.project()
    pinned = api("PATCH", "projects/items/addresses/items/", {"pinned": 1, "domain": "api.example.com"}).json()
    assert (pinned["pinned"], pinned["domain"]) == (1, "api.example.com")
    assert pinned["urls"][0].endswith("://api.example.com")
    back = api("PATCH", "projects/items/addresses/items/", {"pinned": None}).json()
    assert (back["pinned"], back["domain"]) == (None, "api.example.com")
    assert errors(api("PATCH", "projects/items/addresses/items/", {"pinned": 9})) == [("/pinned", "pinned")]
    assert api("POST", "projects/items/addresses/", {"name": "items-beta"}).status_code == 201
    assert api("DELETE", "projects/items/addresses/items-beta/").status_code == 204


def test_revisions_are_listed_looked_at_and_restored(api):
    make.project()
    api("PATCH", "projects/items/document/", {"title": "Shop", "manifest": {"name_for_model": "shop"}})
    listed = api("GET", "projects/items/revisions/").json()["results"]
    assert [row["number"] for row in listed] == [2, 1]
    assert api("GET", "projects/items/revisions/1/").json()["document"]["info"]["title"] == "Items"
    assert api("POST", "projects/items/revisions/1/restore/").json()["number"] == 3
    assert api("GET", "projects/items/document/").json()["title"] == "Items"
    assert api("POST", "projects/items/revisions/9/restore/").status_code == 404


@pytest.mark.parametrize("name", ["openapi-json", "openapi-yaml", "gpt-json", "gpt-yaml", "ai-plugin", "bundle"])
def test_every_export_is_a_file(api, name):
    make.project()
    response = api("GET", f"projects/items/export/?as={name}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]


def test_an_unknown_export_names_those_there_are(api):
    make.project()
    response = api("GET", "projects/items/export/?as=pdf")
    assert errors(response) == [("?as", "unknown-export")]
    assert "openapi-json" in response.json()["errors"][0]["message"]


SOURCE = json.dumps(
    {
        "openapi": "3.0.1",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "OK"}}}}},
    }
)


def test_a_document_is_imported_with_a_report(api):
    response = api("POST", "projects/import/", {"source": SOURCE, "slug": "pets"})
    assert response.status_code == 201, response.json()
    report = response.json()["report"]
    assert (report["operations_in"], report["operations_kept"]) == (1, 1)
    assert report["format"] == "OpenAPI 3.0.1"
    assert report["reader"] == "openapi"
    assert report["findings_count"] == len(report["findings"])
    assert {"code", "level", "pointer", "message"} == set(report["findings"][0]) - {"repair"}
    assert response.json()["project"]["slug"] == "pets"


def test_a_dry_run_reports_and_creates_nothing(api):
    response = api("POST", "projects/import/", {"source": SOURCE, "dry_run": True})
    assert response.status_code == 200
    assert response.json()["project"] is None
    assert not Project.objects.exists()


def test_any_format_is_imported_and_can_be_named(api):
    curl = "curl -d '{\"a\": 1}' -H 'X-Api-Key: topsecret' https://a.example/orders"
    answer = api("POST", "projects/import/", {"source": curl, "slug": "shop", "format": "auto"})
    assert answer.status_code == 201
    assert answer.json()["report"]["reader"] == "curl"
    assert "topsecret" not in answer.text + api("GET", "projects/shop/export/?as=openapi-json").text
    sample = api("POST", "projects/import/", {"source": '{"swagger": 1}', "format": "json-sample", "dry_run": True})
    assert sample.json()["report"]["operations_kept"] == 1
    assert api("POST", "projects/import/", {"source": curl, "format": "har"}).status_code == 422
    assert api("POST", "projects/import/", {"source": curl, "format": "soap"}).status_code == 400


def test_a_report_has_levels_and_names_repairs(api):
    paths = {"bad": {"get": {}}, "/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {
        "type": "array", "items": {"type": "string"}}}}}, "responses": {}}}}  # fmt: skip
    source = json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    report = api("POST", "projects/import/", {"source": source, "dry_run": True}).json()["report"]
    assert (report["operations_in"], report["operations_kept"]) == (2, 1)
    levels = {finding["code"]: finding["level"] for finding in report["findings"]}
    assert levels["path"] == "drops-op"
    assert any("repair" in finding for finding in report["findings"])


def test_a_report_is_bounded(api):
    paths = {f"/a{n}": {"get": {"operationId": f"op{n}", "responses": {}}} for n in range(3000)}
    source = json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    report = api("POST", "projects/import/", {"source": source, "dry_run": True}).json()["report"]
    assert len(report["findings"]) <= 500 <= report["findings_count"]


@pytest.mark.parametrize("source", ["no document", "swagger: '2.0'", "a: [", "openapi: 3.1.0"])
def test_an_unreadable_document_is_422_and_creates_nothing(api, source):
    response = api("POST", "projects/import/", {"source": source})
    assert response.status_code == 422
    assert response.json()["errors"][0]["message"]
    assert not Project.objects.exists()


def test_exactly_one_of_source_and_url(api):
    assert errors(api("POST", "projects/import/", {})) == [("", "source-or-url")]


def test_the_checks_are_there(api):
    make.project()
    found = api("GET", "projects/items/lint/?target=gpt").json()["findings"]
    assert all(item["level"] and item["message"] for item in found)
    assert api("GET", "projects/items/lint/?target=soap").status_code == 400


@pytest.mark.one_database
def test_the_schema_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))
    assert "projects_import" in (tmp_path / "schema.yaml").read_text()


def test_the_schema_is_public_and_the_reference_shows_every_operation(client, ann):
    assert client.get(V1 + "schema/").status_code == 200
    assert client.get(V1 + "docs/").status_code == 302
    client.force_login(ann)
    page = client.get(V1 + "docs/").content.decode()
    assert "<script>" not in page and " style=" not in page
    for operation in ("projects_import", "replays_create", "exchanges_har", "keys_revoke"):
        assert f'id="{operation}"' in page


def test_the_command_prints_a_token_that_works(capsys):
    call_command("studio_token", "new@example.test", "--create")
    api = Api.__new__(Api)
    api.text = capsys.readouterr().out.strip()
    assert api("GET", "projects/").status_code == 200


def test_the_command_says_how_a_new_account_gets_its_password(client, capsys):
    call_command("studio_token", "new@example.test", "--create")
    said = capsys.readouterr()
    assert len(said.out.split()) == 1, "the token alone, since it is taken into a variable"
    door = said.err.split()[-1]
    assert door.startswith("http://")
    form = client.get(urlsplit(door).path, follow=True)
    where = form.redirect_chain[-1][0]
    client.post(where, {"password1": "correct horse battery", "password2": "correct horse battery"})
    assert User.objects.get(email="new@example.test").check_password("correct horse battery")


def test_the_command_is_silent_about_the_password_of_an_account_that_was_there(ann, capsys):
    call_command("studio_token", ann.email)
    assert capsys.readouterr().err == ""


def test_an_unknown_template_is_answered_with_those_there_are(api):
    refused = api("POST", "projects/", {"name": "x", "template": "nope"})
    assert (refused.status_code, errors(refused)) == (400, [("/template", "invalid_choice")])
    message = refused.json()["errors"][0]["message"]
    assert message.startswith("“nope” is none of: todo, ")
    assert "acme" in message
    assert not Project.objects.exists()
