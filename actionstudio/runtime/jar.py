"""The cookies that a browser keeps for the sign-in pages of an address, or for the studio: no operation ever sees them.

They go before a call is routed, so that neither templates nor rules, neither other servers nor the log know of them.
"""

from __future__ import annotations

from actionstudio.core.call import Call
from actionstudio.runtime.visit import Visit

STUDIO = frozenset({"studio", "csrf", "csrftoken", "sessionid", "messages", "shown-once", "django_language"})
_SIGN_IN = ("eu", "eu-lang", "eu-known")  # apps/oauth/sessions.py, knowing.py
_OWN_HOST = frozenset((*_SIGN_IN, *(f"__host-{name}" for name in _SIGN_IN)))
_BELOW_LIVE = -1  # of a visit's ``base`` (runtime/app.py)
_PREFIXES = ("__host-", "__secure-")


def withhold(visit: Visit, address: str) -> None:
    """Takes from the visit what is not the project's. Below /live/ an address shares its host with the studio."""
    below = visit.base == _BELOW_LIVE
    names = STUDIO | {f"{name}_{address}" for name in _SIGN_IN} if below else _OWN_HOST
    call, headers = visit.call, []
    for name, value in call.headers:
        kept = _without(value, names, below) if name == "cookie" else value
        if kept or name != "cookie":
            headers.append((name, kept))
    if len(headers) == len(call.headers) and tuple(headers) == tuple(call.headers):
        return
    visit.call = Call(call.method, call.path, call.query, tuple(headers), call.body)
    visit.headers = dict(headers)


def _without(header: str, names: frozenset[str], prefixes: bool) -> str:
    pairs = [pair for pair in header.split(";") if pair.strip()]
    kept = [pair for pair in pairs if not _is_one(pair.partition("=")[0].strip().lower(), names, prefixes)]
    return header if len(kept) == len(pairs) else ";".join(kept).strip()


def _is_one(name: str, names: frozenset[str], prefixes: bool) -> bool:
    return name in names or (prefixes and name.startswith(_PREFIXES))
