"""The rows a collection begins with: those of the document's examples, else some made from the schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from actionstudio.core.behaviour import Collection, Seed, Stateful
from actionstudio.core.collections import family, reading
from actionstudio.core.collections.fields import put, within
from actionstudio.core.collections.ids import Ids, counted_uuid, key_of
from actionstudio.core.collections.layout import Finder
from actionstudio.core.contract import Example, Operation
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError
from actionstudio.core.schemas.wire import text_of

type JSON = Any

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
MOST = 1_000


def of(resolver: Resolver, found: family.Family, collection: Collection, generated: int = 3) -> tuple[Seed, ...]:
    """The seeds of a collection. An example of a list that bears the name of a path parameter's example is that one's
    list; all others begin every list. Where nothing shows rows there are none."""
    deeds = [(op, deed) for op in found.operations if (deed := family.behaviour(resolver, found, op, collection))]
    for methods in (("GET",), ("POST", "PUT", "PATCH")):
        seeds = _from_examples(resolver, collection, [pair for pair in deeds if pair[0].method in methods])
        if any(seed.rows for seed in seeds):
            return seeds
    if not any(deed.action in ("list", "read") for _, deed in deeds):
        return ()
    rows = generate(resolver, collection, generated)
    return (Seed(tuple(rows)),) if rows else ()


def _from_examples(
    resolver: Resolver, collection: Collection, deeds: list[tuple[Operation, Stateful]]
) -> tuple[Seed, ...]:
    by_partition: dict[str, list[JSON]] = {}
    for op, deed in deeds:
        for example, rows in _examples(resolver, op, deed, collection):
            partition = _partition(resolver, op, collection, example.key)
            if partition is not None:
                by_partition.setdefault(partition, []).extend(rows)
    return tuple(Seed(tuple(_joined(rows, collection)), name) for name, rows in by_partition.items())


def _examples(
    resolver: Resolver, op: Operation, deed: Stateful, collection: Collection
) -> Iterator[tuple[Example, list[JSON]]]:
    """The rows in each response example of an operation that shows rows."""
    told = reading.success(resolver, op, deed.status)
    if told.media is None:
        return
    for example in told.media.examples:
        if "externalValue" in example.extra:
            continue
        rows = rows_in(resolver, op, deed, collection, example.value)
        if rows is not None:
            yield example, rows


def rows_in(
    resolver: Resolver, op: Operation, deed: Stateful, collection: Collection, answer: JSON
) -> list[JSON] | None:
    """The rows of a collection in an answer of one of its operations; None when it shows none."""
    told = reading.success(resolver, op, deed.status)
    if told.media is None:
        return None
    finder = Finder(collection.schema, resolver.components, collection.name)
    found = family.layout_of(finder, deed, told.media.media_type, told.schema, answer)
    value = within(answer, found.way)
    if found.kind == "rows" and isinstance(value, list):
        return value
    if found.kind == "row" and isinstance(value, dict) and (deed.by == "only" or _keyed(value, collection)):
        return [value]
    return None


def shown(resolver: Resolver, op: Operation, collections: Iterable[Collection], answer: JSON) -> tuple[str, list[JSON]]:
    """The collection that answers an operation, by name, and its rows in one answer; ("", []) when there are none."""
    deed = op.behaviour
    name = deed.collection if isinstance(deed, Stateful) else ""
    collection = next((one for one in collections if one.name == name), None)
    rows = rows_in(resolver, op, deed, collection, answer) if collection and isinstance(deed, Stateful) else None
    return (name, rows) if rows else ("", [])


def with_rows(collection: Collection, rows: Iterable[JSON]) -> Collection:
    """The collection whose lists begin with these rows, too; what is told of a row that is there is added to it."""
    kept = [seed for seed in collection.seeds if not seed.partition]
    old = [row for seed in kept for row in seed.rows]
    made = Seed(tuple(_joined([*old, *rows], collection)))
    return replace(collection, seeds=(made, *(seed for seed in collection.seeds if seed.partition)))


def _keyed(row: JSON, collection: Collection) -> bool:
    return bool(collection.id_field) and key_of(row, collection.id_field) is not None


def _partition(resolver: Resolver, op: Operation, collection: Collection, key: str) -> str | None:
    """Whose list an example is: that of the parameter's example of the same key, else of everybody (""); None: of
    nobody who can be told."""
    names = reading.partitions(collection)
    if not names:
        return ""
    given = []
    for one in resolver.parameters(op):
        if f"{one.in_}.{one.name}" in names:
            match = next((example for example in one.examples if example.key == key), None)
            given.append("" if match is None else text_of(match.value))
    return "/".join(given) if all(given) and len(given) == len(names) and key else ""


def _joined(rows: list[JSON], collection: Collection) -> list[JSON]:
    """Each row once: what later examples know of a row is added to it."""
    out: dict[str, JSON] = {}
    for place, row in enumerate(rows):
        key = key_of(row, collection.id_field) if collection.id_field else f"#{place}"
        if key is None:
            key = f"#{place}"
        if isinstance(row, dict) and isinstance(out.get(key), dict):
            out[key] = {**out[key], **row}
        else:
            out.setdefault(key, row)
    return list(out.values())[:MOST]


def generate(resolver: Resolver, collection: Collection, count: int) -> list[JSON]:
    """``count`` made rows, the same each time, each with an id of its own. None when the schema is of no use."""
    if collection.schema is None or count <= 0:
        return []
    try:
        sampler = compile_sampler(collection.schema, resolver.components, prefer_examples=False)
    except (SchemaError, Unsatisfiable, RecursionError):
        return []
    field = collection.id_field
    ids, out = Ids(collection, resolver.components), []
    keys: dict[str, JSON] = {}
    for number in range(1, min(count, MOST) + 1):
        row = sampler.sample(f"{collection.name}/{number}")
        if collection.id_field and isinstance(row, dict):
            key = key_of(row, collection.id_field)
            unique = counted_uuid(collection.name, number)
            named = collection.id_kind == "integer"
            named |= collection.id_kind == "uuid" and field.lower().endswith("id") and ids.fits(unique)
            if named or key is None or key in keys:
                key, value = ids.new(keys, lambda unique=unique: unique)  # type: ignore[misc]
                row = put(row, collection.id_field, value)
            keys[key] = row
        out.append(row)
    return out


def id_kind(resolver: Resolver, collection: Collection, seeds: tuple[Seed, ...]) -> str:
    """How new ids are made: whole numbers where the schema or all examples have them, UUIDs, else texts in a series."""
    if not collection.id_field:
        return "integer"
    schema: JSON = collection.schema
    for name in collection.id_field.split("."):
        schema = family.shape(resolver, schema).properties.get(name)
    kinds = family.shape(resolver, schema).kinds
    if kinds & {"integer", "number"}:
        return "integer"
    resolved = resolver.schema(schema) if schema is not None else {}
    if isinstance(resolved, dict) and resolved.get("format") == "uuid":
        return "uuid"
    keys = [key for seed in seeds for row in seed.rows if (key := key_of(row, collection.id_field)) is not None]
    if keys and all(key.isascii() and key.isdecimal() for key in keys):
        return "integer"
    return "text" if keys and not all(map(_UUID.match, keys)) else "uuid"
