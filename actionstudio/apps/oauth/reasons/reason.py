"""Reason: what a code of codes.py means in words, where that stands, and which repairs of repairing.py cure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.oauth import callers

# Who revoked a token, as a sentence of its own: the keys are those of runtime.bearer.ENDED
ENDED = {
    "person": lazy("The person disconnected the app."),
    "builder": lazy("It was done here in the studio: the app was disconnected, or its tokens were revoked."),
    "client": lazy("The client took it back itself, at the revocation endpoint."),
    "replay": lazy("A code or a refresh token of this sign-in was used twice, so all of it ended."),
    "closed": lazy("The account was closed, which ended all that apps held of it."),
}
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
        values = {"who": callers.said(who), "sent": quoted(facts.get("sent"))}
        values["registered"] = quoted(facts.get("registered"))
        values["ended"] = str(ENDED.get(str(facts.get("ended")), ""))
        exact = str(self.exact)
        if exact and all(values[name] for name in ("sent", "registered", "ended") if f"%({name})s" in exact):
            return _begun(exact % values)
        return _begun(str(self.words) % values)


def _begun(text: str) -> str:
    """With a capital, whoever it begins with."""
    return text[:1].upper() + text[1:]


def quoted(value: Any) -> str:
    """A fact on one line: a list as its members; "" when there is none."""
    if isinstance(value, list | tuple):
        return _(" or ").join(quoted(one) for one in value[:6])
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
