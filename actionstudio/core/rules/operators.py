"""The questions a condition may ask, compiled into a test of the values that a part of a call has.

A part may have several values (a repeated query key, ``$.items[*].name``): one that fits is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any

import orjson
import re2

from actionstudio.core import templating
from actionstudio.core.behaviour import OPERATORS, Condition
from actionstudio.core.problem import Problem
from actionstudio.core.rules.equality import affordable, got_keys, number, wanted_keys
from actionstudio.core.rules.facts import Facts, Got
from actionstudio.core.rules.targets import NOTHING, Target, Unusable, compile_text
from actionstudio.core.schemas.validate import SchemaError, compile_validator
from actionstudio.core.schemas.wording import shown
from actionstudio.core.words import either, said

type JSON = Any
type Test = Callable[[Got, Facts], bool]
type Maker = Callable[[JSON, Target, Mapping[str, Any]], Test]

SHOWN = 200  # characters of a value in a trail
LONGEST_PATTERN = 1_000
LARGEST_PROGRAM = 5_000  # instructions of a compiled pattern
_MEMORY = 512 * 1024  # bytes that one pattern may take
_LARGEST = 100_000  # characters of a condition's value, as JSON
_PATTERNS = 512
_SHORT, _REMEMBERED = 64, 32  # characters of a text whose outcome is remembered, and how many of them
_LONGEST_DATE = 40


def compile_test(condition: Condition, target: Target, components: Mapping[str, Any]) -> Test:
    """The test of a condition, before it is inverted. Raises Unusable: the pointer is that of the field."""
    maker = _MAKERS.get(condition.operator)
    if maker is None:
        raise _wrong("operator", said("Choose how to compare: %(options)s.", options=either(list(OPERATORS))))
    _bounded(condition.value)
    if is_filled(condition):
        return _filled(condition, maker, target, components)
    return maker(condition.value, target, components)


def is_filled(condition: Condition) -> bool:
    """Whether a condition compares with something of the call: its value is a text with ``{{ … }}`` in it."""
    value = condition.value
    return isinstance(value, str) and "{{" in value and condition.operator in _FILLED


def reads_state(condition: Condition) -> str:
    """ "call" or "collection" when a condition asks about what the store keeps, else ""."""
    if condition.target in _STATE:
        return condition.target
    roots = templating.roots(condition.value) if is_filled(condition) else frozenset()
    return next((name for name in _STATE if name in roots), "")


def _filled(condition: Condition, maker: Maker, target: Target, components: Mapping[str, Any]) -> Test:
    """What it compares with is known when the call is there; it does not hold when that is nothing, or cannot be
    compared."""
    text: str = condition.value
    fill = compile_text(text, "value")

    def test(got: Got, facts: Facts) -> bool:
        value = fill(facts)
        if value is NOTHING or (isinstance(value, dict | list) and not affordable(value, facts)):
            return False
        if facts.filled is None:
            facts.filled = {}
        facts.filled[text] = shown(value, SHOWN)
        try:
            return maker(value, target, components)(got, facts)
        except Unusable:
            return False

    return test


def _wrong(field: str, message: str) -> Unusable:
    return Unusable(Problem(f"/{field}", message, "rule"))


def _bounded(value: JSON) -> None:
    try:
        size = len(orjson.dumps(value))
    except TypeError:
        raise _wrong("value", said("This value cannot be written as JSON.")) from None
    if size > _LARGEST:
        raise _wrong("value", said("This is longer than %(most)s characters.", most=_LARGEST))


def _equals(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
    return _one_of((value,))


def _in(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
    if not isinstance(value, list | tuple):
        raise _wrong("value", said("Give a list of values, such as %(example)s.", example='["a", "b"]'))
    return _one_of(tuple(value))


def keys_of(condition: Condition) -> tuple[Any, ...] | None:
    """The keys under which a condition that asks for equality is found; None when it asks for something else."""
    if is_filled(condition):
        return None
    if condition.operator == "equals":
        return wanted_keys(condition.value)
    if condition.operator == "in" and isinstance(condition.value, list | tuple):
        return tuple(key for item in condition.value for key in wanted_keys(item))
    return None


def _one_of(values: tuple[JSON, ...]) -> Test:
    wanted = frozenset(key for value in values for key in wanted_keys(value))
    return lambda got, facts: not wanted.isdisjoint(keys_in(got, facts))


def keys_in(got: Got, facts: Facts) -> Iterator[Any]:
    """All keys of all values."""
    for value in got:
        if not isinstance(value, dict | list) or affordable(value, facts):
            yield from got_keys(value)


def _contains(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
    """A text in a text, a value in a list, a key in an object; an object in an object that has all its members."""
    wanted = frozenset(wanted_keys(value))
    text = value if isinstance(value, str) else written(value)
    members = {key: frozenset(wanted_keys(item)) for key, item in value.items()} if isinstance(value, dict) else None

    def within(got: JSON, facts: Facts) -> bool:
        if isinstance(got, str):
            return facts.spend(len(got) >> 4) and text in got
        if isinstance(got, list):
            return facts.spend(20 * len(got)) and not wanted.isdisjoint(keys_in(got, facts))
        if isinstance(got, dict):
            if members is None:
                return text in got
            return all(key in got and not keys.isdisjoint(keys_in((got[key],), facts)) for key, keys in members.items())
        return got is not None and text in written(got)

    return lambda got, facts: any(within(one, facts) for one in got)


def written(value: JSON) -> str:
    """A value as text: a text as it is, anything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # nested too deeply
        return ""


@lru_cache(_PATTERNS)
def compile_pattern(pattern: str) -> Any:
    """A pattern of RE2, whose search takes time in proportion to the text. Raises Unusable."""
    if len(pattern) > LONGEST_PATTERN:
        raise _wrong("value", said("The pattern is longer than %(most)s characters.", most=LONGEST_PATTERN))
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY
    try:
        made = re2._Regexp(pattern, options)  # compile() would keep its own and larger cache of them
    except (re2.error, UnicodeError) as error:
        raise _wrong("value", _reason(error)) from None
    if made.programsize > LARGEST_PROGRAM:
        raise _wrong("value", _too_large())
    return made


def _reason(error: Exception) -> str:
    raw = error.args[0] if error.args else ""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    if "too large" in text or "repetition size" in text:
        return _too_large()
    if "(?" in text:
        return said("The pattern uses “%(part)s”: look-around is not understood here.", part=text.rpartition(": ")[2])
    return said("The pattern cannot be read: %(reason)s.", reason=text)


def _too_large() -> str:
    return said("The pattern is too large. Let it repeat less often, or write it shorter.")


def _regex(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
    if not isinstance(value, str):
        raise _wrong("value", said("Give a pattern, such as %(example)s.", example="^ord_[0-9]+$"))
    pattern = compile_pattern(value)
    size = pattern.programsize
    known: dict[str, bool] = {}  # callers send the same short texts again and again

    def test(got: Got, facts: Facts) -> bool:
        for one in got:
            text = written(one)
            found = known.get(text) if len(text) <= _SHORT else None
            if found is None:
                if not facts.spend(size * len(text) >> 2):  # RE2 takes some 2 ns for a step
                    return False
                found = _found(pattern, text)
                if len(text) <= _SHORT:
                    if len(known) >= _REMEMBERED:
                        known.clear()
                    known[text] = found
            if found:
                return True
        return False

    return test


def _found(pattern: Any, text: str) -> bool:
    try:
        return pattern.search(text) is not None
    except UnicodeError:  # half a surrogate pair
        return False


def _exists(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
    return lambda got, facts: bool(got)


def _null(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
    return lambda got, facts: not got or any(one is None for one in got)


def _moment(text: str) -> datetime | time | None:
    """An ISO 8601 date, time, or both; a date is its first moment. Without an offset it is UTC."""
    if not 4 < len(text) < _LONGEST_DATE:
        return None
    for read in (datetime.fromisoformat, time.fromisoformat):
        try:
            found: Any = read(text)
        except ValueError:
            continue
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return None


def _compared(holds: Callable[[Any, Any], bool]) -> Callable[[JSON, Target, Mapping[str, Any]], Test]:
    def make(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
        wanted = number(value)
        if wanted is not None:
            return lambda got, facts: _any_number(got, wanted, holds)
        moment = _moment(value) if isinstance(value, str) else None
        if moment is None:
            raise _wrong("value", said("Write a number, or a date such as %(example)s.", example=date(2026, 1, 31)))

        def test(got: Got, facts: Facts) -> bool:
            for one in got:
                read = _moment(one) if isinstance(one, str) else None
                if read is not None and type(read) is type(moment) and _ordered(holds, read, moment):
                    return True
            return False

        return test

    return make


def _any_number(got: Got, wanted: float, holds: Callable[[Any, Any], bool]) -> bool:
    for one in got:
        read = number(one)
        if read is not None and holds(read, wanted):
            return True
    return False


def _ordered(holds: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    try:
        return holds(left, right)
    except OverflowError:  # at the ends of the calendar an offset leads out of it
        return False


def _schema(value: JSON, target: Target, components: Mapping[str, Any]) -> Test:
    if not isinstance(value, dict | bool):
        raise _wrong(
            "value", said("Write a JSON Schema: an object such as %(example)s.", example='{"type": "integer"}')
        )
    try:
        ok = compile_validator(value, components).ok
    except SchemaError as error:
        message = said("This is not valid JSON Schema: %(why)s.", why=error.message)
        raise Unusable(Problem(f"/value{error.pointer}", message, "rule")) from None
    except RecursionError:
        raise _wrong("value", said("This is nested too deeply.")) from None
    return lambda got, facts: bool(got) and any(_fits(ok, one, facts) for one in _readings(got, target))


def _fits(ok: Callable[[JSON], bool], value: JSON, facts: Facts) -> bool:
    if isinstance(value, dict | list) and not affordable(value, facts):
        return False
    try:
        return ok(value)
    except (ValueError, RecursionError):  # nested too deeply
        return False


def _readings(got: Got, target: Target) -> Iterator[JSON]:
    """What the values may mean to a schema: all of them as a list, a single one as it is, a text as what it writes."""
    if not target.single:
        yield list(got)
    if len(got) == 1:
        yield got[0]
        if target.texts:
            read = number(got[0])
            if read is not None:
                yield read
            elif got[0] in ("true", "false"):
                yield got[0] == "true"


_STATE = ("call", "collection")
_FILLED = frozenset({"equals", "contains", "greater", "greater-equal", "less", "less-equal"})
_MAKERS: dict[str, Maker] = {
    "equals": _equals,
    "contains": _contains,
    "regex": _regex,
    "exists": _exists,
    "null": _null,
    "greater": _compared(gt),
    "greater-equal": _compared(ge),
    "less": _compared(lt),
    "less-equal": _compared(le),
    "in": _in,
    "schema": _schema,
}
