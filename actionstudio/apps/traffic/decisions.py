"""Decisions about a call as values for people: steps with words, facts, lines and links; and what they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from actionstudio.apps.design.views.endpoint import ref_of
from actionstudio.apps.traffic import explaining
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Operation

LONGEST = 300  # characters of a value that is shown


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. ``mark``: yes, no, or "" when it was not reached; ``depth`` indents it."""

    mark: str
    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: its title, a sentence, facts as name and value, lines, and where a person would go next.

    ``kind`` is ok, warn, bad or "" (nothing to judge).
    """

    title: str
    words: str = ""
    kind: str = ""
    icon: str = "circle-dot"
    facts: list[tuple[str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


class About:
    """The call that is explained: its row, its project, and the operation as the revision had it."""

    def __init__(self, project, row: Exchange) -> None:
        self.project, self.row = project, row
        self.trail = [entry for entry in row.decided.get("trail") or () if isinstance(entry, dict)]

    @cached_property
    def ref(self) -> str:
        """The endpoint in a URL; "" when it is there no more."""
        name = self.row.operation_id
        method, _space, path = name.partition(" ")
        found = self.project.operations.filter(Q(operation_id=name) | Q(method=method, path=path))
        known = found.values_list("operation_id", "pk").first() if name else None
        return ref_of(*known) if known else ""

    @cached_property
    def operation(self) -> Operation | None:
        """The operation in the revision that answered; None when that revision is gone."""
        kept = self.project.revisions.filter(number=self.row.revision).first()
        operations = kept.contract().operations if kept else ()
        name = self.row.operation_id
        return next((op for op in operations if name in (op.operation_id, f"{op.method} {op.path}")), None)

    def link(self, label: str, name: str, *more: str) -> list[tuple[str, str]]:
        """A link to a page of the project; none when there is no such page."""
        try:
            return [(label, reverse(name, args=[self.project.slug, *more]))]
        except NoReverseMatch:
            return []

    def mock(self) -> list[tuple[str, str]]:
        """The page that says how the endpoint answers."""
        return self.link(_("How it answers"), "design:mock", self.ref) if self.ref else []


def rest(entry: Mapping[str, Any], *told: str) -> list[tuple[str, str]]:
    """Everything of an entry that was not told yet, as names and values."""
    left = ((str(name), value) for name, value in entry.items() if name not in ("what", *told))
    return [(NAMES[name]() if name in NAMES else name, shown(value)) for name, value in left]


NAMES: Mapping[str, Callable[[], str]] = {
    "hidden": lambda: _("Secret in the answer, hidden"),
    "record": lambda: _("Recorded as"),
    "unkept": lambda: _("Not recorded"),
    "withheld": lambda: _("Headers held back"),
    "name": lambda: _("Name"),
    "method": lambda: _("Method"),
}


def shown(value: Any) -> str:
    """A value as one short text."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else explaining.compact(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
