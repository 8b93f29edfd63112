"""Value -> rows: makes the working copy say what a Contract says, touching only the rows that differ."""

import dataclasses
from typing import Any

from actionstudio.apps.design import models
from actionstudio.apps.projects.models import Project
from actionstudio.core import codec
from actionstudio.core.contract import Contract, Operation

_DOCUMENT = [f.name for f in dataclasses.fields(Contract) if f.name not in ("operations", "components")]
_OPERATION = [f.name for f in dataclasses.fields(Operation)]


def contract(project: Project, value: Contract) -> None:
    """Makes the rows of ``project`` say ``value``. Operations that stay (same method and path) keep their id."""
    models.Document.objects.update_or_create(project=project, defaults=columns(value, _DOCUMENT))
    _operations(project, value.operations)
    _components(project, value.components)


def columns(value: Any, names: list[str] | None = None) -> dict[str, Any]:
    """A value's fields as the columns of its row."""
    names = names or [f.name for f in dataclasses.fields(value)]
    return {name: codec.plain(getattr(value, name)) for name in names}


def _operations(project: Project, values: tuple[Operation, ...]) -> None:
    rows = {(row.method, row.path): row for row in project.operations.all()}
    new, changed = [], []
    for position, value in enumerate(values):
        wanted = {"position": position, **columns(value, _OPERATION)}
        row = rows.pop((value.method, value.path), None)
        if row is None:
            new.append(models.Operation(project=project, **wanted))
        elif any(getattr(row, name) != item for name, item in wanted.items()):
            for name, item in wanted.items():
                setattr(row, name, item)
            changed.append(row)
    models.Operation.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
    models.Operation.objects.bulk_update(changed, ["position", *_OPERATION], batch_size=50)
    models.Operation.objects.bulk_create(new, batch_size=50)


def _components(project: Project, values) -> None:
    rows = {row.name: row for row in project.components.all()}
    new, changed = [], []
    for position, value in enumerate(values):
        row = rows.pop(value.name, None)
        if row is None:
            new.append(models.Component(project=project, position=position, name=value.name, schema=value.schema))
        elif row.position != position or row.schema != value.schema:
            row.position, row.schema = position, value.schema
            changed.append(row)
    models.Component.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
    models.Component.objects.bulk_update(changed, ["position", "schema"], batch_size=100)
    models.Component.objects.bulk_create(new, batch_size=100)
