"""Ways into a JSON value: JSON Pointer (RFC 6901), and JSONPath (RFC 9535) but for its functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from actionstudio.core.rules.facts import Facts, Got
from actionstudio.core.rules.filters import Filter, Unreadable, compile_filter
from actionstudio.core.schemas.refs import unescape
from actionstudio.core.words import said

type JSON = Any
type Find = Callable[[JSON, Facts], Got]

LONGEST = 500  # characters of a way
MOST_FOUND = 1_000
_STEP = 100  # units of work that looking at one value costs
_TOKEN = re.compile(
    r"""\.\.(?P<deepname>[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*|\*)|(?P<deep>\.\.(?=\[))"""
    r"""|\.(?P<name>[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*|\*)|(?P<open>\[)"""
)
_PIECE = re.compile(r"""\[|\]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\[\]"']+""", re.DOTALL)
_PART = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<slice>-?\d*\s*:\s*-?\d*(?:\s*:\s*-?\d*)?)"""
    r"""|(?P<index>-?\d{1,9})|(?P<all>\*))\s*(?:,|\Z)"""
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class PathError(ValueError):
    """A way that cannot be followed; the message says why and what to write instead."""


class Way:
    """A compiled way. ``single`` says that at most one value can stand there; ``named`` whether the names under which
    values stand can be seen from the way: those behind ``*`` may be secrets."""

    __slots__ = ("find", "named", "single")

    def __init__(self, find: Find, single: bool, named: Callable[[JSON, Facts], bool] | None = None) -> None:
        self.find = find
        self.single = single
        self.named = named or _always


def compile_path(text: str) -> Way:
    """The way that ``text`` writes. Raises PathError."""
    if len(text) > LONGEST:
        raise PathError(said("This is longer than %(most)s characters.", most=LONGEST))
    if not text:
        return Way(lambda value, facts: (value,), True)
    if text.startswith("/"):
        return Way(_pointer([unescape(token) for token in text[1:].split("/")]), True)
    if text.startswith("$"):
        return _jsonpath(text)
    raise PathError(
        said("Name a field of the body as %(guess)s, as /list/0/field, or as $.list[*].field.", guess=meant(text))
    )


def meant(text: str) -> str:
    """The way that people mean who write ``price``, ``body.price`` or ``items[0].price``; a way is as it is."""
    text = text.strip()
    inner = text.removeprefix("body.") or text
    if not inner or inner[0] in "/$":
        return inner
    if "*" in inner or "[?" in inner or ".." in inner:
        return f"${inner}" if inner[0] in "[." else f"$.{inner}"
    steps = [inner] if "/" in inner else re.sub(r"\[(\d+)\]", r".\1", inner).lstrip(".").split(".")
    return "/" + "/".join(step.replace("~", "~0") for step in steps)


def _pointer(tokens: list[str]) -> Find:
    steps = [(token, _index(token)) for token in tokens]

    def find(value: JSON, facts: Facts) -> Got:
        for token, index in steps:
            if isinstance(value, dict):
                if token not in value:
                    return ()
                value = value[token]
            elif isinstance(value, list) and index is not None and index < len(value):
                value = value[index]
            else:
                return ()
        return (value,)

    return find


def _index(token: str) -> int | None:
    """RFC 6901, section 4: digits without a zero before them."""
    plain = token.isascii() and token.isdigit() and len(token) < 10 and (token == "0" or token[0] != "0")
    return int(token) if plain else None


type _Selector = str | int | slice | Filter | None  # a name, an index, a slice, a filter, everything


def _jsonpath(text: str) -> Way:
    steps: list[tuple[bool, tuple[_Selector, ...]]] = []
    at, deep = 1, False
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unreadable(text[at:])
        at = found.end()
        if found["deep"]:
            deep = True
            continue
        if found["open"]:
            end = _closed(text, at)
            steps.append((deep, _selectors(text[at : end - 1], text[at - 1 :])))
            at = end
        else:
            name = found["deepname"] or found["name"]
            steps.append((bool(found["deepname"]), (None if name == "*" else name,)))
        deep = False
    single = all(not below and len(some) == 1 and isinstance(some[0], str | int) for below, some in steps)
    if single:
        return Way(lambda value, facts: tuple(_along(value, steps)), True)
    below, selectors = steps[-1]
    if None not in selectors and not isinstance(selectors[0], Filter):
        return Way(lambda value, facts: _walk(value, steps, facts), False)

    def named(value: JSON, facts: Facts) -> bool:
        return not below and not any(isinstance(one, dict) for one in _walk(value, steps[:-1], facts))

    return Way(lambda value, facts: _walk(value, steps, facts), False, named)


def _always(value: JSON, facts: Facts) -> bool:
    return True


def _unreadable(rest: str) -> PathError:
    return PathError(said("JSONPath cannot be read from “%(rest)s” on. It is like $.items[0].name.", rest=rest[:40]))


def _closed(text: str, begin: int) -> int:
    """Behind the bracket that closes what begins there."""
    at, depth = begin, 1
    while depth:
        piece = _PIECE.match(text, at)
        if piece is None:
            raise _unreadable(text[begin - 1 :])
        depth += (piece[0] == "[") - (piece[0] == "]")
        at = piece.end()
    return at


def _selectors(inner: str, rest: str) -> tuple[_Selector, ...]:
    if inner.lstrip().startswith("?"):
        try:
            return (compile_filter(inner.lstrip()[1:]),)
        except Unreadable:
            raise _unreadable(rest) from None
    at, more = 0, True
    found: list[_Selector] = []
    while more:
        part = _PART.match(inner, at)
        if part is None:
            raise _unreadable(rest)
        more = part[0].endswith(",")
        at = part.end()
        if part["text"] is not None:
            found.append(_ESCAPE.sub(r"\1", part["text"][1:-1]))
        elif part["slice"] is not None:
            numbers = [int(number) if number.strip() else None for number in part["slice"].split(":")]
            if any(number is not None and abs(number) > 10**9 for number in numbers) or numbers[2:] == [0]:
                raise _unreadable(rest)
            found.append(slice(*numbers))
        else:
            found.append(None if part["all"] else int(part["index"]))
    return tuple(found)


def _along(value: JSON, steps: list[tuple[bool, tuple[_Selector, ...]]]) -> Iterator[JSON]:
    for _, (selector,) in steps:
        if isinstance(selector, str):
            if not isinstance(value, dict) or selector not in value:
                return
        elif not isinstance(value, list) or not -len(value) <= selector < len(value):  # type: ignore[operator]
            return
        value = value[selector]
    yield value


def _walk(value: JSON, steps: list[tuple[bool, tuple[_Selector, ...]]], facts: Facts) -> Got:
    nodes = [value]
    for below, selectors in steps:
        found: list[JSON] = []
        for node in _below(nodes, facts) if below else nodes:
            if not facts.spend(_STEP * len(selectors)):
                return found[:MOST_FOUND]
            for selector in selectors:
                _select(node, selector, found, facts)
        nodes = found
    return nodes[:MOST_FOUND]


def _select(node: JSON, selector: _Selector, found: list[JSON], facts: Facts) -> None:
    if isinstance(selector, str):
        if isinstance(node, dict) and selector in node:
            found.append(node[selector])
    elif isinstance(selector, int):
        if isinstance(node, list) and -len(node) <= selector < len(node):
            found.append(node[selector])
    elif isinstance(node, list) or (isinstance(node, dict) and not isinstance(selector, slice)):
        terms = selector.terms if isinstance(selector, Filter) else 1
        if not facts.spend(_STEP * terms * len(node)):
            return
        values = node if isinstance(node, list) else node.values()
        if isinstance(selector, Filter):
            found.extend([value for value in values if selector.passes(value, facts)])
        else:
            found.extend(node[selector] if isinstance(selector, slice) else values)


def _below(nodes: list[JSON], facts: Facts) -> Iterator[JSON]:
    """The nodes and all that stands within them, in the order of the document (RFC 9535, section 2.5.2)."""
    stack = nodes[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, dict | list):
            if not facts.spend(_STEP * len(node)):
                return
            stack.extend(reversed(node.values() if isinstance(node, dict) else node))
