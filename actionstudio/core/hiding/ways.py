"""Way: where in a JSON body a value stands that is to be hidden, as JSONPath writes it (RFC 9535): names, indexes,
``*`` and ``..``. What cannot be read as JSON is hidden from the first place on where the way's last name stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from actionstudio.core.hiding.marks import has_variable, is_mark, mark
from actionstudio.core.words import said

type JSON = Any
type Step = str | int | None  # a name, an index, everything

LONGEST = 300  # characters
DEEPEST = 100  # levels; what lies deeper is hidden whole
_NAME = r"[^\W\d][\w-]*"
_STEP = re.compile(
    rf"""(?P<deep>\.\.)?(?:(?:(?<=\.)|\.)(?P<name>{_NAME}|\*)|\[\s*(?:(?P<index>-?\d{{1,9}})|(?P<all>\*)|"""
    r"""(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))\s*\])"""
)


class WayError(ValueError):
    """A way that cannot be read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Way:
    """``steps`` are (at any depth, what). ``last`` is the last name, "" when it has none: then any name will do."""

    steps: tuple[tuple[bool, Step], ...]

    @property
    def last(self) -> str:
        return next((step for _deep, step in reversed(self.steps) if isinstance(step, str)), "")

    def hide(self, value: JSON, found: set[str] | None = None) -> JSON:
        """The value with marks where the way leads; the same object when it leads nowhere."""
        return _hide(value, self.steps, found, 0)

    def hide_rest(self, data: bytes) -> bytes:
        """What is no JSON, or was cut, from the last name on."""
        name = re.escape(orjson.dumps(self.last)[1:-1]) if self.last else rb"[^\"\\]+"
        place = (
            re.search(rb"""["']?\b""" + name + rb"""\b\\*["']?\s*[:=]""", data) if self.last else re.search(b":", data)
        )
        if place is None:
            return data
        rest = data[place.end() :].decode("utf-8", "replace").strip()
        return data[: place.end()] + b' "' + mark(rest.strip('"')).encode() + b'"'


@lru_cache(512)
def way(text: str) -> Way:
    """The way that a text writes. Raises WayError."""
    text = text.strip()
    if len(text) > LONGEST:
        raise WayError(said("This is longer than %(most)s characters.", most=LONGEST))
    if not text.startswith("$"):
        raise WayError(said("A path begins with $, as in $.customer.email or $.items[*].name."))
    steps, at = [], 1
    while at < len(text):
        one = _STEP.match(text, at)
        if one is None:
            raise WayError(
                said(
                    "This path cannot be read from “%(rest)s” on. Names, [0], [*] and .. are known.",
                    rest=text[at:][:40],
                )
            )
        steps.append((one["deep"] is not None, _step(one)))
        at = one.end()
    return Way(tuple(steps))


def _step(one: re.Match[str]) -> Step:
    if one["index"] is not None:
        return int(one["index"])
    if one["quoted"] is not None:
        return re.sub(r"\\(.)", r"\1", one["quoted"][1:-1])
    return None if one["all"] or one["name"] == "*" else one["name"]


def _hide(value: JSON, steps: tuple[tuple[bool, Step], ...], found: set[str] | None, depth: int) -> JSON:
    if not steps:
        return _hidden(value, found)
    if depth > DEEPEST:
        return _hidden(value, found) if isinstance(value, dict | list) else value
    if isinstance(value, str):
        return _inside(value, steps, found, depth)
    if not isinstance(value, dict | list):
        return value
    deep, step = steps[0]
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    made = {}
    for key, item in pairs:
        new = _hide(item, steps[1:], found, depth + 1) if _leads(step, key, value) else item
        made[key] = _hide(new, steps, found, depth + 1) if deep and not isinstance(new, str) else new
    if all(made[key] is item for key, item in (value.items() if isinstance(value, dict) else enumerate(value))):
        return value
    return made if isinstance(value, dict) else [*made.values()]


def _leads(step: Step, key: str | int, value: JSON) -> bool:
    if step is None or step == key:
        return True
    return isinstance(step, int) and isinstance(key, int) and step < 0 and step + len(value) == key


def _inside(text: str, steps: tuple[tuple[bool, Step], ...], found: set[str] | None, depth: int) -> str:
    """A text may itself be JSON."""
    if text[:1] not in "{[" or not text:
        return text
    try:
        value = orjson.loads(text)
    except ValueError:
        return text
    new = _hide(value, steps, found, depth + 1)
    return text if new is value else orjson.dumps(new).decode()


def _hidden(value: JSON, found: set[str] | None) -> JSON:
    if value is None or (isinstance(value, str) and is_mark(value)):
        return value
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    if found is not None:
        _gather(value, found, 0)
    if isinstance(value, dict | list) and has_variable(text):
        return _members(value)
    return mark(text)


def _members(value: JSON) -> JSON:
    """What has variables keeps its form, so that they stay; all else in it goes."""
    if isinstance(value, dict):
        return {key: _hidden(item, None) for key, item in value.items()}
    return [_hidden(item, None) for item in value]


def _gather(value: JSON, found: set[str], depth: int) -> None:
    """The texts and numbers of what was hidden."""
    if isinstance(value, dict | list) and depth < DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            _gather(item, found, depth + 1)
    elif isinstance(value, str):
        found.add(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found.add(str(value))
