"""The person did not allow what this endpoint needs."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """A token holds the scopes that were asked for when the person signed in; ChatGPT asks for those that the action's
    Scope field names, once (RFC 6750, section 3.1: ``insufficient_scope``)."""
    if case.row.auth != "scope":
        return
    words = _(
        "Add the scope to the action's Scope field in the GPT editor, then sign in again: a refreshed token gains "
        "nothing new."
    )
    facts = ((_("Seen"), str(case.row.decided.get("guard") or "")),)
    links = case.link(_("What each endpoint asks for"), "release:auth")
    yield Diagnosis(_("The token lacks a scope that this endpoint asks for."), words, facts, links)
