"""A call as the flat object of arguments that ChatGPT's model had filled in: path, query and body together (RT-03).

A call may have the shape of the GPT profile or of the whole document; both come out in the profile's names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson
import re2

from actionstudio.core.arguments import Encode, Move, Rename, Step, Unwrap
from actionstudio.core.call import Call
from actionstudio.core.contract import Contract
from actionstudio.core.importer.message import ImportedOperation

type JSON = Any

_NAME = re.compile(r"\{([^{}]*)\}")
_FORM = "application/x-www-form-urlencoded"
_MOST = 10_000  # query parts


@dataclass(frozen=True, slots=True)
class Value:
    """One argument of a call. ``place`` is path, query or body; ``texts`` are what it was made of when it is ``text``
    (a list when it was sent more than once), which says nothing of its type."""

    value: JSON
    place: str
    text: bool = False
    texts: tuple[str, ...] = ()


class Shape:
    """Reads the calls of one operation. ``paths`` are the templates it has and had, the imported one first."""

    def __init__(
        self, found: ImportedOperation, steps: Sequence[Step], paths: Iterable[str], bases: Sequence[str] = ()
    ) -> None:
        self._found = found
        self._templates = [Template(path) for path in dict.fromkeys(paths)]
        self._names = [one.name for one in found.arguments if one.in_ == "path"]
        self._bases = bases
        self._renamed = {(one.in_, one.to): one.name for one in steps if isinstance(one, Rename)}
        self._wrapped = next((one.key for one in steps if isinstance(one, Unwrap)), "")
        self._forms = any(isinstance(one, Encode) for one in steps)
        self._moved = {one.to.lower(): one.name for one in steps if isinstance(one, Move) and one.in_ == "header"}
        self._roots = {one.name for one in found.arguments if one.in_ == "query"}
        self._inner = _inner_names(found)

    def matches(self, path: str) -> bool:
        """Whether a path is one of the imported template."""
        return any(self._templates[0].read(one) is not None for one in without_base(path, self._bases))

    def arguments(self, call: Call) -> dict[str, Value]:
        """The arguments by name. Raises json.JSONDecodeError when the body should be JSON and is none."""
        found = {name: Value(value, "path", True, (value,)) for name, value in self._path(call.path).items()}
        found |= self._query(call.query)
        for name, value in call.headers:
            if name in self._moved:
                found[self._moved[name]] = Value(value, "header", True, (value,))
        return found | {name: Value(value, "body") for name, value in self._body(call).items()}

    def _path(self, path: str) -> dict[str, str]:
        """The values of the path, under the imported names; those of a template that is not known by elimination."""
        for one in without_base(path, self._bases):
            for template in self._templates:
                values = template.read(one)
                if values is not None:
                    return self._as_imported(values)
        return self._eliminated(path)

    def _eliminated(self, path: str) -> dict[str, str]:
        """The values of a path whose template nobody knows: what stands behind the same words, or else what is left
        when the words of the imported template are taken away."""
        wanted, had = self._templates[0].path.split("/"), path.split("/")
        found = {}
        for before, part in pairwise(wanted):
            name = _NAME.fullmatch(part)
            if name and before in had[:-1] and "{" not in before and before:
                found[name[1]] = unquote(had[had.index(before) + 1])
        if len(found) == len(self._names):
            return found
        left = [unquote(part) for part in had if part and part not in wanted]
        return dict(zip(self._names, left, strict=True)) if len(left) == len(self._names) else {}

    def _as_imported(self, values: dict[str, str]) -> dict[str, str]:
        """A path's names are not the model's to choose: where only they differ, the imported ones stand for them."""
        if set(values) <= {one.name for one in self._found.arguments} or len(values) != len(self._names):
            return values
        return dict(zip(self._names, values.values(), strict=True))

    def _query(self, query: str) -> dict[str, Value]:
        texts: dict[str, list[str]] = {}
        for key, value in parse_qsl(query, keep_blank_values=True)[:_MOST]:
            texts.setdefault(self._argument(key), []).append(value)
        return {
            name: Value(found[0] if len(found) == 1 else found, "query", True, tuple(found))
            for name, found in texts.items()
        }

    def _argument(self, key: str) -> str:
        """The argument that a query's key belongs to: ``filter[status]`` and the fields of an object to their root."""
        key = self._renamed.get(("query", key), key)
        if key in self._roots:
            return key
        root = key.partition("[")[0]
        return root if root in self._roots else self._inner.get(key, key)

    def _body(self, call: Call) -> dict[str, JSON]:
        if not call.body:
            return {}
        kind = call.header("content-type").partition(";")[0].strip().lower()
        if kind == _FORM:
            return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
        if kind and not (kind == "application/json" or kind.endswith("+json")):
            key = self._wrapped
            return {key: call.body.decode("utf-8", "replace")} if key and self._forms else {}
        try:
            value = orjson.loads(call.body)
        except orjson.JSONDecodeError:
            value = json.loads(call.body.decode("utf-8", "replace"))  # its error is the one that ChatGPT quotes
        if not isinstance(value, dict):
            return {self._wrapped: value} if self._wrapped else {}
        return {str(self._renamed.get(("body", name), name)): item for name, item in value.items()}


class Template:
    """One path of a document."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.names: list[str] = _NAME.findall(path)
        pieces = _NAME.split(path)[::2]
        self._pattern = re2.compile("([^/]+?)".join(re2.escape(piece) for piece in pieces))

    def read(self, path: str) -> dict[str, str] | None:
        """The values of the path by their names; None when it is another."""
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        return {name: unquote(str(text)) for name, text in zip(self.names, found.groups(), strict=True)}


def bases(contract: Contract) -> tuple[str, ...]:
    """The base paths of a document's servers, the longest first: a call of another client may begin with one."""
    found = {urlsplit(server.url).path.rstrip("/") for server in contract.servers if "{" not in server.url}
    return tuple(sorted(found - {""}, key=len, reverse=True))


def without_base(path: str, bases: Iterable[str]) -> list[str]:
    """The path as it is, and without each base path that it begins with."""
    return [path, *(path[len(base) :] for base in bases if path.startswith(base + "/"))]


def _inner_names(found: ImportedOperation) -> dict[str, str]:
    """The fields of objects in the query, which travel under their own names (style form, exploded)."""
    out: dict[str, str] = {}
    for one in found.arguments:
        properties = one.schema.get("properties") if isinstance(one.schema, dict) else None
        if one.in_ == "query" and isinstance(properties, dict):
            out |= dict.fromkeys(properties, one.name)
    return out
