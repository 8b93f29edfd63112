"""Tells noise from change: found by a second run, by kind, by what the request said, by the rules."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from typing import Any

from actionstudio.core.aligning import identity, same
from actionstudio.core.call import Call
from actionstudio.core.compare import ABSENT, Answer, Change, Way, compare_reply, loads, pattern
from actionstudio.core.judging.echoes import Echoes
from actionstudio.core.judging.kinds import Spot, kind_of
from actionstudio.core.judging.kinds.order import order
from actionstudio.core.judging.reasons import Noise, pattern_of, type_of
from actionstudio.core.judging.rules import Rules

GONE_OR_NEW, MEMBERS, TYPE = "?", "[]", "!"  # endings of a noisy path: it comes and goes, items do, so does its type
_AROUND = re.compile(r"""([\s/?&=#,;()\[\]{}"'<>|]+)""")  # what stands between the words of a text
_LONGEST = 2_000  # characters of a text that is looked into


def noise_between(a: Answer, b: Answer) -> list[str]:
    """What differs between two runs of one call, as paths for ``noisy`` of :func:`judge`.

    ``$.at`` is a value that differs, ``$.at?`` a member that is there only sometimes, ``$.items[]`` a list whose items
    come, go and change places, ``$.at!`` a value whose type differs, ``header:x-a`` a header, ``status`` the status.
    """
    found = compare_reply(a, b)
    out = [noisy_name(change) for change in found.body]
    out += [f"header:{change.path}" for change in found.headers]
    return list(dict.fromkeys(out + (["status"] if found.status else [])))


def noisy_name(change: Change) -> str:
    """As which of the names of :func:`noise_between` a change of the body counts."""
    path = pattern_of(change.path)
    if change.kind != "changed":
        return path.removesuffix("[*]") + MEMBERS if path.endswith("[*]") else path + GONE_OR_NEW
    if isinstance(change.before, list) and isinstance(change.after, list):
        return path + MEMBERS
    return path if type_of(change.before) == type_of(change.after) else path + TYPE


class Sieve:
    """Says of one change what noise it is."""

    def __init__(
        self, rules: Rules, noisy: Iterable[str], before: Answer, sent: Call | None, resent: Call | None
    ) -> None:
        self.rules = rules
        self._before = before
        self._document: Any = ABSENT
        self._noisy: Collection[str] = frozenset(noisy)
        self._then = Echoes(sent)
        self._now = Echoes(resent) if resent is not None else self._then

    def status(self, change: Change) -> bool:
        """Whether the status differs from run to run; a success that became a failure never does."""
        return "status" in self._noisy and not change.before < 400 <= change.after

    def header(self, change: Change) -> Noise | None:
        """What noise a changed header is; None when it counts."""
        if f"header:{change.path}" in self._noisy:
            return Noise(f"header:{change.path}", "twice", change.before, change.after)
        if change.kind != "changed":
            return None
        found = self._by_value(change.path, change.before, change.after)
        return Noise(f"header:{change.path}", found, change.before, change.after) if found else None

    def body(self, change: Change) -> Noise | None:
        """What noise a change of the body is; None when it counts."""
        found = "twice" if noisy_name(change) in self._noisy else ""
        if not found and change.kind == "changed":
            found = self._changed(pattern(change.path), change)
        return Noise(change.path, found, change.before, change.after) if found else None

    def text(self, change: Change) -> Noise | None:
        """The same of a line of a body that is no JSON; of bytes nothing is known."""
        found = "twice" if change.path in self._noisy else ""
        if not found and change.kind == "changed" and change.path.startswith("line "):
            found = self._by_value("", change.before, change.after)
        return Noise(change.path, found, change.before, change.after) if found else None

    def _changed(self, way: Way, change: Change) -> str:
        before, after = change.before, change.after
        if isinstance(before, list) and isinstance(after, list):
            return self._reordered(way, change)
        if type_of(before) == type_of(after) == "number" and not isinstance(before, bool):
            size = self.rules.tolerance_at(way)
            if size and math.isclose(before, after, rel_tol=size, abs_tol=size):
                return "tolerance"
        return self._by_value(_name(way), before, after)

    def _reordered(self, way: Way, change: Change) -> str:
        if self.rules.is_unordered(way):
            return "unordered"
        spot = Spot(_name(way), self._then.sorted)
        items = self._there(way)  # the change itself names only their identities
        return "order" if "order" in self.rules.kinds and order(items, items, spot) else ""

    def _there(self, way: Way) -> Any:
        """What stood at a place in the answer of then."""
        if self._document is ABSENT:
            self._document = loads(self._before.body)
        value = self._document
        for step in way:
            value = value[step]
        return value

    def _by_value(self, name: str, before: Any, after: Any) -> str:
        """By what both values are. What then was said back is noise only if now is said back what now was sent."""
        if self._then.says(name, before):
            return "echo" if self._now is not self._then and self._now.says(name, after) else ""
        spot = Spot(name)
        found = kind_of(before, after, spot, self.rules.kinds)
        if not found and isinstance(before, str) and isinstance(after, str):
            found = self._inside(before, after)
        return found

    def _inside(self, before: str, after: str) -> str:
        """The kind of noise inside two texts that are otherwise the same, such as a URL with an id."""
        if len(before) > _LONGEST or len(after) > _LONGEST:
            return ""
        one, two = _AROUND.split(before), _AROUND.split(after)
        if len(one) != len(two) or len(one) == 1:
            return ""
        found = ""
        for left, right in zip(one, two, strict=True):
            if left != right:
                left, right = left.rstrip(".:!"), right.rstrip(".:!")
                if self._then.says("", left):
                    return ""
                found = kind_of(left, right, Spot(), self.rules.kinds)
                if not found:
                    return ""
        return found

    def likely(self, one: Any, other: Any) -> bool:
        """Whether an object with a new identity may be the one whose identity is gone: both are noise of one shape."""
        mine, theirs = identity(one), identity(other)
        if not mine or not theirs or mine[0] != theirs[0]:
            return False
        alike = sum(key in other and same(value, other[key]) for key, value in one.items())
        if isinstance(mine[1], int) and not alike:  # 7 and 8 are two things, unless something else is the same
            return False
        return len(one.keys() ^ other.keys()) <= len(one) // 2 and bool(self._by_value(mine[0], mine[1], theirs[1]))


def _name(way: Way) -> str:
    return next((step for step in reversed(way) if isinstance(step, str)), "")
