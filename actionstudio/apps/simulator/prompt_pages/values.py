"""Values of argument matchers, as a person types and reads them.

What an argument is tells how its text is read: an order number of a text argument stays a text, though it is digits.
Elsewhere what is JSON is JSON, and everything else is a text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from actionstudio.core.prompting.matching import Matcher

type JSON = Any

PLAIN = ("present", "absent", "ignore", "")  # matchers without a value


def shown(matcher: Matcher, schema: JSON = None) -> str:
    """The value of a matcher as text; of a list of values one a line."""
    if matcher.op in PLAIN:
        return ""
    if matcher.op == "regex":
        return str(matcher.value)
    if matcher.op == "any-of" and isinstance(matcher.value, list):
        lines = [_shown(one, schema) for one in matcher.value]
        return "\n".join(lines) if all("\n" not in one for one in lines) else _json(matcher.value)
    return _shown(matcher.value, schema)


def read(op: str, text: str, schema: JSON = None) -> JSON:
    """What :func:`shown` wrote, or a person."""
    if op in PLAIN:
        return None
    if op == "regex":
        return text.strip()
    if op == "any-of":
        whole = _parsed(text)
        lines = [line.strip() for line in text.splitlines()]
        return whole if isinstance(whole, list) else [_read(line, schema) for line in lines if line]
    return _read(text.strip(), schema)


def number(text: str) -> float:
    """How far off a number may be; what is no number is one that no matcher takes."""
    try:
        return float(text.strip().replace(",", ".") or 0)
    except ValueError:
        return -1.0


def is_text(schema: JSON) -> bool:
    """Whether an argument is a text and nothing else."""
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    return kind == "string" or kind == ["string"]


def _shown(value: JSON, schema: JSON) -> str:
    if isinstance(value, str) and _read(value, schema) == value and value.strip() == value:
        return value
    return _json(value)


def _read(text: str, schema: JSON) -> JSON:
    found = _parsed(text)
    if isinstance(found, str):
        return found
    return text if found is NOTHING or is_text(schema) else found


NOTHING: Any = object()


def _parsed(text: str) -> JSON:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return NOTHING


def _json(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)
