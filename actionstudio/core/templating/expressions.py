"""Expressions as a tree: literals, look-ups, made-up values, filters, fallbacks and comparisons. Each can be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from actionstudio.core.templating.filters import Filter
from actionstudio.core.templating.run import Run
from actionstudio.core.templating.values import Missing, as_number, follow, is_empty, is_true


class Expression(Protocol):
    def value(self, run: Run) -> Any: ...


class Literal:
    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def value(self, run: Run) -> Any:
        run.budget.spend()
        return self._value


class Look:
    """``query.limit``: a root and the way down from it."""

    __slots__ = ("_name", "_root", "_steps")

    def __init__(self, root: str, steps: tuple[str, ...], name: str) -> None:
        self._root, self._steps, self._name = root, steps, name

    def value(self, run: Run) -> Any:
        run.budget.spend(1 + len(self._steps))
        found = follow(run.root(self._root), self._steps, self._name, run.why(self._root))
        if self._root != "now":
            run.saw(self._name, found)
        return found


class Local:
    """``this.name`` inside a loop."""

    __slots__ = ("_name", "_root", "_steps")

    def __init__(self, root: str, steps: tuple[str, ...], name: str) -> None:
        self._root, self._steps, self._name = root, steps, name

    def value(self, run: Run) -> Any:
        run.budget.spend(1 + len(self._steps))
        return follow(run.locals[self._root], self._steps, self._name, "is not there")


class Made:
    """``integer 1 100``: a value made up by the run's chance."""

    __slots__ = ("_arguments", "_fresh", "_make")

    def __init__(self, make: Callable[..., Any], arguments: tuple[Expression, ...], fresh: bool) -> None:
        self._make, self._arguments, self._fresh = make, arguments, fresh

    def value(self, run: Run) -> Any:
        run.budget.spend(4)
        arguments = [argument.value(run) for argument in self._arguments]
        return self._make(run.chance(self._fresh), *arguments)


class Filtered:
    __slots__ = ("_arguments", "_filter", "_of")

    def __init__(self, of: Expression, filter_: Filter, arguments: tuple[Expression, ...]) -> None:
        self._of, self._filter, self._arguments = of, filter_, arguments

    def value(self, run: Run) -> Any:
        run.budget.spend()
        value = self._of.value(run)
        arguments = [argument.value(run) for argument in self._arguments]
        return self._filter.call(run.budget, value, *arguments)


class Either:
    """``a or b``: the first that is neither missing, null nor "". In a condition: the first that is true."""

    __slots__ = ("_parts", "logical")

    def __init__(self, parts: tuple[Expression, ...]) -> None:
        self._parts = parts
        self.logical = False

    def value(self, run: Run) -> Any:
        found: Any = None
        for part in self._parts:
            found = part.value(run)
            if is_true(found) if self.logical else not is_empty(found):
                break
        return found


class Both:
    __slots__ = ("_parts",)

    def __init__(self, parts: tuple[Expression, ...]) -> None:
        self._parts = parts

    def value(self, run: Run) -> bool:
        return all(is_true(part.value(run)) for part in self._parts)


class Not:
    __slots__ = ("_of",)

    def __init__(self, of: Expression) -> None:
        self._of = of

    def value(self, run: Run) -> bool:
        return not is_true(self._of.value(run))


class Compared:
    """``a > b``: as numbers when both can be read so, else as texts; lists and objects equal nothing."""

    __slots__ = ("_left", "_operator", "_right")

    def __init__(self, operator: str, left: Expression, right: Expression) -> None:
        self._operator, self._left, self._right = operator, left, right

    def value(self, run: Run) -> bool:
        run.budget.spend()
        left, right = _scalar(self._left.value(run)), _scalar(self._right.value(run))
        if self._operator in ("==", "!="):
            return _equal(run, left, right) == (self._operator == "==")
        first, second = as_number(left), as_number(right)
        if first is None or second is None:
            if not (isinstance(left, str) and isinstance(right, str)):
                return False
            run.budget.spend(1 + min(len(left), len(right)) // 1000)
            return _ordered(self._operator, (left > right) - (left < right))
        return _ordered(self._operator, (first > second) - (first < second))


def _scalar(value: Any) -> Any:
    return None if isinstance(value, Missing) else value


def _equal(run: Run, left: Any, right: Any) -> bool:
    if isinstance(left, list | Mapping) or isinstance(right, list | Mapping):
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return _truth(left) == _truth(right)
    first, second = as_number(left), as_number(right)
    if first is not None and second is not None:
        return first == second
    if isinstance(left, str) and isinstance(right, str):
        run.budget.spend(1 + min(len(left), len(right)) // 1000)
    return bool(left == right)


def _truth(value: Any) -> Any:
    """``true`` and "true" are the same: query parameters are texts."""
    return str(value).lower() if isinstance(value, bool | str) else value


def _ordered(operator: str, sign: int) -> bool:
    return {">": sign > 0, ">=": sign >= 0, "<": sign < 0, "<=": sign <= 0}[operator]
