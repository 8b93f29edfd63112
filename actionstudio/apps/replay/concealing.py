"""What somebody types into a run or a case and the log would hide: it is refused where it would stand in clear text."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from django.utils.translation import gettext as _

from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.masking import is_masked
from actionstudio.core import compare, filling
from actionstudio.core.hiding.marks import Variables
from actionstudio.core.problem import Problem

# A template that only names something: what stands in quotes is a text like any other
TAG = re.compile(r"""\{\{[^{}"']*\}\}""")
_QUERY = "query."


def header(name: str, text: str, masks: frozenset[str], tags: re.Pattern[str] = filling.PLACE) -> str:
    """A header's value as it may be shown; the same text when the log would hide nothing in it. ``tags`` stay."""
    if not text.strip():
        return text
    variables = Variables(tags)
    ((_name, hidden),) = redaction.headers([(name.lower(), variables.out(text))], masks, "request")
    return variables.back(hidden)


def headers(pairs: Iterable[Iterable[str]], masks: frozenset[str]) -> list[list[str]]:
    """The headers of a case as they may be shown."""
    return [[name, header(name, text, masks)] for name, text in pairs]


def of_case(pairs: Iterable[Iterable[str]], masks: frozenset[str]) -> Iterator[Problem]:
    """The headers of a case that carry a credential in clear text."""
    words = _(
        "“%(name)s” carries a credential, and here it would stand in clear text. Write %(sample)s in its place, and "
        "give the suite a secret variable of that name."
    )
    for number, (name, text) in enumerate(pairs):
        if _secret(header(name, text, masks), text):
            sample = "{{" + re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") + "}}"
            yield Problem(f"/headers/{number}", words % {"name": name, "sample": sample}, "secret")


def shown(edits: Mapping[str, Any], masks: frozenset[str]) -> dict[str, Any]:
    """The edits of a run (core.edits.Edits as JSON) as they may be shown."""
    made = dict(edits)
    if "set_headers" in edits:
        made["set_headers"] = [[name, header(name, text, masks, TAG)] for name, text in edits["set_headers"]]
    if "set_values" in edits:
        made["set_values"] = [[place, _value(place, text, masks)] for place, text in edits["set_values"]]
    return made


def of_run(edits: Mapping[str, Any], overrides: Mapping[str, Any], masks: frozenset[str]) -> Iterator[Problem]:
    """What of a run's edits and overrides carries a secret: the run would keep it in clear text."""
    told, words = shown(edits, masks), _of_header()
    for at, old, new in (
        ("set_headers", edits.get("set_headers", ()), told.get("set_headers", ())),
        ("overrides/headers", parts := [*overrides.get("headers", ())], headers(parts, masks)),
    ):
        for number, ((name, text), (_name, hidden)) in enumerate(zip(old, new, strict=True)):
            if _secret(hidden, text):
                yield Problem(f"/{at}/{number}", words % {"name": name}, "secret")
    pairs = zip(edits.get("set_values", ()), told.get("set_values", ()), strict=True)
    for number, ((place, text), (_place, hidden)) in enumerate(pairs):
        if _secret(hidden, text):
            yield Problem(f"/set_values/{number}", _of_value() % {"name": place}, "secret")
    yield from _of_parts(overrides, masks)


def _of_parts(overrides: Mapping[str, Any], masks: frozenset[str]) -> Iterator[Problem]:
    kinds = [text for name, text in overrides.get("headers", ()) if name.lower() == "content-type"]
    body = base64.b64decode(overrides.get("body", ""))
    parts = {
        "path": (old := overrides.get("path", ""), redaction.path(old, masks)),
        "query": (old := overrides.get("query", ""), redaction.query(old, masks)),
        "body": (body, redaction.body(body, (kinds or ["application/json"])[0], masks, "request")),
    }
    for name, (given, hidden) in parts.items():
        if given != hidden:
            yield Problem(f"/overrides/{name}", _of_value() % {"name": name}, "secret")


def _value(place: str, text: str, masks: frozenset[str]) -> str:
    """What is set at a place of the query or the body as it may be shown."""
    variables = Variables(TAG)
    plain = variables.out(text)
    if place.startswith(_QUERY):
        pair = f"{place.removeprefix(_QUERY)}={plain}"
        return text if (hidden := redaction.query(pair, masks)) == pair else variables.back(hidden.partition("=")[2])
    return variables.back(_in_body(compare.pattern(place), plain, masks))


def _in_body(steps: tuple[Any, ...], text: str, masks: frozenset[str]) -> str:
    body: Any = text
    for step in reversed(steps):
        body = {step: body} if isinstance(step, str) else [body]
    data = orjson.dumps(body)
    if (hidden := redaction.body(data, "application/json", masks, "request")) == data:
        return text
    found = orjson.loads(hidden)
    while isinstance(found, dict | list) and found:
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    return str(found)


def _secret(hidden: str, text: str) -> bool:
    """Whether a text is one to hide, or a mark that was left in the place of one."""
    return hidden != text or is_masked(text)


def _of_header() -> str:
    return _(
        "“%(name)s” carries a credential, and here it would be kept in clear text. Give it as “Header for this run” "
        "instead: that is sealed until the run is over, then deleted."
    )


def _of_value() -> str:
    return _(
        "The log hides what stands in “%(name)s”, and here it would be kept in clear text. Save these calls as cases "
        "of a suite instead: there a secret variable fills it in."
    )
