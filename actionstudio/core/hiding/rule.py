"""Rule: one thing that a project's log hides, and in which part of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.core.hiding.kinds import KINDS, PatternError, written
from actionstudio.core.hiding.ways import WayError, way
from actionstudio.core.problem import Problem
from actionstudio.core.words import said

MOST = 50  # rules of a project
BY_NAME, BY_PATH, BY_PATTERN = "name", "path", "pattern"
WHAT = (BY_NAME, BY_PATH, BY_PATTERN, *KINDS)
WHERE = ("everywhere", "request", "response", "headers", "query")
_NAME_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Rule:
    """``kind`` is one of WHAT; ``text`` is the name, the path or the pattern ("" for ready-made kinds)."""

    kind: str
    text: str = ""
    where: str = "everywhere"

    def covers(self, side: str, part: str) -> bool:
        """Whether it looks at this part ("line", "headers", "body") of this side ("request", "response"; "" where the
        side is not known: then of both)."""
        if self.where in ("request", "response"):
            return side in ("", self.where)
        return self.where == "everywhere" or part == ("headers" if self.where == "headers" else "line")


def read(value: Any, pointer: str = "") -> Rule | Problem:
    """The rule of ``{"kind", "text", "where"}``, or what is wrong with it."""
    if not isinstance(value, Mapping):
        return Problem(pointer, said("A rule is an object with kind, text and where."), "invalid")
    kind, text, where = value.get("kind"), value.get("text", ""), value.get("where", "everywhere")
    if kind not in WHAT:
        return Problem(f"{pointer}/kind", said("Choose one of %(all)s.", all=", ".join(WHAT)), "invalid")
    if where not in WHERE:
        return Problem(f"{pointer}/where", said("Choose one of %(all)s.", all=", ".join(WHERE)), "invalid")
    if not isinstance(text, str) or "\0" in text:
        return Problem(f"{pointer}/text", said("This must be a text."), "invalid")
    text = "" if kind in KINDS else text.strip()
    wrong = _wrong(kind, text, where)
    return Problem(f"{pointer}/text", wrong, "invalid") if wrong else Rule(kind, text, where)


def _wrong(kind: str, text: str, where: str) -> str:
    """What is wrong with a rule's text, "" for nothing."""
    if kind in KINDS:
        return ""
    if not text:
        return said("Say what to hide.")
    if kind == BY_NAME:
        return said("A name has at most %(most)s characters.", most=_NAME_LONGEST) if len(text) > _NAME_LONGEST else ""
    try:
        if kind == BY_PATTERN:
            written(text)
        elif where in ("headers", "query"):
            return said("A path leads into a JSON body: choose everywhere, request or response.")
        else:
            way(text)
    except (PatternError, WayError) as error:
        return error.args[0]
    return ""
