"""Makers of scalars within limits: numbers on a grid, texts by format, pattern or the name of their property."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from actionstudio.core.schemas.flat import Flat, Impossible
from actionstudio.core.schemas.patterns import LETTERS, matching
from actionstudio.core.schemas.validate import compile_validator
from actionstudio.core.schemas.words import FORMATS, LONG, SHORT, range_for, text_for

type Make = Callable[[Random], Any]

_LIMIT = 2**53
_DRAWS = 20
_REPEATED = 1_000  # characters from which on a text says the same again and again
MOST_TEXT = 1_000_000


def number(flat: Flat, kind: str, name: str) -> Make:
    """Numbers of the type ``kind`` (integer or number) within the limits. Raises Impossible when there are none."""
    low, high, decimals = _range(flat, name)
    step = flat.multiple
    if kind == "integer":
        step = Fraction(1) if step is None else Fraction(math.lcm(step.numerator, step.denominator), step.denominator)
        if step.denominator != 1:
            step = Fraction(step.numerator)
    if step is None:
        step = Fraction(1, 10**decimals)
        while not _steps(flat, low, high, step) and step.denominator < 10**40:
            step /= 10
    span = _steps(flat, low, high, step)
    if span is None:
        span = _steps(flat, *_stretched(flat, step), step)
    if span is None:
        raise Impossible
    first, last = span
    top, bottom = step.numerator, step.denominator
    if bottom == 1:
        return lambda rng: (first + int(rng.random() * (last - first + 1))) * top
    if flat.multiple is not None:
        return _divisible(first, last, step)
    return lambda rng: _plain((first + int(rng.random() * (last - first + 1))) * top, bottom)


def _divisible(first: int, last: int, step: Fraction) -> Make:
    """Multiples of a fraction. Many validators divide in floating point, so those are taken that pass there too."""
    top, bottom, unit = step.numerator, step.denominator, float(step)

    def make(rng: Random) -> float:
        for _ in range(_DRAWS):
            value = _plain((first + int(rng.random() * (last - first + 1))) * top, bottom)
            if not unit or abs(value) > _LIMIT or (value / unit).is_integer():
                break
        return value

    return make


def _plain(top: int, bottom: int) -> int | float:
    return top // bottom if top % bottom == 0 else top / bottom


def _range(flat: Flat, name: str) -> tuple[Fraction, Fraction, int]:
    """Where to look for a number: what the name suggests where the limits allow it, else near the limits."""
    known = range_for(name)
    decimals = known[2] if known else 2
    low, high = (Fraction(known[0]), Fraction(known[1])) if known else (Fraction(1), Fraction(100))
    floor, ceiling = flat.low and flat.low[0], flat.high and flat.high[0]
    inside = (floor is None or floor <= high) and (ceiling is None or ceiling >= low)
    if inside:
        return (
            max(low, floor) if floor is not None else low,
            min(high, ceiling) if ceiling is not None else high,
            decimals,
        )
    if floor is not None and ceiling is not None:
        return floor, ceiling, decimals
    if floor is not None:
        return floor, floor + max(Fraction(100), abs(floor) / 10), decimals
    assert ceiling is not None  # one of the two is, or everything is inside
    return ceiling - max(Fraction(100), abs(ceiling) / 10), ceiling, decimals


def _stretched(flat: Flat, step: Fraction) -> tuple[Fraction, Fraction]:
    """All the limits allow, at least a few steps wide."""
    low = flat.low[0] if flat.low else (flat.high[0] if flat.high else Fraction(0)) - 10 * step
    high = flat.high[0] if flat.high else low + 20 * step
    return low, high


def _steps(flat: Flat, low: Fraction, high: Fraction, step: Fraction) -> tuple[int, int] | None:
    """The first and last multiple of ``step`` in the range and within the limits, as counts of steps."""
    first, last = math.ceil(low / step), math.floor(high / step)
    if flat.low and flat.low[1] and first * step <= flat.low[0]:
        first = math.floor(flat.low[0] / step) + 1
    if flat.high and flat.high[1] and last * step >= flat.high[0]:
        last = math.ceil(flat.high[0] / step) - 1
    return (first, last) if first <= last else None


def text(flat: Flat, name: str) -> Make:
    """Texts within the limits. Raises Impossible when none is found."""
    shortest, longest = flat.min_length, flat.max_length
    if shortest > MOST_TEXT or (longest is not None and longest < shortest):
        raise Impossible
    if flat.encoding:
        return _encoded(flat)
    known = [form for form in flat.formats if form in FORMATS]
    if flat.patterns or known:
        return _checked(flat, known, shortest, longest)
    make = text_for(name)
    if not shortest and longest is None:
        return make
    return _sized(make, shortest, longest)


def _sized(make: Make, shortest: int, longest: int | None) -> Make:
    def sized(rng: Random) -> str:
        found = make(rng)
        if shortest > _REPEATED:
            return (f"{found} " * (shortest // len(f"{found} ") + 1))[:shortest]
        while len(found) < shortest:
            found += " " + make(rng) if shortest - len(found) > 8 else rng.choice(LETTERS)
        return found[: max(shortest, min(longest, 200))] if longest is not None and len(found) > longest else found

    return sized


def _encoded(flat: Flat) -> Make:
    """Text that holds something else: JSON, base64, or base64 of JSON."""
    inner = '{"a": 1}' if "json" in flat.encoding.get("contentMediaType", "") else "Hello"
    if flat.encoding.get("contentEncoding") in ("base64", "base64url"):
        inner = b64encode(inner.encode()).decode()
    return _sized(lambda rng: inner, flat.min_length, flat.max_length)


def _always(text: str) -> Make:
    return lambda rng: text


def _long(form: str, shortest: int) -> Make:
    return lambda rng: LONG[form](rng, shortest)


def _checked(flat: Flat, known: list[str], shortest: int, longest: int | None) -> Make:
    """Texts that have a format or match patterns, each checked before it is used."""
    limits: list[Any] = [{"pattern": pattern} for pattern in flat.patterns] + [{"format": form} for form in known]
    schema = {"type": "string", "allOf": limits, "minLength": shortest}
    if longest is not None:
        schema["maxLength"] = longest
    ok = compile_validator(schema, {}).ok
    makers: list[Make] = []
    for form in known:
        makers.append(FORMATS[form])
        for short in SHORT.get(form, ()):
            makers.append(_always(short))
        if shortest and form in LONG:
            makers.append(_long(form, shortest))
    if flat.patterns:
        makers.append(matching(flat.patterns, ok, shortest, longest))
    return _first_right(makers, ok)


def _first_right(makers: list[Make], ok: Callable[[Any], bool]) -> Make:
    """The makers in turn until one gives a right text; those that never do so at first are left out."""
    chosen: list[Make] = []
    trial = Random(7)
    for make in makers:
        try:
            if any(ok(make(trial)) for _ in range(8)):
                chosen.append(make)
                break
        except LookupError:
            continue
    if not chosen:
        raise Impossible
    make = chosen[0]

    def right(rng: Random) -> str:
        for _ in range(20):
            try:
                found = make(rng)
            except LookupError:
                continue
            if ok(found):
                return found
        raise Impossible

    return right
