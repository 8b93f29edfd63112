"""When two JSON values count as equal, as keys: values are equal when they have a key in common.

JSON equality (1 is 1.0; the order of an object's keys says nothing), and because queries, paths and headers are texts:
a number equals the text that writes it, true and false equal their words. Two texts are equal only letter by letter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

import orjson

from actionstudio.core.rules.facts import Facts

type JSON = Any

_LONGEST = 70  # characters of a number
_PER_BYTE = 10  # units of work
DEEPEST = 100  # levels; what is nested deeper equals nothing
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?P<rest>(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?)")
_WORDS = {"true": ("bool", True), "false": ("bool", False)}


class TooDeep(Exception):
    """A value that is nested beyond the bound."""


def number(value: JSON) -> int | float | None:
    """A JSON number, or the one that a text writes (RFC 8259, section 6); None when it is neither."""
    if isinstance(value, str):
        return _number(value) if 0 < len(value) <= _LONGEST else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@lru_cache(1024)  # many rules compare the same text
def _number(text: str) -> int | float | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    read = float(text) if found["rest"] else int(text)
    return read if math.isfinite(read) else None


def wanted_keys(value: JSON) -> tuple[Hashable, ...]:
    """Under which keys a condition's value is found."""
    if isinstance(value, str):
        read = number(value)
        return (value,) if read is None else (value, (read,))
    return got_keys(value)[:1]


def got_keys(value: JSON) -> tuple[Hashable, ...]:
    """Under which keys a call's value looks for a condition's."""
    if isinstance(value, str):
        if value[:1] in "-0123456789":  # "" too
            read = number(value)
            return (value,) if read is None else (value, read)
        return (value, _WORDS[value]) if value in _WORDS else (value,)
    if value is None:
        return (None,)
    if isinstance(value, bool):
        return (("bool", value), "true" if value else "false")
    if isinstance(value, int | float):
        return (value, (value,))
    try:
        return (orjson.dumps(plain(value, 0), option=orjson.OPT_SORT_KEYS),)
    except (TooDeep, TypeError):  # TypeError: a number beyond 64 bits, half a surrogate pair
        return ()


def plain(value: JSON, depth: int) -> JSON:
    """The same value with whole numbers written in one way. Raises TooDeep."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, dict):
        if depth >= DEEPEST:
            raise TooDeep
        return {key: plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if depth >= DEEPEST:
            raise TooDeep
        return [plain(item, depth + 1) for item in value]
    return value


def affordable(value: JSON, facts: Facts) -> bool:
    """Whether a call may still pay for going through a list or an object of this size."""
    if facts.stopped:
        return False
    try:
        return facts.spend(_PER_BYTE * len(orjson.dumps(value)))
    except TypeError:  # nested too deeply
        return False
