"""Which texts and defaults of a document reach the model: pointers to them, the counterpart of core/specs/lost.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core.lint.look import Look
from actionstudio.core.schemas import refs
from actionstudio.core.specs.typescript import DEEPEST

type JSON = Any
type Node = tuple[str, JSON]  # a schema and where it stands


def pointers(look: Look) -> frozenset[str]:
    """``…/description`` and ``…/default`` of everything that the namespace shows at the top of its arguments."""
    return frozenset(_told(look))


def _told(look: Look) -> Iterator[str]:
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if parameter.in_ in ("path", "query") and parameter.schema is not None:
                yield from _first(_chain(look, (f"{pointer}/schema", parameter.schema)), "default")
        body = look.body(op)
        if body is None:
            continue
        for node in _properties(look, (body[0], body[1].schema), set()):
            chain = _chain(look, node)
            yield from _first(chain, "description")
            yield from _first(chain, "default")


def _chain(look: Look, node: Node) -> list[Node]:
    """The schema and those that its outermost references lead to."""
    chain, seen = [node], set()
    while isinstance(node[1], dict) and isinstance(ref := node[1].get("$ref"), str) and ref not in seen:
        seen.add(ref)
        name = refs.name_of(ref)
        if name is None or name not in look.resolver.components:
            break
        node = (f"/components/schemas/{refs.escape(name)}", look.resolver.components[name])
        chain.append(node)
    return chain


def _first(chain: list[Node], key: str) -> Iterator[str]:
    """Where ``key`` is told from: what stands beside a reference goes before what it leads to."""
    for pointer, schema in chain:
        if isinstance(schema, dict) and key in schema:
            yield f"{pointer}/{key}"
            return


def _properties(look: Look, node: Node, entered: set[str], depth: int = 0) -> Iterator[Node]:
    """The top-level fields of an object schema, those of its ``allOf`` too; each part of it once."""
    for pointer, schema in _chain(look, node):
        if not isinstance(schema, dict) or depth > DEEPEST:
            return
        parts = schema.get("allOf")
        for index, part in enumerate(parts if isinstance(parts, list) else ()):
            where = f"{pointer}/allOf/{index}"
            if where not in entered:
                entered.add(where)
                yield from _properties(look, (where, part), entered, depth + 1)
        properties = schema.get("properties")
        for name, inner in (properties if isinstance(properties, dict) else {}).items():
            yield f"{pointer}/properties/{refs.escape(name)}", inner
