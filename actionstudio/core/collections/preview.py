"""What an operation would answer from the rows that a collection begins with: for who looks before it is bound."""

from __future__ import annotations

from typing import Any, NamedTuple

from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.collections import family, query, reading
from actionstudio.core.collections.fields import MISSING
from actionstudio.core.collections.filling import Filler, Link
from actionstudio.core.collections.layout import Layout
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError

type JSON = Any


class Preview(NamedTuple):
    """``value`` is the answer, MISSING when no rows are shown; ``layout.why`` says what was told, or why nothing."""

    value: JSON
    layout: Layout


def preview(
    contract: Contract, op: Operation, behaviour: Stateful, collection: Collection, most: int | None = None
) -> Preview:
    """The answer of ``op`` with the rows that its first list begins with, ``most`` of them."""
    resolver = Resolver(contract)
    told = reading.success(resolver, op, behaviour.status)
    layout = family.layout(resolver, op, behaviour, collection)
    rows = list(next((seed.rows for seed in collection.seeds if seed.rows), ()))
    if layout.kind == "other" or (layout.kind == "row" and not rows):
        return Preview(MISSING, layout)
    sampled = told.example is None
    base = _made(resolver, told.schema) if sampled else told.example
    id_field = collection.id_field
    filler = Filler(layout, told.schema, resolver.components, base, frozenset(), sampled, id_field)
    if layout.kind == "row":
        return Preview(filler.row(rows[0]), layout)
    most = layout.most if most is None else min(most, layout.most or most)
    found = query.ask(query.Query(), rows, most)
    return Preview(filler.rows(found, Link(op.path, (), {})), layout)


def _made(resolver: Resolver, schema: JSON) -> JSON:
    if schema is None:
        return None
    try:
        return compile_sampler(schema, resolver.components).sample("preview")
    except (SchemaError, Unsatisfiable, RecursionError):
        return None
