"""What the list of endpoints does: order, hide, duplicate, remove, and take a removal back."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from actionstudio.apps.design import store
from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Operation
from actionstudio.apps.projects.models import Project


@dataclass(frozen=True)
class Note:
    """What was done, for the line above the list. ``undo`` is the deed that takes it back."""

    words: str
    undo: str = ""


def work(project: Project, posted: Any, by) -> Note | None:
    """Does what a button or a moved row asks. Unknown rows are left alone."""
    name, _colon, argument = posted.get("_op", "order").partition(":")
    if name == "order":
        _order(project, posted.getlist("o"), by)
        return None
    if name == "restore":
        return _restore(project, argument, by)
    if name == "forget":
        project.drafts.filter(target="operation:new").delete()
        return Note(_("Draft discarded."))
    row = project.operations.filter(pk=argument).first() if argument.isdecimal() else None
    deeds = {"up": _up, "down": _down, "expose": _expose, "duplicate": _duplicate, "del": _delete}
    return deeds[name](project, row, by) if row is not None and name in deeds else None


def _order(project: Project, keys: list[str], by) -> None:
    wanted = {key: place for place, key in enumerate(keys)}
    with editing(project, by):
        rows = list(project.operations.only("pk", "position", "project_id"))
        rows.sort(key=lambda row: wanted.get(str(row.pk), len(wanted)))
        _renumber(rows)


def _renumber(rows: list[Operation]) -> None:
    moved = []
    for place, row in enumerate(rows):
        if row.position != place:
            row.position = place
            moved.append(row)
    Operation.objects.bulk_update(moved, ["position"], batch_size=200)


def _swap(project: Project, row: Operation, by, step: int) -> None:
    """Moves a row before or behind the next one of its group (the first tag)."""
    with editing(project, by):
        rows = list(project.operations.only("pk", "position", "project_id", "tags"))
        at = next(place for place, other in enumerate(rows) if other.pk == row.pk)
        place = at + step
        while 0 <= place < len(rows) and rows[place].tags[:1] != rows[at].tags[:1]:
            place += step
        if 0 <= place < len(rows):
            rows.insert(place, rows.pop(at))
            _renumber(rows)


def _up(project: Project, row: Operation, by) -> None:
    _swap(project, row, by, -1)


def _down(project: Project, row: Operation, by) -> None:
    _swap(project, row, by, 1)


def _expose(project: Project, row: Operation, by) -> None:
    with editing(project, by):
        project.operations.filter(pk=row.pk).update(exposed=not row.exposed)


def _duplicate(project: Project, row: Operation, by) -> Note:
    taken = set(project.operations.values_list("method", "path"))
    names = set(project.operations.values_list("operation_id", flat=True))
    path = next(p for n in range(1, 9999) if (row.method, p := f"{row.path}-copy{n if n > 1 else ''}") not in taken)
    if row.operation_id:
        stem = f"{row.operation_id}Copy"
        name = next(n for i in range(1, 9999) if (n := f"{stem}{i if i > 1 else ''}") not in names)
    else:
        name = ""
    with editing(project, by):
        project.operations.filter(position__gt=row.position).update(position=F("position") + 1)
        row.pk, row.path, row.operation_id, row.position = None, path, name, row.position + 1
        row._state.adding = True
        row.save()
    return Note(_("Duplicated as %(it)s.") % {"it": f"{row.method} {row.path}"}, f"del:{row.pk}")


def _delete(project: Project, row: Operation, by) -> Note:
    number = project.revisions.values_list("number", flat=True).first()
    label = f"{row.method} {row.path}"
    with editing(project, by):
        project.drafts.filter(target__in=(f"operation:{row.pk}", f"answer:{row.pk}")).delete()
        row.delete()
    return Note(_("Removed %(it)s.") % {"it": label}, f"restore:{number}|{label}")


def _restore(project: Project, argument: str, by) -> Note | None:
    """Puts one removed operation back as it stood in a revision."""
    number, _bar, label = argument.partition("|")
    revision = project.revisions.filter(number=number).first() if number.isdecimal() else None
    operations = revision.contract().operations if revision else ()
    found = next(((at, op) for at, op in enumerate(operations) if f"{op.method} {op.path}" == label), None)
    if found is None or project.operations.filter(method=found[1].method, path=found[1].path).exists():
        return None
    place, value = found
    with editing(project, by):
        before = [row.pk for row in project.operations.all()[:place]]
        project.operations.exclude(pk__in=before).update(position=F("position") + 1)
        position = project.operations.filter(pk__in=before[-1:]).values_list("position", flat=True).first()
        position = 0 if position is None else position + 1
        Operation.objects.create(project=project, position=position, **store.columns(value))
    return Note(_("%(it)s is back.") % {"it": label})
