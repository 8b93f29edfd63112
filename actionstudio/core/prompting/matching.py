"""Argument matchers: what one argument of a call should be.

Texts are compared as the Berkeley Function Calling Leaderboard compares them: in lower case, without spaces and the
punctuation ``,./-_*^"'`` (BFCL, ``ast_checker.standardize_string``): a model that writes "San Francisco, CA" for
"san francisco CA" has understood. ``equals`` with ``exact`` compares to the letter.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.core.problem import Problem
from actionstudio.core.rules.operators import compile_pattern
from actionstudio.core.rules.targets import Unusable
from actionstudio.core.words import said

type JSON = Any

ABSENT: Any = type("Absent", (), {"__repr__": lambda _self: "ABSENT", "__bool__": lambda _self: False})()
LONGEST_PATTERN = 500
LONGEST_TEXT = 5_000  # characters of an argument that a pattern looks at
MOST_VALUES = 100
_LOOSE = re.compile(r"[\s,./\-_*^\"'’“”，。、・]+")


@dataclass(frozen=True, slots=True)
class Matcher:
    """``op`` is one of OPS. ``value``: a JSON value (equals, contains), a list (any-of), a pattern of RE2 (regex), a
    number (near, with ``by`` how far off it may be). ``exact``: texts count to the letter."""

    op: str = "ignore"
    value: JSON = None
    by: float = 0.0
    exact: bool = False


def matches(matcher: Matcher, found: JSON) -> bool:
    """Whether an argument is as it should be; ABSENT when the call has none of that name."""
    return OPS[matcher.op](matcher, found)


def same(wanted: JSON, found: JSON, exact: bool = False) -> bool:
    """Whether two JSON values are equal; texts loosely unless ``exact``; 1 and 1.0 are one, true is no number."""
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return wanted == found
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted == found if exact else loose(wanted) == loose(found)
    if isinstance(wanted, list) and isinstance(found, list):
        pairs = zip(wanted, found, strict=True) if len(wanted) == len(found) else None
        return pairs is not None and all(same(one, other, exact) for one, other in pairs)
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(same(wanted[key], found[key], exact) for key in wanted)
    return type(wanted) is type(found) and wanted == found


def loose(text: str) -> str:
    """A text as it is compared. One that is punctuation alone stays itself."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _LOOSE.sub("", folded) or folded.strip()


def plain(matcher: Matcher) -> dict[str, JSON]:
    """A matcher as JSON."""
    made: dict[str, JSON] = {"op": matcher.op}
    if matcher.op not in ("present", "absent", "ignore"):
        made["value"] = matcher.value
    if matcher.op == "near":
        made["by"] = matcher.by
    if matcher.exact:
        made["exact"] = True
    return made


def read(data: JSON) -> Matcher:
    """What :func:`plain` wrote. Anything that is no matcher is the value that is expected."""
    if not isinstance(data, Mapping) or data.get("op") not in OPS or not set(data) <= {"op", "value", "by", "exact"}:
        return Matcher("equals", data)
    by = data.get("by")
    by = float(by) if isinstance(by, int | float) and not isinstance(by, bool) else 0.0
    return Matcher(data["op"], data.get("value"), by, data.get("exact") is True)


def told(matcher: Matcher) -> str:
    """A matcher as one reads it."""
    value = json.dumps(matcher.value, ensure_ascii=False)
    if matcher.op == "near":
        return f"{value} ± {matcher.by:g}"
    return {
        "equals": value,
        "any-of": said("any of %(values)s", values=value),
        "regex": f"/{matcher.value}/",
        "contains": said("contains %(value)s", value=value),
        "present": said("any value"),
        "absent": said("left out"),
        "ignore": said("does not count"),
    }[matcher.op]


def problems(matcher: Matcher, pointer: str) -> Iterator[Problem]:
    """What is wrong with a matcher."""
    value = matcher.value
    if matcher.op not in OPS:
        words = said("There is no such matcher. Known: %(names)s", names=", ".join(OPS))
        yield Problem(f"{pointer}/op", words, "unknown")
    elif matcher.op == "any-of" and not (isinstance(value, list) and 0 < len(value) <= MOST_VALUES):
        yield Problem(f"{pointer}/value", said("Give a list of 1 to %(n)s values.", n=MOST_VALUES), "list")
    elif matcher.op == "near" and not _number(value):
        yield Problem(f"{pointer}/value", said("Give a number."), "number")
    elif matcher.op == "near" and not (matcher.by >= 0 and math.isfinite(matcher.by)):
        yield Problem(f"{pointer}/by", said("How far off a number may be is zero or more."), "range")
    elif matcher.op == "contains" and value in (None, "", [], {}):
        yield Problem(f"{pointer}/value", said("Say what it should contain."), "required")
    elif matcher.op == "regex":
        yield from _pattern(value, f"{pointer}/value")


def _pattern(value: JSON, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, str) or not value or len(value) > LONGEST_PATTERN:
        words = said("Give a pattern of 1 to %(n)s characters.", n=LONGEST_PATTERN)
        yield Problem(pointer, words, "pattern")
        return
    try:
        compile_pattern(value)
    except Unusable as error:
        yield Problem(pointer, error.problem.message, "pattern")


def _number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _equals(matcher: Matcher, found: JSON) -> bool:
    return found is not ABSENT and same(matcher.value, found, matcher.exact)


def _any_of(matcher: Matcher, found: JSON) -> bool:
    """``""`` in the list: it may be left out, as BFCL has it."""
    if found is ABSENT:
        return "" in matcher.value
    return any(same(one, found, matcher.exact) for one in matcher.value)


def _regex(matcher: Matcher, found: JSON) -> bool:
    return found is not ABSENT and compile_pattern(matcher.value).search(_text(found)[:LONGEST_TEXT]) is not None


def _contains(matcher: Matcher, found: JSON) -> bool:
    if found is ABSENT:
        return False
    if isinstance(found, list):
        wanted = matcher.value if isinstance(matcher.value, list) else [matcher.value]
        return all(any(same(one, item, matcher.exact) for item in found) for one in wanted)
    if isinstance(found, dict) and isinstance(matcher.value, dict):
        return all(key in found and same(one, found[key], matcher.exact) for key, one in matcher.value.items())
    if matcher.exact:
        return _text(matcher.value) in _text(found)
    return loose(_text(matcher.value)) in loose(_text(found))


def _near(matcher: Matcher, found: JSON) -> bool:
    if isinstance(found, str):  # a number that was written as a text is told apart by the schema, not here
        try:
            found = float(found)
        except ValueError:
            return False
    return _number(found) and abs(found - matcher.value) <= matcher.by + 1e-9 * abs(matcher.value)


OPS: Mapping[str, Callable[[Matcher, JSON], bool]] = {
    "equals": _equals,
    "any-of": _any_of,
    "regex": _regex,
    "contains": _contains,
    "near": _near,
    "present": lambda _matcher, found: found is not ABSENT,
    "absent": lambda _matcher, found: found is ABSENT,
    "ignore": lambda _matcher, _found: True,
}
