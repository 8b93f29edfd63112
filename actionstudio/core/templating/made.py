"""Values that a template makes up: numbers, choices, ids, and plausible ones by name (core/schemas/words.py).

They come from the run's own chance: the same call gets the same ones. Behind ``random.`` they are new each time.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from actionstudio.core.schemas import words
from actionstudio.core.templating.bounds import LARGEST
from actionstudio.core.templating.values import Missing, as_number

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class Maker(NamedTuple):
    """``fewest`` and ``most`` arguments; ``example`` is how it is written."""

    make: Callable[..., Any]
    fewest: int
    most: int
    example: str


def _uuid(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def _id(chance: Random) -> str:
    return "".join(_LETTERS[int(chance.random() * len(_LETTERS))] for _ in range(12))


def _integer(chance: Random, low: Any = 1, high: Any = 1000) -> Any:
    bounds = _bounds(low, high)
    if isinstance(bounds, Missing):
        return bounds
    return chance.randint(int(bounds[0]), int(bounds[1]))


def _number(chance: Random, low: Any = 0, high: Any = 1, digits: Any = 2) -> Any:
    bounds = _bounds(low, high)
    if isinstance(bounds, Missing):
        return bounds
    places = as_number(digits)
    return round(chance.uniform(*bounds), max(0, min(15, int(places if places is not None else 2))))


def _bounds(low: Any, high: Any) -> Missing | tuple[int | float, int | float]:
    first, last = as_number(low), as_number(high)
    if first is None or last is None or max(abs(first), abs(last)) > LARGEST:
        return Missing("a number is made between two numbers")
    return min(first, last), max(first, last)


def _pick(chance: Random, *choices: Any) -> Any:
    if len(choices) == 1 and isinstance(choices[0], list):
        choices = tuple(choices[0]) if len(choices[0]) <= 1000 else tuple(choices[0][:1000])
    if not choices:
        return Missing("there is nothing to pick from")
    return choices[int(chance.random() * len(choices))]


def _boolean(chance: Random) -> bool:
    return chance.random() < 0.5


MAKERS: dict[str, Maker] = {
    "uuid": Maker(_uuid, 0, 0, "uuid"),
    "id": Maker(_id, 0, 0, "id"),
    "integer": Maker(_integer, 0, 2, "integer 1 100"),
    "number": Maker(_number, 0, 3, "number 0 1"),
    "boolean": Maker(_boolean, 0, 0, "boolean"),
    "pick": Maker(_pick, 1, 50, 'pick "red" "blue"'),
}
FAKER = tuple(sorted({*words.TEXTS, *words.WHOLE, *words.FORMATS, *words.NUMBERS}))


def faker(name: str) -> Callable[[Random], Any] | None:
    """The maker of a plausible value: ``email``, ``first_name``, ``firstName``, ``price``; None for a name nobody
    knows."""
    if name in words.FORMATS:
        return words.FORMATS[name]
    whole = "_".join(words.words_of(name))
    if whole in words.WHOLE:
        return words.WHOLE[whole]
    if whole in words.TEXTS:
        return words.TEXTS[whole]
    if whole in words.NUMBERS:
        return _of_range(*words.NUMBERS[whole])
    return None


def _of_range(low: int, high: int, digits: int) -> Callable[[Random], Any]:
    return lambda chance: round(chance.uniform(low, high), digits) if digits else chance.randint(low, high)
