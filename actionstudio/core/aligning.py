"""Which item of one list stands for which of another: by identity, by content, by place. The work is bounded.

Equal items are found by a fingerprint of their content; those that also kept their order are the longest increasing
run of their new places (patience sorting), so that a thousand shuffled items cost n·log n and never n².
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any

type Pair = tuple[int | None, int | None]
type Likely = Callable[[Any, Any], bool]

IDENTITIES = ("id", "key", "name", "sku", "slug", "code")


def same(a: Any, b: Any) -> bool:
    """Whether two JSON values are equal: 1 equals 1.0, but true is no number."""
    if isinstance(a, dict) and isinstance(b, dict):
        return len(a) == len(b) and all(key in b and same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def identity(item: Any) -> tuple[str, Any] | None:
    """The member that tells an object from its neighbours, and its value."""
    if isinstance(item, dict):
        for key in IDENTITIES:
            if isinstance(item.get(key), str | int):
                return key, item[key]
    return None


class Prints:
    """Fingerprints: numbers that values which are the ``same`` share, and others but by the rarest chance do not.

    Each list and object is looked at once, however often it is asked for: lists inside lists would else cost their size
    once for every level. Whoever asks keeps the values alive meanwhile.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, value: Any) -> int:
        """The fingerprint of a JSON value."""
        if isinstance(value, dict | list):
            known = self._known.get(id(value))
            if known is None:
                known = self._known[id(value)] = self._made(value)
            return known
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return hash((type(value).__name__, str(value)))  # of its text: the numbers -1 and -2 have one hash

    def same(self, a: Any, b: Any) -> bool:
        """Whether two values are the ``same``."""
        if type(a) is type(b) and isinstance(a, dict | list):
            return len(a) == len(b) and self.of(a) == self.of(b)
        return same(a, b)

    def _made(self, value: Any) -> int:
        if isinstance(value, list):
            return hash(("[", *map(self.of, value)))
        return hash(("{", frozenset((key, self.of(item)) for key, item in value.items())))


def align(a: Sequence[Any], b: Sequence[Any], likely: Likely | None = None, prints: Prints | None = None) -> list[Pair]:
    """Pairs of indexes, None where an item has no counterpart.

    Objects with an identity belong to the one with the same; of all other items equal ones belong together, and what
    is left between two that do is paired in order. ``likely`` says of two objects whose identities found no partner
    whether the one may have become the other. Who aligns lists inside of lists hands in the same ``prints``.
    """
    known = _by_identity(a, b)
    left = [index for index in range(len(a)) if index not in known and identity(a[index]) is None]
    taken = set(known.values())
    right = [index for index in range(len(b)) if index not in taken and identity(b[index]) is None]
    known |= _by_content(left, right, a, b, prints or Prints())
    known |= _between(known, _free(left, known), _free(right, set(known.values())))
    if likely is not None:
        known |= _likely(known, a, b, likely)
    taken = set(known.values())
    pairs: list[Pair] = [(index, known.get(index)) for index in range(len(a))]
    return _with_added(pairs, _free(range(len(b)), taken))


def _free(indexes: Iterable[int], taken: Any) -> list[int]:
    return [index for index in indexes if index not in taken]


def _by_identity(a: Sequence[Any], b: Sequence[Any]) -> dict[int, int]:
    places: dict[Any, list[int]] = {}
    for index in range(len(b) - 1, -1, -1):
        if (key := identity(b[index])) is not None:
            places.setdefault(key, []).append(index)
    found: dict[int, int] = {}
    for index, item in enumerate(a):
        key = identity(item)
        if key is not None and (waiting := places.get(key)):
            found[index] = waiting.pop()
    return found


def _by_content(
    left: list[int], right: list[int], a: Sequence[Any], b: Sequence[Any], prints: Prints
) -> dict[int, int]:
    """Equal items: first those at both ends, then the others by their fingerprints, the first to the first."""
    start, most = 0, min(len(left), len(right))
    while start < most and prints.same(a[left[start]], b[right[start]]):
        start += 1
    end = 0
    while end < most - start and prints.same(a[left[-1 - end]], b[right[-1 - end]]):
        end += 1
    found = dict(zip(left[:start], right[:start], strict=True))
    found |= dict(zip(left[len(left) - end :], right[len(right) - end :], strict=True))
    left, right = left[start : len(left) - end], right[start : len(right) - end]
    if not left or not right:
        return found
    places: dict[int, list[int]] = {}
    for index in reversed(right):
        places.setdefault(prints.of(b[index]), []).append(index)
    for index in left:
        if waiting := places.get(prints.of(a[index])):
            found[index] = waiting.pop()
    return found


def _between(known: dict[int, int], left: list[int], right: list[int]) -> dict[int, int]:
    """What has no equal, paired in order: of a list that kept its order, between the pairs that did."""
    if not left or not right:
        return {}
    ends = _in_order(known)
    if len(ends) < len(known):  # a list that was shuffled has no places between
        return dict(zip(left, right, strict=False))
    starts, stops = [one for one, _ in ends], [two for _, two in ends]
    waiting: dict[int, list[int]] = {}
    for index in reversed(right):
        waiting.setdefault(bisect_left(stops, index), []).append(index)
    found = {}
    for index in left:
        if there := waiting.get(bisect_left(starts, index)):
            found[index] = there.pop()
    return found


def _in_order(known: dict[int, int]) -> list[tuple[int, int]]:
    """The longest run of pairs that goes up on both sides (patience sorting)."""
    pairs = sorted(known.items())
    tops: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for number, (_, right) in enumerate(pairs):
        pile = bisect_left(tops, right)
        before.append(at[pile - 1] if pile else None)
        if pile == len(tops):
            tops.append(right)
            at.append(number)
        else:
            tops[pile], at[pile] = right, number
    out: list[tuple[int, int]] = []
    step = at[-1] if at else None
    while step is not None:
        out.append(pairs[step])
        step = before[step]
    return out[::-1]


def _likely(known: dict[int, int], a: Sequence[Any], b: Sequence[Any], likely: Likely) -> dict[int, int]:
    """Objects whose identity is new: the next one that is left, when it may be the same one under a new identity."""
    taken = set(known.values())
    left = [index for index in range(len(a)) if index not in known]
    right = [index for index in range(len(b)) if index not in taken]
    return {one: two for one, two in zip(left, right, strict=False) if likely(a[one], b[two])}


def _with_added(pairs: list[Pair], added: list[int]) -> list[Pair]:
    """Added items stand behind the one they follow in the new list."""
    if not added:
        return pairs
    after = {right: place for place, (_, right) in enumerate(pairs) if right is not None}
    places: dict[int, list[Pair]] = {}
    for index in added:
        after[index] = after.get(index - 1, -1)
        places.setdefault(after[index], []).append((None, index))
    out = list(places.get(-1, ()))
    for place, pair in enumerate(pairs):
        out.append(pair)
        out += places.get(place, ())
    return out
