"""The table of scopes as it is typed: rows that come and go without a script, and what is asked when one goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.release import scopes, sound
from actionstudio.apps.web.telling import told
from actionstudio.core.auth import OAuth, Scope
from actionstudio.core.problem import Refused

NOTHING = "-"  # chosen where operations are to ask for no scope in its place
_MOST_ROWS = sound.SCOPES_MOST + 10


@dataclass
class Row:
    """One line. ``was`` is the name of the scope that it shows, "" for a new one."""

    was: str = ""
    name: str = ""
    sentence: str = ""
    changes: bool = False
    used: int = 0  # operations that ask for it
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return not (self.was or self.name or self.sentence)


@dataclass
class Lost:
    """A scope that went while operations ask for it: what shall they ask for?"""

    name: str
    used: int
    choices: list[tuple[str, str]]
    chosen: str = ""
    error: str = ""

    @property
    def question(self) -> str:
        words = ngettext(
            "%(n)s operation asks for “%(name)s”. What shall it ask for?",
            "%(n)s operations ask for “%(name)s”. What shall they ask for?",
            self.used,
        )
        return words % {"n": self.used, "name": self.name}


class ScopeForm:
    """The table: read from what is kept or from what was typed."""

    def __init__(self, rows: list[Row], auth: OAuth, used: Mapping[str, int]) -> None:
        self.rows = rows
        self.auth = auth
        self.seen = scopes.stamp(auth)
        self.others: tuple[Scope, ...] | None = None  # what somebody else has saved meanwhile
        self.used = used
        self.lost: list[Lost] = []
        self.errors: list[str] = []
        for row in rows:
            row.used = used.get(row.was, 0)

    @classmethod
    def of(cls, auth: OAuth, used: Mapping[str, int]) -> ScopeForm:
        """What is kept. Where there is none yet, what operations name already and a line to begin with."""
        rows = [Row(scope.name, scope.name, scope.sentence, scope.changes) for scope in auth.scopes]
        if not rows:
            rows = [Row("", name) for name in used] or [Row()]
        return cls(rows, auth, used)

    @classmethod
    def typed(cls, data, auth: OAuth, used: Mapping[str, int]) -> ScopeForm:
        """What was sent: the lines named by ``row``, without the one that is to be removed."""
        rows = []
        for key in data.getlist("row")[:_MOST_ROWS]:
            if key != data.get("remove"):
                texts = [data.get(f"{name}-{key}", "").strip() for name in ("was", "name", "sentence")]
                rows.append(Row(*texts, changes=f"changes-{key}" in data))
        form = cls(rows, auth, used)
        form.seen = data.get("seen", "")
        form._find_lost(data)
        return form

    @property
    def late(self) -> bool:
        """Whether the scopes are others now than those that were shown."""
        return bool(self.seen) and self.seen != scopes.stamp(self.auth)

    def disagree(self) -> None:
        """Shows what was typed beside what somebody else has saved; saving once more replaces that."""
        self.seen, self.others = scopes.stamp(self.auth), self.auth.scopes

    def take(self) -> None:
        """Adds the lines that somebody else has saved and that are missing here."""
        here = {name for row in self.rows for name in (row.was, row.name)}
        self.rows += [
            Row(one.name, one.name, one.sentence, one.changes, self.used.get(one.name, 0))
            for one in self.auth.scopes
            if one.name not in here
        ]
        self.lost = [one for one in self.lost if one.name not in {row.name for row in self.rows}]

    def add(self) -> None:
        """One more line to type into."""
        self.rows.append(Row())

    @property
    def scopes(self) -> list[Scope]:
        """What the lines say; empty ones say nothing."""
        return [Scope(row.name, row.sentence, row.changes) for row in self.rows if not row.blank]

    @property
    def moved(self) -> dict[str, str]:
        """What operations ask for in the place of each scope that went."""
        return {one.name: "" if one.chosen == NOTHING else one.chosen for one in self.lost}

    @property
    def wrong(self) -> bool:
        return bool(self.errors or any(row.errors for row in self.rows) or any(one.error for one in self.lost))

    def is_valid(self) -> bool:
        """Whether every scope that went has an answer; what the names are is checked where they are kept."""
        for one in self.lost:
            if not one.chosen:
                one.error = _("Choose what they ask for from now on.")
        return not self.wrong

    def add_problems(self, refused: Refused) -> None:
        """Each refusal at its line's field."""
        filled = [row for row in self.rows if not row.blank]
        for problem in refused.problems:
            parts = problem.pointer.split("/")
            if len(parts) == 4 and parts[1] == "scopes" and int(parts[2]) < len(filled):
                filled[int(parts[2])].errors[parts[3]] = told(problem.message)
            else:
                self.errors.append(told(problem.message))

    def _find_lost(self, data) -> None:
        """Scopes that are kept, asked for, and in no line any more. A line that renames one is the first choice."""
        names = {row.name: row.name for row in self.rows if row.name}
        renamed = {row.was: row.name for row in self.rows if row.was and row.name and row.was != row.name}
        for scope in self.auth.scopes:
            used = self.used.get(scope.name, 0)
            if not used or scope.name in names:
                continue
            new = renamed.get(scope.name, "")
            others = [name for name in names if name != new]
            choices = [(name, name) for name in ([new] if new else []) + others]
            choices.append((NOTHING, _("no scope; any signed-in person may call them")))
            chosen = data.get(f"lost-{scope.name}", "")
            chosen = chosen if chosen in {value for value, _label in choices} else ""
            self.lost.append(Lost(scope.name, used, choices, chosen))
