"""The descriptions of operations, side by side and changed in place: through the one door of the working copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from actionstudio.apps.design import load
from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Operation
from actionstudio.apps.design.views.endpoint import url_of
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import first_url
from actionstudio.core.importer.serving import served
from actionstudio.core.limits import OPERATION_TEXT
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import hints
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.specs import typescript

LONGEST = 5_000
_WORD = re.compile(r"[\w’'-]+|[^\w’'-]+")
_PAIRS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")  # scripts whose words count as pairs of characters


@dataclass(frozen=True, slots=True)
class Side:
    """One operation as a model reads it. ``marked`` are pieces of its text, each with whether the other has its word;
    ``text`` is what the document says, None when the operation is not of this project. ``then`` is what the run was
    asked with."""

    operation: str
    description: str
    marked: tuple[tuple[str, bool], ...]
    arguments: tuple[tuple[str, str], ...]
    text: str | None = None
    url: str = ""
    then: str = ""
    typed: str = ""
    error: str = ""

    @property
    def characters(self) -> int:
        return len(self.description)

    @property
    def tokens(self) -> int:
        return typescript.tokens(self.description)

    @property
    def too_long(self) -> bool:
        return self.characters > OPERATION_TEXT

    @property
    def changed(self) -> bool:
        return bool(self.then) and self.then != self.description


def sides(
    project: Project, names: tuple[str, ...], now: dict[str, Sheet], then: dict[str, Sheet], typed: dict[str, str]
) -> list[Side]:
    """The operations of these names. ``now`` is what is live, ``then`` what the run was asked with. One query."""
    rows = {row.operation_id: row for row in project.operations.filter(operation_id__in=names)}
    known = [now.get(name) or then.get(name) for name in names]
    found = [one for one in known if one is not None]
    common = hints.shared(*found) if len(found) == 2 else ()
    return [_side(project, one, rows.get(one.operation), then.get(one.operation), common, typed) for one in found]


def marked(text: str, common: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """A text in pieces: those whose words ``common`` has are marked."""
    pieces: list[tuple[str, bool]] = []
    for piece, on in _each(text, frozenset(common)):
        if pieces and pieces[-1][1] == on and (not on or _PAIRS.match(piece)):
            pieces[-1] = (pieces[-1][0] + piece, on)
        else:
            pieces.append((piece, on))
    return tuple(pieces)


def _each(text: str, common: frozenset[str]) -> Iterator[tuple[str, bool]]:
    for piece in _WORD.findall(text):
        if _PAIRS.search(piece):
            pairs = [bool(hints.words_of(piece[n : n + 2]) & common) for n in range(len(piece))]
            yield from ((letter, pairs[n] or (n > 0 and pairs[n - 1])) for n, letter in enumerate(piece))
        else:
            yield piece, bool(hints.words_of(piece) & common)


def change(project: Project, texts: dict[str, tuple[str, str]], by) -> int:
    """Writes new descriptions: by the operation (what it was when the page was shown, what it is to be). Returns how
    many differ. Raises Refused, and changes nothing, when one was changed meanwhile, and when ChatGPT would lose an
    operation by it: its import refuses a whole document for one text over 300 characters (OP-05)."""
    with editing(project, by, note=_("Descriptions, after a prompt run")):
        rows = {row.operation_id: row for row in project.operations.filter(operation_id__in=texts)}
        problems = [one for name, pair in texts.items() if (one := _problem(name, rows.get(name), *pair)) is not None]
        if problems:
            raise Refused(*problems)
        changed = {}
        kept = _kept(project)
        for name, (_before, after) in texts.items():
            if plain(after) != plain(rows[name].description or rows[name].summary):
                rows[name].description = changed[name] = plain(after)
                rows[name].save(update_fields=["description"])
        if changed and (problems := _lost(changed, kept, _kept(project))):
            raise Refused(*problems)  # which takes back what was written
    return len(changed)


def _kept(project: Project) -> frozenset[str]:
    """What ChatGPT's import takes of the working copy."""
    imported = served(load.contract(project), first_url(project))
    return frozenset(op.operation_id for op in imported.kept)


def _lost(changed: Mapping[str, str], before: frozenset[str], after: frozenset[str]) -> list[Problem]:
    """Which of the new texts ChatGPT would not take. A text that is short enough is not blamed for another one's."""
    long = [name for name in changed if len(changed[name]) > OPERATION_TEXT and name not in after]
    words = _("%(n)s characters, and ChatGPT takes at most %(most)s: it would refuse the import. Shorten it.")
    found = [Problem(f"/{n}", words % {"n": len(changed[n]), "most": OPERATION_TEXT}, "long") for n in long]
    if not found:
        words = _("With this text ChatGPT would no longer import the operation.")
        found = [Problem(f"/{name}", words, "lost") for name in changed if name in before - after]
    return found


def plain(text: str) -> str:
    """A text as it is compared and kept."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def _problem(name: str, row: Operation | None, before: str, after: str) -> Problem | None:
    if row is None:
        return Problem(f"/{name}", _("This project has no such operation any more."), "gone")
    if plain(row.description or row.summary) != plain(before):
        words = _("Somebody has changed this text meanwhile; it is now: %(text)s")
        return Problem(f"/{name}", words % {"text": row.description or row.summary}, "conflict")
    if not plain(after):
        words = _("Say what it does: without a description a model has only its name.")
        return Problem(f"/{name}", words, "required")
    if len(plain(after)) > LONGEST:
        return Problem(f"/{name}", _("Use at most %(n)d characters.") % {"n": LONGEST}, "long")
    return None


def _side(
    project: Project, one: Sheet, row: Operation | None, then: Sheet | None, common: tuple[str, ...], typed: dict
) -> Side:
    properties = one.parameters.get("properties") if isinstance(one.parameters, dict) else None
    arguments = tuple(
        (name, str(schema.get("description", "")) if isinstance(schema, dict) else "")
        for name, schema in (properties or {}).items()
    )
    text = (row.description or row.summary) if row is not None else None
    return Side(
        one.operation,
        one.description,
        marked(one.description, common),
        arguments,
        text,
        url_of(project.slug, row.operation_id, row.pk) if row is not None else "",
        then.description if then is not None else "",
        typed.get(one.operation, text or ""),
    )
