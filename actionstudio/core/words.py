"""Sentences for people: plain English text that remembers what it was made of, so that a page can tell it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

type JSON = Any


class Said(str):
    """An English sentence. ``template`` and ``values`` are what it was made of; ``many`` is the template for several.

    Everywhere else it is a text as any other: equal to its English, written to JSON and logs as such.
    """

    __slots__ = ("many", "template", "values")
    template: str
    many: str
    values: Mapping[str, Any]


def said(template: str, **values: Any) -> Said:
    """``template`` with its ``%(name)s`` filled. Values that were said themselves are told in the reader's language."""
    return _made(template, "", values)


def said_n(one: str, many: str, n: int, **values: Any) -> Said:
    """The same for a number: ``one`` for a single thing, ``many`` otherwise; ``%(n)s`` is the number."""
    return _made(one, many, {"n": n, **values})


def _made(template: str, many: str, values: Mapping[str, Any]) -> Said:
    text = Said((many if many and values["n"] != 1 else template) % values)
    text.template, text.many, text.values = template, many, values
    return text


def either(names: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *some, last = names
    return said("%(some)s or %(last)s", some=listed(some), last=last) if some else last


def listed(names: list[str]) -> str:
    """``a, b, c``."""
    *some, last = names
    return said("%(some)s, %(last)s", some=listed(some), last=last) if some else last


def packed(text: Any) -> JSON:
    """A text as JSON that :func:`unpacked` reads: on its way from another process it forgets nothing."""
    if not isinstance(text, Said):
        return text
    return [text.template, text.many, {name: packed(value) for name, value in text.values.items()}]


def unpacked(data: JSON) -> Any:
    """What :func:`packed` wrote."""
    if not isinstance(data, list):
        return data
    template, many, values = data
    return _made(template, many, {name: unpacked(value) for name, value in values.items()})
