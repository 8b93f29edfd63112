"""Repair: every argument has a name of its own (OP-08)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.arguments import Rename, Step
from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Rename duplicate arguments"), order=64, shapes=True)
def mend(contract: Contract, options: Any) -> Mended:
    """The arguments of a call reach ChatGPT as one flat list, so it drops an endpoint with two of the same name. Here
    one of them gets another name. In a path that changes no call; for the query, your address takes the name back."""
    resolver = Resolver(contract)
    notes: list[Note] = []
    renamed = _paths(contract, resolver)
    steps: dict[Place, tuple[Step, ...]] = {}
    moved: dict[Place, Place] = {}
    operations = []
    for op in contract.operations:
        made = _path(op, renamed[op.path], notes) if op.path in renamed else op
        if made.exposed and made.method in mending.VERBS:
            made, taken = _query(made, op, resolver, notes)
            if taken:
                steps[made.method, made.path] = taken
        if made.path != op.path:
            moved[made.method, made.path] = op.method, op.path
        operations.append(made)
    if not notes:
        return Mended(contract)
    return Mended(replace(contract, operations=tuple(operations)), tuple(notes), steps, moved)


def _paths(contract: Contract, resolver: Resolver) -> dict[str, dict[str, str]]:
    """The new names of path parameters by path: all operations of a path share them."""
    taken: dict[str, set[str]] = {}
    wanted: dict[str, dict[str, None]] = {}
    for op in mending.offered(contract):
        names = mending.argument_names(op, resolver)
        taken.setdefault(op.path, set()).update(name for _place, name in names)
        elsewhere = {name for place, name in names if place != "path"}
        for place, name in names:
            if place == "path" and name in elsewhere and "{" + name + "}" in op.path:
                wanted.setdefault(op.path, {})[name] = None
    out: dict[str, dict[str, str]] = {}
    for path, found in wanted.items():
        out[path] = {}
        for name in found:
            made = mending.fresh(f"path_{name}", taken[path])
            taken[path].add(made)
            out[path][name] = made
    return out


def _path(op: Operation, names: dict[str, str], notes: list[Note]) -> Operation:
    path = op.path
    for name, made in names.items():
        path = path.replace("{" + name + "}", "{" + made + "}")
        if op.exposed and op.method in mending.VERBS:
            words = said("The path parameter %(name)s is called “%(made)s”.", name=name, made=made)
            notes.append(Note("rename-duplicates", op.pointer, words))
    parameters = tuple(
        replace(one, name=names[one.name]) if one.in_ == "path" and one.name in names else one for one in op.parameters
    )
    return replace(op, path=path, parameters=parameters)


def _query(op: Operation, old: Operation, resolver: Resolver, notes: list[Note]) -> tuple[Operation, tuple[Step, ...]]:
    """Parameters of the query that are called as a field of the body."""
    names = mending.argument_names(op, resolver)
    elsewhere = {name for place, name in names if place != "query"}
    taken = {name for _place, name in names}
    parameters: list[Parameter] = []
    steps: list[Step] = []
    for one in op.parameters:
        if one.in_ == "query" and one.name in elsewhere:
            made = mending.fresh(f"query_{one.name}", taken)
            taken.add(made)
            steps.append(Rename("query", made, one.name))
            words = said("The query parameter %(name)s is called “%(made)s”.", name=one.name, made=made)
            notes.append(Note("rename-duplicates", old.pointer, words))
            one = replace(one, name=made)
        parameters.append(one)
    return (replace(op, parameters=tuple(parameters)) if steps else op), tuple(steps)
