"""The legs of a sign-in as the log tells them: ``decisions["oauth"]`` of a call to a provider's own paths, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.decisions import About, Step, rest, shown
from actionstudio.apps.traffic.models import Exchange

LEGS: dict[str, tuple[str, Callable[[], str]]] = {
    "authorize": ("log-in", lambda: _("A client asked for somebody to sign in.")),
    "login": ("user", lambda: _("The login page.")),
    "signup": ("user", lambda: _("The page to make an account.")),
    "signed-in": ("user", lambda: _("Somebody signed in.")),
    "signed-out": ("log-out", lambda: _("Somebody signed out.")),
    "consent": ("scale", lambda: _("The question what the client may do.")),
    "allowed": ("check", lambda: _("What was allowed.")),
    "callback": ("corner-down-right", lambda: _("The way back to the client.")),
    "token": ("key-round", lambda: _("A client asked for a token.")),
    "refresh": ("refresh-cw", lambda: _("A client asked for a fresh token.")),
    "answer": ("send", lambda: _("The token answer.")),
    "revoke": ("link-2-off", lambda: _("A client gave a token back.")),
    "introspect": ("search", lambda: _("Somebody asked whether a token is good.")),
    "userinfo": ("user", lambda: _("A client asked who signed in.")),
    "register": ("plus", lambda: _("A client registered itself.")),
    "metadata": ("file-json-2", lambda: _("What the provider says of itself.")),
    "resource": ("file-json-2", lambda: _("Which provider protects this address.")),
    "jwks": ("file-json-2", lambda: _("The provider's public keys.")),
    "connected": ("plug", lambda: _("The page of connected apps.")),
    "disconnected": ("link-2-off", lambda: _("An app was disconnected.")),
    "page": ("file-text", lambda: _("A page for people.")),
}
KINDS = {"ok": "ok", "failed": "bad", "waiting": "", "odd": "warn"}
_TOLD = ("leg", "outcome", "code", "legs", "auth", "fault")


def noted(row: Exchange) -> dict[str, Any]:
    """What a call to the provider's paths noted of itself; {} for other calls."""
    notes = row.decided.get("oauth")
    return notes if isinstance(notes, dict) else {}


def told(row: Exchange) -> list[dict[str, Any]]:
    """The legs of which a call told, in their order; [] when it is none of a sign-in."""
    notes = noted(row)
    legs = [one for one in notes.get("legs") or () if isinstance(one, dict)]
    return legs or ([notes] if notes else [])


def failure(row: Exchange) -> dict[str, Any] | None:
    """The leg at which a call failed; None when it did not."""
    return next((one for one in told(row) if one.get("outcome") == "failed"), None)


def head(row: Exchange) -> tuple[str, str]:
    """The verdict on a call to the provider: its kind and a short sentence."""
    notes = noted(row)
    if notes.get("fault"):
        return "warn", _("Misbehaved on purpose, as the sign-in test was told to.")
    if row.status >= 500:
        return "bad", _("The provider failed.")
    if failure(row):
        return "warn", _("This leg of the sign-in failed.")
    if row.status == 404:
        return "warn", _("The provider has no such path.")
    if row.status >= 400:
        return "warn", _("The provider refused this.")
    return "ok", _("This leg of the sign-in went well.")


def steps(about: About) -> Iterator[Step]:
    """One step a leg, and the failure that was asked for."""
    notes = noted(about.row)
    links = whole(about)
    for one in told(about.row):
        icon, words = LEGS.get(str(one.get("leg")), LEGS["page"])
        code = shown(one["code"]) if one.get("code") else ""
        facts = [(_("What was wrong"), code)] if code else []
        kind = KINDS.get(str(one.get("outcome")), "")
        yield Step(_("Sign-in"), words(), kind, icon, facts + rest(one, *_TOLD), links=links)
        links = []
    if notes.get("fault"):
        words = _("It misbehaved on purpose: %(kind)s.") % {"kind": shown(notes["fault"])}
        yield Step(_("Fault"), words, "bad", "zap")


def whole(about: About) -> list[tuple[str, str]]:
    """The page of the sign-in that a call belongs to."""
    return about.link(_("The whole sign-in"), "signin:handshake-run", about.row.run) if about.row.run else []
