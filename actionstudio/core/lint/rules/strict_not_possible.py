"""Rule: a function can be strict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core.contract import Operation
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_UNKNOWN = {
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "patternProperties",
    "dependentSchemas",
    "dependentRequired",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
}


@rule(
    level="degrades",
    source="TOOL-03",
    targets=("openai",),
    topic="tools",
    sure="A",
    bad="type: object\nadditionalProperties: {type: string}",
    good="type: object\nproperties: {colour: {type: string}}",
)
def check(look: Look) -> Iterator[Hit]:
    """With “strict”, OpenAI's models keep to the schema exactly.

    It knows no open maps, no free-form objects and no “oneOf”, “not”, “if”, “patternProperties” or “dependent…”.

    Without it functions work, but arguments may be wrong.
    """
    for op in look.operations:
        faults = _faults(look, op)
        if faults:
            message = said(
                "%(op)s cannot be strict because of %(faults)s.", op=texts.name_of(op), faults=", ".join(sorted(faults))
            )
            yield Hit(op.pointer, message)


def _faults(look: Look, op: Operation) -> set[str]:
    """The keywords in what ``op`` takes that strict mode does not know; shared schemas are looked into."""
    found: set[str] = set()
    known: dict[str, set[str]] = look.memo.setdefault("strict", {})
    for _name, schema, _required, _text in look.arguments(op):
        found |= _faults_of(look, schema)
        for name, shared in look.resolver.needed(schema).items():
            if name not in known:
                known[name] = _faults_of(look, shared)
            found |= known[name]
    return found


def _faults_of(look: Look, schema: Any) -> set[str]:
    found: set[str] = set()
    for _pointer, node in look.nodes([("", schema)]):
        found |= _UNKNOWN & node.keys()
        if len(node.get("allOf") or ()) > 1:
            found.add("allOf")
        is_object, more = "object" in types_of(node), node.get("additionalProperties")
        is_free = is_object and not node.get("properties") and "allOf" not in node
        if is_free or more is True or isinstance(more, dict):
            found.add("additionalProperties")
    return found
