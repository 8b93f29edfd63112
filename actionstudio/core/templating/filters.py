"""What stands behind a ``|``: one function a filter, the table below them.

A filter takes the run (for its bounds), the value and its arguments; it returns a value, or Missing with the reason.
None of them raises for odd input, and each asks whether a text fits before it makes a longer one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from actionstudio.core.templating.bounds import LARGEST, Budget
from actionstudio.core.templating.moments import is_span, moment, moved, written
from actionstudio.core.templating.values import (
    Missing,
    as_json,
    as_number,
    as_text,
    is_empty,
    is_true,
    plain,
)

_NO_WORD = re.compile(r"[^\w]+|_+")
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


class Filter(NamedTuple):
    """``fewest`` and ``most`` are how many arguments it takes; ``example`` is how it is written."""

    call: Callable[..., Any]
    fewest: int
    most: int
    example: str


def _text(budget: Budget, value: Any) -> str:
    if not isinstance(value, str | int | float | None):
        budget.weigh(plain(value))
    return budget.handle(as_text(value))


def _of_text(make: Callable[[str], str], growth: int = 3) -> Callable[..., Any]:
    """A filter that only looks at the text. ``growth``: how many times longer it may become, or the work it is."""

    def call(budget: Budget, value: Any) -> Any:
        if isinstance(value, Missing):
            return value
        text = _text(budget, value)
        if len(text) * growth > 1000:
            budget.spend(len(text) * growth // 1000)
        made = make(text)
        budget.fits(len(made))
        return made

    return call


def _title(text: str) -> str:
    return re.sub(r"\S+", lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


def _unbase64(text: str) -> Any:
    padded = re.sub(r"\s+", "", text).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return Missing("the value is no base64")


def _decoded(budget: Budget, value: Any) -> Any:
    return value if isinstance(value, Missing) else _unbase64(_text(budget, value))


def _slug(text: str) -> str:
    return _NO_WORD.sub("-", text.lower()).strip("-")


def _default(budget: Budget, value: Any, other: Any) -> Any:
    return other if is_empty(value) else value


def _json(budget: Budget, value: Any) -> str:
    budget.weigh(plain(value))
    text = as_json(value)
    budget.fits(len(text))
    return text


def _date(budget: Budget, value: Any, form: Any = "%Y-%m-%d") -> Any:
    budget.spend(4)
    at = moment(value)
    if at is None:
        return value if isinstance(value, Missing) else Missing("the value is no date")
    return written(at, as_text(form))


def _plus(budget: Budget, value: Any, more: Any, sign: int = 1) -> Any:
    if isinstance(value, Missing):
        return value
    if is_span(more):
        budget.spend(4)
        later = moved(value, more, sign < 0)
        return Missing(f"{as_text(value)[:40]} is no date that {more} can be added to") if later is None else later
    left, right = as_number(value), as_number(more)
    if left is None or right is None:
        return Missing("only numbers, and dates with spans such as “2 days”, can be added")
    return _whole(left + sign * right)


def _minus(budget: Budget, value: Any, less: Any) -> Any:
    return _plus(budget, value, less, -1)


def _times(budget: Budget, value: Any, factor: Any) -> Any:
    left, right = as_number(value), as_number(factor)
    if left is None or right is None:
        return value if isinstance(value, Missing) else Missing("only numbers can be multiplied")
    return _whole(left * right)


def _whole(number: int | float) -> Any:
    if not abs(number) <= LARGEST:
        return Missing("the number is larger than JSON numbers can be")
    return number


def _round(budget: Budget, value: Any, digits: Any = 0) -> Any:
    number, places = as_number(value), as_number(digits)
    if number is None:
        return value if isinstance(value, Missing) else Missing("only numbers can be rounded")
    places = max(0, min(15, int(places or 0)))
    rounded = _whole(number) if isinstance(number, int) else _whole(round(number, places))
    return int(rounded) if places == 0 and isinstance(rounded, float) else rounded


def _number(budget: Budget, value: Any) -> Any:
    if isinstance(value, Missing):
        return value
    found = int(value) if isinstance(value, bool) else as_number(value)
    return Missing(f"“{as_text(value)[:40]}” is no number") if found is None else found


def _boolean(budget: Budget, value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false", "no", "off")
    return value if isinstance(value, Missing) else is_true(value)


def _count(budget: Budget, value: Any) -> int:
    """Entries of a list, rows, or properties; 0 for nothing; 1 for any other value."""
    if isinstance(value, list | Mapping):
        return len(value)
    return 0 if is_empty(value) else 1


def _length(budget: Budget, value: Any) -> int:
    return len(value) if isinstance(value, str | list | Mapping) else 0 if is_empty(value) else len(as_text(value))


def _entry(last: bool) -> Callable[..., Any]:
    def call(budget: Budget, value: Any) -> Any:
        if isinstance(value, Mapping):
            if not value:
                return Missing("there are no rows")
            key = next(reversed(plain_keys(value))) if last else next(iter(value))
            return value[key]
        if isinstance(value, str | list):
            return value[-1 if last else 0] if value else Missing("the list is empty")
        return value

    return call


def plain_keys(value: Mapping[str, Any]) -> Any:
    """Keys that can be read from behind, without a copy where the mapping allows it."""
    rows = getattr(value, "rows", value)
    return rows if isinstance(rows, dict) else list(rows)


def _join(budget: Budget, value: Any, between: Any = ", ") -> Any:
    if not isinstance(value, list | Mapping):
        return value
    entries = value if isinstance(value, list) else list(value.values())
    comma = as_text(between)
    budget.spend(len(entries))
    budget.fits(len(comma) * len(entries))
    texts = []
    size = len(comma) * len(entries)
    for entry in entries:
        texts.append(_text(budget, entry))
        size += len(texts[-1])
        budget.fits(size)
    return comma.join(texts)


def _replace(budget: Budget, value: Any, old: Any, new: Any) -> Any:
    if isinstance(value, Missing):
        return value
    text, gone, comes = _text(budget, value), as_text(old), as_text(new)
    if not gone:
        return text
    budget.fits(len(text) + text.count(gone) * (len(comes) - len(gone)))
    return budget.handle(text.replace(gone, comes))


def _split(budget: Budget, value: Any, between: Any = ",") -> Any:
    if isinstance(value, Missing):
        return value
    text, comma = _text(budget, value), as_text(between)
    budget.spend(text.count(comma) if comma else len(text))
    return [part.strip() for part in text.split(comma)] if comma else list(text)


FILTERS: dict[str, Filter] = {
    "upper": Filter(_of_text(str.upper), 0, 0, "upper"),
    "lower": Filter(_of_text(str.lower), 0, 0, "lower"),
    "title": Filter(_of_text(_title, 20), 0, 0, "title"),
    "trim": Filter(_of_text(str.strip), 0, 0, "trim"),
    "slug": Filter(_of_text(_slug, 20), 0, 0, "slug"),
    "replace": Filter(_replace, 2, 2, 'replace "a" "b"'),
    "split": Filter(_split, 0, 1, 'split ","'),
    "join": Filter(_join, 0, 1, 'join ", "'),
    "length": Filter(_length, 0, 0, "length"),
    "count": Filter(_count, 0, 0, "count"),
    "first": Filter(_entry(False), 0, 0, "first"),
    "last": Filter(_entry(True), 0, 0, "last"),
    "default": Filter(_default, 1, 1, 'default "none"'),
    "number": Filter(_number, 0, 0, "number"),
    "boolean": Filter(_boolean, 0, 0, "boolean"),
    "text": Filter(_of_text(str), 0, 0, "text"),
    "round": Filter(_round, 0, 1, "round 2"),
    "plus": Filter(_plus, 1, 1, 'plus "2 days"'),
    "minus": Filter(_minus, 1, 1, "minus 1"),
    "times": Filter(_times, 1, 1, "times 1.19"),
    "date": Filter(_date, 0, 1, 'date "%Y-%m-%d"'),
    "json": Filter(_json, 0, 0, "json"),
    "urlencode": Filter(_of_text(lambda text: quote(text, safe="", errors="replace"), 12), 0, 0, "urlencode"),
    "base64": Filter(_of_text(lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode()), 0, 0, "base64"),
    "unbase64": Filter(_decoded, 0, 0, "unbase64"),
    "escape": Filter(_of_text(lambda text: text.translate(_SPECIAL), 6), 0, 0, "escape"),
}
