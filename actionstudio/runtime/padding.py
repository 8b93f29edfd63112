"""Makes a body exactly so many characters long and keeps it valid: for answers at the edge of what a caller takes.

Characters are Unicode code points of the text, not bytes. A JSON body grows where its schema lets it: lists repeat
their items, then a text grows, or a member is added; what is left over is white space behind the value (RFC 8259,
section 2), which any JSON may have. One that is too long loses items of its lists first.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import orjson

_FILL = "lorem ipsum dolor sit amet "
_MEMBER = "padding"
_PLACES = 40  # of lists and of texts tried

type Fits = Callable[[Any], bool]


def text(body: str, characters: int) -> str:
    """A plain text of that many characters."""
    return (body + _fill(characters - len(body)))[:characters]


def json(value: Any, characters: int, fits: Fits) -> str:
    """JSON text of that many characters whose value ``fits``; longer only when the value cannot be made shorter."""
    if _length(value) > characters:
        value = _shortened(value, characters, fits)
    missing = characters - _length(value)
    if missing > 0:
        value = _lengthened(value, missing, fits)
    shown = _dump(value)
    return shown + " " * max(0, characters - len(shown))


def _lengthened(value: Any, missing: int, fits: Fits) -> Any:
    """As long as it may become without going beyond: by one text or member when that does, else lists first."""
    for candidate in (value, _repeated(value, missing, fits)):
        left = missing - (_length(candidate) - _length(value))
        for grown in _grown(candidate, left):
            if fits(grown):
                return grown
    return candidate


def _grown(value: Any, missing: int) -> Iterator[Any]:
    """The value with one text longer by ``missing`` characters, or one member more that takes as many."""
    texts = [path for path in _paths(value) if isinstance(_at(value, path), str)]
    for path in sorted(texts, key=lambda path: -len(_at(value, path)))[:_PLACES]:
        yield _with(value, path, _at(value, path) + _fill(missing))
    maps = [path for path in _paths(value) if isinstance(_at(value, path), dict)]
    frame = len(f'"{_MEMBER}":"",')
    for path in maps[:_PLACES]:
        there = _at(value, path)
        around = frame - (not there)
        if _MEMBER not in there and missing >= around:
            yield _with(value, path, {**there, _MEMBER: _fill(missing - around)})


def _repeated(value: Any, missing: int, fits: Fits) -> Any:
    """The value with the items of one list repeated as often as there is room for and the schema allows."""
    lists = [path for path in _paths(value) if isinstance(_at(value, path), list) and _at(value, path)]
    for path in lists[:_PLACES]:
        items = _at(value, path)
        room = missing // (_length(items) - 1)  # without its brackets, with a comma
        times = _most(room, _longer(value, path, fits))
        if times:
            return _with(value, path, items * (times + 1))
    return value


def _shortened(value: Any, characters: int, fits: Fits) -> Any:
    """The value with as few items as needed taken off the end of one of its lists."""
    lists = [path for path in _paths(value) if isinstance(_at(value, path), list)]
    for path in sorted(lists, key=lambda path: -_length(_at(value, path)))[:_PLACES]:
        items = _at(value, path)
        keep = _most(len(items), _shorter(value, path, characters))
        made = _with(value, path, items[:keep])
        if _length(made) <= characters and fits(made):
            return made
    return value


def _shorter(value: Any, path: tuple, characters: int) -> Callable[[int], bool]:
    """Whether so many items of a list are few enough."""
    return lambda keep: _length(_with(value, path, _at(value, path)[:keep])) <= characters


def _longer(value: Any, path: tuple, fits: Fits) -> Callable[[int], bool]:
    """Whether the schema lets a list's items be repeated so many times more."""
    return lambda times: fits(_with(value, path, _at(value, path) * (times + 1)))


def _most(bound: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to ``bound`` for which it holds, when it holds for all below; 0 when for none."""
    low, high = 0, bound
    if bound > 0 and holds(bound):
        return bound
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _paths(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Where the value's parts are, outermost first; of a long list only the first items."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value[:3]):
            yield from _paths(item, (*path, place))


def _at(value: Any, path: tuple) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(value: Any, path: tuple, new: Any) -> Any:
    if not path:
        return new
    made = copy.copy(value)
    made[path[0]] = _with(value[path[0]], path[1:], new)
    return made


def _fill(missing: int) -> str:
    return (_FILL * (missing // len(_FILL) + 1))[: max(0, missing)]


def _dump(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def _length(value: Any) -> int:
    return len(_dump(value))
