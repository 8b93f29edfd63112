"""The desks at which one thing is edited: an operation, a new operation, or a shared schema.

A desk knows what is saved, what belongs around it (document, shared schemas), what makes an edit wrong, and how it is
written into rows. ``work`` is the whole of one post: read the form, do the deed, keep the draft, or save.
"""

import copy
import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from actionstudio.apps.design import (
    checking,
    drafting,
    forms,
    load,
    merging,
    ops,
    renaming,
    scoping,
    settling,
    shapes,
    store,
)
from actionstudio.apps.design import state as states
from actionstudio.apps.design.editing import Edit, editing
from actionstudio.apps.design.models import Component, Draft, Operation
from actionstudio.apps.design.problems import Problems
from actionstudio.apps.projects.models import Project
from actionstudio.core import codec, renamed
from actionstudio.core.auth import OAuth
from actionstudio.core.schemas import refs

type State = dict[str, Any]
_SHARED = "#/components/parameters/"
ANSWERED = ("behaviour", "around")  # edited on a page of their own


@dataclass
class Done:
    """What came of a post: the state to show, its problems, and the revision when it was saved."""

    state: State
    problems: Problems = field(default_factory=Problems)
    draft: Draft | None = None
    edit: Edit | None = None
    late: bool = False


class Desk:
    """What the two kinds of desks share."""

    kind = ""
    target = ""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def draft(self) -> Draft | None:
        return drafting.find(self.project, self.target, self.stamp)

    @cached_property
    def saved(self) -> State:
        raise NotImplementedError

    @cached_property
    def stamp(self) -> str:
        return hashlib.sha256(orjson.dumps(self.saved, option=orjson.OPT_SORT_KEYS)).hexdigest()[:20]

    @cached_property
    def components(self) -> dict[str, Any]:
        """Every saved shared schema by name."""
        return dict(self.project.components.values_list("name", "schema"))

    @cached_property
    def document(self):
        return self.project.document

    @property
    def choices(self) -> list[str]:
        """The shared schemas that a new reference may mean, in the order in which they are offered."""
        return sorted(self.components)

    def forget(self) -> None:
        """After writing: what was read before is read again when asked for."""
        for name in ("saved", "stamp", "components", "document", "auth", "draft"):
            self.__dict__.pop(name, None)

    def known(self, state: State) -> dict[str, Any]:
        """The shared schemas that ``state`` may refer to: the saved ones and those it will make."""
        return {**self.components, **state["shared"]}

    def settle(self, state: State, before: State) -> None:
        settling.settle(state, before, frozenset(), self.choices)

    def problems(self, state: State) -> Problems:
        """Everything that keeps ``state`` from being saved."""
        raise NotImplementedError

    def write(self, state: State, by) -> None:
        """Writes ``state`` into rows. Called inside ``editing``."""
        raise NotImplementedError

    def structure(self, state: State, deed: str, problems: Problems) -> bool:
        """Does to ``state`` what a button asks. False: it only changed what is shown, there is nothing to undo."""
        ops.apply(state, deed, ops.Around(self.known(state), problems))
        return not ops.is_quiet(deed)


class OperationDesk(Desk):
    """One operation. ``row`` None: one that does not exist yet."""

    kind = "operation"

    def __init__(self, project: Project, row: Operation | None) -> None:
        super().__init__(project)
        self.row = row
        self.target = f"operation:{row.pk if row else 'new'}"

    @cached_property
    def saved(self) -> State:
        made = states.of(load.operation(self.row)) if self.row else states.blank()
        return scoping.add(made, self.auth)

    @cached_property
    def auth(self) -> OAuth | None:
        """The project's OAuth, None when people do not sign in by it."""
        return scoping.auth_of(self.document)

    @cached_property
    def others(self) -> list[tuple[str, str, str]]:
        rows = self.project.operations.exclude(pk=self.row.pk if self.row else None)
        return list(rows.values_list("method", "path", "operation_id"))

    def inherited(self, path: str) -> list[dict[str, Any]]:
        """The path-level parameters that count for ``path``, references followed."""
        item = self.document.path_items.get(path)
        written = item.get("parameters") if isinstance(item, dict) else None
        return [self.resolved(value) for value in written or () if isinstance(value, dict)]

    def resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        shared = (self.document.extra.get("components") or {}).get("parameters") or {}
        ref = value.get("$ref") or value.get("ref") or ""
        return shared.get(refs.unescape(ref.removeprefix(_SHARED)), value) if ref.startswith(_SHARED) else value

    def settle(self, state: State, before: State) -> None:
        known = [*self.inherited(state["path"])]
        known += [self.resolved(row["outer"]) for row in state["params"] if row.get("locked") == "ref"]
        names = frozenset(value.get("name", "") for value in known if value.get("in") == "path")
        settling.settle(state, before, names, self.choices)

    def problems(self, state: State) -> Problems:
        found = Problems()
        states.value(state, found)
        blank = {"method": "", "path": "", "operation_id": ""}
        checking.operation(state, self.saved if self.row else blank, self.others, found)
        checking.schemas(state, self.known(state), found)
        scoping.check(state, self.auth, found)
        return found

    def write(self, state: State, by) -> None:
        value = states.value(state, Problems())
        if self.row is None:
            last = self.project.operations.aggregate(last=Max("position"))["last"]
            self.row = Operation(project=self.project, position=0 if last is None else last + 1)
        answers = self._answers(value.path)
        for name, column in {**store.columns(value), **answers}.items():
            setattr(self.row, name, column)
        self.row.save()
        _make_shared(self.project, state)
        self.target = f"operation:{self.row.pk}"

    def _answers(self, path: str) -> dict[str, Any]:
        """The columns that say how the operation answers: as they were, but for new names of the path's parameters."""
        if self.row.pk is None:
            return {}
        before = load.operation(self.row)
        names = renamed.names(before.path, path)
        return {name: codec.plain(renamed.renamed(getattr(before, name), names)) for name in ANSWERED}


class ComponentDesk(Desk):
    """One shared schema."""

    kind = "component"

    def __init__(self, project: Project, row: Component) -> None:
        super().__init__(project)
        self.row = row
        self.target = f"component:{row.pk}"

    @cached_property
    def saved(self) -> State:
        return states.of_component(self.row.name, self.row.schema)

    @property
    def choices(self) -> list[str]:
        return [name for name in super().choices if name != self.row.name]

    def known(self, state: State) -> dict[str, Any]:
        return {**super().known(state), **({state["name"]: {}} if state["name"] else {})}

    def problems(self, state: State) -> Problems:
        found = Problems()
        schema = shapes.schema(state["media"], found)
        name = state["name"].strip()
        if name != self.row.name:
            checking.component_name(name, self.components.keys() | state["shared"].keys(), found)
        if schema is None and not found:
            found.add(f"{state['media']['root']['k']}.kind", _("Choose what this is."))
        checking.schemas(state, self.known(state), found)
        if not found:
            circle = checking.new_circle(self.row.name, name, schema, self.known(state))
            if circle:
                field = f"{state['media']['k']}.text"
                found.add(
                    field, _("This would go round in a circle: %(path)s. Remove one of these.") % {"path": circle}
                )
        return found

    def write(self, state: State, by) -> None:
        old, new = self.row.name, state["name"].strip()
        self.row.name, self.row.schema = new, shapes.schema(state["media"], Problems())
        self.row.save()
        _make_shared(self.project, state)
        if old != new:
            renaming.rename(self.project, old, new)
            self.row.refresh_from_db()


def _make_shared(project: Project, state: State) -> None:
    """The shared schemas that "Make shared" promised."""
    last = project.components.aggregate(last=Max("position"))["last"] or 0
    wanted = refs.reachable(_mentions(state), state["shared"])
    for place, (name, schema) in enumerate(wanted.items(), start=last + 1):
        Component.objects.create(project=project, position=place, name=name, schema=schema)


def _mentions(state: State) -> dict[str, Any]:
    """One schema that holds every schema of the state, to follow its references."""
    quiet = Problems()
    cells = [*state.get("params", ()), *(head for row in state.get("responses", ()) for head in row["headers"])]
    found = [shapes.schema(media, quiet) for media in forms.all_media(state)]
    found += [shapes.cell_schema(row, quiet) for row in cells if not row.get("locked")]
    return {"allOf": [schema for schema in found if isinstance(schema, dict)]}


def work(desk: Desk, posted, by) -> Done:
    """One post at a desk. Raises drafting.Conflict when another tab or another save came between."""
    deed = posted.get("_op", "")
    visit = drafting.Visit.of(posted)
    with transaction.atomic():
        try:
            draft = drafting.claim(desk.project, desk.target, by, desk.saved, desk.stamp, visit)
        except drafting.Late:
            return Done({}, late=True)
        if deed == "discard":
            draft.delete()
            return Done(desk.saved, draft=None)
        state = (merging if visit.force else forms).read(posted, draft.state, desk.kind)
        desk.settle(state, draft.state)
        drafting.keep(draft, state)
        if deed == "save":
            return _save(desk, draft, by, visit)
        problems = Problems()
        if deed in ("undo", "redo"):
            getattr(drafting, deed)(draft)
        elif deed:
            _structure(desk, draft, deed, problems)
        return Done(draft.state, problems, draft)


def _structure(desk: Desk, draft: Draft, deed: str, problems: Problems) -> None:
    state = copy.deepcopy(draft.state)
    step = desk.structure(state, deed, problems)
    desk.settle(state, draft.state)
    drafting.keep(draft, state, deed, step=step)


def _save(desk: Desk, draft: Draft, by, visit: drafting.Visit) -> Done:
    problems = desk.problems(draft.state)
    if problems:
        return Done(draft.state, problems, draft)
    if draft.stamp != desk.stamp and not visit.force:
        raise drafting.Conflict(draft)
    with editing(desk.project, by) as edit:
        desk.write(draft.state, by)
    desk.forget()
    drafting.saved(draft, desk.target, desk.stamp)
    return Done(draft.state, problems, draft, edit)
