"""What a rule is, what it finds, and the table of all rules. A rule is one file in rules/ that registers itself."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from actionstudio.core.importer.repair import REPAIRS
from actionstudio.core.lint.look import Look
from actionstudio.core.words import said

LEVELS = ("fatal", "drops-op", "drops-param", "degrades", "publish", "advice")
TARGETS = ("gpt", "plugin", "mcp", "openai")
PROFILED = ("gpt", "plugin")  # the targets that get the GPT profile
TOPICS = ("import", "calls", "texts", "policy", "publish", "plugin", "tools", "quality")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``message`` is for people; ``said`` is what ChatGPT's own editor says, where known.

    ``level``: fatal (ChatGPT takes nothing), drops-op, drops-param, degrades, publish (sharing is blocked), advice.
    ``fix`` is the code of a repair of the GPT profile that would mend it, "" when a person must. ``waived`` is the
    reason for which the owner lives with it, "" when nobody has decided so.
    """

    code: str
    level: str
    pointer: str
    message: str
    fix: str = ""
    said: str = ""
    waived: str = ""


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
    """``code`` is the name of its file with dashes, ``source`` its number in docs/chatgpt-rules.md.

    ``title`` is the first line of its file and ``about`` its docstring: what, then why and the cure. ``targets`` are
    those that mind, ``topic`` the shelf it stands on (TOPICS). ``words`` is what ChatGPT's editor says, ``sure`` how
    sure that is (A documentation … E our conclusion), ``repairs`` the codes of those that mend it:
    what one in force mends is found no more, or as advice where ``lasting``: a person does it better. ``bad``
    and ``good`` show it as YAML.
    """

    code: str
    level: str
    source: str
    title: str
    about: str
    function: Callable[[Look], Iterable[Hit]] = field(repr=False)
    targets: tuple[str, ...] = ("gpt",)
    topic: str = "import"
    words: str = ""
    sure: str = ""
    repairs: tuple[str, ...] = ()
    lasting: bool = False
    bad: str = ""
    good: str = ""

    def findings(self, look: Look) -> list[Finding]:
        """What this rule finds."""
        offered = self.fix_for(look)
        return [
            Finding(self.code, hit.level or self.level, hit.pointer, _whole(hit), hit.fix or offered, hit.said)
            for hit in self.function(look)
        ]

    def fix_for(self, look: Look) -> str:
        """The repair that the owner could switch on, "" when there is none or the profile has it."""
        known = [REPAIRS[code] for code in self.repairs if code in REPAIRS and look.target in PROFILED]
        return next((one.code for one in known if not one.always and one.code not in look.contract.repairs), "")

    def is_mended(self) -> bool:
        """Whether every GPT profile mends what this rule finds."""
        return any(code in REPAIRS and REPAIRS[code].always for code in self.repairs)

    def may_be_mended(self, repairs: Collection[str]) -> bool:
        """Whether one of these repairs, which are on, is about what this rule finds."""
        return any(code in repairs for code in self.repairs)


RULES: dict[str, Rule] = {}


def rule(*, level: str, source: str = "", **facts) -> Callable[[Callable[[Look], Iterable[Hit]]], Callable]:
    """Registers a function as the rule of its file. ``facts`` are further fields of :class:`Rule`."""

    def register(function: Callable[[Look], Iterable[Hit]]) -> Callable:
        code = function.__module__.rpartition(".")[2].replace("_", "-")
        title = (sys.modules[function.__module__].__doc__ or "").removeprefix("Rule: ").strip()
        RULES[code] = Rule(code, level, source, title, inspect.getdoc(function) or "", function, **facts)
        return function

    return register


def _whole(hit: Hit) -> str:
    if not hit.said:
        return hit.message
    return said("%(message)s In ChatGPT's words: “%(words)s”.", message=hit.message, words=hit.said)
