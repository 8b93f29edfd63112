"""A document read and written again says the same; the GPT profile is what ChatGPT imports without a message."""

import dataclasses

import orjson
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from actionstudio.core import codec
from actionstudio.core.auth import ApiKey, Declared, NoAuth, ServiceHttp
from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter, Response
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers.openapi import read
from tests.core.specs.documents import EVERYTHING

ADDRESS = "https://todo.live.example"


def gpt(contract):
    return openapi.render(contract, profile="gpt", servers=[ADDRESS])


def only_operation(document):
    (item,) = document["paths"].values()
    (operation,) = item.values()
    return operation


def test_everything_a_document_says_comes_back():
    assert openapi.render(read(EVERYTHING).contract, profile="full") == EVERYTHING


def test_reading_what_was_written_changes_nothing():
    contract = read(EVERYTHING).contract
    assert read(openapi.render(contract, profile="full")).contract == contract


def test_a_revision_keeps_everything_too():
    contract = read(EVERYTHING).contract
    assert codec.load(orjson.loads(orjson.dumps(codec.dump(contract)))) == contract


def test_our_address_comes_first_among_the_servers():
    document = openapi.render(read(EVERYTHING).contract, profile="full", servers=[ADDRESS])
    assert [server["url"] for server in document["servers"]] == [ADDRESS, "https://{region}.example.com"]


def test_both_profiles_are_valid_openapi():
    contract = read(EVERYTHING).contract
    OpenAPIV31SpecValidator(gpt(contract)).validate()
    OpenAPIV31SpecValidator(openapi.render(Contract(operations=(Operation("GET", "/a"),)))).validate()


def test_yaml_and_json_say_the_same():
    document = openapi.render(read(EVERYTHING).contract, profile="full")
    assert yaml.safe_load(openapi.to_yaml(document)) == orjson.loads(openapi.to_json(document)) == document


def test_the_same_contract_gives_the_same_bytes():
    contract = read(EVERYTHING).contract
    assert openapi.to_json(gpt(contract)) == openapi.to_json(gpt(codec.load(codec.dump(contract))))


def test_gpt_gets_one_server_and_only_what_is_exposed():
    hidden = Operation("GET", "/hidden", "hidden", exposed=False)
    document = gpt(Contract(operations=(Operation("GET", "/shown", "shown"), hidden)))
    assert document["servers"] == [{"url": ADDRESS}]
    assert list(document["paths"]) == ["/shown"]


def test_gpt_gets_path_parameters_on_the_operation_and_no_references():
    operation = gpt(read(EVERYTHING).contract)["paths"]["/items/{id}"]["get"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["id", "limit", "filter", "q"]


def test_gpt_gets_no_header_or_cookie_parameters():
    parameters = (Parameter("X-Trace", "header"), Parameter("session", "cookie"), Parameter("q"))
    operation = only_operation(gpt(Contract(operations=(Operation("GET", "/a", "a", parameters=parameters),))))
    assert operation["parameters"] == [{"name": "q", "in": "query", "schema": {"type": "string"}}]


def test_gpt_gets_only_the_shared_schemas_it_needs():
    used = Component("Used", {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Next"}}})
    body = Body(content=(Media("application/json", {"$ref": "#/components/schemas/Used"}),))
    contract = Contract(
        operations=(Operation("POST", "/a", "a", body=body),),
        components=(used, Component("Next", {"type": "object"}), Component("Unused", {})),
    )
    schemas = gpt(contract)["components"]["schemas"]
    assert list(schemas) == ["Next", "Used"]
    assert schemas["Next"] == {"type": "object", "properties": {}}


def test_gpt_gets_no_booleans_for_schemas():
    schema = {"type": "object", "properties": {"a": True, "b": {"items": False}}, "additionalProperties": False}
    content = (Media("application/json", schema), Media("text/plain", True))
    contract = Contract(operations=(Operation("POST", "/a", "a", body=Body(content=content)),))
    found = only_operation(gpt(contract))["requestBody"]["content"]
    assert found["text/plain"] == {"schema": {}}
    assert found["application/json"]["schema"] == {
        "type": "object",
        "properties": {"a": {}, "b": {"items": {"not": {}}}},
        "additionalProperties": False,
    }


def test_gpt_always_gets_a_schemas_object():
    assert gpt(Contract())["components"] == {"schemas": {}}


def test_gpt_gets_names_where_there_are_none():
    operations = (Operation("GET", "/todos/{user-name}"), Operation("GET", "/todos/user_name"), Operation("GET", "/"))
    paths = gpt(Contract(operations=operations))["paths"]
    assert [item["get"]["operationId"] for item in paths.values()] == [
        "get_todos_user_name",
        "get_todos_user_name_2",
        "get",
    ]


def test_a_reference_that_leads_nowhere_becomes_any_value_for_gpt():
    content = (Media("application/json", {"$ref": "#/components/schemas/Gone"}),)
    contract = Contract(operations=(Operation("GET", "/a", "a", responses=(Response("200", content=content),)),))
    answer = only_operation(gpt(contract))["responses"]["200"]
    assert answer["content"] == {"application/json": {"schema": {}}}


def test_a_reference_into_another_operation_is_put_in_place_for_gpt():
    pointer = "#/paths/~1a/get/responses/200/content/application~1json/schema"
    first = Response("200", content=(Media("application/json", {"type": "string"}),))
    second = Response("200", content=(Media("application/json", {"$ref": pointer}),))
    operations = (Operation("GET", "/a", "a", responses=(first,)), Operation("GET", "/b", "b", responses=(second,)))
    answer = gpt(Contract(operations=operations))["paths"]["/b"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"type": "string"}


def test_the_security_scheme_follows_the_authentication():
    schemes = {
        NoAuth(): None,
        ApiKey("bearer"): {"type": "http", "scheme": "bearer"},
        ApiKey("basic"): {"type": "http", "scheme": "basic"},
        ApiKey("header", "X-Key"): {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
    for auth, scheme in schemes.items():
        document = gpt(Contract(operations=(Operation("GET", "/a", "a"),), auth=auth))
        found = document["components"].get("securitySchemes")
        assert found == (scheme and {"apiKey": scheme})
        assert only_operation(document).get("security") == (scheme and [{"apiKey": []}])


def test_a_service_token_is_a_scheme_too():
    document = gpt(Contract(operations=(Operation("GET", "/a", "a"),), auth=ServiceHttp("bearer")))
    assert document["components"]["securitySchemes"] == {"serviceToken": {"type": "http", "scheme": "bearer"}}


def test_an_open_operation_says_so():
    operations = (Operation("GET", "/a", "a", security=()), Operation("GET", "/b", "b"))
    contract = Contract(operations=operations, auth=ApiKey())
    for document in (gpt(contract), openapi.render(contract)):
        assert document["paths"]["/a"]["get"]["security"] == []
    assert openapi.render(contract)["security"] == [{"apiKey": []}]


def test_changing_the_authentication_leaves_no_old_requirement():
    contract = dataclasses.replace(read(EVERYTHING).contract, auth=NoAuth())
    document = openapi.render(contract)
    assert "security" not in document
    assert document["paths"]["/items/{id}"]["get"]["security"] == []


def test_declared_security_is_the_documents_own():
    security = ({"a": [], "b": ["read"]}, {})
    contract = Contract(operations=(Operation("GET", "/a", "a"),), security=security, auth=Declared())
    assert openapi.render(contract)["security"] == list(security)
