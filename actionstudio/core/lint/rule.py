"""What a rule is, what it finds, and the table of all rules. A rule is one file in rules/ that registers itself."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from actionstudio.core.importer.repair import REPAIRS
from actionstudio.core.lint.look import Look
from actionstudio.core.words import Said, said

LEVELS = ("fatal", "drops-op", "drops-param", "degrades", "publish", "advice")
TARGETS = ("gpt", "plugin", "mcp", "openai")
TOOLS = ("mcp", "openai")  # the targets whose tools are made from the GPT profile: no word of ChatGPT's is theirs
_WORKS = LEVELS.index("degrades")  # from here on, what is found is there all the same
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
    """What a rule's function yields: where, in plain words what and the cure, and ChatGPT's own words.

    ``fix``: which repair would mend this one, "" for none; None: the first of the rule's.
    """

    pointer: str
    message: str
    said: str = ""
    level: str = ""
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """``code`` is the name of its file with dashes, ``source`` its number in docs/chatgpt-rules.md.

    ``title`` is the first line of its file and ``about`` its docstring: what, then why and the cure. ``targets`` are
    those that mind, ``topic`` the shelf it stands on (TOPICS). ``words`` is what ChatGPT's editor says, ``sure`` how
    sure that is (A documentation … E our conclusion), ``repairs`` the codes of those that mend it:
    what one in force mends is found no more, or as advice where a person does it better: ``mended`` says then, for a
    number of them, what is amiss and what the profile has instead. ``bad`` and ``good`` show it as YAML.
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
    mended: Callable[[int], Said] | None = None
    bad: str = ""
    good: str = ""

    def findings(self, look: Look) -> list[Finding]:
        """What this rule finds. What every profile mends is advice, and no importer has anything to say about it."""
        if self.is_mended() and not look.as_written:
            hits = self.function(look) if self.mended else ()
            return [Finding(self.code, "advice", hit.pointer, hit.message) for hit in hits]
        return [self._finding(hit, look) for hit in self._hits(look)]

    def _hits(self, look: Look) -> Iterable[Hit]:
        """Tools are made from the profile, so what is about tools alone is looked for there."""
        if self.topic != "tools" or look.as_written:
            return self.function(look)
        return (replace(hit, pointer=look.written(hit.pointer)) for hit in self.function(look.served))

    def _finding(self, hit: Hit, look: Look) -> Finding:
        level = hit.level or self.level
        if look.target in TOOLS:
            level = level if LEVELS.index(level) >= _WORKS else LEVELS[_WORKS]
            return Finding(self.code, level, hit.pointer, hit.message, self._fix(hit, look))
        return Finding(self.code, level, hit.pointer, _whole(hit), self._fix(hit, look), hit.said)

    def _fix(self, hit: Hit, look: Look) -> str:
        """The repair that the owner could switch on, "" when there is none or the profile has it."""
        codes = self.repairs if hit.fix is None else (hit.fix,)
        known = [REPAIRS[code] for code in codes if code in REPAIRS]
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
