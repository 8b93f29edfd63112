"""What a render has written: bounded, and for JSON with the commas between parts put right.

Loops and conditions may leave a comma too many or too few; outside of texts that is mended, so that a list made by a
loop is right for no, one and many entries.
"""

from __future__ import annotations

from typing import NamedTuple

from actionstudio.core.templating.bounds import Budget

_BLANK = " \t\r\n"
_OPENING = ("", "[", "{", ",")


class Mark(NamedTuple):
    """A place in what was written: how many pieces there were, and the last character that was no blank."""

    pieces: int
    last: str


class Out:
    """The pieces of one render, in order. ``_solid`` is the last one that is not blank, ``_last`` its last character:
    known at any time, so that no comma is looked for twice."""

    __slots__ = ("_budget", "_last", "_solid", "pieces")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._solid = -1
        self._last = ""
        self.pieces: list[str] = []

    def write(self, text: str) -> None:
        if text:
            self._budget.write(len(text))
            self.pieces.append(text)
            solid = text.rstrip(_BLANK)
            if solid:
                self._solid, self._last = len(self.pieces) - 1, solid[-1]

    def write_joint(self, text: str) -> None:
        """Text of JSON's own beside a block: no comma after an opening bracket, none before a closing one."""
        rest = text.lstrip(_BLANK)
        if rest[:1] in ("]", "}"):
            self._drop_comma()
        elif rest[:1] == "," and self._last in _OPENING:
            text = rest[1:]
        self.write(text)

    def _drop_comma(self) -> None:
        if self._last != ",":
            return
        at = self._solid
        self.pieces[at] = self.pieces[at].rstrip(_BLANK)[:-1]
        while at >= 0 and not self.pieces[at].strip(_BLANK):
            at -= 1
        self._solid = at
        self._last = self.pieces[at].rstrip(_BLANK)[-1] if at >= 0 else ""

    def mark(self) -> Mark:
        return Mark(len(self.pieces), self._last)

    def separate(self, mark: Mark) -> None:
        """Puts a comma between what was written before ``mark`` and what since, where both sides lack one."""
        if mark.last in (*_OPENING, ":"):
            return
        since = range(mark.pieces, len(self.pieces))
        after = next((self.pieces[at].lstrip(_BLANK)[0] for at in since if self.pieces[at].strip(_BLANK)), "")
        if after not in ("", ",", "]", "}"):
            self._budget.write(1)
            self.pieces.insert(mark.pieces, ",")
            self._solid += 1

    def text(self) -> str:
        return "".join(self.pieces)
