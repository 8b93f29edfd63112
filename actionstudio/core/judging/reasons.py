"""Why a verdict is what it is: one reason for each thing that changed, wherever in a list it did."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from actionstudio.core.compare import Difference

type JSON = Any

SAME, CHANGED, BROKEN = "same", "changed", "broken"
VERDICTS = (SAME, CHANGED, BROKEN)
KINDS_OF_REASON = (
    "no-answer",
    "status",
    "content-type",
    "violations",
    "type",
    "gone",
    "missing",
    "new",
    "value",
    "item-gone",
    "item-new",
    "order",
    "header-gone",
    "header-new",
    "header",
    "text",
)
MOST = 200  # reasons that are kept of one call
_SHORT = 120  # characters of a value that is told


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that changed: ``kind`` (KINDS_OF_REASON) at ``path``, a pattern such as ``$.items[*].total``, a
    header's name, or "" for the whole answer.

    ``was`` and ``now`` are its two ends: types of a "type" ("number", "string"), status codes, media types, counts of
    violations; of a "value" the values where they are short. ``count`` is at how many places, ``first`` the path of
    the first. ``verdict`` is what it weighs: changed or broken.
    """

    verdict: str
    kind: str
    path: str = ""
    was: str = ""
    now: str = ""
    count: int = 1
    first: str = ""


@dataclass(frozen=True, slots=True)
class Noise:
    """One difference that does not count. ``kind`` is the kind of noise (KINDS), or "twice" (it differed between two
    runs), "echo" (what each call had sent), "tolerance", "unordered"."""

    path: str
    kind: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """``verdict`` is same, changed or broken. ``difference`` is what differs without the noise; ``reasons`` say why,
    the heaviest first; ``more`` are those beyond MOST."""

    verdict: str
    difference: Difference = field(default_factory=lambda: Difference(None, [], [], [], True, ""))
    noise: tuple[Noise, ...] = ()
    reasons: tuple[Reason, ...] = ()
    more: int = 0


def type_of(value: Any) -> str:
    """The JSON type of a value; whole numbers are numbers like all others."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "string"


def short(value: Any) -> str:
    """A value as JSON when it is short, else ""."""
    if isinstance(value, str) and len(value) > _SHORT:
        return ""
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= _SHORT else ""


def pattern_of(path: str) -> str:
    """``$.items[3].id`` -> ``$.items[*].id``."""
    return re.sub(r"\[\d+\]", "[*]", path)


def packed(found: Judgement) -> JSON:
    """A judgement as small plain JSON, to be kept in a row: its verdict, reasons, and how much noise of which kind."""
    noise: dict[str, int] = {}
    for one in found.noise:
        noise[one.kind] = noise.get(one.kind, 0) + 1
    return {
        "verdict": found.verdict,
        "reasons": [asdict(reason) for reason in found.reasons],
        "more": found.more,
        "noise": noise,
    }


def unpacked(data: JSON) -> Judgement:
    """What :func:`packed` wrote; its difference and the noise itself are gone."""
    reasons = tuple(Reason(**reason) for reason in data["reasons"])
    return Judgement(data["verdict"], reasons=reasons, more=data["more"])
