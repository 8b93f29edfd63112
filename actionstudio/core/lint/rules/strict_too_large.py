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
_ENOUGH = 20_000  # schemas looked at: what unfolds further is too large anyway


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
    """Fields, levels, listed values, and characters of both. A shared schema counts once, where it is met first."""
    fields = levels = values = characters = seen = 0
    met: set[str] = set()
    stack: list[tuple[int, Any]] = [(1, schema) for _name, schema, _required, _text in look.arguments(op)]
    while stack and seen < _ENOUGH:
        depth, node = stack.pop()
        if not isinstance(node, dict):
            continue
        seen += 1
        name = refs.name_of(node.get("$ref"))
        if name is not None and name not in met and name in look.resolver.components:
            met.add(name)
            stack.append((depth, look.resolver.components[name]))
        properties = node.get("properties")
        names = list(properties) if isinstance(properties, dict) else []
        listed = node["enum"] if isinstance(node.get("enum"), list) else []
        fields, values = fields + len(names), values + len(listed)
        characters += sum(map(len, names)) + sum(len(str(value)) for value in listed)
        levels = max(levels, depth + bool(names))
        stack += [(depth + (way[0] in ("properties", "items")), child) for way, child in refs.children(node)]
    return fields, levels, values, characters
