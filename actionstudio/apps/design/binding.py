"""Makes an endpoint and its neighbours stateful in one step: proposed, looked at, written as one revision."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import answer_words, load, store
from actionstudio.apps.design.editing import Edit, editing
from actionstudio.apps.design.models import Operation
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web.telling import told
from actionstudio.core.answering import NAME
from actionstudio.core.behaviour import Collection, Examples
from actionstudio.core.collections import binding
from actionstudio.core.collections.binding import Binding, Bound
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused

MADE = (0, 3, 10, 50)  # how many rows are made where the document has none


@dataclass(frozen=True)
class Wish:
    """What a person chose. None: as proposed. ``left`` are operations ("GET /pets") that stay as they are."""

    name: str | None = None
    id_field: str | None = None
    partition: str | None = None
    made: int = 3
    left: frozenset[str] = frozenset()


class Proposal:
    """What one choice would make of the contract. Raises Refused when no rows can be told from the operation."""

    def __init__(self, contract: Contract, row: Operation, wish: Wish) -> None:
        self.contract, self.wish = contract, wish
        made = binding.bind(contract, row.path, row.method, name=wish.name or "", generated=wish.made)
        wrong = self._wrong(made)
        if wrong:
            raise Refused(*wrong)
        self.whole: Binding = binding.rebind(contract, made, row.path, id_field=wish.id_field, partition=wish.partition)

    def _wrong(self, made: Binding) -> list[Problem]:
        wish, found = self.wish, []
        if wish.name is not None and not NAME.fullmatch(wish.name):
            found.append(Problem("/name", _("A name has letters, digits, “_” and “-”, 60 at most."), "name"))
        if wish.id_field is not None and wish.id_field not in made.id_fields:
            found.append(Problem("/id_field", _("Choose one of the fields of a row."), "choice"))
        if wish.partition is not None and wish.partition not in made.partitions:
            found.append(Problem("/partition", _("Choose one of these."), "choice"))
        return found

    @property
    def collection(self) -> Collection:
        return self.whole.collection

    @cached_property
    def bound(self) -> list[dict[str, Any]]:
        """Each operation with what it will do, how its answer holds rows, and how it answers now."""
        return [self._shown(one) for one in self.whole.bound]

    def _shown(self, one: Bound) -> dict[str, Any]:
        label = f"{one.method} {one.path}"
        now = next(op.behaviour for op in self.contract.operations if (op.method, op.path) == (one.method, one.path))
        return {
            "label": label,
            "method": one.method,
            "path": one.path,
            "says": told(one.says),
            "why": told(one.layout.why),
            "at": one.layout.pointer,
            "now": "" if now == Examples() or now == one.behaviour else answer_words.phrase(now),
            "with": label not in self.wish.left,
        }

    @property
    def rows(self) -> int:
        return sum(len(seed.rows) for seed in self.collection.seeds)

    @property
    def sample(self) -> str:
        """The first row it begins with, as JSON; "" without any."""
        first = next((row for seed in self.collection.seeds for row in seed.rows), None)
        return "" if first is None else json.dumps(first, indent=2, ensure_ascii=False)

    def applied(self) -> Contract:
        chosen = tuple(one for one in self.whole.bound if f"{one.method} {one.path}" not in self.wish.left)
        if not chosen:
            message = _("Leave at least one endpoint ticked: the collection would answer nothing.")
            raise Refused(Problem("/with", message, "none"))
        return binding.apply(self.contract, replace(self.whole, bound=chosen))


def propose(project: Project, row: Operation, wish: Wish) -> Proposal:
    """The proposal for the present working copy. Raises Refused."""
    return Proposal(load.contract(project), row, wish)


def bind(project: Project, row: Operation, wish: Wish, by) -> tuple[Edit, Collection]:
    """Writes the proposal as one revision. Raises Refused; nothing is changed then."""
    with editing(project, by) as edit:
        proposal = propose(project, row, wish)
        edit.note = _("Collection “%(name)s”") % {"name": proposal.collection.name}
        store.contract(project, proposal.applied())
        project.drafts.filter(target=f"answer:{row.pk}").delete()
    return edit, proposal.collection
