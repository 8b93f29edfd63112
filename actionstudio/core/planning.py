"""The plan of a re-import: every difference that a newer document brings, and what accepting some of them makes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from actionstudio.core import arriving, breaking, codec
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.merging import ABSENT, Merge, Way, at, differing, same
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.refs import escape, unescape
from actionstudio.core.specs import openapi
from actionstudio.core.units import Place, Unit, units, whole
from actionstudio.core.words import said

type JSON = Any

_CALLED = {"operation_id": "name", "exposed": "exposed to GPT", "body": "request body", "parameters": "parameter"}
_CALLED |= {"responses": "answer", "extra": "", "auth": "authentication", "contact_email": "contact e-mail"}
_CALLED |= {"properties": "property", "info": "", "schemes": "scheme", "place": "method and path"}
_MOST = 20  # reasons that an item gives
_SILENT = ("properties",)
_LABELS = {
    "info": said("Title and description"),
    "servers": said("Servers"),
    "tags": said("Tags"),
    "security": said("Authentication"),
    "settings": said("Settings of the project"),
}
_POINTERS = {"schema": "/components/schemas/", "path": "/paths/", "extra": "/"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A thing that was changed here and in the source too: ours stays unless ``id`` is accepted.

    ``label`` says what it is; ``ours`` and ``theirs`` are plain JSON, None where a side has none.
    """

    id: str
    label: str
    ours: JSON
    theirs: JSON


@dataclass(frozen=True, slots=True)
class Item:
    """One difference that can be taken over or left.

    ``kind`` is added, removed or changed; ``what`` operation, schema or document. ``details`` are the fields that
    change, ``breaks`` why callers of today break, ``kept`` the hand edits that stay, ``lost`` those that go with a
    removed thing. ``takes`` False: there is nothing to it but its ``choices``. ``suggested`` False: it would undo what
    was done here by hand, or takes nothing, so only naming it takes it. ``hidden``: an operation that ChatGPT will not
    get, because as many as it takes are chosen already. ``before`` and ``after`` are plain JSON for a diff, None where
    there is nothing.
    """

    id: str
    kind: str
    what: str
    pointer: str
    label: str
    details: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    lost: tuple[str, ...] = ()
    suggested: bool = True
    takes: bool = True
    hidden: bool = False
    before: JSON = None
    after: JSON = None

    @property
    def breaking(self) -> bool:
        """Whether a caller that works today will not."""
        return bool(self.breaks)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a newer document would change. ``kept`` names the hand edits that it does not touch, ``after``
    is what accepting makes of the contract."""

    items: tuple[Item, ...] = ()
    kept: tuple[str, ...] = ()
    after: Contract = field(default=Contract(), repr=False, compare=False)

    @property
    def suggested(self) -> frozenset[str]:
        """The ids that lose no hand edit: what "all" takes."""
        return frozenset(item.id for item in self.items if item.suggested)

    @property
    def ids(self) -> frozenset[str]:
        """Every id that can be accepted."""
        return frozenset(key for item in self.items for key in (item.id, *(choice.id for choice in item.choices)))

    @property
    def breaking(self) -> int:
        """How many of the items break a caller of today."""
        return sum(item.breaking for item in self.items)


class Planner:
    """One re-import: current and incoming compared by way of their common base."""

    def __init__(self, current: Contract, incoming: Contract, base: Contract) -> None:
        self.current = current
        self.units = units(base, current, incoming)
        self.before, self.after = Resolver(current), Resolver(incoming)
        self.uses = breaking.uses(self.before)
        self._outcomes = {unit.id: _outcome(unit) for unit in self.units}
        self.items = {unit.id: item for unit in self.units if (item := self._item(unit))}

    def plan(self, accept: Collection[str] | None = None) -> Plan:
        """The differences, and which hand edits no difference touches; what is hidden, if ``accept`` is accepted."""
        kept = (_kept(unit) for unit in self.units if unit.id not in self.items and not same(unit.base, unit.ours))
        found = Plan(tuple(self.items.values()), tuple(text for text in kept if text))
        value, hidden = self._made(found.suggested if accept is None else frozenset(accept))
        items = tuple(replace(item, hidden=True) if item.id in hidden else item for item in found.items)
        return replace(found, items=items, after=value)

    def apply(self, accept: Collection[str] | None) -> Contract:
        """The contract after these ids were accepted (None: the suggested ones)."""
        plan = Plan(tuple(self.items.values()))
        wanted = plan.suggested if accept is None else frozenset(accept)
        return self.current if accept is not None and not wanted & plan.ids else self._made(wanted)[0]

    def _made(self, wanted: frozenset[str]) -> tuple[Contract, frozenset[str]]:
        """The contract after these ids were accepted, and the ids of the operations that arrive hidden."""
        found = {unit.id: self._accepted(unit, wanted) for unit in self.units}
        self._complete(found)
        value = whole(found.items())
        added = {
            (unit.theirs.method, unit.theirs.path): unit.id
            for unit in self.units
            if unit.ours is ABSENT and isinstance(unit.theirs, Operation)
        }
        hidden = arriving.hidden(self.current, value, added)
        return arriving.without(value, hidden), frozenset(added[place] for place in hidden)

    def _item(self, unit: Unit) -> Item | None:
        """What there is to decide about a unit; None when the source did not change it, or changed it as we did."""
        if same(unit.ours, unit.theirs) or same(unit.theirs, unit.base):
            return None
        kind = "added" if unit.ours is ABSENT else "removed" if unit.theirs is ABSENT else "changed"
        merge, value = self._outcomes[unit.id]
        edited = kind != "added" and not same(unit.ours, unit.base)
        takes = not same(unit.ours, value)
        undoes = (kind == "removed" and edited) or (kind == "added" and unit.base is not ABSENT)
        return Item(
            unit.id,
            kind,
            unit.kind if unit.kind in ("operation", "schema") else "document",
            _pointer(unit),
            _label(unit),
            details=_changed(unit.ours, value) if kind == "changed" else (),
            breaks=tuple(dict.fromkeys(self._breaks(unit, value)))[:_MOST] if takes else (),
            kept=_edits(unit, merge.kept) if kind == "changed" else (),
            choices=tuple(_choice(unit, way) for way in merge.clashes),
            lost=_changed(unit.base, unit.ours) if kind == "removed" else (),
            suggested=takes and not undoes,
            takes=takes,
            before=self._shown(unit.ours),
            after=self._shown(value),
        )

    def _breaks(self, unit: Unit, value: Any) -> list[str]:
        if isinstance(unit.ours, Operation):
            return breaking.operation(self.before, unit.ours, self.after, None if value is ABSENT else value)
        if unit.ours is ABSENT:
            return []
        if unit.kind == "schema":
            return breaking.schema(self.before, self.after, unit.name, self.uses)
        if unit.kind == "component":
            return breaking.component(self.before, self.after, *unit.name.partition("/")[::2])
        if unit.kind == "path":
            return breaking.path(self.before, self.after, unit.name)
        return breaking.security(self.before, self.after) if unit.kind == "security" else []

    def _shown(self, value: Any) -> JSON:
        """A unit as plain JSON for reading: an operation as it stands in the document."""
        if isinstance(value, Operation):
            return openapi.operation(self.current, value)
        return None if value is ABSENT else codec.plain(value) if not isinstance(value, dict) else _plain(value)

    def _accepted(self, unit: Unit, wanted: frozenset[str]) -> Any:
        """What a unit becomes when these ids are accepted."""
        item = self.items.get(unit.id)
        if item is None or not wanted & {item.id, *(choice.id for choice in item.choices)}:
            return unit.ours
        if item.kind != "changed":
            return unit.theirs
        return Merge(take=lambda way: _choice_id(unit, way) in wanted).of(unit.base, unit.ours, unit.theirs)

    def _complete(self, found: dict[str, Any]) -> None:
        """Brings what accepted parts refer to, and keeps what others still refer to."""
        known = {unit.id: unit for unit in self.units}
        todo = [(key, value) for key, value in found.items() if value is not ABSENT]
        while todo:
            key, value = todo.pop()
            mine, theirs = same(value, known[key].ours), same(value, known[key].theirs)
            for name in _needs(value):
                if name not in known or found[name] is not ABSENT:
                    continue
                unit = known[name]
                missing = ABSENT if theirs else unit.ours
                if missing is ABSENT and not mine and unit.ours is ABSENT:
                    missing = unit.theirs
                if missing is not ABSENT:
                    found[name] = missing
                    todo.append((name, missing))


def _outcome(unit: Unit) -> tuple[Merge, Any]:
    """What a unit becomes when it is accepted without its choices, and how."""
    merge = Merge()
    if unit.ours is ABSENT or (unit.theirs is ABSENT and unit.base is not ABSENT):
        return merge, unit.ours if same(unit.theirs, unit.base) else unit.theirs
    return merge, merge.of(unit.base, unit.ours, unit.theirs)


def _place(op: Operation) -> Place:
    return op.method, op.path


def _plain(value: dict[str, Any]) -> JSON:
    return {key: codec.plain(item) for key, item in value.items() if item not in ("", None, (), {})}


def _needs(value: Any) -> Iterator[str]:
    """The ids of what a unit refers to, and of its path."""
    if isinstance(value, Operation):
        yield f"path:{value.path}"
        value = codec.plain(value)
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for key in ("$ref", "ref"):
                ref = node.get(key)
                if isinstance(ref, str) and ref.startswith("#/components/"):
                    kind, _slash, rest = ref.removeprefix("#/components/").partition("/")
                    name = unescape(rest.partition("/")[0])
                    yield f"schema:{name}" if kind == "schemas" else f"component:{kind}/{name}"
            stack.extend(node.values())
        elif isinstance(node, list | tuple):
            stack.extend(node)


def _choice(unit: Unit, way: Way) -> Choice:
    found = (at(side, way) for side in (unit.ours, unit.theirs))
    ours, theirs = (None if value is ABSENT else codec.plain(value) for value in found)
    return Choice(_choice_id(unit, way), _told(way) or said("all of it"), ours, theirs)


def _choice_id(unit: Unit, way: Way) -> str:
    return f"{unit.id}#{'/'.join(escape(step) for step in way)}"


def _changed(before: Any, after: Any) -> tuple[str, ...]:
    """The fields that differ, as people call them."""
    told = dict.fromkeys(_told(way) for way in differing(before, after) if way != ("place",))
    return tuple(text for text in told if text)


def _edits(unit: Unit, kept: list[Way]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_told(way) for way in kept if way))


def _kept(unit: Unit) -> str:
    """A hand edit that stays, as a label: "GET /todos: summary"."""
    label = _label(unit)
    if unit.ours is ABSENT:
        return said("%(what)s: removed", what=label)
    if unit.base is ABSENT:
        return said("%(what)s: added", what=label)
    fields = ", ".join(_changed(unit.base, unit.ours))
    return f"{label}: {fields}" if fields else label


def _told(way: Way) -> str:
    """A way as people call it: "responses 200", "name"."""
    if not way:
        return ""
    first, *rest = way
    steps = [_CALLED.get(first, first), *(step for step in rest if step not in _SILENT)]
    return " ".join(step for step in steps if step)


def _label(unit: Unit) -> str:
    if unit.kind == "operation":
        here, there = (" ".join(_place(op)) if op is not ABSENT else "" for op in (unit.ours, unit.theirs))
        return f"{here} → {there}" if here and there and here != there else there or here or unit.name
    if unit.kind == "component":
        return unit.name.replace("/", " ")
    return _LABELS.get(unit.kind, unit.name)


def _pointer(unit: Unit) -> str:
    if unit.kind == "operation":
        return next(op.pointer for op in (unit.theirs, unit.ours, unit.base) if op is not ABSENT)
    if unit.kind == "component":
        return "/components/" + "/".join(escape(step) for step in unit.name.split("/", 1))
    if unit.kind in _POINTERS:
        return _POINTERS[unit.kind] + escape(unit.name)
    return "" if unit.kind == "settings" else f"/{unit.kind}"
