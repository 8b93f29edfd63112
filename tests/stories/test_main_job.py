"""The main job with nobody's help: set up, paste, call, look, edit, replay, and the diff shows the edit."""

import re

import pytest
import yaml

PASSWORD = "a long enough sentence"
# The document of the Todo plugin as its tutorial has it: service-level token, three operations.
TODO = """
openapi: 3.0.1
info:
  title: TODO Plugin
  description: A plugin that allows the user to create and manage a TODO list using ChatGPT.
  version: 'v1'
servers:
  - url: PLUGIN_HOSTNAME
paths:
  /todos/{username}:
    get:
      operationId: getTodos
      summary: Get the list of todos
      parameters:
        - {in: path, name: username, schema: {type: string}, required: true, description: The name of the user.}
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/getTodosResponse'}
              example: {todos: [buy milk]}
    post:
      operationId: addTodo
      summary: Add a todo to the list
      parameters:
        - {in: path, name: username, schema: {type: string}, required: true, description: The name of the user.}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/addTodoRequest'}
      responses:
        "200": {description: OK}
    delete:
      operationId: deleteTodo
      summary: Delete a todo from the list
      parameters:
        - {in: path, name: username, schema: {type: string}, required: true, description: The name of the user.}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/deleteTodoRequest'}
      responses:
        "200": {description: OK}
components:
  schemas:
    getTodosResponse:
      type: object
      properties:
        todos: {type: array, items: {type: string}, description: The list of todos.}
    addTodoRequest:
      type: object
      required: [todo]
      properties:
        todo: {type: string, description: The todo to add to the list.}
    deleteTodoRequest:
      type: object
      required: [todo_idx]
      properties:
        todo_idx: {type: integer, description: The index of the todo to delete.}
"""
memory: dict[str, str] = {}  # what the person remembers from one chapter to the next


def signed_in(visitor):
    visitor.open("/accounts/login/")
    visitor.send(visitor.page.form("login", "password"), login="ann@example.test", password=PASSWORD)


def test_1_an_empty_installation_asks_for_the_first_account(studio, visitor):
    page = visitor.open("/")
    assert page.url.path == "/setup/"
    page = visitor.send(page.form("email", "password"), email="ann@example.test", name="Ann", password=PASSWORD)
    assert page.url.path == "/projects/"
    visitor.client.cookies.clear()
    assert visitor.open("/projects/").url.path == "/accounts/login/"
    visitor.open("/setup/", status=404)


def test_2_she_signs_in_and_pastes_the_todo_document(visitor):
    signed_in(visitor)
    assert visitor.page.url.path == "/projects/"
    page = visitor.open("/projects/new/")
    page = visitor.send(page.form("source"), "Create from this", source=TODO)
    if "/import/" in page.url.path:  # the report: what was noticed
        page = visitor.open("/projects/todo-plugin/")
    assert page.url.path == "/projects/todo-plugin/"
    assert "TODO Plugin" in page.text


def test_3_she_asks_for_a_service_token_and_gets_a_key_once(visitor):
    signed_in(visitor)
    page = visitor.open("/projects/todo-plugin/auth/")
    kind = next(form for form in page.forms if ("deed", "kind") in form.fields)
    page = visitor.send(
        kind, "Save", kind="service", authorization_type="bearer", verification_tokens="openai: 0a1b2c3d"
    )
    mint = next(form for form in page.forms if ("deed", "mint") in form.fields)
    page = visitor.send(mint, "Issue the key", name="My GPT")
    memory["key"] = re.search(r"ask_[\w-]{20,}", page.text)[0]
    assert memory["key"] not in visitor.open("/projects/todo-plugin/auth/").html


@pytest.mark.parametrize("prefix", ["", "/live/todo-plugin"])
def test_4_anybody_can_fetch_the_documents_on_both_forms(studio, prefix):
    def fetch(path):
        if prefix:
            return studio.get(prefix + path)
        return studio.call("todo-plugin", "GET", path)

    manifest = fetch("/.well-known/ai-plugin.json").json()
    assert manifest["auth"] == {
        "type": "service_http",
        "authorization_type": "bearer",
        "verification_tokens": {"openai": "0a1b2c3d"},
    }
    assert manifest["api"]["url"].endswith("/openapi.yaml")
    document = fetch("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document == yaml.safe_load(fetch("/openapi.yaml").text)
    assert sorted(document["paths"]["/todos/{username}"]) == ["delete", "get", "post"]
    assert fetch("/logo.png").status_code == 200
    assert fetch("/privacy").status_code == 200


CALLS = [("GET", None), ("POST", {"todo": "buy milk"}), ("DELETE", {"todo_idx": 0})]


@pytest.mark.parametrize(("method", "body"), CALLS)
def test_5_the_three_operations_answer_with_the_key_alone(studio, method, body):
    options = {"json": body} if body else {}
    without = studio.call("todo-plugin", method, "/todos/ann", **options)
    assert without.status_code == 401
    wrong = studio.call("todo-plugin", method, "/todos/ann", headers={"authorization": "Bearer no"}, **options)
    assert wrong.status_code == 401
    headers = {"authorization": f"Bearer {memory['key']}", "user-agent": "curl/8"}
    answer = studio.call("todo-plugin", method, "/todos/ann", headers=headers, **options)
    assert answer.status_code == 200
    if method == "GET":
        assert answer.json() == {"todos": ["buy milk"]}


def test_6_every_call_stands_in_the_log_without_the_key(visitor):
    signed_in(visitor)
    page = visitor.open("/projects/todo-plugin/log/?kind=mock")
    assert page.html.count("/todos/ann") >= 3
    refused = visitor.open("/projects/todo-plugin/log/?status=401")
    assert "401" in refused.text
    page = visitor.open("/projects/todo-plugin/log/?op=getTodos&status=200")
    memory["call"] = re.search(r"/log/(req_[0-9a-z]+)/", page.html)[1]
    page = visitor.open(f"/projects/todo-plugin/log/{memory['call']}/")
    assert "buy milk" in page.text
    assert memory["key"] not in page.html
    assert "curl" in page.html


def test_7_she_edits_the_answer_and_it_is_live_at_once(studio, visitor):
    signed_in(visitor)
    page = visitor.open("/projects/todo-plugin/endpoints/getTodos/")
    form = page.form("method", "path", "operation_id")
    example = next(name for name, value in form.fields if "buy milk" in value)
    page = visitor.send(form, "Save", **{example: '{"todos": ["buy milk", "walk the dog"]}'})
    headers = {"authorization": f"Bearer {memory['key']}"}
    assert studio.call("todo-plugin", "GET", "/todos/ann", headers=headers).json() == {
        "todos": ["buy milk", "walk the dog"]
    }
    assert "GET /todos/{username}" in visitor.open("/projects/todo-plugin/spec/versions/").text


def test_8_the_replay_shows_the_edit(visitor):
    signed_in(visitor)
    page = visitor.open(f"/projects/todo-plugin/log/{memory['call']}/")
    form = next(form for form in page.forms if form.attributes.get("action", "").endswith("/replay/"))
    page = visitor.send(form)
    assert re.fullmatch(r"/projects/todo-plugin/replays/\d+/", page.url.path)
    assert "walk the dog" in page.text
    assert "My GPT" in page.text  # the key counted as carried; its text is nowhere
    assert memory["key"] not in page.html
    assert "$.todos" in page.text
    assert page.url.path.split("/")[-2] in visitor.open("/projects/todo-plugin/replays/").html


def test_9_somebody_else_finds_nothing(studio, visitor):
    stranger = studio.client("eve")
    for path in ("", "endpoints/", "endpoints/getTodos/", "log/", f"log/{memory['call']}/", "auth/", "replays/"):
        assert stranger.get(f"/projects/todo-plugin/{path}").status_code == 404
