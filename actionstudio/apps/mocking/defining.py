"""What collections a project has: made, changed and removed as one revision each."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import editing, load, store
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.core.behaviour import Collection, Seed, Stateful, inside
from actionstudio.core.collections import binding, reading
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.resolve import Resolver


def find(value: Contract, name: str) -> Collection | None:
    """The collection of that name."""
    return next((one for one in value.collections if one.name == name), None)


def used_by(value: Contract, name: str) -> list[tuple[Operation, tuple[str, ...]]]:
    """The operations that answer from a collection, with what they do to it."""
    found = []
    for operation in value.operations:
        stateful = [one for one in inside(operation.behaviour) if isinstance(one, Stateful) and one.collection == name]
        if stateful:
            found.append((operation, tuple(dict.fromkeys(one.action for one in stateful))))
    return found


def absent(value: Contract, collection: Collection) -> list[str]:
    """The parameters by which a collection is cut into lists that none of the operations using it has."""
    sources = reading.partitions(collection)
    for operation, _actions in used_by(value, collection.name):
        sources = reading.absent(Resolver(value), operation, sources)
    return sources if used_by(value, collection.name) else []


def put(project: Project, new: Collection, by: Any, note: str) -> Revision | None:
    """Adds the collection, or writes it in the place of the one of its name."""
    with editing.editing(project, by, note) as edit:
        value = load.contract(project)
        known = find(value, new.name) is not None
        changed = tuple(new if one.name == new.name else one for one in value.collections)
        store.contract(project, dataclasses.replace(value, collections=changed if known else (*changed, new)))
    return edit.revision


def bind(project: Project, method: str, path: str, by: Any) -> binding.Binding:
    """Lets the operations around one path share rows. Raises Refused when none can be told from it."""
    note = _("Endpoints of %(path)s remember") % {"path": path[:120]}
    with editing.editing(project, by, note):
        value = load.contract(project)
        found = binding.bind(value, path, method)
        store.contract(project, binding.apply(value, found))
    return found


def remove(project: Project, name: str, by: Any, note: str) -> Revision | None:
    """Takes the collection out of the project. Raises ValueError while an operation answers from it."""
    with editing.editing(project, by, note) as edit:
        value = load.contract(project)
        if used_by(value, name):
            raise ValueError(name)
        kept = tuple(one for one in value.collections if one.name != name)
        store.contract(project, dataclasses.replace(value, collections=kept))
    return edit.revision


def seeded(value: Collection, partition: str, rows: tuple[Any, ...]) -> Collection:
    """The collection that begins with these rows, in one of its lists or ("") wherever nothing else is said."""
    others = tuple(seed for seed in value.seeds if seed.partition != partition)
    return dataclasses.replace(value, seeds=(*others, Seed(rows, partition)))
