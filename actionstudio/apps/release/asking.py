"""What each operation asks of its callers, as a form shows it: as it is kept, or as it was ticked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from actionstudio.apps.design.models import Operation
from actionstudio.apps.projects.models import Project
from actionstudio.apps.release import credentials
from actionstudio.core.auth import Auth, OAuth

COLUMNS = ("method", "path", "summary", "operation_id", "security", "project_id", "exposed")


@dataclass(frozen=True)
class Ticked:
    """What was sent: which operations are open, the scopes that the others ask for (None: those that they have), the
    lines that the form had (none: it does not say) and the stamp of what it showed."""

    open: frozenset[int]
    asked: Mapping[int, list[str]] | None
    lines: frozenset[int] = frozenset()
    seen: str = ""

    @classmethod
    def of(cls, data) -> Ticked:
        """``asks`` holds “operation:scope”."""
        asked: dict[int, list[str]] = {}
        for pair in data.getlist("asks"):
            pk, _colon, name = pair.partition(":")
            if is_key(pk) and name:
                asked.setdefault(int(pk), []).append(name)
        known = asked if "scopes" in data else None
        return cls(_keys(data.getlist("open")), known, _keys(data.getlist("line")), data.get("seen", ""))

    def shows(self, pk: int) -> bool:
        """Whether the form had a line of that operation."""
        return not self.lines or pk in self.lines


@dataclass
class Line:
    """One operation and what it asks for: ``boxes`` are (scope, whether it asks for it, whether it is defined), and
    ``kept`` are the scopes that it asks for as it is saved."""

    row: Operation
    open: bool
    asks: list[str]
    boxes: list[tuple[str, bool, bool]]
    kept: list[str]

    @classmethod
    def of(cls, row: Operation, auth: Auth, ticked: Ticked | None = None) -> Line:
        """As it is kept, or as it was ``ticked``."""
        kept = credentials.scopes_in(row.security, auth) if isinstance(auth, OAuth) else []
        opened, asks = row.security == [], kept
        if ticked is not None and ticked.shows(row.pk):
            opened = row.pk in ticked.open
            asks = kept if ticked.asked is None else ticked.asked.get(row.pk, [])
        return cls(row, opened, asks, boxes(auth, asks, kept), kept)


@dataclass
class Lines:
    """All of a project's operations. ``others``: what somebody else has saved where it is not what was ticked; None
    where nobody came between."""

    rows: list[Line] = field(default_factory=list)
    seen: str = ""
    others: list[Line] | None = None

    @classmethod
    def of(cls, project: Project, auth: Auth, ticked: Ticked | None = None) -> Lines:
        """As they are kept; ``ticked`` ones that came too late are shown beside what is kept."""
        found = list(project.operations.only(*COLUMNS))
        made = cls([Line.of(row, auth, ticked) for row in found], credentials.stamp(found))
        if ticked is not None:
            kept = [Line.of(row, auth) for row in found]
            made.others = [one for one, mine in zip(kept, made.rows, strict=True) if _said(one) != _said(mine)]
        return made


def boxes(auth: Auth, asks: Iterable[str], kept: Iterable[str]) -> list[tuple[str, bool, bool]]:
    """Each scope that can be ticked: those that are defined, then those that are only asked for."""
    if not isinstance(auth, OAuth):
        return []
    asks, known = list(asks), [scope.name for scope in auth.scopes]
    strange = [name for name in dict.fromkeys([*kept, *asks]) if name not in known]
    return [(name, name in asks, True) for name in known] + [(name, name in asks, False) for name in strange]


def is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _keys(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(int(text) for text in texts if is_key(text))


def _said(line: Line) -> tuple[bool, list[str]]:
    return line.open, [] if line.open else sorted(line.asks)
