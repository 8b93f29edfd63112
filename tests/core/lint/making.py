"""Contracts for the tests of the rules: sound ones, to which each fault is added."""

from actionstudio.core.auth import Declared
from actionstudio.core.contract import (
    Body,
    Component,
    Contract,
    Manifest,
    Media,
    Operation,
    Parameter,
    Response,
    Server,
)

STRING = {"type": "string"}
OBJECT = {"type": "object", "properties": {"a": STRING}}
JSON = "application/json"


def op(method="GET", path="/a", name="a", **fields):
    fields = {
        "summary": f"Finds what {name or path} stands for",
        "consequential": False,
        "responses": answer(OBJECT),
        **fields,
    }
    return Operation(method, path, name, **fields)


def param(name, in_="query", **fields):
    return Parameter(
        name, in_, **{"description": "What to look for", "schema": STRING, "required": in_ == "path", **fields}
    )


def body(schema, media_type=JSON, *examples):
    return Body(content=(Media(media_type, schema, examples),))


def answer(schema, *examples, status="200", media_type=JSON):
    return (
        Response(status, "What was found", content=(Media(media_type, schema, examples),)),
        Response("4XX", "Why not"),
    )


def takes(name, schema, method="POST", **fields):
    """An operation whose body has that field."""
    schema = {"type": "object", "properties": {name: schema}}
    return op(method, body=body(schema), **fields)


def contract(*operations, **fields):
    components = tuple(Component(name, schema) for name, schema in fields.pop("schemas", {}).items())
    sound = {
        "description": "About things.",
        "privacy": "Ours.",
        "contact_email": "ann@example.test",
        "servers": (Server("https://api.example.test"),),
    }
    return Contract(operations=operations, components=components, **{**sound, **fields})


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


AT = "/paths/~1a"
BODY = f"{AT}/post/requestBody/content/application~1json"
ANSWER = f"{AT}/get/responses/200/content/application~1json"
TWO_SCHEMES = {"components": {"securitySchemes": {"x": {"type": "http", "scheme": "basic"}, "y": {"type": "oauth2"}}}}


GPT, WRITTEN = {"as_written": True}, {"as_written": True}
PLUGIN = {"target": "plugin", "base_url": "https://things.example.test"}
OAUTH = {
    "type": "oauth2",
    "flows": {
        "authorizationCode": {
            "authorizationUrl": "https://x.test/a",
            "tokenUrl": "https://x.test/t",
            "scopes": {"read": "Read"},
        }
    },
}


def declared(scheme, *operations, **fields):
    """A contract whose only security scheme is this one."""
    extra = {"components": {"securitySchemes": {"key": scheme}}}
    return contract(*(operations or (op(),)), auth=Declared(), extra=extra, **fields)


def flow(**changes):
    return {**OAUTH, "flows": {"authorizationCode": {**OAUTH["flows"]["authorizationCode"], **changes}}}


def asked(schema):
    """A contract that asks for one field of that schema, described where the model reads it."""
    return contract(takes("a", {"description": "What to look for", **schema}))


def said_so(text):
    return contract(op(summary=text))


def plugin(**fields):
    return contract(op(), manifest=Manifest(**fields))
