"""What the log hides becomes variables, so that no file holds a secret and none sends the mark of one."""

from __future__ import annotations

from collections.abc import Callable

from actionstudio.apps.traffic.masking import MASK

PLACE = MASK  # a mark of the log, also inside of a text


class Secrets:
    """The variables of one file: ``key``, then ``key2`` … for every other secret that is told apart by its mark."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that were used, in their order."""
        return tuple(self._names.values())

    def name(self, mark: str) -> str:
        """The variable that stands for a mark."""
        if mark not in self._names:
            self._names[mark] = "key" if not self._names else f"key{len(self._names) + 1}"
        return self._names[mark]

    def filled(self, text: str, variable: Callable[[str], str], plain: Callable[[str], str] = str) -> str:
        """``text`` with ``variable(name)`` in the place of each mark, and ``plain`` of everything between."""
        out, end = [], 0
        for found in PLACE.finditer(text):
            if found.start() > end:
                out.append(plain(text[end : found.start()]))
            out.append(variable(self.name(found[0])))
            end = found.end()
        if end < len(text) or not out:
            out.append(plain(text[end:]))
        return "".join(out)

    def braces(self, text: str) -> str:
        """``text`` with ``{{key}}`` for each mark, as Postman and Hurl write variables."""
        return self.filled(text, lambda name: "{{" + name + "}}")
