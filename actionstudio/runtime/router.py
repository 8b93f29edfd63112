"""Which operation a path belongs to: literal paths from a table, templated ones from a tree of segments.

Literal text beats a template at every segment (OpenAPI 3.1.0, section 4.8.8). A template may stand inside a segment
(``/files/{name}.json``). Segments are percent-decoded one by one, so that ``%2F`` stays inside its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

import re2

from actionstudio.core.call import Call
from actionstudio.runtime import nearness

REMEMBERED = 1024  # paths
_LONG = 512  # characters of a path that is not remembered
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
type Values = dict[str, str]
type Methods = dict[str, Any]


class Route:
    """One path of the document and what answers each of its methods."""

    __slots__ = ("literal", "methods", "names", "path", "segments")

    def __init__(self, path: str) -> None:
        self.path = path
        self.segments = path.split("/")[1:]
        self.methods: Methods = {}
        self.literal = "{" not in path
        self.names = _TEMPLATE.findall(path)


class _Node:
    """One segment's place in the tree."""

    __slots__ = ("any", "leaf", "literals", "patterns")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.patterns: list[tuple[str, Any, tuple[str, ...], _Node]] = []
        self.any: list[tuple[str, _Node]] = []
        self.leaf: Route | None = None


class Router:
    """``find(method, path)`` for one contract. ``bases`` are the paths of the document's own servers."""

    def __init__(self, operations: Iterable[tuple[str, str, Any]], bases: Iterable[str] = ()) -> None:
        self.routes: dict[str, Route] = {}
        self._literal: dict[str, Methods] = {}
        self._root = _Node()
        self._near: nearness.Index | None = None
        self._found: dict[tuple[str, str], tuple[Any, Values | None, tuple[str, ...]]] = {}
        self.bases = tuple(sorted({base.rstrip("/") for base in bases} - {""}, key=len, reverse=True))
        for method, path, target in operations:
            route = self.routes.get(path)
            if route is None:
                route = self.routes[path] = Route(path)
                self._place(route)
            route.methods.setdefault(method, target)

    def _place(self, route: Route) -> None:
        if route.literal:
            self._literal[route.path] = route.methods
        node = self._root
        for segment in route.segments:
            node = _child(node, segment)
        if node.leaf is None:
            node.leaf = route

    def find(self, method: str, path: str) -> tuple[Any, Values | None, tuple[str, ...]]:
        """(target, path values, ()) or (None, None, allowed methods): no methods means that the path is unknown.

        The values may be shared between calls: nobody changes them.
        """
        methods = self._literal.get(path)
        if methods is not None:
            target = methods.get(method)
            if target is not None:
                return target, None, ()
        key = (method, path)
        found = self._found.get(key)
        if found is None:
            found = self._search(method, path)
            if found[0] is None and not found[2]:
                found = self._beyond(method, path)
            if len(path) < _LONG:
                if len(self._found) >= REMEMBERED:
                    self._found.clear()
                self._found[key] = found
        return found

    def _beyond(self, method: str, path: str) -> tuple[Any, Values | None, tuple[str, ...]]:
        """The same path below a server's base path, or with the other habit about a last slash."""
        for base in self.bases:
            if path.startswith(base) and path[len(base) : len(base) + 1] in ("/", ""):
                found = self._search(method, path[len(base) :] or "/")
                if found[0] is not None or found[2]:
                    return found
        if len(path) > 1 and not path.endswith("//"):
            return self._search(method, path[:-1] if path.endswith("/") else path + "/")
        return None, None, ()

    def _search(self, method: str, path: str) -> tuple[Any, Values | None, tuple[str, ...]]:
        segments = [unquote(segment) if "%" in segment else segment for segment in path.split("/")[1:]]
        allowed: dict[str, None] = {}
        values: list[tuple[str, str]] = []
        route = self._walk(self._root, segments, 0, method, values, allowed)
        if route is not None:
            return route.methods.get(method) or route.methods["GET"], dict(values), ()
        return None, None, tuple(allowed)

    def _walk(
        self, node: _Node, segments: list[str], at: int, method: str, values: list, allowed: dict[str, None]
    ) -> Route | None:
        if at == len(segments):
            route = node.leaf
            if route is None:
                return None
            if method in route.methods or (method == "HEAD" and "GET" in route.methods):
                return route
            allowed.update(dict.fromkeys(route.methods))
            return None
        segment = segments[at]
        child = node.literals.get(segment)
        if child is not None:
            route = self._walk(child, segments, at + 1, method, values, allowed)
            if route is not None:
                return route
        for _, pattern, names, child in node.patterns:
            match = pattern.fullmatch(segment)
            if match is not None:
                mark = len(values)
                values.extend(zip(names, match.groups(), strict=True))
                route = self._walk(child, segments, at + 1, method, values, allowed)
                if route is not None:
                    return route
                del values[mark:]
        if segment:
            for name, child in node.any:
                values.append((name, segment))
                route = self._walk(child, segments, at + 1, method, values, allowed)
                if route is not None:
                    return route
                values.pop()
        return None

    def near(self, call: Call) -> list[dict[str, Any]]:
        """The operations closest to a call that nobody answers, each with what fits and what does not."""
        if self._near is None:
            self._near = nearness.Index(self.routes.values())
        base = next((base for base in self.bases if call.path.startswith(base + "/")), "")
        path = call.path[len(base) :]
        return nearness.unanswered(self._near.nearest(call.method, path), call, path)


def _child(node: _Node, segment: str) -> _Node:
    names = _TEMPLATE.findall(segment)
    if not names:
        return node.literals.setdefault(unquote(segment), _Node())
    if segment == "{" + names[0] + "}":
        for name, child in node.any:
            if name == names[0]:
                return child
        node.any.append((names[0], _Node()))
        return node.any[-1][1]
    for text, _, _, child in node.patterns:
        if text == segment:
            return child
    made = (segment, _pattern(segment), tuple(names), _Node())
    node.patterns.append(made)
    node.patterns.sort(key=lambda entry: -len(_TEMPLATE.sub("", entry[0])))  # more literal text first
    return made[3]


def _pattern(segment: str) -> Any:
    """One or more characters for each name, matched in linear time whatever is sent."""
    pieces = _TEMPLATE.split(segment)
    texts, last = pieces[::2], len(pieces) // 2
    groups = ["(.+)" if index == last - 1 else "(.+?)" for index in range(last)]
    out = re2.escape(texts[0])
    for group, text in zip(groups, texts[1:], strict=True):
        out += group + re2.escape(text)
    return re2.compile(f"(?s){out}")


def base_paths(servers: Iterable[Any]) -> list[str]:
    """The paths of a document's servers, their variables filled with defaults (OpenAPI 3.1.0, section 4.8.5)."""
    found = []
    for server in servers:
        url = server.url
        variables = server.extra.get("variables")
        if isinstance(variables, Mapping):
            for name, said in variables.items():
                if isinstance(said, Mapping):
                    url = url.replace("{" + name + "}", str(said.get("default", "")))
        rest = url.partition("://")[2] if "://" in url else url
        path = rest[rest.find("/") :] if "/" in rest else ""
        found.append(path.partition("?")[0])
    return found
