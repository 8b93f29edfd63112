"""JSON -> YAML that people read: blocks, no anchors, long texts as literal blocks.

What is written reads the same under YAML 1.1 (PyYAML, Ruby) and 1.2 (JavaScript). A writer of our own because PyYAML's
takes some seconds for a document of 3 MB, this one a quarter.
"""

from __future__ import annotations

import re
from typing import Any

type JSON = Any

_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_SPECIAL = re.compile(r'["\\]|[^ -~\u00a1-\U0010ffff]|[\u2028\u2029\ufeff\ufffe\uffff]')
_LONGEST_KEY = 1000  # YAML 1.2.2, section 7.4: an implicit key is at most 1024 characters


def write(value: JSON) -> str:
    """The value as one YAML document."""
    out: list[str] = []
    if isinstance(value, dict) and value:
        _mapping(value, "", out)
    elif isinstance(value, list | tuple) and value:
        _sequence(value, "", out)
    else:
        out.append(_scalar(value, "") + "\n")
    return "".join(out)


def _mapping(value: dict[str, JSON], indent: str, out: list[str], first: str | None = None) -> None:
    """The entries; ``first`` is the indentation of the first one, where a dash already stands before it."""
    lead = indent if first is None else first
    for key, item in value.items():
        name = _plain_or_quoted(key)
        if len(name) <= _LONGEST_KEY:
            out.append(f"{lead}{name}:")
        else:
            out.append(f"{lead}? {name}\n{indent}:")
        _value(item, indent, out)
        lead = indent


def _value(item: JSON, indent: str, out: list[str]) -> None:
    """What stands after a colon."""
    if isinstance(item, dict) and item:
        out.append("\n")
        _mapping(item, indent + "  ", out)
    elif isinstance(item, list | tuple) and item:
        out.append("\n")
        _sequence(item, indent + "  ", out)
    else:
        out.append(f" {_scalar(item, indent)}\n")


def _sequence(value: list[JSON] | tuple[JSON, ...], indent: str, out: list[str]) -> None:
    inner = indent + "  "
    for item in value:
        if isinstance(item, dict) and item and len(next(iter(item))) < _LONGEST_KEY:
            _mapping(item, inner, out, first=f"{indent}- ")
        elif isinstance(item, dict | list | tuple) and item:
            out.append(f"{indent}-")
            _value(item, indent, out)
        else:
            out.append(f"{indent}- {_scalar(item, indent)}\n")


def _scalar(value: JSON, indent: str) -> str:
    if isinstance(value, str):
        return _block(value, indent) or _plain_or_quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    return "{}" if isinstance(value, dict) else "[]"


def _float(value: float) -> str:
    """With a point always: ``1e+16`` is a text under YAML 1.1."""
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")


def _plain_or_quoted(text: str) -> str:
    plain = (text[:1].isalpha() or text[:1] in ("_", "/", "$")) and not (
        text.endswith((" ", ":")) or ": " in text or " #" in text or text.lower() in _WORDS
    )
    return text if plain and text.isprintable() else _quoted(text)


def _quoted(text: str) -> str:
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    known = _ESCAPES.get(character)
    if known:
        return known
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _block(text: str, indent: str) -> str:
    """A text of several lines as a literal block; "" when it has only one line or cannot be one."""
    if "\n" not in text or text[0] in " \n" or "\r" in text:
        return ""
    lines = text.split("\n")
    if any(not line.isprintable() or (line != "" and not line.strip()) for line in lines):
        return ""
    ending = "-" if lines[-1] else "+" if lines[-2:-1] == [""] else ""
    if not lines[-1]:
        lines.pop()
    return f"|{ending}\n" + "\n".join(f"{indent}  {line}" if line else "" for line in lines)
