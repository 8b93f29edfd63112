"""The deeds of the page "Answer", one entry each: what a button named ``_op`` does to the state."""

import copy
from collections.abc import Callable
from typing import Any

from actionstudio.apps.design import answer_form as form
from actionstudio.core.behaviour import BEHAVIOUR_KINDS, Callback, Condition, Fault, Rule

type State = dict[str, Any]

MEMBERS: dict[str, Callable[[], Any]] = {  # of lists of values; all other lists hold pairs
    "rules": lambda: form.blank(Rule),
    "conditions": lambda: form.blank(Condition),
    "faults": Fault,
    "callbacks": lambda: form.blank(Callback),
}
OPS: dict[str, Callable[[State, str], None]] = {}


def op(name: str):
    """Registers a deed. It gets the state to change and what stands after the first colon."""

    def register(deed):
        OPS[name] = deed
        return deed

    return register


def apply(state: State, text: str) -> bool:
    """Does the deed that a button's value names. False when there is no such deed or row: nothing was changed."""
    name, _colon, argument = text.partition(":")
    if name not in OPS:
        return False
    try:
        OPS[name](state, argument)
    except (KeyError, StopIteration, IndexError, TypeError):
        return False
    form.settled(state)
    return True


def _around(state: State, key: str) -> tuple[list[State], int]:
    """The list that a row stands in, and its place there."""
    return next(
        (members, place)
        for _name, members in form.lists(state)
        for place, member in enumerate(members)
        if member["k"] == key
    )


def renewed(row: State) -> State:
    """A copy of a row under keys of its own, also within."""
    made = copy.deepcopy(row)
    for one in form.rows({"copied": made}).values():
        one["k"] = form.key()
    return made


@op("kind")
def _(state: State, argument: str) -> None:
    """Chooses another way to answer. Ways that hold one for when nothing else fits begin with what was there, and it
    comes back when they are left for it."""
    key, _colon, kind = argument.partition(":")
    node = form.rows(state)[key]
    if kind not in BEHAVIOUR_KINDS or "of" not in node or kind == node["kind"]:
        return
    inner = node["of"][node["kind"]].get("otherwise")
    if inner and inner["kind"] == kind:
        node["of"][kind] = renewed(inner["of"][kind])
    else:
        _keep_within(node, kind)
    node["kind"] = kind


def _keep_within(node: State, kind: str) -> None:
    """What answers now becomes what the way ``kind`` falls back on, where it was so before or there is nothing yet."""
    fresh = kind not in node["of"]
    row = form.row(form.blank(BEHAVIOUR_KINDS[kind])) if fresh else node["of"][kind]
    before = node["kind"]
    if "otherwise" in row and (fresh or row["otherwise"]["kind"] == before):
        row["otherwise"]["of"][before] = renewed(node["of"][before])
        row["otherwise"]["kind"] = before
    node["of"][kind] = row


@op("add")
def _(state: State, argument: str) -> None:
    """A new member at the end of the list ``<k>:<field>``."""
    key, _colon, name = argument.partition(":")
    members = form.rows(state)[key][name]
    if isinstance(members, list):
        made = form.row(MEMBERS[name]()) if name in MEMBERS else {"k": form.key(), "name": "", "value": ""}
        members.append(made)


@op("del")
def _(state: State, key: str) -> None:
    members, place = _around(state, key)
    del members[place]


@op("up")
def _(state: State, key: str) -> None:
    members, place = _around(state, key)
    if place:
        members[place - 1], members[place] = members[place], members[place - 1]


@op("down")
def _(state: State, key: str) -> None:
    members, place = _around(state, key)
    members[place], members[place + 1] = members[place + 1], members[place]


@op("copy")
def _(state: State, key: str) -> None:
    """The same once more, behind it, under keys of its own."""
    members, place = _around(state, key)
    members.insert(place + 1, renewed(members[place]))


@op("open")
def _(state: State, key: str) -> None:
    """Shows the fields of a folded rule, or folds it again."""
    row = form.rows(state)[key]
    row["open"] = not row["open"]


@op("mend")
def _(state: State, argument: str) -> None:
    """Puts a value that the page offers into a field: ``<k>.<field>:value``."""
    field, _colon, value = argument.partition(":")
    key, _dot, name = field.partition(".")
    row = form.rows(state)[key]
    if isinstance(row[name], str) and name != "k":
        row[name] = value
