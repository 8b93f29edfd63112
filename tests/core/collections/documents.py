"""Documents for the tests of collections, in few words."""

from actionstudio.core.contract import Body, Component, Contract, Example, Media, Operation, Parameter, Response

JSON = "application/json"
PET = {"$ref": "#/components/schemas/Pet"}
PET_SCHEMA = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}


def answers(schema=None, status="200", kind=JSON, **examples) -> Response:
    """A response with a schema and examples by key."""
    return Response(status, content=(Media(kind, schema, tuple(Example(*pair) for pair in examples.items())),))


def op(method, path, *responses, body=None, **parameters) -> Operation:
    """An operation; a parameter is ``query_limit={"type": "integer"}``. Those of the path are declared as texts."""
    found = [Parameter(name, "path", True, schema={"type": "string"}) for name in _names(path)]
    for key, schema in parameters.items():
        place, _, name = key.partition("_")
        found.append(Parameter(name, place, schema=schema))
    sent = None if body is None else Body(content=(Media(JSON, body),))
    return Operation(method, path, parameters=tuple(found), body=sent, responses=responses or (Response("200"),))


def _names(path):
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def document(*operations, **schemas) -> Contract:
    """A contract with these operations and shared schemas; Pet is always there."""
    schemas.setdefault("Pet", PET_SCHEMA)
    return Contract(operations=operations, components=tuple(Component(*pair) for pair in schemas.items()))


def pets(envelope=None, list_parameters=None, **more) -> Contract:
    """The whole set for /pets. ``envelope`` is the list's schema instead of the bare array."""
    listed = {"type": "array", "items": PET} if envelope is None else envelope
    missing = answers({"type": "object", "properties": {"detail": {"type": "string"}}}, "404")
    return document(
        op("GET", "/pets", answers(listed), **(list_parameters or {})),
        op("POST", "/pets", answers(PET, "201"), body={"type": "object"}),
        op("GET", "/pets/{petId}", answers(PET), missing),
        op("PUT", "/pets/{petId}", answers(PET), missing, body={"type": "object"}),
        op("PATCH", "/pets/{petId}", answers(PET), missing, body={"type": "object"}),
        op("DELETE", "/pets/{petId}", Response("204"), missing),
        **more,
    )
