"""A value that is passed as one JSON text, and how the model is told what is in it."""

from __future__ import annotations

from typing import Any

from actionstudio.core.resolve import Resolver

type JSON = Any

_MOST, _INNER, _MAPS = 300, 40, 4  # characters, inner schemas, maps in each other of a type that is written out


def as_text(schema: JSON, words: str, resolver: Resolver, told: JSON = None) -> dict[str, JSON]:
    """The schema of a text that holds a value of ``schema`` as JSON. ``words`` say so, after what is ``told`` of it."""
    schema = resolver.schema(schema)
    schema = schema if isinstance(schema, dict) else {}
    told = told or schema.get("description")
    kind = type_of(schema, resolver)
    words = f"{words}: {kind}" if kind else f"{words}."
    out = {"type": "string", "description": f"{told} {words}" if isinstance(told, str) and told else words}
    return {**out, "title": schema["title"]} if isinstance(schema.get("title"), str) else out


def type_of(schema: JSON, resolver: Resolver, depth: int = 0) -> str:
    """The schema in one line of TypeScript, "" when that tells nothing or is too long."""
    from actionstudio.core.specs import typescript  # late, because that file looks at profiles

    schema = resolver.schema(schema)
    if isinstance(schema, dict) and not schema.get("properties"):
        inner = schema.get("additionalProperties")
        if isinstance(inner, dict) and inner:
            kind = type_of(inner, resolver, depth + 1) if depth < _MAPS else ""
            return f"{{ [name]: {kind} }}" if kind else ""
    kind = " ".join(typescript.type_of(resolver, schema, _INNER).split()).replace(", }", " }")
    return kind if kind not in ("any", "object") and len(kind) <= _MOST else ""
