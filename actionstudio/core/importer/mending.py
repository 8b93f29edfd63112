"""Tools that the repairs share: walks that keep what they need not change, fresh names, the body that GPT fills in."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter, Response
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.gathered import gathered

type JSON = Any
type Way = tuple[Way, str | int] | None

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
JSON_TYPE = "application/json"


def offered(contract: Contract) -> tuple[Operation, ...]:
    """The operations that ChatGPT gets: exposed ones, with a method it knows (OP-01)."""
    return tuple(op for op in contract.operations if op.exposed and op.method in VERBS)


def each_operation(contract: Contract, change: Callable[[Operation], Operation]) -> Contract:
    """The contract with every offered operation changed; the same object when nothing was."""
    made = tuple(change(op) if op.exposed and op.method in VERBS else op for op in contract.operations)
    return contract if same(made, contract.operations) else replace(contract, operations=made)


def same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two tuples hold the very same objects."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def fresh(name: str, taken: Container[str]) -> str:
    """``name``, or the first of ``name_2``, ``name_3`` … that is not taken."""
    made, number = name, 2
    while made in taken:
        made, number = f"{name}_{number}", number + 1
    return made


def pointer_of(base: str, way: Way) -> str:
    """The pointer of a place inside the schema at ``base``."""
    steps: list[str] = []
    while way is not None:
        way, step = way
        steps.append(refs.escape(step))
    return "/".join([base, *reversed(steps)])


def rebuilt(schema: JSON, change: Callable[[dict[str, JSON], Way], dict[str, JSON]], way: Way = None) -> JSON:
    """``schema`` with every object schema in it, inner ones first, put through ``change``.

    What does not change stays the same object, so that nothing large is copied for nothing.
    """
    if not isinstance(schema, dict):
        return schema
    out = schema
    for key, value in schema.items():
        if key in refs.SINGLE:
            made = rebuilt(value, change, (way, key))
        elif key in refs.LISTS and isinstance(value, list):
            here: Way = (way, key)
            items = [rebuilt(item, change, (here, index)) for index, item in enumerate(value)]
            made = value if all(a is b for a, b in zip(items, value, strict=True)) else items
        elif key in refs.MAPS and isinstance(value, dict):
            here = (way, key)
            named = {name: rebuilt(item, change, (here, name)) for name, item in value.items()}
            made = value if all(named[name] is item for name, item in value.items()) else named
        else:
            continue
        if made is not value:
            out = dict(schema) if out is schema else out
            out[key] = made
    return change(out, way)


def each_schema(contract: Contract, change: Callable[[JSON, str], JSON]) -> Contract:
    """The contract with every whole schema that ChatGPT gets put through ``change(schema, pointer)``."""

    def medias(content: tuple[Media, ...], at: str) -> tuple[Media, ...]:
        made = tuple(
            media
            if media.schema is None
            else _with(media, schema=change(media.schema, f"{at}/{refs.escape(media.media_type)}/schema"))
            for media in content
        )
        return content if same(made, content) else made

    def parameter(value: Parameter, at: str) -> Parameter:
        schema = None if value.schema is None else change(value.schema, f"{at}/schema")
        return _with(value, schema=schema, content=medias(value.content, f"{at}/content"))

    def response(value: Response, at: str) -> Response:
        return _with(value, content=medias(value.content, f"{at}/content"))

    def operation(op: Operation) -> Operation:
        at = op.pointer
        parameters = tuple(parameter(one, f"{at}/parameters/{n}") for n, one in enumerate(op.parameters))
        responses = tuple(response(one, f"{at}/responses/{one.status}") for one in op.responses)
        body = op.body and _with(op.body, content=medias(op.body.content, f"{at}/requestBody/content"))
        return _with(
            op,
            parameters=op.parameters if same(parameters, op.parameters) else parameters,
            body=body,
            responses=op.responses if same(responses, op.responses) else responses,
        )

    out = each_operation(contract, operation)
    components = tuple(
        _with(one, schema=change(one.schema, f"/components/schemas/{refs.escape(one.name)}"))
        for one in contract.components
    )
    return out if same(components, contract.components) else replace(out, components=components)


def _with(value: Any, **fields: Any) -> Any:
    """``value`` with these fields; itself when they are the same objects."""
    if all(getattr(value, name) is new for name, new in fields.items()):
        return value
    return replace(value, **fields)


def json_index(content: tuple[Media, ...]) -> int | None:
    """Which media type a GPT uses: application/json, else the first that is JSON."""
    kinds = [media.media_type.split(";")[0].strip().lower() for media in content]
    if JSON_TYPE in kinds:
        return kinds.index(JSON_TYPE)
    found = (n for n, kind in enumerate(kinds) if kind.endswith("+json") or kind in ("*/*", "application/*"))
    return next(found, None)


def json_schema(op: Operation) -> JSON:
    """The schema of the JSON body of an operation; None when there is no such body (an undeclared one is ``{}``)."""
    index = None if op.body is None else json_index(op.body.content)
    if op.body is None or index is None:
        return None
    schema = op.body.content[index].schema
    return {} if schema is None else schema


def with_json_schema(op: Operation, schema: JSON) -> Operation:
    """The operation with another schema for its JSON body. Examples of the old shape do not stay."""
    assert op.body is not None
    index = json_index(op.body.content)
    content = tuple(
        replace(media, schema=schema, examples=()) if n == index else media for n, media in enumerate(op.body.content)
    )
    return replace(op, body=replace(op.body, content=content))


def argument_names(op: Operation, resolver: Resolver) -> list[tuple[str, str]]:
    """The flat list of arguments as (place, name): path and query parameters, then the top level of the JSON body."""
    names = [(one.in_, one.name) for one in op.parameters if one.in_ in ("path", "query")]
    return names + [("body", name) for name in top_level(json_schema(op), resolver)]


def top_level(schema: JSON, resolver: Resolver) -> dict[str, JSON]:
    """The properties of an object schema, those of its ``allOf`` too."""
    return gathered(schema, resolver.schema)[0]


def types_of(schema: JSON) -> tuple[str, ...]:
    """The types a schema names."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(kind, str):
        return (kind,)
    return tuple(one for one in kind if isinstance(one, str)) if isinstance(kind, list) else ()


def components(contract: Contract, schemas: dict[str, JSON]) -> Contract:
    """The contract with these shared schemas."""
    return replace(contract, components=tuple(Component(name, schema) for name, schema in schemas.items()))


def roots(contract: Contract) -> Iterator[JSON]:
    """Every whole schema of the offered operations."""
    for op in offered(contract):
        for parameter in op.parameters:
            yield parameter.schema
            yield from (media.schema for media in parameter.content)
        yield from (media.schema for media in (op.body.content if op.body else ()))
        for response in op.responses:
            yield from (media.schema for media in response.content)


def named(schema: JSON) -> set[str]:
    """The shared schemas named in ``schema``, also by the mapping of a discriminator."""
    found: set[str] = set()
    stack = [schema] if isinstance(schema, dict) else []
    while stack:
        for key, value in stack.pop().items():
            if key in refs.SINGLE:
                if isinstance(value, dict):
                    stack.append(value)
            elif key in refs.MAPS or key in refs.LISTS:
                inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
                stack.extend([one for one in inner if isinstance(one, dict)])
            elif key in refs.REFERENCES:
                found.add(refs.name_of(value) or "")
            elif key == "discriminator" and isinstance(value, dict) and isinstance(value.get("mapping"), dict):
                found |= {refs.name_of(target) or "" for target in value["mapping"].values()}
    return found


def used(contract: Contract) -> dict[str, JSON]:
    """The shared schemas that the offered operations need, also by way of others."""
    shared = contract.schemas()
    found: dict[str, JSON] = {}
    todo: list[str] = []
    for root in roots(contract):
        todo.extend(named(root))
    while todo:
        name = todo.pop()
        if name not in found and name in shared:
            found[name] = shared[name]
            todo.extend(named(shared[name]))
    return {name: found[name] for name in shared if name in found}


def body_of(op: Operation) -> Body:
    """The request body, which must be there."""
    assert op.body is not None
    return op.body
