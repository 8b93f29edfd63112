"""The state of the page "Answer": how an operation answers as plain JSON that a form shows and a draft keeps.

Values become rows by their shape: every row has a random key ``k``, its texts, numbers (as typed), yes-or-no and lists
are fields named ``<k>.<field>``; ``rows.<k>.<field>`` carries the order of a list. A *node* is a behaviour: its
``kind`` and, under ``of``, a row for each kind that was chosen so far, so that trying another one loses nothing.
"""

import copy
import dataclasses
import functools
import json
import secrets
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any

from actionstudio.core import codec
from actionstudio.core.behaviour import (
    BEHAVIOUR_KINDS,
    Around,
    Behaviour,
    Callback,
    Condition,
    Fault,
    Latency,
    Limit,
    Rule,
)
from actionstudio.core.contract import Operation
from actionstudio.core.rules import paths

type State = dict[str, Any]
type Row = dict[str, Any]

KINDS = {kind: name for name, kind in BEHAVIOUR_KINDS.items()}
TEXTS = ("query", "path", "header", "cookie", "method", "caller")  # targets whose values are texts
OPEN = 12  # rules that are all shown with their fields
VALUELESS = ("exists", "null")
AS_TYPED = (".body", ".path")  # templates: a blank at their edge is meant
BLANKS: dict[Any, Callable[[], Any]] = {
    BEHAVIOUR_KINDS["collection"]: lambda: BEHAVIOUR_KINDS["collection"](""),
    BEHAVIOUR_KINDS["proxy"]: lambda: BEHAVIOUR_KINDS["proxy"](""),
    Callback: lambda: Callback(""),
    Condition: lambda: Condition("query", value=""),
    Latency: lambda: Latency(low=500, high=2000),
    Limit: lambda: Limit(60),
    Rule: lambda: Rule((Condition("query", value=""),)),
}


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of a value's fields."""
    return typing.get_type_hints(kind)


def key() -> str:
    """A new row's key: begins with a letter, so that it can be an id in HTML."""
    return "k" + secrets.token_hex(4)


def of(op: Operation) -> State:
    """The state that shows how ``op`` answers; the same operation always gives the same state, keys included."""
    answer = folded(node(op.behaviour))
    return numbered({"answer": answer, "around": row(op.around), "mode": "form", "text": "", "epoch": 0})


def folded(answer: Row) -> Row:
    """A node whose rules, when they are many, begin folded: each is told in a sentence and opened on demand."""
    rules = answer["of"]["rules"]["rules"] if answer["kind"] == "rules" else []
    for rule in rules if len(rules) > OPEN else ():
        rule["open"] = False
    return answer


def numbered(state: State) -> State:
    """The same state with keys by position, so that a page and the draft it begins agree on them."""
    for place, one in enumerate(list(_walk(state))):
        one["k"] = f"a{place}"
    return state


def node(value: Behaviour) -> Row:
    name = KINDS[type(value)]
    return {"k": key(), "kind": name, "of": {name: row(value)}}


def row(value: Any) -> Row:
    """A frozen value as a row."""
    hints = _hints(type(value))
    made = {"k": key(), **{name: _shown(hint, getattr(value, name)) for name, hint in hints.items()}}
    if isinstance(value, Fault) and not value.status:
        made["status"] = ""  # the usual one
    if isinstance(value, Rule):
        made["open"] = True
    if isinstance(value, Condition):
        made["value"] = value_text(value)
        made["kept"] = {"text": made["value"], "value": value.value}
    return made


def blank(kind: Any) -> Any:
    """A value of that type to begin with."""
    return BLANKS.get(kind, kind)()


def _shown(hint: Any, value: Any) -> Any:
    if hint in codec.unions():
        return node(value)
    if dataclasses.is_dataclass(hint):
        return row(value)
    if hint in (int, float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = _inner(hint)
        return {**row(blank(inner) if value is None else value), "on": value is not None}
    if typing.get_origin(hint) is tuple:
        return _listed(typing.get_args(hint)[0], value)
    return value


def _listed(item: Any, values: tuple[Any, ...]) -> Any:
    """A list of texts is one text with commas; of pairs, or of values, it is a list of rows."""
    if item is str:
        plain = all("," not in value and value == value.strip() and value for value in values)
        return ", ".join(values) if plain else json.dumps(list(values), ensure_ascii=False)
    if dataclasses.is_dataclass(item):
        return [row(value) for value in values]
    return [{"k": key(), "name": name, "value": value} for name, value in values]


def _inner(hint: Any) -> Any:
    return next(arg for arg in typing.get_args(hint) if arg is not type(None))


def value_text(condition: Condition) -> str:
    """The value of a condition as one types it: texts as they are where nothing else can be meant."""
    value = condition.value
    if condition.operator in VALUELESS and value is None:
        return ""
    if condition.operator == "schema":
        return json.dumps(value, indent=2, ensure_ascii=False)
    if condition.operator == "in" and isinstance(value, list):
        texts = [_text(item, condition.target) for item in value]
        easy = all(text and "," not in text and text == text.strip() and text[0] not in "[{" for text in texts)
        return ", ".join(texts) if easy else json.dumps(value, ensure_ascii=False)
    return value if condition.operator == "regex" and isinstance(value, str) else _text(value, condition.target)


def _text(value: Any, target: str) -> str:
    if isinstance(value, str) and (target in TEXTS or _read(value, target) == value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _read(text: str, target: str) -> Any:
    """What is meant by a typed value: JSON where it is such, else the text itself."""
    if target in TEXTS:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def named(shown: Row) -> str:
    """What the name of a condition's row means: a field of the body may be written as people write it."""
    if shown["target"] in ("method", "call"):
        return ""
    return paths.meant(shown["name"]) if shown["target"] == "body" else shown["name"].strip()


def typed_value(shown: Row) -> Any:
    """The value of a condition's row. Raises ValueError where JSON is needed and it is none."""
    text, kept = shown["value"], shown.get("kept")
    if kept and text == kept["text"] and (text or shown["operator"] not in VALUELESS):
        return kept["value"]
    if shown["operator"] in VALUELESS:
        return None
    if shown["operator"] == "schema" or (shown["operator"] == "in" and text.strip().startswith("[")):
        return json.loads(text)
    if shown["operator"] == "in":
        return [_read(item.strip(), shown["target"]) for item in text.split(",") if item.strip()]
    return text if shown["operator"] == "regex" else _read(text, shown["target"])


# --- rows of a state, and the posted form ---


def _walk(part: Any) -> Iterator[Row]:
    """Every row of a part of the state, the outer ones first."""
    if isinstance(part, dict):
        if "k" in part:
            yield part
        for name, inner in part.items():
            if name != "kept":
                yield from _walk(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _walk(inner)


def rows(state: State) -> dict[str, Row]:
    """Every row by its key."""
    return {one["k"]: one for one in _walk(state)}


def lists(state: State) -> Iterator[tuple[str, list[Row]]]:
    """Every list of rows, by the name of the field that carries its order."""
    for one in _walk(state):
        for name, members in one.items():
            if isinstance(members, list):
                yield f"rows.{one['k']}.{name}", members


def read(posted: Any, state: State) -> State:
    """A copy of ``state`` with the posted form written into it. Only known fields of known rows are taken."""
    state = copy.deepcopy(state)
    if "text" in posted:
        state["text"] = _clean(posted["text"])
    for one in _walk(state):
        for name, old in one.items():
            values = posted.getlist(f"{one['k']}.{name}")
            if values and name != "k" and isinstance(old, bool | str):
                one[name] = _field(values[-1], old, one, name)
    for name, members in lists(state):
        _reorder(members, posted.getlist(name))
    return settled(state)


def _field(text: str, old: bool | str, one: Row, name: str) -> bool | str:
    if isinstance(old, bool):
        return text not in ("", "false", "off")
    if name == "kind" and "of" in one:
        return text if text in BEHAVIOUR_KINDS else old
    return _clean(text)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "")


def _reorder(members: list[Row], keys: list[str]) -> None:
    """In the order of ``keys``; a row that is not mentioned stays behind the one before it."""
    wanted = {one: place for place, one in enumerate(keys)}
    place, places = -1.0, {}
    for number, member in enumerate(members):
        place = wanted.get(member["k"], place)
        places[member["k"]] = (place, number if member["k"] not in wanted else -1)
    members.sort(key=lambda member: places[member["k"]])


def settled(state: State) -> State:
    """The same state; every node has the row of its kind."""
    for one in list(_walk(state)):
        if "of" in one and one["kind"] not in one["of"]:
            one["of"][one["kind"]] = row(blank(BEHAVIOUR_KINDS[one["kind"]]))
    return state


# --- back to the codec's JSON ---


class Written:
    """The codec's JSON that a state says. ``places`` leads from a pointer into it to a field of the form;
    ``unreadable`` are fields whose text cannot be what it must be, with "whole", "number" or "json"."""

    def __init__(self, state: State) -> None:
        self.places: dict[str, str] = {}
        self.unreadable: dict[str, str] = {}
        self.behaviour = self._node(state["answer"], "/behaviour")
        self.around = self._row(Around, state["around"], "/around")

    def field(self, pointer: str) -> str:
        """The field that stands for ``pointer``, or for the nearest part around it."""
        while pointer not in self.places and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer, "")

    def _node(self, shown: Row, at: str) -> dict[str, Any]:
        self.places[at] = self.places[f"{at}/kind"] = f"{shown['k']}.kind"
        kind = shown["kind"]
        return {"kind": kind, **self._row(BEHAVIOUR_KINDS[kind], shown["of"][kind], at, known=True)}

    def _row(self, kind: Any, shown: Row, at: str, *, known: bool = False) -> dict[str, Any]:
        if not known:
            self.places[at] = shown["k"]
        out = {}
        for name, hint in _hints(kind).items():
            place, field = f"{at}/{name}", f"{shown['k']}.{name}"
            self.places[place] = field
            if kind is Condition and name in ("name", "value"):
                out[name] = self._of_condition(shown, name, field)
            else:
                out[name] = self._plain(hint, shown[name], place, field)
        return out

    def _of_condition(self, shown: Row, name: str, field: str) -> Any:
        if name == "name":
            return named(shown)
        try:
            return typed_value(shown)
        except (ValueError, RecursionError):
            self.unreadable[field] = "json"
            return None

    def _plain(self, hint: Any, shown: Any, at: str, field: str) -> Any:
        if hint in codec.unions():
            return self._node(shown, at)
        if dataclasses.is_dataclass(hint):
            return self._row(hint, shown, at)
        if hint in (int, float):
            return self._number(hint, shown, field)
        if typing.get_origin(hint) in (types.UnionType, typing.Union):
            return self._row(_inner(hint), shown, at) if shown["on"] else None
        if typing.get_origin(hint) is tuple:
            return self._list(typing.get_args(hint)[0], shown, at, field)
        return shown.strip() if isinstance(shown, str) and not field.endswith(AS_TYPED) else shown

    def _number(self, hint: Any, text: str, field: str) -> Any:
        text = text.strip()
        try:
            number = hint(text or 0)
        except ValueError:
            number = None
        if number is None or not abs(number) < 1e15:
            self.unreadable[field] = "whole" if hint is int else "number"
            return 1
        return number

    def _list(self, item: Any, shown: Any, at: str, field: str) -> list[Any]:
        if item is str:
            return self._texts(shown, field)
        found: list[Any] = []
        for member in shown:
            place = f"{at}/{len(found)}"
            if dataclasses.is_dataclass(item):
                found.append(self._row(item, member, place))
            elif member["name"].strip() or member["value"]:
                self.places |= {place: f"{member['k']}.name", f"{place}/0": f"{member['k']}.name"}
                self.places[f"{place}/1"] = f"{member['k']}.value"
                found.append([member["name"].strip(), member["value"]])
        return found

    def _texts(self, text: str, field: str) -> list[str]:
        if not text.strip().startswith("["):
            return [item.strip() for item in text.replace("\n", ",").split(",") if item.strip()]
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            self.unreadable[field] = "json"
            return []
        return found
