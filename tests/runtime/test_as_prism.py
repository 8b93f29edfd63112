"""What people know from Prism: negotiation, security, validation, headers, deprecation and Prefer, for OpenAPI 3.

Cases of our own, made from Prism's guides (mocking, request validation, errors). Where we answer otherwise on purpose,
docs/differences.md says so.
"""

import orjson
import pytest

from actionstudio.core.specs.readers import openapi
from tests.runtime.house import ask

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def served(paths: dict, **document):
    return openapi.read(
        {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths, **document}
    ).contract


def answers(**content) -> dict:
    """Responses by status: ``_200={"application/json": {"example": 1}}``; no content for {}."""
    return {
        status.lstrip("_"): {"description": "", **({"content": value} if value else {})}
        for status, value in content.items()
    }


def one(responses: dict, method: str = "get", path: str = "/todos", **operation):
    return served({path: {method: {"responses": responses, **operation}}})


TEST = answers(_200={JSON: {"example": "test"}})
SCHEMES = {
    "Query": {"type": "apiKey", "in": "query", "name": "apiKey"},
    "Header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "Cookie": {"type": "apiKey", "in": "cookie", "name": "SESSIONID"},
    "Basic": {"type": "http", "scheme": "basic"},
    "Bearer": {"type": "http", "scheme": "bearer"},
    "Digest": {"type": "http", "scheme": "digest"},
    "OAuth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"read": "r"}}}},
    "OpenId": {"type": "openIdConnect", "openIdConnectUrl": "https://id.example.com/.well-known/openid-configuration"},
}
PAIR = "Basic dXNlcjpwYXNz"  # user:pass
DIGEST = 'Digest username="", realm="", nonce="", uri="", response=""'


@pytest.mark.parametrize(
    ("security", "url", "headers", "status"),
    [
        ([{"Basic": []}], "/todos", {}, 401),
        ([{"Basic": []}], "/todos", {"authorization": PAIR}, 200),
        ([{"Basic": []}], "/todos", {"authorization": "Basic abc123"}, 401),
        ([{"Basic": []}], "/todos", {"authorization": "Bearer abc123"}, 401),
        ([{"Bearer": []}], "/todos", {"authorization": "Bearer abc123"}, 200),
        ([{"Bearer": []}], "/todos", {"authorization": PAIR}, 401),
        ([{"Digest": []}], "/todos", {"authorization": DIGEST}, 200),
        ([{"Digest": []}], "/todos", {"authorization": 'Digest username=""'}, 401),
        ([{"OAuth": ["read"]}], "/todos", {"authorization": "Bearer abc"}, 200),
        ([{"OAuth": ["read"]}], "/todos", {"authorization": PAIR}, 401),
        ([{"OpenId": []}], "/todos", {"authorization": "Bearer abc"}, 200),
        ([{"OpenId": []}], "/todos", {}, 401),
        ([{"Query": []}], "/todos?apiKey=abc", {}, 200),
        ([{"Query": []}], "/todos", {}, 401),
        ([{"Header": []}], "/todos", {"x_api_key": "abc"}, 200),
        ([{"Header": []}], "/todos", {}, 401),
        ([{"Cookie": []}], "/todos", {"cookie": "SESSIONID=abc"}, 200),
        ([{"Cookie": []}], "/todos", {"cookie": "other=abc"}, 401),
        ([{"Header": [], "Query": []}], "/todos?apiKey=abc", {}, 401),
        ([{"Header": [], "Query": []}], "/todos?apiKey=abc", {"x_api_key": "x"}, 200),
        ([{"Header": []}, {"Query": []}], "/todos?apiKey=abc", {}, 200),
        ([{"Header": []}, {"Query": []}], "/todos", {}, 401),
        ([{"Query": []}, {}], "/todos", {}, 200),
        ([], "/todos", {}, 200),
    ],
)
def test_security(security, url, headers, status):
    contract = served(
        {"/todos": {"get": {"responses": TEST}}}, components={"securitySchemes": SCHEMES}, security=security
    )
    reply = ask(contract, "GET", url, **headers).reply
    assert reply.status == status
    assert bool(reply.header("www-authenticate")) == (status == 401)
    if status == 401:
        assert reply.header("content-type") == "application/problem+json"


def test_an_operation_overrules_the_documents_security():
    secured = {"components": {"securitySchemes": SCHEMES}, "security": [{"Query": []}]}
    opened = served({"/todos": {"get": {"responses": TEST, "security": []}}}, **secured)
    other = served({"/todos": {"get": {"responses": TEST, "security": [{"Header": []}]}}}, **secured)
    assert ask(opened, "GET", "/todos").reply.status == 200
    assert ask(other, "GET", "/todos?apiKey=abc").reply.status == 401
    assert ask(other, "GET", "/todos", x_api_key="abc").reply.status == 200


def test_security_goes_before_validation_and_the_declared_401_is_sent():
    wanted = [{"in": "query", "name": "q", "required": True, "schema": {"type": "integer"}}]
    own = TEST | answers(_401={JSON: {"example": "unauthorized"}}, _422={JSON: {"example": "invalid"}})
    contract = served(
        {"/todos": {"get": {"responses": own, "parameters": wanted}}},
        components={"securitySchemes": SCHEMES},
        security=[{"Query": []}],
    )
    assert (reply := ask(contract, "GET", "/todos").reply).status == 401
    assert orjson.loads(reply.body) == "unauthorized"
    assert orjson.loads(ask(contract, "GET", "/todos?apiKey=1").reply.body) == "invalid"


TWO = answers(_200={"text/plain": {"example": "hi"}, JSON: {"example": {"a": 1}}})
VENDOR = answers(_200={"application/vnd.a+json; version=1": {"example": 1}, JSON: {"example": 0}})


@pytest.mark.parametrize(
    ("responses", "accept", "status", "body"),
    [
        (TWO, "application/json", 200, b'{"a":1}'),
        (TWO, "text/plain", 200, b"hi"),
        (TWO, "text/*", 200, b"hi"),
        (TWO, "*/*", 200, b"hi"),
        (TWO, "", 200, b"hi"),
        (TWO, "text/plain;q=0.1, application/json", 200, b'{"a":1}'),
        (TWO, "application/xml, application/json;q=0.5, */*;q=0.1", 200, b'{"a":1}'),
        (TWO, "application/xml, */*;q=0.1", 200, b"hi"),
        (TWO, "application/xml", 406, None),
        (TWO, "inv/alid", 406, None),
        (VENDOR, "application/vnd.a+json; version=1", 200, b"1"),
        (VENDOR, "application/json", 200, b"0"),
        (answers(_204={}), "application/json", 204, b""),
        (answers(_200={"application/xml": {"example": "<a/>"}}), "application/xml", 200, b"<a/>"),
    ],
)
def test_negotiation(responses, accept, status, body):
    reply = ask(one(responses), "GET", "/todos", **({"accept": accept} if accept else {})).reply
    assert reply.status == status
    if body is None:
        assert reply.header("content-type") == "application/problem+json"
    else:
        assert reply.body == body


MANY = answers(
    _201={JSON: {"example": "made"}},
    _200={JSON: {"example": "fine"}},
    _404={JSON: {"examples": {"cat": {"value": "no cat"}, "dog": {"value": "no dog"}}}},
)


@pytest.mark.parametrize(
    ("responses", "prefer", "status", "body"),
    [
        (MANY, "", 200, b'"fine"'),
        (MANY, "code=201", 201, b'"made"'),
        (MANY, "code=404", 404, b'"no cat"'),
        (MANY, "code=404, example=dog", 404, b'"no dog"'),
        (MANY, "example=dog, code=404", 404, b'"no dog"'),
        (MANY, "code=404, example=cow", 404, None),
        (MANY, "code=418", 404, None),
        (answers(default={JSON: {"example": "any"}}), "code=418", 418, b'"any"'),
        (answers(default={JSON: {"example": "any"}}), "", 200, b'"any"'),
        (answers(**{"_2XX": {JSON: {"example": "range"}}}), "", 200, b'"range"'),
    ],
)
@pytest.mark.parametrize("by", ["header", "query"])
def test_prefer(responses, prefer, status, body, by):
    query = "&".join(f"__{part.strip()}" for part in prefer.split(",") if part)
    told = {"prefer": prefer} if by == "header" and prefer else {}
    url = "/todos" if by == "header" or not prefer else f"/todos?{query}"
    reply = ask(one(responses), "GET", url, **told).reply
    assert reply.status == status
    assert reply.header("content-type") == "application/problem+json" if body is None else reply.body == body


def test_dynamic_makes_values_although_there_is_an_example():
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 1000}}}
    contract = one(answers(_200={JSON: {"schema": schema, "example": {"n": 1000}}}))
    assert orjson.loads(ask(contract, "GET", "/todos").reply.body) == {"n": 1000}
    made = {ask(contract, "GET", f"/todos?x={n}", prefer="dynamic=true").reply.body for n in range(5)}
    assert len(made) > 1
    assert all(orjson.loads(body)["n"] >= 1000 for body in made)


PET = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {"id": {"type": "integer"}, "status": {"type": "string", "enum": ["open", "close"]}},
}


def posting(media: str, required: bool = True, **responses):
    body = {"required": required, "content": {media: {"schema": PET}}}
    return one(answers(_200={"text/plain": {"example": "ok"}}) | responses, "post", requestBody=body)


@pytest.mark.parametrize(
    ("media", "sent", "kind", "status"),
    [
        (JSON, b'{"id": 1, "status": "open"}', JSON, 200),
        (JSON, b'{"id": "one", "status": "open"}', JSON, 422),
        (JSON, b'{"id": 1}', JSON, 422),
        (JSON, b'{"id": 1, "status": "else"}', JSON, 422),
        (JSON, b"<pet/>", "application/xml", 415),
        (JSON, b"", "", 422),
        (FORM, b"id=1&status=open", FORM, 200),
        (FORM, b"status=ooopsie%21", FORM, 422),
        (FORM, b"id=x&status=open", FORM, 422),
        ("application/*", b'{"id": 1, "status": "open"}', JSON, 200),
    ],
)
def test_bodies(media, sent, kind, status):
    reply = ask(posting(media), "POST", "/todos", sent, **({"content_type": kind} if kind else {})).reply
    assert reply.status == status
    if status != 200:
        assert reply.header("content-type") == "application/problem+json"
        told = orjson.loads(reply.body)
        assert told["status"] == status
        assert {"location", "severity", "code", "message"} <= told["validation"][0].keys()


def test_every_fault_of_a_body_is_told_with_its_place():
    reply = ask(posting(FORM), "POST", "/todos", b"status=x", content_type=FORM).reply
    assert {tuple(found["location"]) for found in orjson.loads(reply.body)["validation"]} == {
        ("body", "id"),
        ("body", "status"),
    }


@pytest.mark.parametrize(
    ("declared", "status", "body"),
    [
        (answers(_422={JSON: {"example": "four22"}}, _400={JSON: {"example": "four00"}}), 422, b'"four22"'),
        (answers(_400={JSON: {"example": "four00"}}), 400, b'"four00"'),
        (answers(**{"_4XX": {JSON: {"example": "range"}}}), 422, b'"range"'),
        (answers(default={JSON: {"example": "any"}}), 422, b'"any"'),
    ],
)
def test_the_documents_own_answer_to_an_invalid_call(declared, status, body):
    reply = ask(posting(JSON, **declared), "POST", "/todos", b"{}", content_type=JSON).reply
    assert (reply.status, reply.body) == (status, body)


PARAMETERS = [
    {"in": "query", "name": "n", "required": True, "schema": {"type": "integer", "maximum": 9}},
    {"in": "query", "name": "tags", "explode": False, "schema": {"type": "array", "items": {"type": "integer"}}},
    {"in": "query", "name": "f", "style": "deepObject", "schema": {"properties": {"a": {"type": "integer"}}}},
    {"in": "header", "name": "X-List", "schema": {"type": "array", "items": {"type": "integer"}}},
    {"in": "path", "name": "id", "required": True, "schema": {"type": "integer"}},
]


@pytest.mark.parametrize(
    ("url", "headers", "status"),
    [
        ("/todos/1?n=1", {}, 200),
        ("/todos/1", {}, 422),
        ("/todos/1?n=a", {}, 422),
        ("/todos/1?n=10", {}, 422),
        ("/todos/x?n=1", {}, 422),
        ("/todos/1?n=1&tags=1,2", {}, 200),
        ("/todos/1?n=1&tags=1,x", {}, 422),
        ("/todos/1?n=1&f[a]=2", {}, 200),
        ("/todos/1?n=1&f[a]=x", {}, 422),
        ("/todos/1?n=1", {"x_list": "1,2"}, 200),
        ("/todos/1?n=1", {"x_list": "1,b"}, 422),
        ("/todos/1?n=1&unknown=1", {}, 200),
    ],
)
def test_parameters(url, headers, status):
    assert ask(one(TEST, path="/todos/{id}", parameters=PARAMETERS), "GET", url, **headers).reply.status == status


def test_routing():
    contract = served(
        {
            "/todos/{id}": {"get": {"responses": answers(_200={JSON: {"example": "template"}})}},
            "/todos/mine": {"get": {"responses": answers(_200={JSON: {"example": "literal"}})}},
        }
    )
    assert ask(contract, "GET", "/todos/mine").reply.body == b'"literal"'
    assert ask(contract, "GET", "/todos/7").reply.body == b'"template"'
    assert ask(contract, "POST", "/todos/7").reply.status == 405
    assert ask(contract, "GET", "/else").reply.status == 404


def test_the_base_path_of_a_server_is_honoured():
    contract = served({"/pet": {"get": {"responses": TEST}}}, servers=[{"url": "https://api.example.com/v1"}])
    assert ask(contract, "GET", "/v1/pet").reply.status == 200


def test_deprecated_operations_say_so():
    assert ask(one(TEST, deprecated=True), "GET", "/todos").reply.header("deprecation") == "true"
    assert ask(one(TEST), "GET", "/todos").reply.header("deprecation") == ""


def test_declared_response_headers_are_filled():
    headers = {
        "X-Rate": {"schema": {"type": "integer", "example": 3}},
        "X-Kind": {"schema": {"type": "string"}, "example": "gold"},
        "X-Made": {"required": True, "schema": {"type": "integer", "minimum": 5}},
    }
    responses = {"200": {"description": "", "headers": headers, "content": {JSON: {"example": 1}}}}
    reply = ask(one(responses), "GET", "/todos").reply
    assert (reply.header("x-rate"), reply.header("x-kind")) == ("3", "gold")
    assert int(reply.header("x-made")) >= 5


def test_an_answer_without_an_example_follows_the_schema():
    pet = {
        "type": "object",
        "required": ["name", "kind", "age"],
        "properties": {
            "name": {"type": "string", "example": "doggie"},
            "kind": {"type": "string", "default": "dog"},
            "age": {"type": "integer"},
        },
    }
    body = orjson.loads(ask(one(answers(_200={JSON: {"schema": pet}})), "GET", "/todos").reply.body)
    assert (body["name"], body["kind"]) == ("doggie", "dog")
    assert isinstance(body["age"], int)


def test_head_and_options():
    assert (reply := ask(one(TEST), "HEAD", "/todos").reply).status == 200
    assert reply.body == b""
    preflight = ask(one(TEST), "OPTIONS", "/todos", origin="https://a.example", access_control_request_method="GET")
    assert preflight.reply.status == 204
    assert "GET" in preflight.reply.header("access-control-allow-methods")
