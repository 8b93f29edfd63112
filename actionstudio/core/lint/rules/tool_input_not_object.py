"""Rule: a tool takes one object."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="TOOL-02",
    targets=("openai", "mcp"),
    topic="tools",
    sure="A",
    bad="requestBody: a list",
    good="requestBody: an object with a list in it",
)
def check(look: Look) -> Iterator[Hit]:
    """Tools take one object of named arguments. A body that is a list, a value or a choice cannot be spread over them,
    and is one argument as a whole.

    Wrap it in an object with one named field.
    """
    for op in look.operations:
        body = look.body(op)
        schema = look.resolver.schema(body[1].schema) if body and body[1].schema is not None else None
        if body is None or schema is None:
            continue
        if isinstance(schema, dict) and (
            types_of(schema)[:1] == ("object",) or schema.keys() & {"properties", "allOf"}
        ):
            continue
        message = said("The body of %(op)s is not one object; it is one argument as a whole.", op=texts.name_of(op))
        yield Hit(f"{op.pointer}/requestBody", message)
