"""Rule: a JSON body is one object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core.importer import bodies
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="drops-op",
    source="OP-07",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=(
        "flatten-union",
        "merge-all-of",
        "wrap-body",
    ),
    words="In path /p, method post, operationId o, request body schema is not an object schema; skipping",
    bad="schema: {type: array, items: {type: string}}",
    good="schema: {type: object, properties: {items: {type: array, items: {type: string}}}}",
)
def check(look: Look) -> Iterator[Hit]:
    """The model fills named fields, so a request body must be one object.

    ChatGPT drops an operation whose body is a list, a single value or a choice of several.
    """
    for op in look.operations:
        body = look.body(op)
        if body is None or body[1].schema is None:
            continue
        schema = look.resolver.schema(body[1].schema)
        if isinstance(schema, dict) and ("object" in types_of(schema) or "properties" in schema):
            continue
        name = op.operation_id or op.path
        message = said("The request body of %(name)s must be an object with named fields.", name=name)
        words = f"{look.context(op)}, request body schema is not an object schema; skipping"
        yield Hit(body[0], message, words, fix=_fix(look, body[1].schema))


def _fix(look: Look, schema: Any) -> str:
    """The repair that keeps most of what the document says of this body."""
    if bodies.as_object(schema, look.resolver, choices=False) is not None:
        return "merge-all-of"
    made = bodies.as_object(schema, look.resolver, choices=True)
    return "flatten-union" if made is not None and made["properties"] else "wrap-body"
