"""What a logged body is and how it can be shown: as JSON, as text, or as bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from actionstudio.apps.traffic.models import Exchange

PRETTY = 200_000  # bytes; larger bodies are offered raw and as a download
NODES = 2_000  # larger trees load their branches when they are opened
CHILDREN = 500  # of one branch at a time
HEX = 256  # bytes of a binary body that are shown


@dataclass(frozen=True, slots=True)
class Body:
    """One body. ``kind`` is none, json, text or binary; ``size`` is what was on the wire, ``kept`` what the log has,
    ``cut`` whether that is only its beginning."""

    kind: str
    media_type: str
    size: int
    kept: int
    text: str = ""
    value: Any = None
    nodes: int = 0
    cut: bool = False

    @property
    def views(self) -> tuple[str, ...]:
        """The ways this body can be looked at, the best first."""
        if self.kind == "json":
            return ("pretty", "tree", "raw") if self.kept <= PRETTY else ("tree", "raw")
        return ("raw",)

    def view(self, asked: str) -> str:
        """The view to show when ``asked`` is asked for."""
        return asked if asked in self.views else self.views[0]

    @property
    def suffix(self) -> str:
        """How the name of a file with it ends."""
        return {"json": "json", "text": "txt"}.get(self.kind, "bin")

    @property
    def large_tree(self) -> bool:
        return self.nodes > NODES

    @property
    def pretty(self) -> str:
        try:
            return json.dumps(self.value, indent=2, ensure_ascii=False)
        except RecursionError:
            return self.text


@dataclass(frozen=True, slots=True)
class Branch:
    """A member of a JSON value in a tree. ``pointer`` (RFC 6901) finds it again, ``path`` (JSONPath) is for people."""

    key: str | int
    pointer: str
    path: str
    leaf: str = ""
    size: int = 0
    many: str = ""  # object or array when there is more below


@dataclass(frozen=True, slots=True)
class Level:
    """The members right below one place, and from which position on more of them follow."""

    branches: list[Branch] = field(default_factory=list)
    more: int | None = None


def of(row: Exchange, side: str) -> Body:
    """The body of a side ("request" or "response") of a logged call."""
    headers = row.headers_in if side == "request" else row.headers_out
    made = read(headers, bytes(getattr(row, f"{side}_body")), getattr(row, f"{side}_size"))
    return replace(made, cut=row.lacks(side) == "cut")


def read(headers: Sequence[Sequence[str]], body: bytes, size: int) -> Body:
    """What ``body`` is, by its media type and by its bytes."""
    media_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    kind = media_type.split(";")[0].strip().lower()
    if not body:
        return Body("none", kind, size, 0)
    if "json" in kind or (not kind and body[:1] in b"{["):
        try:
            value = orjson.loads(body)
            return Body("json", kind, size, len(body), _decoded(body, media_type) or "", value, _nodes(value))
        except orjson.JSONDecodeError:
            pass  # cut or broken JSON is shown as the text it is
    text = _decoded(body, media_type)
    if text is None:
        return Body("binary", kind, size, len(body), _hex(body[:HEX]))
    return Body("text", kind, size, len(body), text)


def level(value: Any, pointer: str = "", start: int = 0) -> Level:
    """The members of the value at ``pointer``, from the ``start``-th on. Raises LookupError when there is no such."""
    path = "$"
    for step in [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]:
        if isinstance(value, list):
            if not step.isdecimal():
                raise LookupError(pointer)
            value, path = value[int(step)], f"{path}[{int(step)}]"
        elif isinstance(value, dict):
            value, path = value[step], path + _step(step)
        else:
            raise LookupError(pointer)
    members = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    shown = [_branch(key, child, pointer, path) for key, child in members[start : start + CHILDREN]]
    return Level(shown, start + CHILDREN if start + CHILDREN < len(members) else None)


def _branch(key, child: Any, pointer: str, path: str) -> Branch:
    here = f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
    there = path + (_step(key) if isinstance(key, str) else f"[{key}]")
    if isinstance(child, dict | list) and child:
        return Branch(key, here, there, size=len(child), many="object" if isinstance(child, dict) else "array")
    return Branch(key, here, there, leaf=json.dumps(child, ensure_ascii=False))


def _step(name: str) -> str:
    return f".{name}" if re.fullmatch(r"[A-Za-z_][\w-]*", name) else f"[{json.dumps(name, ensure_ascii=False)}]"


def _nodes(value: Any) -> int:
    """How many nodes a tree has; counting ends soon after it is known to be large."""
    count, left = 0, [value]
    while left and count <= NODES:
        item = left.pop()
        count += 1
        if isinstance(item, dict):
            left += item.values()
        elif isinstance(item, list):
            left += item
    return count


def _decoded(body: bytes, media_type: str) -> str | None:
    """The body as text, or None when it is none. A last character that was cut in half is dropped."""
    named = re.search(r"charset=\"?([\w.:-]+)", media_type, re.IGNORECASE)
    for charset in (named[1] if named else "utf-8", "utf-8"):
        try:
            text = body.decode(charset)
        except UnicodeDecodeError as error:
            if error.start < len(body) - 4 or charset.lower() not in ("utf-8", "utf8"):
                continue
            text = body[: error.start].decode(charset)
        except LookupError:
            continue
        return None if "\0" in text else text
    return None


def _hex(body: bytes) -> str:
    lines = []
    for start in range(0, len(body), 16):
        row = body[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{start:08x}  {row.hex(' '):<47}  {text}")
    return "\n".join(lines)
