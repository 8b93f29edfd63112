"""Repairs of a project: what they would do, seen as a difference; applied and taken back as one revision."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.design import load, store
from actionstudio.apps.design.editing import editing
from actionstudio.apps.gpt import choosing, simulating
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.web.telling import told
from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import Import, mending
from actionstudio.core.importer import profile as profiles
from actionstudio.core.importer.profile import Applicable, Profile, applicable, disabled, enabled, profile
from actionstudio.core.importer.repair import REPAIRS, Note, Repair
from actionstudio.core.importer.repairs import choose_operations
from actionstudio.core.importer.verdict import Verdict, verdict
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.sidebyside import Fold, Line, fold, side_by_side

CHOOSE = "choose-operations"
OPERATIONS = 40  # shown in a difference; more would only be scrolled past
ROWS = 1500

type JSON = Any


@dataclass(frozen=True)
class Difference:
    """Two GPT documents side by side, of their operations and shared schemas those that differ. ``changed`` counts
    them, ``further`` those that are not shown, ``cut`` the lines that are not."""

    lines: list[Line | Fold]
    changed: int
    further: int = 0
    cut: int = 0


@dataclass(frozen=True)
class Preview:
    """What switching repairs on would do to what ChatGPT says. ``hidden`` are the operations that it would lose."""

    before: Import
    after: Import
    difference: Difference
    hidden: tuple[Operation, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What it would lose, in words, bounded."""
        return choose_operations.told(self.hidden)

    @property
    def changes(self) -> bool:
        """Whether ChatGPT would get another document at all."""
        return self.difference.changed > 0

    @cached_property
    def was(self) -> Verdict:
        return verdict(self.before)

    @cached_property
    def will(self) -> Verdict:
        return verdict(self.after)


@dataclass(frozen=True)
class Active:
    """A repair that is on, and what it does to this project."""

    repair: Repair
    notes: tuple[Note, ...]
    shapes: bool  # calls have another shape here because of it

    @property
    def count(self) -> int:
        return len(self.notes)


@dataclass(frozen=True)
class Done:
    """What a deed came to: the revision (None: nothing differed), the codes, the notes, and the contract as it is."""

    revision: Revision | None
    codes: tuple[str, ...]
    notes: tuple[Note, ...]
    contract: Contract


def preview(project: Project, contract: Contract, codes: Collection[str]) -> Preview:
    """What ChatGPT says now, what it would say with these repairs, and what changes in its document."""
    base = simulating.address_of(project)
    after = enabled(contract, codes, usage(project, contract, codes))
    changes = difference(simulating.document(contract, base), simulating.document(after, base))
    hidden = choose_operations.hidden(contract, after)
    return Preview(simulating.served(contract, base), simulating.served(after, base), changes, hidden)


def difference(before: JSON, after: JSON) -> Difference:
    """Two documents side by side, bounded whatever their size."""
    places = [
        place for place in dict.fromkeys((*_parts(before), *_parts(after))) if _at(before, place) != _at(after, place)
    ]
    shown = places[:OPERATIONS]
    left, right = (_only(document, shown) for document in (before, after))
    if left == right:
        return Difference([], len(places), len(places) - len(shown))
    lines = fold(side_by_side(left, right))
    return Difference(lines[:ROWS], len(places), len(places) - len(shown), max(0, len(lines) - ROWS))


def _parts(document: JSON) -> list[tuple[str, ...]]:
    """The places of operations, shared schemas, and whatever else stands at the top of a document."""
    found: list[tuple[str, ...]] = [(key,) for key in document if key not in ("paths", "components")]
    found += [("paths", path, method) for path, item in document.get("paths", {}).items() for method in item]
    return found + [
        ("components", kind, name) for kind, all_ in document.get("components", {}).items() for name in all_
    ]


def _at(document: JSON, place: tuple[str, ...]) -> JSON:
    for step in place:
        document = document.get(step) if isinstance(document, dict) else None
    return document


def _only(document: JSON, places: list[tuple[str, ...]]) -> JSON:
    """A document with these parts of it."""
    made: dict[str, JSON] = {}
    for place in places:
        if (found := _at(document, place)) is not None:
            inside = made
            for step in place[:-1]:
                inside = inside.setdefault(step, {})
            inside[place[-1]] = found
    return made


def active(contract: Contract) -> list[Active]:
    """The optional repairs that the GPT profile has, in the order in which they run."""
    found = profile(contract)
    on = sorted((REPAIRS[code] for code in contract.repairs if code in REPAIRS), key=lambda repair: repair.order)
    return [_active(one, found) for one in on if not one.always]


def _active(repair: Repair, found: Profile) -> Active:
    notes = tuple(note for note in found.notes if note.code == repair.code)
    return Active(repair, notes, repair.code in found.shaping)


def apply(project: Project, codes: Collection[str] | None, options: Mapping[str, JSON] | None = None, by=None) -> Done:
    """Switches repairs on as one revision; None: all that apply. Raises Refused for a code that is no repair's."""

    def change(value: Contract) -> tuple[Contract, tuple[str, ...]]:
        given = {**usage(project, value, codes), **(options or {})}
        found = [item.code for item in applicable(value, options=given)] if codes is None else codes
        names = list(dict.fromkeys(found))
        return enabled(value, codes, given), tuple(names)

    return changed(project, change, by, _("Repairs for ChatGPT: %(names)s"))


def undo(project: Project, codes: Collection[str] | None, by=None) -> Done:
    """Takes repairs back as one revision; None: all that are on. Raises Refused for one that is not on."""

    def change(value: Contract) -> tuple[Contract, tuple[str, ...]]:
        names = tuple(value.repairs) if codes is None else tuple(dict.fromkeys(codes))
        if wrong := [code for code in names if code not in value.repairs]:
            message = _("“%(code)s” is not among the repairs that are on.") % {"code": wrong[0]}
            raise Refused(Problem("/undo", message, "not-on"))
        return disabled(value, names), names

    return changed(project, change, by, _("Repairs taken back: %(names)s"))


def changed(project: Project, change: Callable[[Contract], tuple[Contract, tuple[str, ...]]], by, note: str) -> Done:
    """One change of the contract under the project's lock, and what it came to."""
    with editing(project, by) as edit:
        before = load.contract(project)
        after, codes = change(before)
        edit.note = (note % {"names": ", ".join(title(code) for code in codes)})[:200]
        if after is not before:
            store.contract(project, after)
    hidden = choose_operations.told(choose_operations.hidden(before, after))
    notes = tuple(note for note in profile(after).notes if note.code in codes)
    return Done(edit.revision, codes, (*hidden, *notes), after)


def usage(project: Project, contract: Contract, codes: Collection[str] | None) -> dict[str, JSON]:
    """Options for the repair that chooses, when it is to run."""
    if (codes is not None and CHOOSE not in codes) or len(mending.offered(contract)) <= limits.OPERATIONS:
        return {}
    return {CHOOSE: choosing.options(project)}


def title(code: str) -> str:
    """What a repair is called, in the reader's language."""
    return told(REPAIRS[code].title) if code in REPAIRS else code


def counted(before: Import, after: Import) -> str:
    """``14 messages before, 0 after.``"""
    n, m = verdict(before).lines, verdict(after).lines
    return ngettext("%(n)s message before, %(m)s after.", "%(n)s messages before, %(m)s after.", n) % {"n": n, "m": m}


def wanted(project: Project, contract: Contract, asked: Collection[str]) -> tuple[tuple[Applicable, ...], list[str]]:
    """The repairs that apply, and which of them are ticked: those asked for, or all."""
    found = applicable(contract, asked, usage(project, contract, None))
    chosen = [item.code for item in found if item.code in asked] if asked else [item.code for item in found]
    return found, chosen


def elsewhere(project: Project, contract: Contract, found: Collection[Applicable]) -> int:
    """How many repairs concern only operations that ChatGPT does not get, or would not get after the choice."""
    offered = {item.code for item in found}
    return sum(code not in offered for code in profiles.elsewhere(contract, usage(project, contract, None)))
