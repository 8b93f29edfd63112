"""What the GPT profile leaves out on the way to ChatGPT: the editor has no word about it, as it never sees it."""

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import SimpleNamespace

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design.placing import places_to_mend
from actionstudio.apps.gpt.wording import LEVELS, Mark
from actionstudio.apps.projects.models import Project
from actionstudio.core.contract import Contract
from actionstudio.core.importer.profile import applicable, profile
from actionstudio.core.importer.repair import REPAIRS, Note, Repair
from actionstudio.core.lint import Finding
from actionstudio.core.lint.look import place_of

SHOWN = 6
FOLDED = 200
REVIEWED = "shorten-texts"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of loss. ``noted``: whether a note of the repair is about a loss. ``brings``: the repair that lets the
    lost thing arrive."""

    title: str
    level: str
    noted: Callable[[Note], bool] = lambda _note: True
    brings: str = ""


def _marked(note: Note) -> bool:
    return note.review


KINDS = {  # by the repair that leaves it out, the worst first
    "unknown-methods": Kind(lazy("Endpoints with a method that ChatGPT cannot call"), "drops-op"),
    "hidden-parameters": Kind(lazy("Headers and cookies"), "drops-param", brings="header-parameters"),
    "inline-parameters": Kind(lazy("Parameters that led nowhere"), "drops-param", _marked),
    "json-bodies": Kind(lazy("Bodies offered in another form"), "degrades", _marked),
    "flatten-union": Kind(lazy("Alternatives that became one"), "degrades", _marked),
    "unresolved-references": Kind(lazy("References that led nowhere"), "degrades"),
    "unreadable-keywords": Kind(lazy("Keywords that cannot be read"), "degrades"),
    REVIEWED: Kind(lazy("Texts that were cut"), "degrades", _marked),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is left out: where, in what words, and the page of the place."""

    place: str
    message: str
    url: str
    review: bool


@dataclass(frozen=True, slots=True)
class Left:
    """Everything of one kind, what a person should look at first. ``repair`` would let it arrive; None: none would."""

    code: str
    title: str
    mark: Mark
    items: tuple[Item, ...]
    repair: Repair | None = None

    @property
    def shown(self) -> tuple[Item, ...]:
        return self.items[:SHOWN]

    @property
    def folded(self) -> tuple[Item, ...]:
        return self.items[SHOWN : SHOWN + FOLDED]

    @property
    def cut(self) -> int:
        return max(0, len(self.items) - SHOWN - FOLDED)

    @property
    def texts(self) -> bool:
        """Whether these are texts that a person can say better."""
        return self.code == REVIEWED


def of_project(project: Project, contract: Contract) -> list[Left]:
    """What the document at the project's address lacks of ``contract``."""

    @functools.cache
    def find() -> Callable[[Finding], str]:
        return places_to_mend(project)  # asks the database, and mostly there is nothing to find

    return left(contract, lambda note: find()(SimpleNamespace(code=note.code, pointer=note.pointer)))


def left(contract: Contract, places: Callable[[Note], str] = lambda _note: "") -> list[Left]:
    """The same of any contract. ``places`` finds the page of a note."""
    offered = [item.code for item in applicable(contract)]
    notes: dict[str, list[Note]] = {}
    for note in profile(contract).notes:
        if note.code in KINDS and KINDS[note.code].noted(note):
            notes.setdefault(note.code, []).append(note)
    return [_left(code, notes[code], offered, places) for code in KINDS if code in notes]


def _left(code: str, notes: list[Note], offered: Collection[str], places: Callable[[Note], str]) -> Left:
    kind = KINDS[code]
    first = sorted(notes, key=lambda note: not note.review)
    items = tuple(Item(place_of(one.pointer), one.message, places(one), one.review) for one in first)
    repair = REPAIRS[kind.brings] if kind.brings in offered else None
    return Left(code, kind.title, LEVELS[kind.level], items, repair)
