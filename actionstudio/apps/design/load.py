"""Rows -> value: the working copy of a project as a Contract."""

from typing import Any, get_type_hints

from actionstudio.apps.design import models
from actionstudio.apps.projects.models import Project
from actionstudio.core import codec
from actionstudio.core.contract import Component, Contract, Operation

_OPERATION = get_type_hints(Operation)
_CONTRACT = {k: v for k, v in get_type_hints(Contract).items() if k not in ("operations", "components")}


def contract(project: Project) -> Contract:
    """The working copy as a value. Three queries, whatever the size."""
    document = models.Document.objects.get(project=project)
    return Contract(
        **_fields(document, _CONTRACT),
        operations=tuple(operation(row) for row in project.operations.all()),
        components=tuple(Component(row.name, row.schema) for row in project.components.all()),
    )


def part(document: models.Document, operations: tuple[Operation, ...], shared: dict[str, Any]) -> Contract:
    """The contract with only these operations and shared schemas, for a page about them."""
    components = tuple(Component(name, schema) for name, schema in shared.items())
    return Contract(**_fields(document, _CONTRACT), operations=operations, components=components)


def operation(row: models.Operation) -> Operation:
    """One operation's row as a value."""
    return Operation(**_fields(row, _OPERATION))


def _fields(row: Any, hints: dict[str, Any]) -> dict[str, Any]:
    return {name: codec.value_of(hint, getattr(row, name)) for name, hint in hints.items()}
