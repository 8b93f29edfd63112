"""Rule: a strict function is small enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core.contract import Operation
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

FIELDS, LEVELS, VALUES, CHARACTERS = 5_000, 10, 1_000, 120_000
_DEEPEST = 60  # schemas inside each other that are looked into


@rule(level="degrades", source="TOOL-03", targets=("openai",), topic="tools", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """With “strict”, a function has at most 5,000 fields, 10 levels, 1,000 values and 120,000 characters of names.

    Take fewer arguments, or make two operations of one.
    """
    for op in look.operations:
        fields, levels, values, characters = _measured(look, op)
        facts = {"op": texts.name_of(op)}
        if fields > FIELDS:
            yield Hit(
                op.pointer,
                said("%(op)s takes %(n)s fields; strict functions take %(most)s.", n=fields, most=FIELDS, **facts),
            )
        if levels > LEVELS:
            yield Hit(
                op.pointer,
                said(
                    "%(op)s is %(n)s levels deep; strict functions are %(most)s at most.",
                    n=levels,
                    most=LEVELS,
                    **facts,
                ),
            )
        if values > VALUES:
            yield Hit(
                op.pointer,
                said(
                    "%(op)s lists %(n)s values; strict functions list %(most)s at most.", n=values, most=VALUES, **facts
                ),
            )
        if characters > CHARACTERS:
            yield Hit(
                op.pointer,
                said(
                    "The names and values of %(op)s have %(n)s characters; strict functions have %(most)s at most.",
                    n=characters,
                    most=CHARACTERS,
                    **facts,
                ),
            )


def _measured(look: Look, op: Operation) -> tuple[int, int, int, int]:
    """Fields, levels, listed values, and characters of both. A shared schema counts once, however often it is met."""
    schemas = [schema for _name, schema, _required, _text in look.arguments(op)]
    shared = {name: node for schema in schemas for name, node in look.resolver.needed(schema).items()}
    sizes = [_size(schema) for schema in schemas] + [_shared_size(look, name, node) for name, node in shared.items()]
    fields, values, characters = (sum(size[index] for size in sizes) for index in range(3))
    levels = 1 + max((_levels(look, schema, 0) for schema in schemas), default=0)
    return fields + len(schemas), levels, values, characters


def _shared_size(look: Look, name: str, schema: Any) -> tuple[int, int, int]:
    known: dict[str, tuple[int, int, int]] = look.memo.setdefault("sizes", {})
    if name not in known:
        known[name] = _size(schema)
    return known[name]


def _size(schema: Any) -> tuple[int, int, int]:
    """Fields, listed values, and characters of both, without what references lead to."""
    fields = values = characters = 0
    for node in refs.walk(schema):
        properties = node.get("properties")
        names = list(properties) if isinstance(properties, dict) else []
        listed = node["enum"] if isinstance(node.get("enum"), list) else []
        fields, values = fields + len(names), values + len(listed)
        characters += sum(map(len, names)) + sum(len(str(value)) for value in listed)
    return fields, values, characters


def _levels(look: Look, schema: Any, depth: int) -> int:
    """How many objects stand inside each other. A circle counts once: strict functions may be recursive."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return 0
    name = refs.name_of(schema.get("$ref"))
    if name is not None:
        known: dict[str, int] = look.memo.setdefault("levels", {})
        if name not in known:
            known[name] = 0
            known[name] = _levels(look, look.resolver.components.get(name), depth + 1)
        return known[name]
    inner = max((_levels(look, child, depth + 1) for _way, child in refs.children(schema)), default=0)
    return inner + bool(schema.get("properties"))
