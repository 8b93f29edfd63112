"""Two tabs that changed the same thing: what only one of them changed is taken from that one; the rest is asked.

A tab says with each request what it changed since its last answer: ``was`` names each changed field with the values it
had. A merge is then the other state with these fields written into it.
"""

import json
from typing import Any

from django.http import QueryDict

from actionstudio.apps.design import drafting, forms

type State = dict[str, Any]
_NAMES = ("name", "status", "media_type", "key")


def changed(posted: QueryDict, theirs: State) -> dict[str, list[str]] | None:
    """The fields that the tab changed, with what they were. None: it does not say, or its rows are not these rows."""
    try:
        was = json.loads(posted.get("was", ""))
    except ValueError:
        return None
    if not isinstance(was, dict) or not all(
        isinstance(values, list) and all(isinstance(value, str) for value in values) for values in was.values()
    ):
        return None
    rows = forms.rows(theirs)
    return was if all(_same_row(name, was, posted, rows) for name in was) else None


def _same_row(name: str, was: dict[str, list[str]], posted: QueryDict, rows: dict[str, State]) -> bool:
    """Whether the row of a field is in the other state too, under its key and its name."""
    if "." not in name:
        return True
    first, _dot, second = name.partition(".")
    key = first if first in rows else second
    row = rows.get(key)
    if row is None:
        return False
    for part in _NAMES:
        field = f"{key}.{part}"
        known = was.get(field) or posted.getlist(field)
        if part in row and known and row[part] not in (known[-1], posted.get(field)):
            return False
    return True


def read(posted: QueryDict, theirs: State, kind: str) -> State:
    """``theirs`` with what this tab changed; all that it posted when nobody can say what it changed."""
    was = changed(posted, theirs)
    if was is None:
        return forms.read(posted, theirs, kind)
    return forms.read(_fields({name: posted.getlist(name) for name in was}), theirs, kind)


def clashes(posted: QueryDict, theirs: State, kind: str) -> set[str] | None:
    """Where both changed the same to something different. None: unknown, everything that differs may be one."""
    was = changed(posted, theirs)
    if was is None:
        return None
    ours = drafting.differences(read(posted, theirs, kind), theirs)
    others = drafting.differences(forms.read(_fields(was), theirs, kind), theirs)
    return {path for path, _one, _two in ours} & {path for path, _one, _two in others}


def _fields(values: dict[str, list[str]]) -> QueryDict:
    fields = QueryDict(mutable=True)
    for name, listed in values.items():
        fields.setlist(name, listed)
    return fields
