"""What does not count in a project's answers: its rules, for all operations, for one, or for paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import re2
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.suites.models import IgnoreRule
from actionstudio.core import compare
from actionstudio.core.judging import ALL, KINDS, Rules
from actionstudio.core.problem import Problem, Refused

MOST = 500  # rules of one project
NEWEST = 200  # replays that a preview looks at
What = IgnoreRule.What


class Book:
    """The rules of a project, read once: ask it of as many answers as there are."""

    def __init__(self, project: Project, rows: Sequence[IgnoreRule] | None = None) -> None:
        self._rows = list(IgnoreRule.objects.filter(project=project)[:MOST]) if rows is None else list(rows)

    def without(self, rule: IgnoreRule) -> Book:
        """The rules but for one."""
        return Book(rule.project, [row for row in self._rows if row.pk != rule.pk])

    def and_(self, rule: IgnoreRule) -> Book:
        """The rules and one more."""
        return Book(rule.project, [*self._rows, rule])

    def __bool__(self) -> bool:
        return bool(self._rows)

    def rules(self, operation_id: str, path: str) -> Rules:
        """What does not count in the answer of an operation that was called at ``path``."""
        return made_of(row for row in self._rows if fits(row, operation_id, path))

    def few(self, operation_id: str, path: str) -> Rules:
        """The same without the kinds of noise that leave things out unless said otherwise: only those switched on."""
        rows = [row for row in self._rows if fits(row, operation_id, path)]
        return made_of(rows, frozenset())


def rules_for(project: Project, operation_id: str, path: str) -> Rules:
    """What does not count in the answer of an operation of a project that was called at ``path``. One query; of many
    calls: Book."""
    return Book(project).rules(operation_id, path)


def fits(row: IgnoreRule, operation_id: str, path: str) -> bool:
    """Whether a rule is about this call."""
    return row.operation_id in ("", operation_id) and (not row.path or bool(_glob(row.path).fullmatch(path)))


def made_of(rows: Iterable[IgnoreRule], kinds: frozenset[str] = ALL) -> Rules:
    """Rules as one value. Those of all calls first: what is said of one operation or path holds against them."""
    ordered = sorted(rows, key=lambda row: (bool(row.path) + bool(row.operation_id), row.pk or 0))
    for row in ordered:
        if row.what == What.NOISE_ON:
            kinds |= {row.at}
        elif row.what == What.NOISE_OFF:
            kinds -= {row.at}
    sizes = [(row.at, row.size or 0.0) for row in ordered if row.what == What.TOLERANCE]
    return Rules(
        ignore=tuple(row.at for row in ordered if row.what == What.IGNORE),
        unordered=tuple(row.at for row in ordered if row.what == What.UNORDERED),
        tolerances=tuple((at or "$", size) for at, size in sizes),
        kinds=kinds,
    )


def keep(row: IgnoreRule) -> IgnoreRule:
    """Keeps a rule. One that says the same as another is that one. Raises Refused."""
    if found := problems(row):
        raise Refused(*found)
    fields = {name: getattr(row, name) for name in ("project", "operation_id", "path", "what", "at")}
    same = IgnoreRule.objects.filter(**fields).exclude(pk=row.pk).first()
    if same is not None and row.pk is None:
        same.size, same.note = row.size, row.note or same.note
        same.save(update_fields=["size", "note"])
        return same
    if row.pk is None and IgnoreRule.objects.filter(project=row.project).count() >= MOST:
        raise Refused(Problem("", _("A project has at most %(n)d rules; delete one first.") % {"n": MOST}, "many"))
    row.save()
    return row


def problems(row: IgnoreRule) -> list[Problem]:
    """What is wrong with a rule, each beside its field."""
    found = []
    if row.path and not row.path.startswith("/"):
        found.append(Problem("/path", _("A pattern of paths begins with a slash: /orders/*"), "path"))
    if row.what in (What.NOISE_OFF, What.NOISE_ON):
        if row.at not in KINDS:
            words = _("There is no such kind of noise. Known: %(names)s") % {"names": ", ".join(KINDS)}
            found.append(Problem("/kind", words, "unknown"))
    elif not _is_place(row):
        words = {
            What.IGNORE: _("Write a place of the answer: $.items[*].at, header:etag, or status."),
            What.UNORDERED: _("Write the path of a list: $.items"),
        }.get(row.what, _("Write the path of a number, such as $.total, or leave it empty for all of them."))
        found.append(Problem("/at", words, "place"))
    if row.what == What.TOLERANCE and not (row.size and 0 < row.size < float("inf")):
        found.append(Problem("/size", _("Write how far two numbers may be apart, such as 0.01."), "size"))
    return found


def adopt(project: Project, operation_id: str, path: str, places: Sequence[str], by=None) -> list[IgnoreRule]:
    """Keeps "ignore this place" for an operation from now on; for its path where the call was of no operation."""
    where = {"operation_id": operation_id} if operation_id else {"path": path[:500]}
    rows = [IgnoreRule(project=project, what=What.IGNORE, at=at, author=by, **where) for at in places]
    return [keep(row) for row in rows]


def places_of(found: compare.Difference) -> list[str]:
    """All places that differ."""
    status = ["status"] if found.status else []
    return status + [one.path for one in found.body] + [f"header:{one.path}" for one in found.headers]


def _is_place(row: IgnoreRule) -> bool:
    if row.what == What.TOLERANCE and not row.at:
        return True
    if row.what == What.IGNORE and (row.at == "status" or re.fullmatch(r"header:\S+", row.at)):
        return True
    return compare.readable(row.at)


@lru_cache(1_000)
def _glob(pattern: str) -> Any:
    """``/orders/*`` fits one segment there, ``/orders/**`` all that is below."""
    parts = re.split(r"(\*\*|\*|\{[^/{}]*\})", pattern)
    out = [".*" if part == "**" else "[^/]+" if part[:1] in ("*", "{") and part else re2.escape(part) for part in parts]
    return re2.compile(f"(?s){''.join(out)}")  # in time that grows with the path alone, however many stars
