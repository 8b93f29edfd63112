"""The arguments of a logged call as ChatGPT holds them: one flat object of path, query and top-level body members."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

LONGEST = 160  # characters of a call's arguments in one line
WHOLE = "(body)"  # the name of a body that is no object
MOST = 200  # arguments that are read of one call


def flat(template: str, path: str, query: str, body: bytes, cut: bool = False) -> dict[str, Any]:
    """Path parameters by ``template`` ("/orders/{id}"), the query (a name that comes twice is a list), the body.

    A body that is no JSON object, or of which only the beginning is there (``cut``), is one argument named WHOLE.
    Never raises: what a caller sent may be anything.
    """
    found: dict[str, Any] = dict(in_path(template, path) or {})
    for name, value in parse_qsl(query, keep_blank_values=True)[:MOST]:
        found[name] = value if name not in found else _and(found[name], value)
    return found | _members(body, cut)


def in_path(template: str, path: str) -> dict[str, str] | None:
    """The values at the places of a path template; None when the path is another. A server's own path may precede."""
    if not template:
        return None
    parts = re.split(r"\{([^{}]*)\}", template)
    literals, names = parts[::2], parts[1::2]
    found = _between(literals, path.removesuffix("/"))
    if found is None:
        found = _between(literals, path)
    return {name: unquote(value) for name, value in zip(names, found, strict=True)} if found is not None else None


def _between(literals: list[str], path: str) -> list[str] | None:
    """The texts without a slash between these literals, which end the path: found from its end, each literal as far to
    the right as it stands, so that a path is read once however often it holds one."""
    *before, last = literals
    if not path.endswith(last):
        return None
    at, found = len(path) - len(last), list[str]()
    for literal in reversed(before):
        segment = path.rfind("/", 0, at) + 1
        start = path.rfind(literal, max(0, segment - len(literal)), max(0, at - 1))
        if start < 0 or start + len(literal) < segment:
            return None
        found.append(path[start + len(literal) : at])
        at = start
    return found[::-1] if at == 0 or path[at - 1] != "/" else None


def line(arguments: Mapping[str, Any], longest: int = LONGEST) -> str:
    """``order_id: A-10482, amount: 84.5`` in one line, cut where it gets long."""
    text = ""
    for name, value in arguments.items():
        text += f"{', ' if text else ''}{name}: {said(value)}"
        if len(text) > longest:
            return text[: longest - 1].rstrip() + "…"
    return text


def said(value: Any) -> str:
    """One value as a line of text: strings as they are, the rest as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(text.split())


def _and(known: Any, value: str) -> list[Any]:
    return [*known, value] if isinstance(known, list) else [known, value]


def _members(body: bytes, cut: bool) -> dict[str, Any]:
    if not body.strip():
        return {}
    text = body.decode("utf-8", "replace")
    if not cut:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return _form(text)
        if isinstance(value, dict):
            return {str(name): one for name, one in [*value.items()][:MOST]}
        return {WHOLE: value}
    return {WHOLE: text}


def _form(text: str) -> dict[str, Any]:
    """A form's fields, where it looks like one; else the text as it came."""
    if re.fullmatch(r"[\w.\[\]%+-]+=[^&\s]*(&[\w.\[\]%+-]+=[^&\s]*)*", text):
        found: dict[str, Any] = {}
        for name, value in parse_qsl(text, keep_blank_values=True)[:MOST]:
            found[name] = value if name not in found else _and(found[name], value)
        return found
    return {WHOLE: text}
