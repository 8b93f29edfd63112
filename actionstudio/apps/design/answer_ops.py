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


@op("kind")
def _(state: State, argument: str) -> None:
    key, _colon, kind = argument.partition(":")
    if kind in BEHAVIOUR_KINDS and "of" in form.rows(state)[key]:
        form.rows(state)[key]["kind"] = kind


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
    made = copy.deepcopy(members[place])
    for row in form.rows({"copied": made}).values():
        row["k"] = form.key()
    members.insert(place + 1, made)


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
