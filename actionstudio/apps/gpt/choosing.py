"""Which operations ChatGPT gets: at most 30, chosen by a person with what the log knows about each."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.views.endpoint import url_of
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.repairs import choose_operations
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs.gpt import VERBS

DAYS = 30
NOT_USE = ("replay", "try")  # sources that repeat calls or try them out


@dataclass
class Row:
    """One operation in the list. ``fits`` False: ChatGPT does not know its method, so that it cannot be chosen."""

    pk: int
    method: str
    path: str
    name: str
    summary: str
    tags: list[str]
    deprecated: bool
    exposed: bool
    calls: int
    url: str
    chosen: bool = False
    shown: bool = True

    @property
    def fits(self) -> bool:
        return self.method in VERBS

    @property
    def words(self) -> str:
        """What a search looks at."""
        return " ".join([self.method, self.path, self.name, self.summary, *self.tags]).casefold()


@dataclass
class Filter:
    """What the list shows; the rest stays chosen or not, unseen."""

    q: str = ""
    tag: str = ""
    method: str = ""

    def shows(self, row: Row) -> bool:
        """Whether the row has every word of the search, the tag and the method."""
        words = all(word in row.words for word in self.q.casefold().split())
        return words and (not self.tag or self.tag in row.tags) and self.method in ("", row.method)


@dataclass
class Choice:
    """The whole list. ``proposed``: the ticks are our proposal, since more than ChatGPT takes are offered now."""

    rows: Sequence[Row]
    filter: Filter = field(default_factory=Filter)
    proposed: bool = False
    most: int = limits.OPERATIONS

    @property
    def chosen(self) -> int:
        return sum(row.chosen for row in self.rows)

    @property
    def shown(self) -> int:
        return sum(row.shown for row in self.rows)

    @property
    def calls(self) -> int:
        return sum(row.calls for row in self.rows)

    @property
    def tags(self) -> list[str]:
        """Every tag, in the document's order."""
        return list(dict.fromkeys(tag for row in self.rows for tag in row.tags))

    @property
    def methods(self) -> list[str]:
        return sorted({row.method for row in self.rows})


def choice(project: Project, filter: Filter | None = None, chosen: Iterable[int] | None = None) -> Choice:
    """The project's operations with ``chosen`` ticked; without it what is offered now, or our proposal for too many.

    Two queries, whatever the size.
    """
    rows = _rows(project)
    filter = filter or Filter()
    offered = {row.pk for row in rows if row.exposed and row.fits}
    proposed = chosen is None and len(offered) > limits.OPERATIONS
    ticked = proposal(rows) if proposed else offered if chosen is None else set(chosen)
    for row in rows:
        row.chosen = row.pk in ticked and row.fits
        row.shown = filter.shows(row)
    return Choice(rows, filter, proposed)


def _rows(project: Project) -> list[Row]:
    """No schemas are read."""
    used = calls(project)
    fields = ("pk", "method", "path", "operation_id", "summary", "description", "tags", "deprecated", "exposed")
    return [
        Row(
            pk=pk,
            method=method,
            path=path,
            name=name,
            summary=summary or description[:200],
            tags=[tag for tag in tags if isinstance(tag, str)],
            deprecated=deprecated,
            exposed=exposed,
            calls=used.get(name or f"{method} {path}", 0),
            url=url_of(project.slug, name, pk),
        )
        for pk, method, path, name, summary, description, tags, deprecated, exposed in project.operations.values_list(
            *fields
        )
    ]


def calls(project: Project, days: int = DAYS) -> dict[str, int]:
    """How often each operation was called lately, by the name that the log has for it. One query over one index."""
    since = (int(time.time() * 1000) - days * 86_400_000) << SHIFT
    rows = Exchange.objects.filter(project_id=project.pk, id__gte=since, kind="mock").exclude(source__in=NOT_USE)
    return dict(rows.values("operation_id").annotate(n=Count("id")).values_list("operation_id", "n"))


def proposal(rows: Sequence[Row]) -> set[int]:
    """The operations that we would choose, of those offered now."""
    light = Contract(
        operations=tuple(
            Operation(row.method, row.path, tags=tuple(row.tags), deprecated=row.deprecated, exposed=row.exposed)
            for row in rows
        )
    )
    counts = {f"{row.method} {row.path}": row.calls for row in rows if row.calls}
    options = {"counts": counts, "chosen": _older(rows)}
    chosen = set(choose_operations.proposal(light, options))
    return {row.pk for row in rows if (row.method, row.path) in chosen}


def _older(rows: Iterable[Row]) -> list[str]:
    """What is offered, the oldest first, where a person has hidden something: what came later was not chosen by them.

    Rows keep their keys when a document is imported again, so that what it brings has the largest.
    """
    fitting = [row for row in rows if row.fits]
    if all(row.exposed for row in fitting):
        return []
    return [f"{row.method} {row.path}" for row in sorted(fitting, key=lambda row: row.pk) if row.exposed]


def options(project: Project) -> dict[str, Any]:
    """What the repair that chooses wants to know: how often each operation was called, and what was chosen before."""
    rows = _rows(project)
    return {"counts": {f"{row.method} {row.path}": row.calls for row in rows if row.calls}, "chosen": _older(rows)}


def save(project: Project, chosen: set[int], by=None) -> Revision | None:
    """Offers exactly these operations, as one revision; None when that is so already. Raises Refused for too many."""
    with editing(project, by) as edit:  # what is there is read inside: two who choose at once would add up
        rows = list(project.operations.values_list("pk", "method", "exposed"))
        fitting = {pk for pk, method, _exposed in rows if method in VERBS}
        wanted = _fair(chosen & fitting)
        shown = [pk for pk, _method, exposed in rows if pk in wanted and not exposed]
        hidden = [pk for pk, _method, exposed in rows if pk in fitting - wanted and exposed]
        edit.note = _("%(n)s operations chosen for ChatGPT") % {"n": len(wanted)}
        project.operations.filter(pk__in=shown).update(exposed=True)
        project.operations.filter(pk__in=hidden).update(exposed=False)
    return edit.revision


def _fair(wanted: set[int]) -> set[int]:
    """As many as ChatGPT takes. Raises Refused for more, and for none."""
    if len(wanted) > limits.OPERATIONS:
        raise Refused(Problem("/chosen", too_many(len(wanted)), "too-many-operations"))
    if not wanted:
        raise Refused(Problem("/chosen", _("Choose at least one operation: a GPT without any can do nothing."), "none"))
    return wanted


def too_many(number: int) -> str:
    """Why so many are refused, and the cure."""
    message = _("%(n)s operations are chosen; ChatGPT takes at most %(most)s. Untick %(over)s of them.")
    return message % {"n": number, "most": limits.OPERATIONS, "over": number - limits.OPERATIONS}
