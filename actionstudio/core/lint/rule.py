"""What a rule is, what it finds, and the table of all rules. A rule is one file in rules/ that registers itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actionstudio.core.lint.look import Look
from actionstudio.core.words import said

LEVELS = ("fatal", "drops-op", "drops-param", "degrades", "publish", "advice")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``message`` is for people; ``said`` is what ChatGPT's own editor says, where known.

    ``level``: fatal (ChatGPT takes nothing), drops-op, drops-param, degrades, publish (sharing is blocked), advice.
    ``fix`` names a repair that a page can do, "" when a person must.
    """

    code: str
    level: str
    pointer: str
    message: str
    fix: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule's function yields: where, in plain words what and the cure, and ChatGPT's own words."""

    pointer: str
    message: str
    said: str = ""
    level: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """``code`` is the name of its file with dashes, ``about`` its docstring, ``source`` its number in our list."""

    code: str
    level: str
    source: str
    about: str
    function: Callable[[Look], Iterable[Hit]]

    def findings(self, look: Look) -> list[Finding]:
        """What this rule finds."""
        return [
            Finding(self.code, hit.level or self.level, hit.pointer, _whole(hit), hit.fix, hit.said)
            for hit in self.function(look)
        ]


RULES: dict[str, Rule] = {}


def rule(*, level: str, source: str = "") -> Callable[[Callable[[Look], Iterable[Hit]]], Callable]:
    """Registers a function as the rule of its file."""

    def register(function: Callable[[Look], Iterable[Hit]]) -> Callable:
        code = function.__module__.rpartition(".")[2].replace("_", "-")
        RULES[code] = Rule(code, level, source, inspect.getdoc(function) or "", function)
        return function

    return register


def _whole(hit: Hit) -> str:
    if not hit.said:
        return hit.message
    return said("%(message)s In ChatGPT's words: “%(words)s”.", message=hit.message, words=hit.said)
