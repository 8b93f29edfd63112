"""Logged calls as a Hurl file (https://hurl.dev/docs/hurl-file.html), with asserts of what was answered.

Asserted are the status, the media type, and of a JSON answer the members that do not differ from run to run: an id, a
time or a token is asserted by its type.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import orjson

from actionstudio.apps.traffic.exporting import calls
from actionstudio.apps.traffic.exporting.secrets import Secrets
from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.judging import ALL
from actionstudio.core.judging.kinds import Spot, kind_of

MOST = 30  # asserts of one body
DEEPEST = 3
LONGEST = 300  # characters of a text that is asserted
_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TYPES: dict[type, str] = {str: "isString", list: "isCollection", dict: "isCollection"}


def file(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """The calls in their order. What the log hides are variables: ``hurl --variable key=…``."""
    secrets = Secrets()
    parts = [_entry(row, url, secrets) for row, url in calls.located(calls.within(exchanges))]
    yield "# Calls from the log of Action Studio. Run with: hurl --test FILE"
    yield "".join(f" --variable {name}=…" for name in secrets.names) + "\n"
    yield from (f"# {name}: a secret that the log hides ({place})\n" for name, place in secrets.names.items())
    yield from parts


def _entry(row: Exchange, url: str, secrets: Secrets) -> str:
    lines = ["", f"# {row.public_id} {' '.join(calls.title(row).split())}"]
    if lacking := calls.lacking(row):
        lines.append(f"# {lacking}")
    lines.append(f"{row.method} {secrets.filled(url, 'URL', _variable, _url)}")
    lines += [
        f"{_value(name)}: {secrets.filled(value.strip(), calls.part(name), _variable, _value)}"
        for name, value in calls.headers(row)
    ]
    if row.request_body:
        lines.append(_body(bytes(row.request_body), secrets))
    elif calls.unkept(row):
        lines.append(f"file,{calls.body_file(row)};")
    if row.status:
        lines += [f"HTTP {row.status}", *_asserts(row)]
    return "\n".join(lines) + "\n"


def _asserts(row: Exchange) -> list[str]:
    kind = calls.kind_of(row.headers_out)
    found = [f'header "content-type" contains {_quoted(kind)}'] if kind else []
    if not row.lacks("response") and (kind == "application/json" or kind.endswith("+json")):
        with suppress(orjson.JSONDecodeError, RecursionError):
            found += _of_json(orjson.loads(bytes(row.response_body)))
    return ["[Asserts]", *found] if found else []


def _of_json(value: Any) -> list[str]:
    out: list[str] = []
    level: list[tuple[str, str, Any]] = [("$", "", value)]
    for _depth in range(DEEPEST):
        below: list[tuple[str, str, Any]] = []
        for path, name, item in level:
            if path != "$" or not isinstance(item, dict):
                out.append(f"jsonpath {_quoted(path)} {_predicate(name, item)}")
            if isinstance(item, dict):
                below += [(f"{path}{_step(key)}", key, inner) for key, inner in item.items()]
        level = below
    return out[:MOST]


def _step(name: str) -> str:
    return f".{name}" if _PLAIN.fullmatch(name) else "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _predicate(name: str, value: Any) -> str:
    """What is asserted of one value: that it is the same, or only its type where it differs from run to run."""
    if value is None:
        return "== null"
    if isinstance(value, bool):
        return f"== {str(value).lower()}"
    if isinstance(value, list | dict):
        return "isCollection"
    if isinstance(value, str) and (is_masked(value) or len(value) > LONGEST):
        return "isString"
    if kind_of(value, value, Spot(name), ALL - {"rounding"}):
        return _TYPES.get(type(value), "isInteger" if isinstance(value, int) else "isFloat")
    return f"== {_quoted(value) if isinstance(value, str) else orjson.dumps(value).decode()}"


def _body(body: bytes, secrets: Secrets) -> str:
    """A body as one line: texts between backticks, which add nothing, bytes as base64."""
    text = calls.text_of(body)
    if text is None:
        return f"base64,{base64.b64encode(body).decode()};"
    return f"`{secrets.filled(text, 'body', _variable, _one_line)}`"


def _variable(name: str) -> str:
    return "{{" + name + "}}"


def _url(text: str) -> str:
    """A part of a URL: what would be read as a variable or a comment is percent-encoded."""
    return re.sub(r"[{}#\\\s<>\"`|^]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def _escaped(text: str, special: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\\": "\\\\"}
    out = []
    for character in text:
        if character in named:
            out.append(named[character])
        elif character in special:
            out.append("\\" + character)
        elif character == "{" or ord(character) < 32:
            out.append(f"\\u{{{ord(character):x}}}")  # "{{" would begin a variable
        else:
            out.append(character)
    return "".join(out)


def _value(text: str) -> str:
    return _escaped(text, "#")


def _one_line(text: str) -> str:
    return _escaped(text, "`#")


def _quoted(text: str) -> str:
    return '"' + _escaped(text, '"') + '"'
