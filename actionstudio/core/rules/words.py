"""Conditions in words: for the forms that make them, and for the page that explains an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.core.behaviour import Condition
from actionstudio.core.schemas.wording import shown
from actionstudio.core.words import said

type JSON = Any

TARGETS: Mapping[str, str] = {
    "body": said("body"),
    "query": said("query parameter"),
    "path": said("path parameter"),
    "header": said("header"),
    "cookie": said("cookie"),
    "method": said("method"),
    "call": said("number of the call"),
    "collection": said("collection"),
    "caller": said("who signed in"),
}
CALLER: Mapping[str, str] = {
    "sub": said("the id of who signed in"),
    "name": said("the name of who signed in"),
    "app": said("the client that somebody signed in with"),
    "scopes": said("what the client may do"),
}
OPERATORS: Mapping[str, tuple[str, str]] = {  # as it is, and turned round
    "equals": (said("is"), said("is not")),
    "contains": (said("contains"), said("does not contain")),
    "regex": (said("matches"), said("does not match")),
    "exists": (said("is there"), said("is not there")),
    "null": (said("is null or not there"), said("has a value")),
    "greater": (said("is greater than"), said("is not greater than")),
    "greater-equal": (said("is at least"), said("is not at least")),
    "less": (said("is less than"), said("is not less than")),
    "less-equal": (said("is at most"), said("is not at most")),
    "in": (said("is one of"), said("is none of")),
    "schema": (said("fits the schema"), said("does not fit the schema")),
}
_WITHOUT_VALUE = ("exists", "null")


def target_of(condition: Condition) -> str:
    """``query parameter “status”``, ``body at /name``, ``the row “7” of the collection “pets”`` …"""
    name = condition.name
    if condition.target == "collection":
        collection, slash, row = name.partition("/")
        if slash:
            return said("the row “%(row)s” of the collection “%(name)s”", row=row, name=collection)
        return said("the number of rows of the collection “%(name)s”", name=collection)
    if condition.target == "body":
        return said("the body at %(place)s", place=name) if name else said("the body")
    if condition.target == "method":
        return said("the method")
    if condition.target == "call":
        return said("the number of the call")
    if condition.target == "caller":
        return CALLER.get(name, name)
    return said("the %(what)s “%(name)s”", what=TARGETS.get(condition.target, condition.target), name=name)


def sentence(condition: Condition) -> str:
    """``the query parameter “status” is sold``."""
    plain, turned = OPERATORS.get(condition.operator, (condition.operator, condition.operator))
    how = turned if condition.invert else plain
    if condition.operator in _WITHOUT_VALUE:
        return said("%(target)s %(how)s", target=target_of(condition), how=how)
    value = condition.value
    if isinstance(value, list | tuple) and condition.operator == "in":
        wanted = ", ".join(shown(one) for one in value[:10]) + (", …" if len(value) > 10 else "")
    else:
        wanted = shown(value) if value != "" else "“”"
    return said("%(target)s %(how)s %(value)s", target=target_of(condition), how=how, value=wanted)
