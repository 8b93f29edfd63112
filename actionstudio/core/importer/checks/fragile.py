"""Schemas of arguments that are taken without a word, and of which the model or the call then gets less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from actionstudio.core.importer.checks.bodies import json_type
from actionstudio.core.importer.reading import Reading
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said

type JSON = Any
type Node = dict[str, JSON]

_UNIONS = ("oneOf", "anyOf", "allOf")


def check(reading: Reading) -> None:
    """Notes them (PAR-05, SCH-03 to SCH-05): each schema once, also a shared one that many arguments use."""
    for pointer, schema in _schemas(reading):
        stack = [(pointer, schema)]
        while stack:
            at, node = stack.pop()
            if isinstance(node, dict):
                for judge in _JUDGES:
                    judge(reading, at, node)
                stack.extend([(at + refs.pointer(way), child) for way, child in refs.children(node)])


def _schemas(reading: Reading) -> Iterator[tuple[str, JSON]]:
    """The schemas of the arguments of what was kept, and the shared ones that these use."""
    todo: list[str] = []
    for op in reading.operations:
        for pointer, schema in _asked(op.pointer, reading.sources[op.pointer]) if op.kept else ():
            yield pointer, schema
            todo.extend(refs.refs(schema))
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in reading.schemas and name not in seen:
            seen.add(name)
            yield f"/components/schemas/{escape(name)}", reading.schemas[name]
            todo.extend(reading.named.get(name, ()))


def _asked(pointer: str, raw: Node) -> Iterator[tuple[str, JSON]]:
    parameters, body = raw.get("parameters"), raw.get("requestBody")
    for index, parameter in enumerate(parameters if isinstance(parameters, list) else ()):
        if isinstance(parameter, dict) and parameter.get("in") in ("path", "query"):
            yield f"{pointer}/parameters/{index}/schema", parameter.get("schema")
    content = body.get("content") if isinstance(body, dict) else None
    content = content if isinstance(content, dict) else {}
    kind = json_type(content)
    if kind and isinstance(content[kind], dict):
        yield f"{pointer}/requestBody/content/{escape(kind)}/schema", content[kind].get("schema")


def _constant(reading: Reading, at: str, node: Node) -> None:
    if "const" in node:
        told = said("The model is told of “const” and not held to it: other values may come.")
        reading.note("PAR-05", "degrades", told, at, confidence="D")


def _open(reading: Reading, at: str, node: Node) -> None:
    if node.get("type") == "object" and not node.get("properties") and not any(key in node for key in _UNIONS):
        told = said(
            "An object with keys of its own choice. The model may fill declared fields only; anything else ends the "
            "call before it is made (UnrecognizedKwargsError)."
        )
        reading.note("SCH-03", "degrades", told, at, confidence="C", repair="free-form-maps")


def _nullable(reading: Reading, at: str, node: Node) -> None:
    choices = node.get("anyOf")
    if isinstance(choices, list) and len(choices) == 2 and {"type": "null"} in choices:
        told = said("A choice between something and null was reported to be fragile; optional does the same.")
        reading.note("SCH-04", "degrades", told, at, confidence="D", repair="plain-nulls")


def _bare(reading: Reading, at: str, node: Node) -> None:
    if "$ref" in node and len(node) > 1:
        told = said("What stands beside “$ref” was reported to be fragile.")
        reading.note("SCH-04", "degrades", told, at, confidence="D")
    elif list(node) == ["title"]:
        told = said("A schema that is a title and no more tells the model nothing. Add a type.")
        reading.note("SCH-04", "degrades", told, at, confidence="D")


def _union(reading: Reading, at: str, node: Node) -> None:
    for key in _UNIONS:
        choices = node.get(key)
        if isinstance(choices, list) and len(choices) > 1 and {"type": "null"} not in choices:
            told = said(
                "“%(key)s” inside an argument is taken, but nobody knows how much of it the model sees.", key=key
            )
            reading.note("SCH-05", "degrades", told, at, confidence="C", repair="flatten-union")


_JUDGES: tuple[Callable[[Reading, str, Node], None], ...] = (_constant, _open, _nullable, _bare, _union)
