"""What the log hides becomes variables, so that no file holds a secret and none sends the mark of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from actionstudio.apps.traffic.masking import MASK

PLACE = MASK  # a mark of the log, also inside of a text
_LOOKED = 300  # characters before a mark in which its name is looked for
_NAME = re.compile(
    r"""([\w.\[\]%-]+)\\*["']?\s*[:=]\s*\\*["']?(?:[A-Za-z]+ ){0,2}$"""  # "name": "…, name=…, name: Bearer …
    r"""|\bname="([^"]+)"(?:\r?\n[^\r\n]+|;[^\r\n]*)*\r?\n\r?\n$"""  # a part of a form
    r"""|<([\w.:-]+)(?:\s[^<>]*)?>\s*$"""
)


class Secrets:
    """The variables of one file: ``key``, then ``key2`` … one for each place and mark.

    Marks tell little of what they hide: two that look alike are the same secret only where they stand in the same
    place, such as a header of that name or that member of a body, and as the same one of several in it.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, int, str], str] = {}

    @property
    def names(self) -> dict[str, str]:
        """The variables that were used, in their order, each with the place that it fills."""
        return {name: place for (place, _number, _mark), name in self._names.items()}

    def filled(self, text: str, part: str, variable: Callable[[str], str], plain: Callable[[str], str] = str) -> str:
        """``text`` with ``variable(name)`` in the place of each mark, and ``plain`` of everything between. ``part``
        says which part of a call it is."""
        out, end, seen = [], 0, Counter[str]()
        for found in PLACE.finditer(text):
            if found.start() > end:
                out.append(plain(text[end : found.start()]))
            name = _named(text, found.start())
            place = f"{part} {name}" if name and name.lower() != part.rpartition(" ")[2] else part
            out.append(variable(self._name(place, seen[place], found[0])))
            seen[place] += 1
            end = found.end()
        if end < len(text) or not out:
            out.append(plain(text[end:]))
        return "".join(out)

    def braces(self, text: str, part: str) -> str:
        """``text`` with ``{{key}}`` for each mark, as Postman and Hurl write variables."""
        return self.filled(text, part, lambda name: "{{" + name + "}}")

    def _name(self, place: str, number: int, mark: str) -> str:
        made = "key" if not self._names else f"key{len(self._names) + 1}"
        return self._names.setdefault((place, number, mark), made)


def _named(text: str, end: int) -> str:
    """The name that stands before a mark; "" where none does."""
    found = _NAME.search(text[max(0, end - _LOOKED) : end])
    return next((one for one in found.groups() if one), "") if found else ""
