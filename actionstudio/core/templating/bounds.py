"""How far a template may go, and what says so when it goes further. Steps are counted, so that no clock is asked."""

from __future__ import annotations

from typing import Any

LONGEST = 65_536  # characters of a template
NODES = 5_000  # tags in one template, and values in their expressions
NESTING = 16  # blocks in blocks, brackets in brackets
STEPS = 50_000  # per render; a step is one value looked up, one filter, or PIECE characters handled
OUTPUT = 1_000_000  # characters, of a whole render and of any value on the way
PIECE = 256
LARGEST = 2**53  # what a JSON number holds exactly (RFC 8259, section 6)
NOTES = 20
VALUES = 40
SHOWN = 100  # characters of a value in the trail


class OverBound(Exception):
    """A render went over a bound and was ended; the message says which and what to do. ``bound`` names it."""

    def __init__(self, bound: str, message: str) -> None:
        super().__init__(message)
        self.bound = bound


class Budget:
    """What is left of one render's steps and output."""

    __slots__ = ("_output", "_steps")

    def __init__(self) -> None:
        self._steps = STEPS
        self._output = OUTPUT

    def spend(self, steps: int = 1) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise OverBound("steps", f"The template takes more than {STEPS:,} steps: repeat less, or read less.")

    def handle(self, text: str) -> str:
        """Pays for working on a text; refuses one that has grown too long."""
        size = len(text)
        self.fits(size)
        self.spend(1 + size // PIECE)
        return text

    def fits(self, size: int) -> None:
        """Whether a value of so many characters may be made; asked before it is."""
        if size > OUTPUT:
            raise _too_long()

    def write(self, size: int) -> None:
        self._output -= size
        if self._output < 0:
            raise _too_long()

    def weigh(self, value: Any) -> None:
        """Pays for all that is in a value before something walks through it."""
        left = [value]
        while left:
            one = left.pop()
            if isinstance(one, str):
                self.spend(1 + len(one) // PIECE)
            else:
                self.spend()
                if isinstance(one, dict):
                    self.spend(len(one))
                    left.extend(one.values())
                elif isinstance(one, list):
                    left.extend(one)


def _too_long() -> OverBound:
    return OverBound("output", f"The template writes more than {OUTPUT:,} characters: repeat less, or write less.")
