"""The scripts of a project: kept in an order, read by the scripted model."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.calling import acting
from actionstudio.apps.simulator.models import Action, Script
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.scripted import scripts
from actionstudio.core.words import said

MOST = 200  # of a project: each is looked at for every sentence
FIELDS = ("when", "pattern", "then", "operation", "arguments", "text", "name")


def of(project: Project) -> tuple[scripts.Script, ...]:
    """The scripts that count, in their order."""
    return tuple(value(row) for row in project.scripts.filter(enabled=True))


def value(row: Script) -> scripts.Script:
    """A row as the model reads it."""
    return scripts.Script(**{name: getattr(row, name) for name in FIELDS})


def operations(project: Project) -> list[str]:
    """What a script of the project may call; a GPT's other actions have more."""
    return [op.operation_id for op in newest.contract(project).operations if op.operation_id and op.exposed]


def callable_names(project: Project) -> tuple[str, ...]:
    """What a script may call: the operations of the project and of its GPTs' actions; () where there is none."""
    found = set(operations(project))
    for row in Action.objects.filter(gpt__project=project).select_related("address", "gpt__project"):
        found |= {name for tool in acting.of(row).tools for name in (tool.operation_id, tool.name)}
    return tuple(sorted(found))


def keep(row: Script) -> Script:
    """Saves a script, a new one as the last. Raises Refused with what is wrong, by its fields. An operation that has
    gone since it was named is no reason to refuse what else is changed."""
    before = Script.objects.filter(pk=row.pk).values_list("operation", flat=True).first()
    names = callable_names(row.project) if row.operation != before else ()
    problems = scripts.problems(value(row), names)
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        if row.pk is None:
            Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
            others = Script.objects.filter(project_id=row.project_id)
            if others.count() >= MOST:
                raise Refused(Problem("", _("A project has at most %(n)d scripts.") % {"n": MOST}, "many"))
            row.position = (others.aggregate(last=Max("position"))["last"] or 0) + 1
        row.save()
    return row


def plain(project: Project) -> list[dict[str, Any]]:
    """All of them in their order as plain JSON, for a file."""
    return [{name: getattr(row, name) for name in (*FIELDS, "enabled")} for row in project.scripts.all()]


def read(value: Any) -> list[dict[str, Any]]:
    """The same of what anybody may have written. Raises Refused with what is wrong, and where."""
    if not isinstance(value, list) or len(value) > MOST:
        raise Refused(Problem("", said("A list of at most %(n)d scripts.", n=MOST), "shape"))
    found = [_wrong(one) for one in value]
    problems = [
        Problem(f"/{n}{each.pointer}", each.message, each.code) for n, several in enumerate(found) for each in several
    ]
    if problems:
        raise Refused(*problems)
    return value


def put(project: Project, scripts: list[dict[str, Any]], by: Any) -> None:
    """Gives a project these."""
    Script.objects.bulk_create(
        Script(project=project, author=by, position=n, **one) for n, one in enumerate(scripts, 1)
    )


def _wrong(one: Any) -> list[Problem]:
    if not isinstance(one, dict) or set(one) - {*FIELDS, "enabled"}:
        return [Problem("", said("This is no script."), "shape")]
    found = []
    for name in FIELDS:
        text = one.get(name, "")
        if not isinstance(text, str) or len(text) > (Script._meta.get_field(name).max_length or 0):
            most = Script._meta.get_field(name).max_length
            found.append(Problem(f"/{name}", said("A text of at most %(n)d characters.", n=most), "shape"))
    if not isinstance(one.get("enabled", True), bool):
        found.append(Problem("/enabled", said("True or false."), "shape"))
    texts = {name: one.get(name, "") for name in FIELDS}
    return found or scripts.problems(scripts.Script(**texts))


def earlier(row: Script) -> None:
    """Changes places with the script before: the first that fits is followed."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        rows = list(Script.objects.filter(project_id=row.project_id))
        at = next((n for n, one in enumerate(rows) if one.pk == row.pk), 0)
        if at:
            rows[at - 1 : at + 1] = rows[at], rows[at - 1]
            for n, one in enumerate(rows, 1):
                one.position = n
            Script.objects.bulk_update(rows, ["position"])
