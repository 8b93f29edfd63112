"""A plugin's document: the server that is called, the limits of 2023, the converter's words, what the model sees."""

import json

import pytest

from actionstudio.core.chatgpt.plugin import document
from actionstudio.core.chatgpt.plugin.reading import Manifest
from actionstudio.core.importer import simulate

URL = "https://docs.todo.example.com/openapi.yaml"
ROOT = "todo.example.com"


def doc(*servers, description="Lists them.", parameter="Which.", **fields):
    get = {
        "operationId": "listTodos",
        "description": description,
        "parameters": [{"name": "q", "in": "query", "description": parameter, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "OK"}},
    }
    found = {"openapi": "3.0.1", "info": {"title": "T", "version": "1"}, "paths": {"/todos": {"get": get}}, **fields}
    return found | ({"servers": [{"url": url} for url in servers]} if servers else {})


@pytest.mark.parametrize(
    ("servers", "server", "rules"),
    [
        (["https://todo.example.com/v1"], "https://todo.example.com/v1", []),
        (["https://api.todo.example.com"], "https://api.todo.example.com", []),
        (["https://other.com", "https://a.todo.example.com"], "https://a.todo.example.com", []),
        ([], "https://docs.todo.example.com", []),
        (["https://example.com"], "https://docs.todo.example.com", ["PL-13"]),
        (["/v1"], "https://docs.todo.example.com", ["PL-13"]),
        (["http://todo.example.com"], "http://todo.example.com", ["PL-11"]),
    ],
)
def test_the_first_server_below_the_root_domain_is_called_else_the_documents_host(servers, server, rules):
    imported, flaws = document.taken(json.dumps(doc(*servers)), ROOT, URL)
    assert imported.server == server and [one.rule for one in flaws] == rules
    assert [op.operation_id for op in imported.kept] == ["listTodos"]


def test_a_server_on_this_machine_may_have_a_port_and_http():
    imported, flaws = document.taken(json.dumps(doc("http://localhost:5003")), "localhost", "http://localhost:5003/o")
    assert (imported.server, flaws, len(imported.kept)) == ("http://localhost:5003", (), 1)


def test_texts_have_200_characters_where_actions_have_300_and_700():
    for long in (doc(description="d" * 201), doc(parameter="d" * 201)):
        text = json.dumps(long | {"servers": [{"url": "https://todo.example.com"}]})
        lines = [one.text for one in document.taken(text, ROOT, URL)[0].messages]
        assert [line for line in lines if line.endswith("has length 201 exceeding limit of 200")]
        assert not [one for one in simulate(text).messages if "exceeding" in one.text]
    fits, _flaws = document.taken(json.dumps(doc(description="d" * 200, parameter="d" * 200)), ROOT, URL)
    assert not [one for one in fits.messages if "exceeding" in one.text]


def test_a_document_that_cannot_be_read_is_told_as_one_report_has_it():
    broken = doc(components={"schemas": []})
    imported, _flaws = document.taken(json.dumps(broken), ROOT, URL)
    assert document.error(imported) == (
        'Error getting system message: {"message":"Could not parse OpenAPI spec for plugin: '
        "['In components section, schemas subsection is not an object']\"}"
    )
    assert document.error(document.taken(json.dumps(doc()), ROOT, URL)[0]) == ""


@pytest.mark.parametrize(
    "text", ["", "<html>", "[]", "3", '{"servers": 3}', '{"servers": [3, {"url": 7}]}', "a: [", b"\xff"]
)
def test_any_text_whatever_is_judged_without_a_crash(text):
    imported, _flaws = document.taken(text, ROOT, URL)
    assert imported.fatal and document.namespace(imported, Manifest()) == ""


def test_the_model_sees_the_manifests_description_and_name():
    imported, _flaws = document.taken(json.dumps(doc()), ROOT, URL)
    manifest = Manifest({"name_for_model": "todo", "description_for_model": "Plugin for lists."})
    lines = document.namespace(imported, manifest).splitlines()
    assert lines[:2] == ["// Plugin for lists.", "namespace todo {"]
    assert "type listTodos = (_: {" in lines and lines[-1] == "} // namespace todo"


def test_no_host_stands_before_a_plugins_names_and_makes_them_too_long():
    long = doc()
    long["paths"]["/todos"]["get"]["operationId"] = "n" * 45
    imported, _flaws = document.taken(json.dumps(long), ROOT, URL)
    assert [one for one in imported.silent if one.rule == "OP-04"] == []
