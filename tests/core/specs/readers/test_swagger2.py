"""Swagger 2.0 documents become contracts that say the same."""

import copy

import pytest
from hypothesis import given, settings

from actionstudio.core.auth import ApiKey
from actionstudio.core.problem import Refused
from tests.core.specs.readers import kit

STORE = {
    "swagger": "2.0",
    "info": {"title": "Store", "version": "1.2", "description": "Pets.", "contact": {"email": "ann@example.com"}},
    "host": "api.store.example",
    "basePath": "/v2/",
    "schemes": ["http", "https", "wss"],
    "consumes": ["application/json"],
    "produces": ["application/json", "application/xml"],
    "tags": [{"name": "pets", "description": "All about pets"}],
    "externalDocs": {"url": "https://store.example/docs"},
    "x-audience": "partners",
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Store-Key"},
        "login": {"type": "basic"},
        "implicit": {"type": "oauth2", "flow": "implicit", "authorizationUrl": "https://a.example/auth",
                     "scopes": {"read": "Read"}},
        "code": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a.example/auth",
                 "tokenUrl": "https://a.example/token", "scopes": {"write": "Write"}, "x-tenant": "t"},
        "app": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a.example/token"},
        "typed": {"type": "oauth2", "flow": "password", "tokenUrl": "https://a.example/token", "scopes": {}},
    },
    "security": [{"key": []}],
    "parameters": {
        "limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 100, "default": 20},
        "petBody": {"name": "pet", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Pet"}},
        "unusedBody": {"name": "body", "in": "body", "schema": {"type": "object"}},
        "unusedField": {"name": "f", "in": "formData", "type": "string"},
    },
    "responses": {
        "NotFound": {"description": "No such pet", "schema": {"$ref": "#/definitions/Error"}},
    },
    "definitions": {
        "Pet": {
            "type": "object",
            "required": ["name", "kind"],
            "discriminator": "kind",
            "properties": {
                "id": {"type": "integer", "format": "int64", "readOnly": True},
                "name": {"type": "string", "example": "Rex"},
                "kind": {"type": "string"},
                "weight": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
                "owner": {"type": "string", "x-nullable": True},
            },
        },
        "Dog": {"allOf": [{"$ref": "#/definitions/Pet"}, {"properties": {"bark": {"type": "string"}}}]},
        "Page«Pet»": {"type": "object", "properties": {"items": {"type": "array",
                                                                 "items": {"$ref": "#/definitions/Pet"}}}},
        "Error": {"type": "object", "properties": {"message": {"type": "string"}}},
    },
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "summary": "List pets",
                "tags": ["pets"],
                "parameters": [
                    {"$ref": "#/parameters/limit"},
                    {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"},
                     "collectionFormat": "multi"},
                    {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}},
                    {"name": "codes", "in": "query", "type": "array", "items": {"type": "string"},
                     "collectionFormat": "pipes", "enum": [["a"]], "x-note": "kept"},
                    {"name": "odd", "in": "query", "type": "array", "items": {"type": "string"},
                     "collectionFormat": "tsv"},
                ],
                "responses": {
                    "200": {
                        "description": "Pets",
                        "schema": {"$ref": "#/definitions/Page%C2%ABPet%C2%BB"},
                        "headers": {"X-Total": {"type": "integer", "description": "How many"}},
                        "examples": {"application/json": {"items": [{"name": "Rex", "kind": "dog"}]}},
                    },
                    "default": {"$ref": "#/responses/NotFound"},
                },
            },
            "post": {
                "operationId": "addPet",
                "consumes": ["application/json", "application/xml"],
                "schemes": ["https"],
                "security": [{"code": ["write"]}],
                "parameters": [{"$ref": "#/parameters/petBody"}],
                "responses": {"201": {"description": "Added"}},
                "x-openai-isConsequential": False,
            },
        },
        "/pets/{id}/photo": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "integer"}],
            "post": {
                "operationId": "addPhoto",
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "photo", "in": "formData", "type": "file", "required": True, "description": "A picture"},
                    {"name": "words", "in": "formData", "type": "array", "items": {"type": "string"}},
                ],
                "responses": {"204": {"description": "Taken"}},
            },
            "get": {
                "operationId": "getPhoto",
                "produces": ["image/png"],
                "security": [],
                "responses": {"200": {"description": "The picture", "schema": {"type": "file"}}},
            },
        },
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def report():
    return kit.read(STORE)


@pytest.fixture(scope="module")
def document(report):
    return kit.written(report)


def operation(document, path, method):
    return document["paths"][path][method]


def test_all_operations_come_through(report):
    assert report.format == "Swagger 2.0"
    assert (report.operations_in, report.operations_kept) == (4, 4)


def test_host_base_path_and_schemes_are_servers(report, document):
    assert [server["url"] for server in document["servers"]] == [
        "https://api.store.example/v2",
        "http://api.store.example/v2",
    ]
    assert kit.at(report, "schemes") == ["/schemes"]


def test_what_is_said_elsewhere_stays(document):
    assert document["x-audience"] == "partners"
    assert document["externalDocs"] == {"url": "https://store.example/docs"}
    assert document["tags"] == [{"name": "pets", "description": "All about pets"}]
    assert document["info"]["contact"] == {"email": "ann@example.com"}


def test_parameters_say_how_their_lists_travel(report, document):
    found = {item.get("name"): item for item in operation(document, "/pets", "get")["parameters"]}
    assert found["tags"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert (found["tags"]["style"], found["tags"]["explode"]) == ("form", True)
    assert (found["ids"]["style"], found["ids"]["explode"]) == ("form", False)
    assert (found["codes"]["style"], found["codes"]["x-note"]) == ("pipeDelimited", "kept")
    assert found["odd"]["x-collectionFormat"] == "tsv"
    assert kit.at(report, "collection-format") == ["/paths/~1pets/get/parameters/4/collectionFormat"]
    shared = document["components"]["parameters"]["limit"]
    assert shared["schema"] == {"type": "integer", "maximum": 100, "default": 20}


def test_a_body_takes_the_media_types_of_its_operation(document):
    body = operation(document, "/pets", "post")["requestBody"]
    assert set(body["content"]) == {"application/json", "application/xml"}
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Pet"}
    assert body["required"] is True
    assert body["x-body-name"] == "pet"
    assert operation(document, "/pets", "post")["servers"] == [{"url": "https://api.store.example/v2"}]


def test_form_fields_and_files_are_one_object(document):
    body = operation(document, "/pets/{id}/photo", "post")["requestBody"]
    media = body["content"]["multipart/form-data"]
    assert media["schema"]["required"] == ["photo"]
    assert media["schema"]["properties"]["photo"]["contentMediaType"] == "application/octet-stream"
    assert media["schema"]["properties"]["photo"]["description"] == "A picture"
    assert media["encoding"] == {"words": {"style": "form", "explode": False}}


def test_answers_carry_schema_headers_and_examples(document):
    answer = operation(document, "/pets", "get")["responses"]["200"]
    assert answer["headers"]["X-Total"] == {"description": "How many", "schema": {"type": "integer"}}
    assert answer["content"]["application/json"]["example"] == {"items": [{"name": "Rex", "kind": "dog"}]}
    assert "example" not in answer["content"]["application/xml"]
    assert operation(document, "/pets", "get")["responses"]["default"] == {"$ref": "#/components/responses/NotFound"}
    file = operation(document, "/pets/{id}/photo", "get")["responses"]["200"]["content"]
    assert file["image/png"]["schema"]["contentMediaType"] == "application/octet-stream"


def test_schemas_are_those_of_today(document):
    pet = document["components"]["schemas"]["Pet"]
    assert pet["discriminator"] == {"propertyName": "kind"}
    assert pet["properties"]["weight"] == {"type": "number", "exclusiveMinimum": 0}
    assert pet["properties"]["owner"] == {"type": ["string", "null"]}


def test_a_name_that_openapi_3_does_not_allow_is_changed_everywhere(report, document):
    assert "Page_Pet" in document["components"]["schemas"]
    answer = operation(document, "/pets", "get")["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Page_Pet"}
    assert kit.at(report, "renamed") == ["/definitions/Page«Pet»"]


def test_security_is_carried_over(report, document):
    schemes = document["components"]["securitySchemes"]
    assert schemes["login"] == {"type": "http", "scheme": "basic"}
    assert schemes["implicit"]["flows"] == {
        "implicit": {"authorizationUrl": "https://a.example/auth", "scopes": {"read": "Read"}}
    }
    assert schemes["code"]["flows"]["authorizationCode"]["tokenUrl"] == "https://a.example/token"
    assert schemes["code"]["x-tenant"] == "t"
    assert schemes["app"]["flows"] == {"clientCredentials": {"tokenUrl": "https://a.example/token", "scopes": {}}}
    assert set(schemes["typed"]["flows"]) == {"password"}
    assert operation(document, "/pets", "post")["security"] == [{"code": ["write"]}]
    assert operation(document, "/pets/{id}/photo", "get")["security"] == []


def test_one_key_for_everything_is_a_key_of_ours():
    doc = copy.deepcopy(STORE)
    del doc["paths"]["/pets"]["post"]["security"]
    assert kit.read(doc).contract.auth == ApiKey("header", "X-Store-Key", "key")


def test_shared_bodies_stay_when_none_uses_them(report, document):
    assert set(document["components"]["requestBodies"]) == {"unusedBody"}
    assert kit.at(report, "form-parameter") == ["/parameters/unusedField"]


def test_good_operations_survive_bad_neighbours_and_problems_name_the_source():
    doc = copy.deepcopy(STORE)
    doc["paths"]["/pets"]["get"] = "nothing"
    doc["paths"]["bad"] = {"get": {"responses": {}}}
    doc["paths"]["/pets"]["post"]["responses"]["201"]["schema"] = {"$ref": "#/definitions/Nobody"}
    doc["definitions"]["Error"]["properties"]["message"] = []
    report = kit.read(doc)
    assert (report.operations_in, report.operations_kept) == (5, 3)
    assert kit.at(report, "not-an-object") == ["/paths/~1pets/get"]
    assert kit.at(report, "unresolved-ref") == ["/paths/~1pets/post/responses/201/schema"]
    assert kit.at(report, "not-a-schema") == ["/definitions/Error/properties/message"]


def test_without_a_host_the_base_path_is_relative():
    doc = {key: value for key, value in STORE.items() if key not in ("host", "schemes")}
    assert [server.url for server in kit.read(doc).contract.servers] == ["/v2"]


def test_a_list_of_items_is_read_as_one_of_them():
    doc = copy.deepcopy(STORE)
    doc["definitions"]["Mixed"] = {"type": "array", "items": [{"$ref": "#/definitions/Pet"}, {"type": "string"}]}
    report = kit.read(doc)
    assert kit.written(report)["components"]["schemas"]["Mixed"]["items"] == {
        "anyOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "string"}]
    }
    assert "items-list" in kit.codes(report)


@pytest.mark.parametrize(
    ("doc", "says"),
    [
        ({"swagger": "1.2", "apis": []}, "Swagger 1.2"),
        ({"swagger": "2.0"}, "no “paths”"),
        ({"swagger": "2.0", "paths": []}, "must be an object"),
        ({"swagger": "2.0", "paths": {"a": {"get": {}}}}, "must begin with a slash"),
        ({"openapi": "3.1.0"}, "not a Swagger document"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(doc, says):
    with pytest.raises(Refused, match=says):
        kit.read(doc, "swagger2")


@settings(max_examples=120, deadline=None)
@given(kit.bent(STORE))
def test_no_document_however_bent_makes_it_fail(doc):
    kit.survives("swagger2", doc)
