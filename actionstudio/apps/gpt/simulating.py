"""ChatGPT's import of a project's document or of any text, and what mends what it says."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from actionstudio.apps.design.placing import places_to_mend
from actionstudio.apps.gpt.wording import LEVELS, OUTCOMES, SURE, Mark
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import first_url as address_of
from actionstudio.core.contract import Contract
from actionstudio.core.importer import Import
from actionstudio.core.importer.profile import applicable
from actionstudio.core.importer.repair import REPAIRS, Repair
from actionstudio.core.importer.serving import document, served
from actionstudio.core.importer.verdict import Defect, Verdict, defects, verdict
from actionstudio.core.lint.look import place_of
from actionstudio.core.lint.rule import RULES

__all__ = ["Sight", "Trouble", "address_of", "document", "of_project", "served", "sight"]
PROFILES = ("gpt", "full")
DEFECTS = 500  # shown on a page
LINES = 4  # shown of a defect before a fold
FOLDED = 200  # lines in the fold


@dataclass(frozen=True)
class Trouble:
    """A defect as a page shows it. ``state``: "" (to be mended), "mended" (the GPT profile does), "offered" (a repair
    would)."""

    defect: Defect
    place: str
    url: str = ""
    state: str = ""
    repair: Repair | None = None

    @property
    def mark(self) -> Mark:
        return LEVELS[self.defect.level]

    @property
    def sure(self) -> str:
        return SURE[self.defect.first.confidence]

    @property
    def help(self) -> str:
        """The code of the check that is about the same, "" when there is none."""
        return next((rule.code for rule in RULES.values() if rule.source == self.defect.first.rule), "")

    @property
    def lines(self):
        return self.defect.messages[:LINES]

    @property
    def folded(self):
        return self.defect.messages[LINES : LINES + FOLDED]

    @property
    def cut(self) -> int:
        return max(0, len(self.defect.messages) - LINES - FOLDED)


@dataclass(frozen=True)
class Group:
    """Defects of one rule that say and need the same, at different places: one card on a page."""

    troubles: list[Trouble]

    @property
    def first(self) -> Trouble:
        return self.troubles[0]

    @property
    def others(self) -> list[Trouble]:
        return self.troubles[1 : 1 + FOLDED]

    @property
    def cut(self) -> int:
        return max(0, len(self.troubles) - 1 - FOLDED)

    @property
    def lines(self) -> int:
        return sum(len(trouble.defect.messages) for trouble in self.troubles)


def grouped(troubles: list[Trouble]) -> list[Group]:
    """The troubles by what they say, in the order of the first of each."""
    found: dict[tuple, list[Trouble]] = {}
    for trouble in troubles:
        first = trouble.defect.first
        says = getattr(first.explanation, "template", first.explanation)
        key = (first.rule, trouble.defect.level, says, trouble.state, trouble.defect.repair)
        found.setdefault(key, []).append(trouble)
    return [Group(members) for members in found.values()]


@dataclass(frozen=True)
class Sight:
    """What becomes of a document: the import, the verdict, its troubles, and what is lost without a word."""

    imported: Import
    verdict: Verdict
    troubles: list[Trouble]
    silent: list[Trouble] = field(default_factory=list)
    more: int = 0  # defects that are not shown

    @property
    def mark(self) -> Mark:
        return OUTCOMES[self.verdict.outcome]

    @property
    def groups(self) -> list[Group]:
        """The troubles, one card a rule."""
        return grouped(self.troubles)

    @property
    def quiet(self) -> list[Group]:
        """What is lost without a word, one card a rule."""
        return grouped(self.silent)


def of_project(project: Project, contract: Contract, profile: str = "gpt") -> Sight:
    """The import of the document at the project's address (``gpt``), or of the whole one as written (``full``)."""
    base = address_of(project)
    imported, left = served(contract, base), None
    if profile == "full":
        left = {_where(message.rule, message.pointer) for message in imported.messages}
        imported = served(contract, base, "full")
    return sight(imported, _places(project), [item.code for item in applicable(contract)], left)


def sight(
    imported: Import,
    places: Callable[[Defect], str] = lambda _defect: "",
    repairs: Collection[str] = (),
    left: set[tuple[str, str]] | None = None,
) -> Sight:
    """``imported`` as a page shows it. ``repairs`` are the codes of those that apply. ``left``: what the GPT profile
    still says, when the import is of the whole document; what is not in it is mended."""
    found = defects(imported.messages)
    troubles = [_trouble(defect, places, repairs, left) for defect in found[:DEFECTS]]
    silent = [_trouble(defect, places, repairs, left) for defect in defects(imported.silent)[:DEFECTS]]
    return Sight(imported, verdict(imported), troubles, silent, more=len(found) - len(troubles))


def _trouble(defect: Defect, places, repairs: Collection[str], left) -> Trouble:
    repair = REPAIRS.get(defect.repair)
    state = "offered" if defect.repair in repairs else ""
    gone = left is not None and not any(_where(line.rule, line.pointer) in left for line in defect.messages)
    if gone and not state:  # a parameter that is left out is gone too, but a repair would let it arrive
        state = "mended"
    return Trouble(defect, place_of(defect.first.pointer), places(defect), state, repair)


def operations(imported: Import) -> list[dict[str, Any]]:
    """The operations of an import as JSON, for programs."""
    return [
        {
            "operationId": op.operation_id,
            "method": op.method,
            "path": op.path,
            "kept": op.kept,
            "dropped_parameters": list(op.dropped_parameters),
        }
        for op in imported.operations
    ]


def _where(rule: str, pointer: str) -> tuple[str, str]:
    """A rule at an operation, or at a shared schema, or in the document: deeper, the two documents may differ."""
    return rule, "/".join(pointer.split("/")[:4])


def _places(project: Project) -> Callable[[Defect], str]:
    find = places_to_mend(project)
    return lambda defect: find(SimpleNamespace(code=defect.first.rule, pointer=defect.first.pointer))
