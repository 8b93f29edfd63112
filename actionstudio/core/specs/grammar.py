"""Where in an OpenAPI document the objects stand, as a table; and walking and rebuilding a document by it.

OpenAPI 3.1.0, sections 4.8.1 to 4.8.27. A document, and every part of it, is plain JSON here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from actionstudio.core.schemas.refs import escape

type JSON = Any

VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# kind of object -> field -> (how the field holds its objects, their kind). "map*" leaves out extension keys (x-...).
GRAMMAR: dict[str, dict[str, tuple[str, str]]] = {
    "document": {
        "paths": ("map*", "path_item"),
        "webhooks": ("map", "path_item"),
        "components": ("one", "components"),
    },
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "requestBodies": ("map", "body"),
        "headers": ("map", "header"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path_item"),
        "mediaTypes": ("map", "media"),
    },
    "path_item": {
        "parameters": ("list", "parameter"),
        **dict.fromkeys((*VERBS, "query"), ("one", "operation")),
        "additionalOperations": ("map", "operation"),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "body"),
        "responses": ("map*", "response"),
        "callbacks": ("map", "callback"),
    },
    "callback": {"": ("map*", "path_item")},
    "parameter": {"schema": ("one", "schema"), "content": ("map", "media")},
    "header": {"schema": ("one", "schema"), "content": ("map", "media")},
    "body": {"content": ("map", "media")},
    "response": {"headers": ("map", "header"), "content": ("map", "media")},
    "media": {"schema": ("one", "schema"), "itemSchema": ("one", "schema"), "encoding": ("map", "encoding")},
    "encoding": {"headers": ("map", "header")},
}


def members(kind: str, node: JSON) -> Iterator[tuple[tuple[str | int, ...], str, JSON]]:
    """The objects directly inside ``node``: the way to each, its kind, and itself (of whatever type it is)."""
    if not isinstance(node, dict):
        return
    for field, (shape, inner) in GRAMMAR.get(kind, {}).items():
        way: tuple[str | int, ...] = (field,) if field else ()
        held = node.get(field) if field else node
        if shape == "one":
            if field in node:
                yield way, inner, held
        elif shape == "list":
            if isinstance(held, list):
                yield from (((*way, index), inner, item) for index, item in enumerate(held))
        elif isinstance(held, dict):
            for name, item in held.items():
                if shape == "map" or not name.startswith("x-"):
                    yield (*way, name), inner, item


def walk(kind: str, node: JSON, at: str = "") -> Iterator[tuple[str, str, JSON]]:
    """``node`` and every object in it: pointer, kind, object. Schemas are given, not entered."""
    stack = [(at, kind, node)]
    while stack:
        at, kind, node = stack.pop()
        yield at, kind, node
        inside = [
            (at + "".join(f"/{escape(step)}" for step in way), inner, item) for way, inner, item in members(kind, node)
        ]
        stack.extend(reversed(inside))


def rebuild(kind: str, node: JSON, changes: Mapping[str, Callable[[JSON, str], JSON]], at: str = "") -> JSON:
    """A copy of ``node`` in which every object of a kind in ``changes`` is put through that function, inner first.

    The function gets the object and its pointer. What is not touched is shared with the original.
    """
    copy = node
    for way, inner, item in members(kind, node):
        fresh = rebuild(inner, item, changes, at + "".join(f"/{escape(step)}" for step in way))
        if fresh is not item:
            copy = _replaced(copy, node, way, fresh)
    return changes[kind](copy, at) if kind in changes else copy


def _replaced(copy: JSON, original: JSON, way: tuple[str | int, ...], item: JSON) -> JSON:
    """``copy`` (of ``original``) with ``item`` at ``way``; what it shares with the original is copied first."""
    if copy is original:
        copy = dict(original)
    target, source = copy, original
    for step in way[:-1]:
        if target[step] is source[step]:
            target[step] = source[step].copy()
        target, source = target[step], source[step]
    target[way[-1]] = item
    return copy
