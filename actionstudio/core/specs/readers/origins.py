"""Where in a source the places of the document written from it come from."""

from __future__ import annotations

from actionstudio.core.problem import Problem


class Origins:
    """Where in the source the places of the written document come from."""

    def __init__(self) -> None:
        self._from: dict[str, str] = {}

    def note(self, new: str, old: str) -> None:
        """What stands at ``new`` was written at ``old``."""
        self._from[new] = old

    def back(self, problem: Problem) -> Problem:
        """The problem with the pointer of the source: the longest known way, and the rest as it is."""
        head, tail = problem.pointer, ""
        while head and head not in self._from:
            head, _, last = head.rpartition("/")
            tail = f"/{last}{tail}"
        if head not in self._from:
            return problem
        return Problem(self._from[head] + tail, problem.message, problem.code)
