"""Ranges as values of terms: ``404``, ``>2s``, ``<=50ms``, ``100ms..2s``."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from actionstudio.apps.traffic.asking.term import Unreadable

type Number = int | Fraction
type Range = tuple[int | None, int | None]

_SIGNS = (">=", "<=", ">", "<")


def read(value: str, number: Callable[[str], tuple[Number, Number]]) -> Range:
    """From (inclusive) and before, whole numbers; None is open.

    ``number`` reads one end as the pair of its first value and the one after its last ("4xx" is 400 and 500), and
    raises Unreadable.
    """
    if ".." in value:
        low, high = value.split("..", 1)
        since = number(low)[0] if low else None
        until = number(high)[1] if high else None
        if since is not None and until is not None and since >= until:
            raise Unreadable
        if since is None and until is None:
            raise Unreadable
        return _whole(since), _whole(until)
    sign, text = _parted(value)
    first, after = number(text)
    return {
        ">": (_whole(after), None),
        ">=": (_whole(first), None),
        "<": (None, _whole(first)),
        "<=": (None, _whole(after)),
    }.get(sign, (_whole(first), _whole(after)))


def with_unit(value: str, unit: str = "") -> str:
    """The value with a unit on every end that has none: that of the other (``1..2s`` begins at 1 s), else ``unit``."""
    sign, text = _parted(value)
    ends = text.split("..", 1)
    units = [end.lstrip("0123456789. ") for end in ends]
    lent = next(filter(None, units), unit)
    return sign + "..".join(end if own or not end else end + lent for end, own in zip(ends, units, strict=True))


def within(range: Range) -> Callable[[int], bool]:
    """Whether a number lies in it."""
    since, until = range
    return lambda number: (since is None or number >= since) and (until is None or number < until)


def sql(column: str, range: Range) -> tuple[str, tuple]:
    """The same in SQL."""
    parts = [(f"{column} >= %s", range[0]), (f"{column} < %s", range[1])]
    asked = [(text, value) for text, value in parts if value is not None]
    return " AND ".join(text for text, _ in asked), tuple(value for _, value in asked)


_LARGEST = 1 << 62  # larger numbers are none of the database's


def whole(text: str) -> tuple[int, int]:
    """A whole number as one end."""
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Unreadable
    return int(text), int(text) + 1


def measured(units: dict[str, int], plain: str) -> Callable[[str], tuple[Number, Number]]:
    """Reads a number with a unit (``plain`` when none is given) in the smallest unit."""
    pattern = re.compile(rf"([0-9]{{1,12}}(?:\.[0-9]{{1,6}})?)\s*({'|'.join(units)})?", re.IGNORECASE)

    def number(text: str) -> tuple[Number, Number]:
        found = pattern.fullmatch(text)
        if not found:
            raise Unreadable
        amount = Fraction(found[1]) * units[(found[2] or plain).lower()]
        return amount, amount + 1 if amount.denominator == 1 else amount

    return number


def _parted(value: str) -> tuple[str, str]:
    sign = next((one for one in _SIGNS if value.startswith(one)), "")
    return sign, value.removeprefix(sign)


def _whole(number: Number | None) -> int | None:
    return None if number is None else min(_LARGEST, -(-number.numerator // number.denominator))
