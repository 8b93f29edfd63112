"""One collection: its rows as a table that can be edited, imported and exported; snapshots; what it is."""

import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from actionstudio.apps.design import newest
from actionstudio.apps.design.views.endpoint import ref_of
from actionstudio.apps.mocking import cells, defining, listing, rows
from actionstudio.apps.mocking.forms import CollectionForm, RowsForm
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.behaviour import Collection
from actionstudio.core.collections import files
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.ports import Full


class Desk:
    """One collection's page: the project, the collection, which list is open, and what was typed wrongly."""

    def __init__(self, request, slug: str, name: str) -> None:
        self.request = request
        self.project = access.changeable(request, slug)
        self.contract = newest.contract(self.project)
        found = defining.find(self.contract, name)
        if found is None:
            raise Http404(_("No such collection."))
        self.collection: Collection = found
        self.partition = self._opened(request.GET.get("list"))
        self.place = rows.place(self.project, found, self.partition)
        self.typed: dict[str, tuple[Mapping[str, str], tuple[Problem, ...]]] = {}
        self.problems: list[str] = []
        self.form: CollectionForm | None = None
        self.rows_form: RowsForm | None = None

    def _opened(self, named: str | None) -> str:
        """Which list is open: the one that is named, else the first that has rows."""
        if not self.collection.partition or named is not None:
            return (named or "")[:200] if self.collection.partition else ""
        return next((one.partition for one in rows.listed(self.project, self.collection) if one.rows), "")

    def columns(self, values: list[Any]) -> list[cells.Column]:
        return cells.columns(self.collection.schema, self.contract.schemas(), values, self.collection.id_field)

    def cells_posted(self) -> dict[str, str]:
        return {key[2:]: text for key, text in self.request.POST.items() if key.startswith("c.")}

    def back(self, message: str, kind: str = "ok"):
        """The same list again, with a word about what was done."""
        return htmx.redirect(self.url(), message, kind)

    def url(self) -> str:
        url = reverse("mocking:collection", args=[self.project.slug, self.collection.name])
        return f"{url}?{urlencode({'list': self.partition})}" if self.collection.partition else url


@login_required
def collection(request, slug: str, name: str):
    """Shows one list of a collection; ``deed`` says what a post does."""
    desk = Desk(request, slug, name)
    usual = "put" if "key" in request.POST else ""  # a cell that was changed
    deed = DEEDS.get(request.POST.get("deed", usual))
    if deed is None:
        return _page(desk)
    try:
        return deed(desk) or _page(desk, 422)
    except Full as error:
        desk.problems.append(told(error.args[0]))
    except Refused as refused:
        desk.problems += [str(told(problem.message)) for problem in refused.problems]
    return _page(desk, 422)


@login_required
def collection_rows(request, slug: str, name: str):
    """The open list as a file: ``as`` csv or json."""
    desk = Desk(request, slug, name)
    kind = "csv" if request.GET.get("as") == "csv" else "json"
    values = rows.store().read(desk.place).rows.values()
    text = files.write_rows(values, kind, desk.collection, desk.contract.schemas())
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8" if kind == "csv" else "application/json")
    answer["Content-Disposition"] = f'attachment; filename="{desk.collection.name}.{kind}"'
    return answer


def _put(desk: Desk):
    """Writes one row as its cells say."""
    key = desk.request.POST.get("key", "")
    table = rows.store().read(desk.place)
    if key not in table.rows:
        return desk.back(_("That row is gone."), "warn")
    before, texts = table.rows[key], desk.cells_posted()
    try:
        value = cells.row_of(texts, desk.columns(list(table.rows.values())), before)
        if value != before:
            rows.put(desk.place, key, value, desk.contract.schemas())
    except Refused as refused:
        desk.typed[key] = texts, refused.problems
        return None
    if htmx.wants_part(desk.request):
        return htmx.with_toast(_page(desk), _("Row %(key)s is saved.") % {"key": key})
    return desk.back(_("Row %(key)s is saved.") % {"key": key})


def _add(desk: Desk):
    """A new row at the end; its id comes by itself when none was typed."""
    table, texts = rows.store().read(desk.place), desk.cells_posted()
    try:
        value = cells.row_of(texts, desk.columns(list(table.rows.values())))
        key = rows.insert(desk.place, value, desk.contract.schemas())
    except Refused as refused:
        desk.typed[NEW] = texts, refused.problems
        return None
    return desk.back(_("Row %(key)s is added.") % {"key": key})


def _delete(desk: Desk):
    key = desk.request.POST.get("key", "")
    rows.delete(desk.place, key)
    return desk.back(_("Row %(key)s is deleted.") % {"key": key})


def _import(desk: Desk):
    """Rows from a text or a file: below those that are there, in the place of those with their ids, or of all."""
    desk.rows_form = form = RowsForm(desk.request.POST, desk.request.FILES)
    if not form.is_valid():
        return None
    try:
        text, how, shared = form.cleaned_data["rows"], form.cleaned_data["how"], desk.contract.schemas()
        replace, merge = how == "replace", how != "add"
        taken = () if replace else rows.store().read(desk.place).rows
        found = files.read_rows(text, format_of(text), desk.collection, shared, taken, merge)
        came = rows.add_all(desk.place, found, shared, replace, merge)
    except Refused as refused:
        form.add_problems(refused)
        return None
    words = ngettext("%(n)d row is added.", "%(n)d rows are added.", came.added) % {"n": came.added}
    if came.replaced:
        replaced = ngettext("%(n)d row is replaced.", "%(n)d rows are replaced.", came.replaced)
        words = f"{words} {replaced % {'n': came.replaced}}"
    return desk.back(words)


def _reset(desk: Desk):
    rows.reset(desk.place)
    return desk.back(_("The list is as it began."))


def _reset_all(desk: Desk):
    rows.reset_all(desk.project, desk.collection)
    return desk.back(_("Every list is as it began."))


def _seed(desk: Desk):
    """Makes the rows that are there those that the list begins with."""
    values = tuple(rows.store().read(desk.place).rows.values())
    new = defining.seeded(desk.collection, desk.partition, values)
    note = _("New beginning of %(name)s") % {"name": desk.collection.name}
    defining.put(desk.project, new, desk.request.user, note)
    count = ngettext("It begins with %(n)d row now.", "It begins with %(n)d rows now.", len(values))
    return desk.back(count % {"n": len(values)})


def _snapshot(desk: Desk):
    name = desk.request.POST.get("name", "").strip()[:100] or _("Snapshot")
    rows.snapshot(desk.project, desk.collection, name, desk.request.user)
    return desk.back(_("The snapshot “%(name)s” is taken.") % {"name": name})


def _restore(desk: Desk):
    found = rows.find_snapshot(desk.project, desk.collection, desk.request.POST.get("snapshot", ""))
    if found is None:
        return desk.back(_("That snapshot is gone."), "warn")
    rows.restore(desk.project, desk.collection, found)
    return desk.back(_("All lists are as in “%(name)s”.") % {"name": found.name})


def _forget(desk: Desk):
    found = rows.find_snapshot(desk.project, desk.collection, desk.request.POST.get("snapshot", ""))
    if found is not None:
        found.delete()
    return desk.back(_("The snapshot is deleted."))


def _define(desk: Desk):
    """Changes what the collection is: its id and how it is cut into lists."""
    desk.form = form = CollectionForm.of(desk.collection, desk.request.POST)
    if not form.is_valid():
        return None
    new = dataclasses.replace(desk.collection, **form.fields_of())
    note = _("Collection %(name)s") % {"name": new.name}
    revision = defining.put(desk.project, new, desk.request.user, note)
    return desk.back(_("Saved, live as v%(n)s.") % {"n": revision.number} if revision else _("Nothing changed."))


def _remove(desk: Desk):
    try:
        note = _("Without the collection %(name)s") % {"name": desk.collection.name}
        defining.remove(desk.project, desk.collection.name, desk.request.user, note)
    except ValueError:
        desk.problems.append(_("Endpoints answer from this collection. Give them another answer first."))
        return None
    rows.forget(desk.project, desk.collection.name)
    url = reverse("mocking:collections", args=[desk.project.slug])
    return htmx.redirect(url, _("“%(name)s” is removed.") % {"name": desk.collection.name})


ACTIONS = {
    "list": lazy("lists"),
    "read": lazy("reads one"),
    "create": lazy("adds"),
    "replace": lazy("replaces"),
    "update": lazy("changes"),
    "delete": lazy("deletes"),
    "clear": lazy("deletes all"),
}


def format_of(text: str) -> str:
    """Whether a text of rows is JSON or CSV: JSON begins with a bracket."""
    return "json" if text.lstrip("\ufeff \t\r\n")[:1] in ("[", "{") else "csv"


NEW = "\0new"  # no row has this key
DEEDS = {
    "put": _put, "add": _add, "delete": _delete, "import": _import, "reset": _reset, "reset-all": _reset_all,
    "seed": _seed, "snapshot": _snapshot, "restore": _restore, "forget": _forget, "define": _define, "remove": _remove,
}  # fmt: skip


def _page(desk: Desk, status: int = 200):
    request, project, one = desk.request, desk.project, desk.collection
    q = request.GET.get("q", "").strip()[:200]
    table = rows.store().read(desk.place)
    keys = listing.matching(table.rows, q)
    part, after = listing.page_of(keys, request.GET.get("after", ""))
    columns = desk.columns(list(table.rows.values()))
    page = [_shown(desk, key, number, table.rows[key], columns) for number, key in enumerate(part)]
    context = {
        "nav": "collections",
        "project": project,
        "collection": one,
        "partition": desk.partition,
        "places": listing.places(project, one, desk.partition) if one.partition else [],
        "used": _used(desk),
        "absent": ", ".join(defining.absent(desk.contract, one)),
        "columns": columns,
        "page": page,
        "added": _shown(desk, NEW, 0, cells.ABSENT, columns),
        "total": len(table.rows),
        "matching": len(keys),
        "q": q,
        "before": request.GET.get("after", ""),
        "after": after,
        "problems": desk.problems,
        "wrong": status == 422,
        "post": desk.url(),
        "here": reverse("mocking:collection", args=[project.slug, one.name]),
        "losing": _("What was imported, edited or changed by calls since then is lost, unless a snapshot has it."),
        "rows_form": desk.rows_form or RowsForm(),
        "form": desk.form or CollectionForm.of(one),
        "seeds": len(listing.begins_with(one, desk.partition)),
        "snapshots": rows.snapshots(project, one),
    }
    return htmx.page(request, "mocking/collection.html", context, status=status)


def _shown(desk: Desk, key: str, number: int, row: Any, columns: list[cells.Column]) -> listing.Shown:
    """A row of the table; what was typed wrongly stands there as it was typed, with what is wrong beside it."""
    typed, problems = desk.typed.get(key, (None, ()))
    made = listing.shown(key, number, row, columns, typed)
    cells_of = {cell.column.name: cell for cell in made.cells}
    for problem in problems:
        name, _mark, rest = problem.pointer.removeprefix("/").partition("/")
        cell = cells_of.get(name.replace("~1", "/").replace("~0", "~"), made.cells[0])
        words = str(told(problem.message))
        cell.problem = cell.problem or (f"{rest.replace('/', '.')}: {words}" if rest else words)
    made.problems = bool(problems)
    return made


def _used(desk: Desk) -> list[dict[str, Any]]:
    """The endpoints that answer from the collection: what each does, and where its answer is chosen."""
    used = defining.used_by(desk.contract, desk.collection.name)
    pks = {(row.method, row.path): row.pk for row in desk.project.operations.only("method", "path", "project_id")}
    made = []
    for operation, actions in used:
        pk = pks.get((operation.method, operation.path), 0)
        ref = ref_of(operation.operation_id, pk)
        url = reverse("design:mock", args=[desk.project.slug, ref])
        names = [str(ACTIONS[action]) for action in actions]
        made.append({"method": operation.method, "path": operation.path, "url": url, "actions": ", ".join(names)})
    return made
