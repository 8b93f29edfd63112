"""What a repair is, what it yields, and the table of all repairs; each is one file in repairs/ that registers itself.

Repairs turn a contract into one that ChatGPT imports without a message; the contract itself stays whole. Those that are
``always`` belong to every GPT profile; the others are switched on in ``Contract.repairs`` (code -> options).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.arguments import Step
from actionstudio.core.contract import Contract
from actionstudio.core.importer.credential import Accepted
from actionstudio.core.resolve import Resolver

type JSON = Any
type Place = tuple[str, str]  # method and path of an operation in the contract as it was written


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a repair did: where (in the contract as written), and in plain words what.

    ``review`` True: a person should look at it, because a text or a choice was made for them.
    """

    code: str
    pointer: str
    message: str
    review: bool = False


@dataclass(frozen=True, slots=True)
class Mended:
    """The contract after one repair. ``steps`` lead a call of the mended shape back, per operation as mended, and
    ``accepts`` are the credentials that our address takes beside those that the document asks for."""

    contract: Contract
    notes: tuple[Note, ...] = ()
    steps: Mapping[Place, tuple[Step, ...]] = field(default_factory=dict)
    moved: Mapping[Place, Place] = field(default_factory=dict)  # operations whose path was rewritten: new -> old
    accepts: Mapping[Place, Accepted] = field(default_factory=dict)


type Function = Callable[[Contract, JSON], Mended]
type Change = Callable[[dict[str, JSON], Resolver], dict[str, JSON]]


@dataclass(frozen=True, slots=True)
class Repair:
    """``code`` is the name of its file with dashes, ``title`` a few words for a button, ``about`` its docstring.

    ``shapes``: calls may change their shape, so that they work at an address of ours only. ``chooses``: it changes the
    working copy itself, not only the GPT profile. ``change`` is what a repair of single schemas does to one schema
    object whose inner ones are mended already, ``done`` what is noted of it; several such repairs share one walk.
    """

    code: str
    title: str
    about: str
    always: bool
    order: int
    shapes: bool
    function: Function | None = None
    chooses: bool = False
    change: Change | None = None
    done: str = ""


REPAIRS: dict[str, Repair] = {}


def repair(
    *, title: str, order: int, always: bool = False, shapes: bool = False, chooses: bool = False
) -> Callable[[Function], Function]:
    """Registers a function as the repair of its file. Repairs run by ``order``."""

    def register(function: Function) -> Function:
        code = _code(function)
        about = inspect.getdoc(function) or ""
        REPAIRS[code] = Repair(code, title, about, always, order, shapes, function, chooses)
        return function

    return register


def schema_repair(*, title: str, order: int, done: str, always: bool = False) -> Callable[[Change], Change]:
    """Registers a change of one schema object as the repair of its file. The change returns the same object when there
    is nothing to do; ``done`` says what it did otherwise."""

    def register(change: Change) -> Change:
        code = _code(change)
        about = inspect.getdoc(change) or ""
        REPAIRS[code] = Repair(code, title, about, always, order, False, change=change, done=done)
        return change

    return register


def _code(function: Callable) -> str:
    return function.__module__.rpartition(".")[2].replace("_", "-")
