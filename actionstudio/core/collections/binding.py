"""One choice makes a set: from a path, the collection behind it and what each operation there does with its rows.

``/pets`` and ``/pets/{petId}`` are a pair, also deeper in a path; ``/todos/{username}`` holds one list for each person.
Only what the document has is bound; nothing is added to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.collections import family, seeding
from actionstudio.core.collections.layout import Layout
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.repairs.path_parameters import TEMPLATE
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@dataclass(frozen=True, slots=True)
class Bound:
    """One operation and what it would do. ``says`` in words; ``layout`` is how its answer holds rows."""

    method: str
    path: str
    behaviour: Stateful
    says: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class Binding:
    """What one choice proposes. ``id_fields`` and ``partitions`` are what may be chosen instead of the collection's.
    ``generated`` is how many rows were asked for where the document has none."""

    collection: Collection
    bound: tuple[Bound, ...]
    id_fields: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()
    generated: int = 3


def bind(contract: Contract, path: str, method: str = "", *, name: str = "", generated: int = 3) -> Binding:
    """The proposal for the list or row that ``path`` (with ``method``: that operation) is about.

    ``name`` is the collection's, else the path's last word. Where the document has no examples it begins with
    ``generated`` made rows. Raises Refused when there is no such path, or no rows can be told from it.
    """
    resolver = Resolver(contract)
    found = family.of(resolver, path, method)
    if found is None:
        message = said("The document has no path %(path)s.", path=path)
        raise Refused(Problem("/path", message, "missing"))
    collection = _collection(contract, resolver, found, name)
    bound = tuple(_bound(resolver, found, collection))
    if not bound:
        message = said("Nothing at %(path)s shows or changes rows that could be kept.", path=path)
        raise Refused(Problem("/path", message, "no-rows"))
    collection = _seeded(resolver, found, collection, generated)
    return Binding(collection, bound, _id_fields(resolver, collection), _partitions(contract, found), generated)


def rebind(
    contract: Contract, binding: Binding, path: str, *, id_field: str | None = None, partition: str | None = None
) -> Binding:
    """The same proposal with another id field or partition: what the operations do and the rows that lists begin with
    follow from it."""
    collection = binding.collection
    if id_field is not None:
        collection = replace(collection, id_field=id_field)
    if partition is not None:
        collection = replace(collection, partition=partition)
    resolver = Resolver(contract)
    found = family.of(resolver, path, "")
    if found is None:
        return binding
    if collection != binding.collection:
        collection = _seeded(resolver, found, collection, binding.generated)
    return replace(binding, collection=collection, bound=tuple(_bound(resolver, found, collection)))


def fitting(contract: Contract, op: Operation, collection: Collection) -> Stateful | None:
    """What one operation would do with the rows of a collection that is there already: what ``bind`` proposes for its
    method and path. None when that cannot be told."""
    resolver = Resolver(contract)
    found = family.of(resolver, op.path, op.method)
    if found is None or found.op(op.method, op.path) is None:
        return None
    return family.behaviour(resolver, found, op, collection)


def apply(contract: Contract, binding: Binding) -> Contract:
    """The contract with the collection (in the place of one of its name) and the behaviours of its operations."""
    wanted = {(one.method, one.path): one.behaviour for one in binding.bound}
    operations = tuple(
        replace(op, behaviour=wanted[op.method, op.path]) if (op.method, op.path) in wanted else op
        for op in contract.operations
    )
    name = binding.collection.name
    if any(one.name == name for one in contract.collections):
        kept = tuple(binding.collection if one.name == name else one for one in contract.collections)
    else:
        kept = (*contract.collections, binding.collection)
    return replace(contract, operations=operations, collections=kept)


def _collection(contract: Contract, resolver: Resolver, found: family.Family, name: str) -> Collection:
    row = family.row_schema(resolver, found)
    made = Collection(name or _free_name(contract, found), row, "", "integer")
    made = replace(made, id_field=family.id_field(resolver, found, row, made.name))
    partition = family.partition(resolver, found, made)
    return replace(made, partition=partition)


def _seeded(resolver: Resolver, found: family.Family, collection: Collection, generated: int) -> Collection:
    """The collection with its seeds and the kind of ids that these and the schema have."""
    collection = replace(collection, id_kind=seeding.id_kind(resolver, collection, ()))
    collection = replace(collection, seeds=seeding.of(resolver, found, collection, generated))
    return replace(collection, id_kind=seeding.id_kind(resolver, collection, collection.seeds))


def _free_name(contract: Contract, found: family.Family) -> str:
    """The path's word; with a number when another collection, of other operations, has it."""
    word, number = found.name, 1
    ours = set(found.places)
    while True:
        users = {
            (op.method, op.path)
            for op in contract.operations
            if isinstance(op.behaviour, Stateful) and op.behaviour.collection == word
        }
        if not any(one.name == word for one in contract.collections) or users & ours:
            return word
        number += 1
        word = f"{found.name}-{number}"


def _bound(resolver: Resolver, found: family.Family, collection: Collection) -> Iterator[Bound]:
    for op in found.operations:
        behaviour = family.behaviour(resolver, found, op, collection)
        if behaviour is not None:
            yield Bound(
                op.method, op.path, behaviour, says(behaviour), family.layout(resolver, op, behaviour, collection)
            )


def says(behaviour: Stateful) -> str:
    """What a stateful operation does, in words."""
    texts = {
        "list": said("lists the rows"),
        "read": said("shows one row"),
        "create": said("adds a row"),
        "replace": said("replaces a row"),
        "update": said("changes a row"),
        "delete": said("takes a row off"),
        "clear": said("takes all rows off"),
    }
    return texts[behaviour.action]


def _id_fields(resolver: Resolver, collection: Collection) -> tuple[str, ...]:
    """Fields that may name a row: texts and whole numbers; "" for none."""
    row = family.shape(resolver, collection.schema)
    named = [
        name
        for name, schema in row.properties.items()
        if not (kinds := family.shape(resolver, schema).kinds) or kinds & {"string", "integer"}
    ]
    return (*named, "")


def _partitions(contract: Contract, found: family.Family) -> tuple[str, ...]:
    """What may tell one list from another: nothing, a part of the path, whoever is signed in."""
    path = [f"path.{name}" for name in TEMPLATE.findall(found.list_path)]
    several = [",".join(path)] if len(path) > 1 else []
    return ("", *path, *several, "user")


def stateful(contract: Contract, name: str) -> tuple[Operation, ...]:
    """The operations that use the collection of that name."""
    return tuple(
        op for op in contract.operations if isinstance(op.behaviour, Stateful) and op.behaviour.collection == name
    )
