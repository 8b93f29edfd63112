"""The GPT profile: the contract after the repairs that it always has and those that were switched on.

The working copy stays whole; what ChatGPT gets is made from it whenever it is asked for. ``profile`` remembers the last
few contracts it was asked about.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from actionstudio.core.arguments import Step
from actionstudio.core.contract import Contract
from actionstudio.core.importer import mending, repairs
from actionstudio.core.importer.credential import Accepted
from actionstudio.core.importer.repair import REPAIRS, Mended, Note, Place, Repair
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

type JSON = Any

_KEPT = 8
_made: OrderedDict[int, tuple[Contract, Profile]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Profile:
    """``contract`` holds what ChatGPT gets and nothing else: only offered operations, references followed, steps taken.

    ``steps`` are, per operation as the working copy names it, what leads a call of the profile's shape back to the
    working copy's, in the order in which they are to be taken. ``moved`` gives the place of an operation in the working
    copy for its place in the profile, where the two differ. ``accepts`` are, per operation as the working copy names
    it, credentials that do although the working copy asks for others. ``shaping`` are the codes of the repairs that
    brought steps or such credentials: because of them calls have another shape than the document.
    """

    contract: Contract
    notes: tuple[Note, ...] = ()
    steps: Mapping[Place, tuple[Step, ...]] = field(default_factory=dict)
    moved: Mapping[Place, Place] = field(default_factory=dict)
    shaping: frozenset[str] = frozenset()
    accepts: Mapping[Place, Accepted] = field(default_factory=dict)

    def place(self, method: str, path: str) -> Place:
        """Where an operation of the working copy stands in the profile."""
        return next((new for new, old in self.moved.items() if old == (method, path)), (method, path))


@dataclass(frozen=True, slots=True)
class Applicable:
    """A repair that would change something: ``count`` things, ``review`` of them a person should look at.

    ``shapes``: with it, calls have another shape than the document, and work at an address of ours only.
    """

    code: str
    title: str
    about: str
    count: int
    shapes: bool
    review: int


def profile(contract: Contract) -> Profile:
    """The GPT profile of ``contract``. Never raises, whatever the contract holds."""
    kept = _made.get(id(contract))
    if kept is not None and kept[0] is contract:
        return kept[1]
    made = _run(contract, contract.repairs)[0]
    _made[id(contract)] = (contract, made)
    while len(_made) > _KEPT:
        try:
            _made.popitem(last=False)
        except KeyError:  # another thread was quicker
            break
    return made


def applicable(
    contract: Contract, asked: Collection[str] = (), options: Mapping[str, JSON] | None = None
) -> tuple[Applicable, ...]:
    """The optional repairs that are not on yet and would change something, those that come first in effect first.

    While more is offered than ChatGPT takes, they are those of the operations that the choice (with its ``options``)
    would keep; of ``asked`` also those that would change the contract as it is.
    """
    chosen, first = _chosen(contract, options or {})
    out = [] if first is None else [_told(REPAIRS["choose-operations"], first)]
    found = _changing(chosen)
    more = _changing(contract) if first is not None and not found.keys() >= set(asked) else {}
    all_ = {**{code: more[code] for code in asked if code in more}, **found}
    return (*out, *(_told(one, all_[one.code]) for one in _ORDERED if one.code in all_))


def elsewhere(contract: Contract, options: Mapping[str, JSON] | None = None) -> tuple[str, ...]:
    """The codes of the optional repairs that would change something only if operations were offered that are hidden,
    or that :func:`applicable` would hide."""
    whole = replace(contract, operations=tuple(replace(op, exposed=True) for op in contract.operations))
    chosen = _chosen(contract, options or {})[0]
    if len(mending.offered(whole)) == len(mending.offered(chosen)):
        return ()
    now = _changing(chosen)
    return tuple(code for code in _changing(whole) if code not in now)


def _changing(contract: Contract) -> dict[str, Mended]:
    """What the optional repairs that are not on would do, those that change nothing left out."""
    everything = {**{one.code: {} for one in _optional()}, **contract.repairs}
    found, before = {}, contract
    for one, mended in _run(contract, everything)[1]:
        changes = mended.notes and (one.change is not None or mended.contract is not before)
        if changes and not one.always and one.code not in contract.repairs:
            found[one.code] = mended
        before = mended.contract
    return found


def enabled(contract: Contract, codes: Collection[str] | None, options: Mapping[str, JSON] | None = None) -> Contract:
    """``contract`` with these repairs on; None: all that apply, which makes it import cleanly.

    ``options`` are theirs, by code. Raises Refused for a code that is no repair's.
    """
    options = options or {}
    unknown = [code for code in (*(codes or ()), *options) if code not in REPAIRS]
    if unknown:
        names = ", ".join(sorted(set(unknown)))
        raise Refused(Problem("/codes", said("There is no repair called %(names)s.", names=names), "unknown-repair"))
    if codes is None or any(REPAIRS[code].chooses for code in codes):
        contract, _first = _chosen(contract, options)
    if codes is None:
        codes = [one.code for one in applicable(contract)]  # of what was chosen just now
    wanted = {code: options.get(code, contract.repairs.get(code, {})) for code in codes if not REPAIRS[code].chooses}
    wanted |= {code: value for code, value in options.items() if code in contract.repairs or REPAIRS[code].always}
    wanted = {code: value for code, value in wanted.items() if not REPAIRS[code].always or value}
    return replace(contract, repairs={**contract.repairs, **wanted}) if wanted else contract


def disabled(contract: Contract, codes: Collection[str]) -> Contract:
    """``contract`` with these repairs off. Which operations are offered is the owner's choice and stays."""
    return replace(contract, repairs={code: value for code, value in contract.repairs.items() if code not in codes})


def reshapes(contract: Contract) -> bool:
    """Whether calls of the GPT profile may have another shape than the working copy's."""
    return any(code in REPAIRS and REPAIRS[code].shapes for code in contract.repairs)


def _optional() -> list[Repair]:
    return [one for one in _ORDERED if not one.always and not one.chooses]


def _chosen(contract: Contract, options: Mapping[str, JSON]) -> tuple[Contract, Mended | None]:
    """The contract with at most as many operations offered as ChatGPT takes, and what was done for it."""
    found = REPAIRS.get("choose-operations")
    if found is None or found.function is None:
        return contract, None
    mended = found.function(contract, options.get(found.code, {}))
    return (mended.contract, mended) if mended.notes else (contract, None)


def _told(one: Repair, mended: Mended) -> Applicable:
    review = sum(note.review for note in mended.notes)
    return Applicable(one.code, one.title, one.about, len(mended.notes), bool(mended.steps or mended.accepts), review)


def _run(contract: Contract, wanted: Mapping[str, JSON]) -> tuple[Profile, list[tuple[Repair, Mended]]]:
    """The repairs in their order, each on what those before it made."""
    on = [one for one in _ORDERED if not one.chooses and (one.always or one.code in wanted)]
    done: list[tuple[Repair, Mended]] = []
    current = contract
    for shared, group in groupby(on, key=lambda one: one.change is not None):
        members = list(group)
        if shared:
            current, notes = _schemas(current, members)
            done += [(one, Mended(current, tuple(notes[one.code]))) for one in members]
            continue
        for one in members:
            assert one.function is not None
            mended = one.function(current, wanted.get(one.code, {}))
            current = mended.contract
            done.append((one, mended))
    return _composed(current, done), done


def _schemas(contract: Contract, members: list[Repair]) -> tuple[Contract, dict[str, list[Note]]]:
    """Repairs of single schemas, all in one walk."""
    resolver = Resolver(contract)
    notes: dict[str, list[Note]] = {one.code: [] for one in members}
    changes = [(one.change, notes[one.code], one) for one in members if one.change is not None]
    base = ""

    def change(node: dict[str, JSON], way: mending.Way) -> dict[str, JSON]:
        for deed, found, one in changes:
            made = deed(node, resolver)
            if made is not node:
                found.append(Note(one.code, mending.pointer_of(base, way), one.done))
                node = made
        return node

    def whole(schema: JSON, at: str) -> JSON:
        nonlocal base
        base = at
        if not isinstance(schema, dict):
            schema = {"not": {}} if schema is False else {}
        return mending.rebuilt(schema, change)

    return mending.each_schema(contract, whole), notes


def _composed(last: Contract, done: list[tuple[Repair, Mended]]) -> Profile:
    """All that the repairs say, in the working copy's terms: its places, its pointers."""
    moved: dict[Place, Place] = {}
    steps: dict[Place, tuple[Step, ...]] = {}
    accepts: dict[Place, Accepted] = {}
    notes: list[Note] = []
    for _one, mended in done:
        back = {_pointer(new): _pointer(old) for new, old in moved.items()}
        notes += [_note(note, back) for note in mended.notes] if back else mended.notes
        for new, old in mended.moved.items():
            moved[new] = moved.pop(old, old)
        for place, taken in mended.steps.items():
            origin = moved.get(place, place)
            steps[origin] = (*reversed(taken), *steps.get(origin, ()))
        accepts |= {moved.get(place, place): taken for place, taken in mended.accepts.items()}
    last = replace(last, operations=mending.offered(last), path_items={})
    last = mending.components(last, mending.used(last))
    shaping = frozenset(one.code for one, mended in done if mended.steps or mended.accepts)
    return Profile(last, tuple(notes), steps, moved, shaping, accepts)


def _pointer(place: Place) -> str:
    method, path = place
    return f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method.lower()}"


def _note(note: Note, back: Mapping[str, str]) -> Note:
    head = "/".join(note.pointer.split("/")[:4])
    return replace(note, pointer=back[head] + note.pointer[len(head) :]) if head in back else note


for _module in sorted(pkgutil.iter_modules(repairs.__path__), key=lambda module: module.name):
    importlib.import_module(f"{repairs.__name__}.{_module.name}")
_ORDERED = sorted(REPAIRS.values(), key=lambda one: one.order)
