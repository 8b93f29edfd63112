"""One schema as the converter walks it: objects, arrays and references, each with its context."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.reading import Reading
from actionstudio.core.schemas.refs import LISTS, MAPS, PREFIX, SINGLE, unescape
from actionstudio.core.schemas.refs import pointer as pointer_of
from actionstudio.core.words import said

type JSON = Any
type Way = tuple[str, ...]

_INSIDE = SINGLE | LISTS | MAPS


def check(reading: Reading, schema: JSON, way: Way) -> list[str]:
    """Says what is wrong in a schema that stands at ``way``. Returns the shared schemas that it refers to."""
    named: dict[str, None] = {}
    stack: list[tuple[JSON, Any]] = [(schema, None)]  # each with its way as a chain (inner step, outer chain)
    while stack:
        node, chain = stack.pop()
        if type(node) is not dict:
            continue
        if isinstance(node.get("$ref"), str):
            _reference(reading, node["$ref"], named, way, chain)
            continue
        kind = node.get("type")
        if (kind == "object" or kind == "array" or type(kind) is list) and kind:
            _kind(reading, node, kind, way, chain)
        inner: list[tuple[JSON, Any]] = []
        for key in node:
            if key in _INSIDE:
                _enter(reading, inner, key, node[key], way, chain)
        stack.extend(reversed(inner))
    return list(named)


def _enter(reading: Reading, inner: list[tuple[JSON, Any]], key: str, held: JSON, way: Way, chain: Any) -> None:
    """Adds the schemas under one keyword."""
    if key in SINGLE:
        inner.append((held, (key, chain)))
    elif type(held) is dict:
        if key in MAPS:
            link = (key, chain)
            inner.extend([(child, (name, link)) for name, child in held.items()])
    elif type(held) is list:
        if key in LISTS:
            link = (key, chain)
            inner.extend([(child, (str(index), link)) for index, child in enumerate(held)])
        elif key == "properties":
            reading.crash(held, "items", pointer_of((*_whole(way, chain), key)))


def _whole(way: Way, chain: Any) -> Way:
    """A way and the chain behind it as one way."""
    steps = []
    while chain is not None:
        step, chain = chain
        steps.append(step)
    return (*way, *reversed(steps))


def _kind(reading: Reading, node: dict[str, JSON], kind: JSON, way: Way, chain: Any) -> None:
    kinds = kind if type(kind) is list else (kind,)
    if "object" in kinds and type(node.get("properties")) not in (dict, list):
        _no_properties(reading, way, chain)
    if "array" in kinds and not node.get("items"):
        _no_items(reading, "items" in node, way, chain)


def _no_properties(reading: Reading, way: Way, chain: Any) -> None:
    if reading.full("SCH-01"):
        return
    way = _whole(way, chain)
    answer = "responses" in way[3:4]
    if answer:
        told = said("An object in an answer names no properties. It has no effect, the line only looks alarming.")
    else:
        told = said(
            "An object names no properties, so the model cannot fill it. Add those it has, or “properties: {}”."
        )
    reading.say(
        "SCH-01",
        "cosmetic" if answer else "degrades",
        f"In context={way}, object schema missing properties",
        pointer_of(way),
        told,
        repair="add-properties",
    )


def _no_items(reading: Reading, written: bool, way: Way, chain: Any) -> None:
    if reading.full("SCH-02"):
        return
    way = _whole(way, chain)
    reading.say(
        "SCH-02",
        "degrades",
        f"In context={way}, array schema missing items",
        pointer_of(way),
        said("An array does not say what is in it. Add “items” with a type."),
        confidence="D" if written else "E",
        repair="array-items",
    )


def _reference(reading: Reading, ref: str, named: dict[str, None], way: Way, chain: Any) -> None:
    name = name_of(ref)
    if name in reading.schemas and ref.startswith(PREFIX):
        named[name] = None
        return
    if reading.full("DOC-06"):
        return
    way = _whole(way, chain)
    inside = ref.startswith("#")
    if inside:
        told = said(
            "“%(ref)s” is not among the shared schemas, so this place holds an empty schema, and the model is told "
            "nothing of it.",
            ref=ref[:200],
        )
    else:
        told = said(
            "“%(ref)s” leads out of the document, and the editor fetches nothing: this place holds an empty schema.",
            ref=ref[:200],
        )
    reading.say(
        "DOC-06",
        "degrades",
        f"In context={way}, reference to unknown component {name[:200]}; using empty schema",
        pointer_of(way),
        told,
        confidence="C" if inside and ref.startswith(PREFIX) else "E",
        cause=cause_of(ref),
        repair="unresolved-references",
    )


def name_of(ref: str) -> str:
    """The shared schema that a reference names; the reference itself when it names none."""
    return unescape(ref[len(PREFIX) :]) if ref.startswith(PREFIX) else ref


def cause_of(ref: str) -> str:
    """What groups all that comes from one reference that leads nowhere."""
    return f"DOC-06:{ref[:200]}"


def resolved(reading: Reading, schema: JSON) -> tuple[JSON, str, str]:
    """``schema`` with its references to shared schemas followed; the last name on the way; where it led to nothing."""
    ways: list[str] = []
    found: tuple[JSON, str, str] | None = None
    while found is None:
        ref = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(ref, str):
            found = schema, name_of(ways[-1]) if ways else "", ""
        elif ref in reading.followed:
            found = reading.followed[ref]
        elif not ref.startswith(PREFIX) or name_of(ref) not in reading.schemas:
            found = {}, name_of(ref), ref
        else:
            reading.followed[ref] = {}, name_of(ref), ref  # a circle ends here
            ways.append(ref)
            schema = reading.schemas[name_of(ref)]
    reading.followed.update(dict.fromkeys(ways, found))
    return found
