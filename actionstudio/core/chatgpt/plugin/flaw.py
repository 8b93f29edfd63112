"""What is wrong with a plugin, as values: the rule, how bad it is, ChatGPT's own words where known, and the cure."""

from __future__ import annotations

from dataclasses import dataclass

from actionstudio.core.problem import Problem

LEVELS = ("fatal", "degrades", "publish", "advice")  # those of core/lint that a manifest can have


@dataclass(frozen=True, slots=True)
class Flaw:
    """``rule`` is the number in docs/chatgpt-rules.md, ``level`` one of LEVELS: fatal (it cannot be installed),
    degrades, publish (no place in the store), advice. ``pointer`` is where in the manifest, ``message`` what and the
    cure in our words, ``said`` ChatGPT's own words, "" where none are known, ``sure`` how sure the rule is (A to E)."""

    rule: str
    level: str
    pointer: str
    message: str
    said: str = ""
    sure: str = "A"

    @property
    def problem(self) -> Problem:
        """The same as any other data that is wrong; ``code`` is the rule."""
        return Problem(self.pointer, self.message, self.rule)


def fatal(flaws: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
    """Those that keep a plugin from being installed."""
    return tuple(one for one in flaws if one.level == "fatal")
