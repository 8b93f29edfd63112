"""Near misses: the operations that a call which nobody answers, or one that is refused, was probably meant for.

Only failures come here. What a look costs does not depend on how long the call is, and hardly on how many paths there
are: texts are compared once per distinct segment, the paths only by the results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from actionstudio.core.call import Call
from actionstudio.core.nearness import Nearness, compare, cut

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.router import Route

MOST = 3
ROUTES = 2000  # that are looked at
SEGMENTS = 16  # of a path; a longer one is compared by its beginning
LETTERS = 48  # of a segment
PAIRS = 8  # pairs of letters that a segment is looked up by, the rarest first
CANDIDATES = 12  # distinct texts of one place that are compared in full
_OTHER_METHOD = 0.15
_TEMPLATE = ""  # stands for any text
_ANY = 0.3  # what a template costs: a literal that fits is nearer
_LENGTH = 1.1  # what a segment too few or too many costs
_BEFORE = 0.5  # and one too many at the beginning: a base path that stands twice, as in /api/orders
_MOST_BEFORE = 2  # such segments


class Index:
    """The paths of one contract, made to be compared. Made at the first failure."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = list(routes)[:ROUTES]
        self._keys = [
            tuple(_TEMPLATE if "{" in text else unquote(text).lower() for text in route.segments[:SEGMENTS])
            for route in self._routes
        ]
        self._places = [_Place(place, self._keys) for place in range(max(map(len, self._keys), default=0))]
        self._strange: dict[int, list[float]] = {}

    def nearest(self, method: str, path: str, most: int = MOST) -> list[Route]:
        """The routes whose paths are most like this one."""
        sent = [text.lower() for text in _segments(path)]
        costs = self._compared(sent)
        most_before = min(_MOST_BEFORE, len(sent) - 1) if len(sent) <= len(self._places) + _MOST_BEFORE else 0
        for n in range(1, most_before + 1):
            shifted = self._compared(sent[n:])
            costs = [min(one, other + n * _BEFORE) for one, other in zip(costs, shifted, strict=True)]
        found = []
        for number in nsmallest(most * 4, range(len(costs)), key=costs.__getitem__):
            route = self._routes[number]
            found.append((costs[number] + (0 if method in route.methods else _OTHER_METHOD), route.path, route))
        return [route for _cost, _path, route in sorted(found, key=lambda one: one[:2])[:most]]

    def _compared(self, sent: list[str]) -> list[float]:
        """How far every route is from a path of these segments."""
        costs = self._costs(len(sent)).copy()
        for text, place in zip(sent, self._places, strict=False):
            for known, gain in place.like(text):
                for number in place.routes[known]:
                    costs[number] -= gain
        return costs

    def _costs(self, length: int) -> list[float]:
        """How far every route is from a path of that many segments that are like none of its own."""
        made = self._strange.get(length)
        if made is None:
            made = self._strange[length] = [
                _LENGTH * abs(len(key) - length) + sum(1.0 if text else _ANY for text in key[:length])
                for key in self._keys
            ]
        return made


class _Place:
    """The texts that stand at one place of the paths: which routes have each, which of them share a pair of letters."""

    __slots__ = ("pairs", "routes")

    def __init__(self, place: int, keys: list[tuple[str, ...]]) -> None:
        self.routes: dict[str, list[int]] = {}
        for number, key in enumerate(keys):
            if len(key) > place and key[place]:
                self.routes.setdefault(key[place], []).append(number)
        self.pairs: dict[str, list[str]] = {}
        for text in self.routes:
            for pair in _pairs(text):
                self.pairs.setdefault(pair, []).append(text)

    def like(self, sent: str) -> list[tuple[str, float]]:
        """The texts of this place that are like the one sent, each with how much: 1 is the same."""
        mine = _pairs(sent)
        lists = sorted((self.pairs[pair] for pair in mine if pair in self.pairs), key=len)[:PAIRS]
        shared = Counter(chain.from_iterable(lists)).most_common(CANDIDATES)
        found = [(text, _alike(mine, text)) for text, _count in shared if text != sent]
        return [*found, (sent, 1.0)] if sent in self.routes else found


def _pairs(text: str) -> set[str]:
    return set(map("".join, pairwise(text[:LETTERS])))


def _alike(mine: set[str], text: str) -> float:
    theirs = _pairs(text)
    return 0.9 * len(mine & theirs) / max(len(mine), len(theirs), 1)


def _segments(path: str) -> list[str]:
    return [unquote(text[: LETTERS * 3])[:LETTERS] for text in path.split("/", SEGMENTS + 1)[1 : SEGMENTS + 1]]


def of_path(route: Route, path: str, found: Nearness) -> None:
    """Segment by segment how a path fits a route."""
    sent = _segments(path)
    if before := _too_much(sent, route):
        found.differs("path", f"begins with `/{cut('/'.join(sent[:before]))}`, which is too much")
        for place in range(1, len(route.segments) + 1):
            found.fits(f"path segment {before + place}")
        return
    for place, (have, want) in enumerate(zip(sent, route.segments, strict=False), 1):
        if "{" in want or have == want:
            found.fits(f"path segment {place}")
        else:
            found.differs(f"path segment {place}", f"`{cut(have)}`, wanted `{want}`")
    count, wanted = path.count("/"), len(route.segments)
    if count != wanted:
        found.differences.append(f"{count} path segment{'' if count == 1 else 's'}, wanted {wanted}")


def _too_much(sent: list[str], route: Route) -> int:
    """How many segments stand before what would be the route's whole path; 0 when that is not all that is wrong."""
    more = len(sent) - len(route.segments)
    if not 0 < more <= _MOST_BEFORE or all("{" in want for want in route.segments):
        return 0
    fits = all("{" in want or have == want for have, want in zip(sent[more:], route.segments, strict=True))
    return more if fits else 0


def unanswered(routes: Iterable[Route], call: Call, path: str) -> list[dict[str, Any]]:
    """What each of these routes would have to be asked for instead, the nearest first. ``path`` is the call's without
    the server's base path."""
    return [_unanswered(route, call, path) for route in routes]


def _unanswered(route: Route, call: Call, path: str) -> dict[str, Any]:
    method = call.method if call.method in route.methods else next(iter(route.methods))
    found = Nearness()
    if method == call.method:
        found.fits("method")
    else:
        found.differs("method", f"{cut(call.method)}, wanted {' or '.join(route.methods)}")
    of_path(route, path, found)
    return _told(method, route.path, route.methods[method], call, found)


def _told(method: str, path: str, served: Any, call: Call, found: Nearness) -> dict[str, Any]:
    """The near miss as the log keeps it and the answer tells it."""
    operation = getattr(served, "operation", None)
    told = {"method": method, "path": path}
    if operation is not None:
        told["operation"] = operation.operation_id
        resolver = served.house.resolver
        compare(call, resolver.parameters(operation), resolver.body(operation), resolver.components, found)
    return {**told, "differences": found.differences, "matched": found.matched}


def invalid(served: Served, call: Call, violations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A call that its operation refused: what was right with it beside what was wrong."""
    near = Nearness()
    operation, resolver = served.operation, served.house.resolver
    compare(call, resolver.parameters(operation), resolver.body(operation), resolver.components, near)
    wrong = Nearness()
    for found in violations:
        wrong.differs(".".join(str(step) for step in found["location"]), str(found["message"]))
    named = {text.partition(":")[0] for text in wrong.differences}
    matched = [text for text in near.matched if text not in named]
    told = {"method": operation.method, "path": operation.path, "operation": operation.operation_id}
    return [{**told, "differences": wrong.differences, "matched": ["method", "path", *matched]}]


def denied(served: Served, sentence: str) -> list[dict[str, Any]]:
    """A call that was not let in. The same for every such call."""
    operation = served.operation
    told = {"method": operation.method, "path": operation.path, "operation": operation.operation_id}
    return [{**told, "differences": [f"credential: {sentence}"], "matched": ["method", "path"]}]
