"""What differs between two replies: status, headers, and bodies compared by structure, not by text."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from actionstudio.core.aligning import Likely, Prints, align, identity, same

__all__ = ["ABSENT", "Answer", "Change", "Difference", "align", "compare_json", "compare_reply", "json_path", "same"]

type Step = str | int
type Way = tuple[Step, ...]
VOLATILE = {"age", "alt-svc", "cf-ray", "connection", "content-length", "date", "etag", "keep-alive", "last-modified"}
VOLATILE |= {"nel", "report-to", "server", "server-timing", "set-cookie", "transfer-encoding", "via", "x-powered-by"}
VOLATILE |= {"x-request-id", "x-response-time", "x-runtime"}
VOLATILE_STARTS = ("studio-", "x-ratelimit-", "ratelimit")
TEXT_LINES = 2_000
_BEGINNING = 40  # characters of an item that has no identity
ABSENT = object()
ANY = object()
ANY_INDEX = object()


@dataclass(frozen=True, slots=True)
class Change:
    """``path`` is a JSONPath such as ``$.items[0].price``, a header's name, ``status`` or ``line 3``."""

    path: str
    kind: str  # added | removed | changed
    before: Any = None
    after: Any = None


class Answer(NamedTuple):
    """A reply as it is compared; a plain tuple of the same four is taken too."""

    status: int
    headers: Iterable[tuple[str, str]] = ()
    body: bytes = b""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs. ``volatile`` headers differ from run to run and do not count; ``note``: how bodies were read."""

    status: Change | None
    headers: list[Change]
    body: list[Change]
    volatile: list[Change]
    same: bool
    note: str


def compare_json(a: Any, b: Any, ignore: Iterable[str] = (), likely: Likely | None = None) -> list[Change]:
    """The changes from ``a`` to ``b``, both parsed JSON.

    List items are aligned by id, key, name, sku, slug or code, then by content, then by position (``aligning``, whose
    ``likely`` this is); a path's index is that in ``a`` (in ``b`` for what was added). Items that only changed places
    give one change at the list, whose values are the identities in their order: the only change with a list on both
    sides. ``ignore`` holds patterns: ``$.a.b``, ``$.items[*].at``, ``$.*.id``, ``$["x y"]``; each
    also covers what lies below it.
    """
    patterns = patterns_of(ignore)
    return [
        Change(json_path(way), kind, before, after)
        for way, kind, before, after in _changes(a, b, (), likely, Prints())
        if not any(covers(one, way) for one in patterns)
    ]


def compare_reply(
    before: Answer | tuple[int, Any, bytes, str],
    after: Answer | tuple[int, Any, bytes, str],
    ignore: Iterable[str] = (),
    likely: Likely | None = None,
) -> Difference:
    """What differs between two replies. ``ignore`` holds body paths, ``header:name`` and ``status``; ``likely``: see
    :func:`compare_json`."""
    old, new = Answer(*before), Answer(*after)
    ignored = tuple(ignore)
    names = {text[7:].strip().lower() for text in ignored if text.startswith("header:")}
    changed = old.status != new.status and "status" not in ignored
    status = Change("status", "changed", old.status, new.status) if changed else None
    headers = [change for change in _headers(old, new) if change.path not in names]
    volatile = [change for change in headers if is_volatile(change.path)]
    headers = [change for change in headers if not is_volatile(change.path)]
    body, note = _bodies(old.body, new.body, ignored, likely)
    return Difference(status, headers, body, volatile, not (status or headers or body), note)


def noise(a: Answer | tuple[int, Any, bytes, str], b: Answer | tuple[int, Any, bytes, str]) -> list[str]:
    """Patterns for ``ignore`` that cover all that differs between two runs of the same call."""
    found = compare_reply(a, b)
    paths = [re.sub(r"\[\d+\]", "[*]", change.path) for change in found.body if change.path.startswith("$")]
    return [*dict.fromkeys([*paths, *(f"header:{change.path}" for change in found.headers)])]


def is_volatile(name: str) -> bool:
    """Whether a header differs from run to run by nature."""
    return name in VOLATILE or name.startswith(VOLATILE_STARTS)


def json_path(way: Iterable[Step]) -> str:
    """A way of names and indexes as JSONPath (RFC 9535, normalized but for the dots)."""
    out = "$"
    for step in way:
        if isinstance(step, int):
            out += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_][\w-]*", step):
            out += f".{step}"
        else:
            out += f"[{orjson.dumps(step).decode()}]"
    return out


def loads(body: bytes) -> Any:
    """The JSON a body holds, or ABSENT when it is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return ABSENT


def _changes(a: Any, b: Any, way: Way, likely: Likely | None, prints: Prints) -> Iterator[tuple[Way, str, Any, Any]]:
    if isinstance(a, dict) and isinstance(b, dict):
        for key, value in a.items():
            if key in b:
                yield from _changes(value, b[key], (*way, key), likely, prints)
            else:
                yield (*way, key), "removed", value, None
        yield from (((*way, key), "added", None, value) for key, value in b.items() if key not in a)
    elif isinstance(a, list) and isinstance(b, list):
        yield from _list_changes(a, b, way, likely, prints)
    elif not same(a, b):
        yield way, "changed", a, b


def _list_changes(
    a: list[Any], b: list[Any], way: Way, likely: Likely | None, prints: Prints
) -> Iterator[tuple[Way, str, Any, Any]]:
    pairs = align(a, b, likely, prints)
    for left, right in pairs:
        if left is None:
            assert right is not None  # a pair has at least one side
            yield (*way, right), "added", None, b[right]
        elif right is None:
            yield (*way, left), "removed", a[left], None
        else:
            yield from _changes(a[left], b[right], (*way, left), likely, prints)
    order = [right for left, right in pairs if left is not None and right is not None]
    if order != sorted(order):
        yield way, "changed", [_named(b[right]) for right in order], [_named(b[right]) for right in sorted(order)]


def _named(item: Any) -> Any:
    """What stands for an item in the order of its list: its identity, a scalar itself, else its beginning."""
    if isinstance(item, dict | list):
        found = identity(item)
        return found[1] if found else orjson.dumps(item).decode()[:_BEGINNING]
    return item


_TOKEN = re.compile(r"""\.?\*|\.?([\w-]+)|\[(\d+)\]|\[\*\]|\[("(?:[^"\\]|\\.)*")\]|\['([^']*)'\]""")


def patterns_of(texts: Iterable[str]) -> list[tuple[Any, ...]]:
    """The body paths among what is to be ignored, read once."""
    return [pattern(text) for text in texts if text.startswith(("$", ".", "["))]


def readable(text: str) -> bool:
    """Whether a text is a path that can be read (see :func:`compare_json`)."""
    steps = pattern(text)
    return text.startswith("$") and not any(type(step) is object and step not in (ANY, ANY_INDEX) for step in steps)


def pattern(text: str) -> tuple[Any, ...]:
    """A pattern as steps; what cannot be read as one matches nothing."""
    steps: list[Any] = []
    place = 1 if text.startswith("$") else 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            return (object(),)
        name, index, quoted, single = found.groups()
        if index is not None:
            steps.append(int(index))
        elif found.group() == "[*]":
            steps.append(ANY_INDEX)
        elif quoted is not None:
            steps.append(orjson.loads(quoted))
        else:
            steps.append(single if single is not None else ANY if name is None else name)
        place = found.end()
    return tuple(steps)


def covers(pattern: tuple[Any, ...], way: Way) -> bool:
    """Whether ``way`` is what a pattern means, or lies below it."""
    return len(pattern) <= len(way) and all(
        want is ANY or (isinstance(step, int) if want is ANY_INDEX else want == step)
        for want, step in zip(pattern, way, strict=False)
    )


def _headers(old: Answer, new: Answer) -> list[Change]:
    before, after = _gathered(old), _gathered(new)
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        left, right = before.get(name), after.get(name)
        if left != right:
            kind = "added" if left is None else "removed" if right is None else "changed"
            found.append(Change(name, kind, left, right))
    return found


def _gathered(answer: Answer) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, value in answer.headers:
        key = name.lower()
        out[key] = f"{out[key]}, {value.strip()}" if key in out else value.strip()
    if answer.content_type:
        out.setdefault("content-type", answer.content_type)
    if "content-type" in out:
        out["content-type"] = re.sub(r"\s*;\s*", "; ", out["content-type"]).lower()
    return out


def _bodies(old: bytes, new: bytes, ignore: tuple[str, ...], likely: Likely | None) -> tuple[list[Change], str]:
    if old == new:
        return [], ""
    before, after = loads(old), loads(new)
    if before is not ABSENT and after is not ABSENT:
        try:
            return compare_json(before, after, ignore, likely), ""
        except RecursionError:
            return [Change("$", "changed", _described(old), _described(new))], "The bodies are nested too deeply."
    if "$" in ignore:
        return [], "The body is ignored."
    try:
        texts = old.decode(), new.decode()
    except UnicodeDecodeError:
        return [Change("$", "changed", _described(old), _described(new))], "At least one body is not text."
    note = "" if before is after else f"Only the {'new' if before is ABSENT else 'old'} body is JSON."
    return _text_changes(*texts), note or "The bodies are compared as text."


def _described(body: bytes) -> str:
    return f"{len(body)} bytes, SHA-256 {hashlib.sha256(body).hexdigest()[:16]}"


def _text_changes(old: str, new: str) -> list[Change]:
    left, right = old.splitlines(), new.splitlines()
    if max(len(left), len(right)) > TEXT_LINES:
        return [Change("$", "changed", old, new)]
    found = []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            name = {"insert": "added", "delete": "removed", "replace": "changed"}[kind]
            before, after = "\n".join(left[a1:a2]), "\n".join(right[b1:b2])
            found.append(Change(f"line {(b1 if kind == 'insert' else a1) + 1}", name, before or None, after or None))
    return found or [Change("$", "changed", old, new)]
