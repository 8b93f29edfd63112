"""ChatGPT's import of a project's document or of any text, and what mends what it says."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from actionstudio.apps.design.placing import places_to_mend
from actionstudio.apps.gpt.wording import LEVELS, OUTCOMES, SURE, Mark
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.contract import Contract
from actionstudio.core.importer import Import, simulate_document
from actionstudio.core.importer.profile import applicable
from actionstudio.core.importer.repair import REPAIRS, Repair
from actionstudio.core.importer.verdict import Defect, Verdict, defects, verdict
from actionstudio.core.lint.look import place_of
from actionstudio.core.lint.rule import RULES
from actionstudio.core.specs import openapi

PROFILES = ("gpt", "full")
KEPT = 4  # imports in memory
_known: OrderedDict[tuple[int, str, str], tuple[Contract, Import]] = OrderedDict()
DEFECTS = 100  # shown on a page
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


def address_of(project: Project) -> str:
    """The first URL of the project's first address, "" when it has none."""
    row = project.addresses.first()
    return base_urls(row.name, row.domain)[0] if row else ""


def served(contract: Contract, base: str, profile: str = "gpt") -> Import:
    """The import of the document that ``contract`` is served as under ``base``. The last few are remembered."""
    key = (id(contract), base, profile)
    known = _known.get(key)
    if known is not None and known[0] is contract:
        return known[1]
    made = simulate_document(document(contract, base, profile), root=base)
    _known[key] = (contract, made)
    while len(_known) > KEPT:
        try:
            _known.popitem(last=False)
        except KeyError:  # another thread was quicker
            break
    return made


def document(contract: Contract, base: str, profile: str = "gpt") -> dict[str, Any]:
    """The document that ``contract`` is served as under ``base``."""
    return openapi.render(contract, profile=profile, servers=(base,) if base else ())


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


def _where(rule: str, pointer: str) -> tuple[str, str]:
    """A rule at an operation, or at a shared schema, or in the document: deeper, the two documents may differ."""
    return rule, "/".join(pointer.split("/")[:4])


def _places(project: Project) -> Callable[[Defect], str]:
    find = places_to_mend(project)
    return lambda defect: find(SimpleNamespace(code=defect.first.rule, pointer=defect.first.pointer))
