"""Reason: what a code of codes.py means in words, where that stands, and which repairs of repairing.py cure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import callers

LONGEST = 300  # characters of a value that is quoted


@dataclass(frozen=True, slots=True)
class Reason:
    """``words`` say what is wrong and the cure; ``exact`` says it with what was sent and what is registered.

    Both are templates: %(who)s is the client's kind, %(sent)s and %(registered)s are the facts of the leg. ``exact``
    is used when the leg told the facts that it quotes. ``source`` is the rule's.
    """

    title: str | Promise
    words: str | Promise
    exact: str | Promise = ""
    repairs: tuple[str, ...] = ()
    source: str = ""

    def sentence(self, facts: Mapping[str, Any], who: str) -> str:
        """The reason for people, of what this leg told."""
        values = {"who": callers.name(who), "sent": quoted(facts.get("sent"))}
        values["registered"] = quoted(facts.get("registered"))
        exact = str(self.exact)
        if exact and all(values[name] for name in ("sent", "registered") if f"%({name})s" in exact):
            return exact % values
        return str(self.words) % values


def quoted(value: Any) -> str:
    """A fact on one line: a list as its members; "" when there is none."""
    if isinstance(value, list | tuple):
        return _(" or ").join(quoted(one) for one in value[:6])
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
