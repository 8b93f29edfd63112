"""A contract whose operations share a collection of pets."""

from actionstudio.core.behaviour import Collection, Seed, Stateful
from actionstudio.core.contract import Body, Media, Parameter, Response
from tests import make

PET = {"type": "object", "properties": {"id": {"type": "integer"}, "n": {"type": "integer"}}}
PETS = Collection("pets", PET, seeds=(Seed(({"id": 1},)),))


def _operation(method, path, action, status, schema=PET, **fields):
    content = (Media("application/json", schema),) if schema else ()
    if method in ("POST", "PATCH"):
        fields["body"] = Body(content=(Media("application/json", PET),))
    if "{" in path:
        fields["parameters"] = (Parameter("id", "path", True, schema={"type": "integer"}),)
    responses = (Response(status, "Done", content=content),)
    return make.operation(method, path, behaviour=Stateful("pets", action), responses=responses, **fields)


CONTRACT = make.contract(
    _operation("GET", "/pets", "list", "200", {"type": "array", "items": PET}),
    _operation("POST", "/pets", "create", "201"),
    _operation("GET", "/pets/{id}", "read", "200"),
    _operation("PATCH", "/pets/{id}", "update", "200"),
    _operation("DELETE", "/pets/{id}", "delete", "204", None),
    collections=(PETS,),
)
