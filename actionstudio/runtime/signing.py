"""Which paths of an address belong to its OAuth provider, where it has one, and how a visit gets its answer."""

from __future__ import annotations

from actionstudio.core.auth import signs_in
from actionstudio.core.contract import Contract
from actionstudio.runtime.pacing import Pace
from actionstudio.runtime.ports import Hosted, Provider
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.visit import Visit

_RESOURCE = "/.well-known/oauth-protected-resource"
_FOLDERS = ("/oauth/", _RESOURCE)
_DOCUMENTS = frozenset(("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", _RESOURCE))
_PATHS = _DOCUMENTS | {"/connected", "/connected/"}
# Style sheets, fonts and icons of the sign-in pages: a dozen to a page, and nobody's calls. The log leaves them out
_FILES = ("/oauth/static/", "/oauth/theme.css")
# Names whose values the log hides on the provider's own paths, besides the built-in ones
MASKS = frozenset((
    "code", "code_verifier", "token", "access_token", "refresh_token", "id_token", "client_secret", "password",
    "old_password", "password1", "password2", "subject_token", "registration_access_token", "csrf", "key",
))  # fmt: skip


def provides(contract: Contract, path: str) -> bool:
    """Whether the provider answers this path: its own pages come before the project's operations."""
    if path[:3] not in ("/oa", "/co", "/.w") or not signs_in(contract.auth):
        return False
    return path in _PATHS or path.startswith(_FOLDERS)


def inserted(path: str) -> tuple[str, str] | None:
    """(address, path on it) for a well-known path whose issuer or resource has a path below ``/live/``; else None.

    RFC 8414 (section 3.1) and RFC 9728 (section 3.1) put the well-known part between the host and the path:
    ``/.well-known/oauth-protected-resource/live/todo/mcp`` is about ``/live/todo/mcp``.
    """
    name, live, rest = path.partition("/live/")
    address, slash, below = rest.partition("/")
    if not live or name not in _DOCUMENTS or not address:
        return None
    return address.lower(), name + slash + below


def answer(provider: Provider, hosted: Hosted, visit: Visit, client: str) -> None:
    """Gives the visit the provider's answer. In a thread."""
    made = provider.answer(hosted, visit.call, visit.base, client)
    reply = made.reply
    pace = Pace(before=made.wait) if made.wait else None
    headers = tuple(pair for pair in reply.headers if pair[0] != "content-length")
    visit.kind, visit.auth, visit.sign_in, visit.decisions = "oauth", made.auth, made.sign_in, dict(made.decisions)
    visit.reply = Prepared(reply.status, headers, reply.body, pace=pace, shown=made.shown)
    visit.logged = not (visit.call.path.startswith(_FILES) and reply.status < 400)
