"""What is wrong with a kind of sign-in before it is kept: each fault at its field, with the cure."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from actionstudio.core.auth import ApiKey, Auth, OAuth, Scope
from actionstudio.core.problem import Problem

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110: what a header name is made of
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")  # RFC 6749, section 3.3: what the name of a scope is made of
TAKEN = frozenset(
    "host content-length content-type transfer-encoding connection accept user-agent cookie te upgrade expect".split()  # noqa: SIM905
)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SCOPES_MOST = 50
SCOPE_LONGEST = 100
SENTENCE_LONGEST = 200
URL_LONGEST = 2000
EXCHANGES = ("default_post", "basic_auth_header")
CONTENT_TYPES = ("application/x-www-form-urlencoded", "application/json")


def problems(auth: Auth) -> list[Problem]:
    """Everything that is wrong with ``auth``, at pointers into its fields; [] when it can be kept."""
    if isinstance(auth, ApiKey):
        why = header_objection(auth.header)
        return [Problem("/header", why, "header")] if why else []
    if isinstance(auth, OAuth):
        return [*_urls(auth), *_scopes(auth.scopes)]
    return []


def header_objection(name: str) -> str:
    """What keeps callers from sending their key in a header of that name; "" when nothing does."""
    if not _TOKEN.fullmatch(name):
        return _("A header name has letters, digits and hyphens only, such as X-Api-Key.")
    if name.lower() in TAKEN:
        return _("%(name)s has another meaning in HTTP. Choose another.") % {"name": name}
    return ""


def url_objection(url: str) -> str:
    """What keeps people from being sent to that address to sign in; "" when nothing does (RFC 6749, section 3.1: TLS
    and no fragment). Plain http is for this machine alone."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        usable = bool(host) and parts.port is not False
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"{}\\]", url) or len(url) > URL_LONGEST:
        return _("Write a whole address, such as https://login.example.com/authorize.")
    if parts.username is not None or parts.password is not None:
        return _("The address may hold no user name and no password.")
    if "#" in url:
        return _("The address may hold no “#”: what follows it never reaches the server.")
    if parts.scheme == "http" and host not in LOOPBACK and not host.endswith(".localhost"):
        return _("Use https: people type their passwords there.")
    return ""


def scope_objection(name: str) -> str:
    """What keeps a scope from having that name; "" when nothing does."""
    if not name:
        return _("Give the scope a name, such as todos:read.")
    if len(name) > SCOPE_LONGEST:
        return _("A scope's name has at most %(n)s characters.") % {"n": SCOPE_LONGEST}
    if not _SCOPE.fullmatch(name):
        return _("A scope's name has letters, digits and signs of plain ASCII without blanks and quotes: todos:read.")
    return ""


def _urls(auth: OAuth) -> Iterator[Problem]:
    if auth.ours:
        return
    for field in ("authorization_url", "token_url"):
        url = getattr(auth, field)
        why = url_objection(url) if url else _("A provider of your own has both addresses.")
        if why:
            yield Problem(f"/{field}", why, "url")


def _scopes(scopes: tuple[Scope, ...]) -> Iterator[Problem]:
    if len(scopes) > SCOPES_MOST:
        yield Problem("/scopes", _("Use at most %(n)s scopes.") % {"n": SCOPES_MOST}, "many")
    seen: set[str] = set()
    for index, scope in enumerate(scopes[:SCOPES_MOST]):
        why = scope_objection(scope.name)
        if not why and scope.name in seen:
            why = _("There is a scope of that name already.")
        if why:
            yield Problem(f"/scopes/{index}/name", why, "scope")
        if len(scope.sentence) > SENTENCE_LONGEST:
            words = _("The sentence has at most %(n)s characters.") % {"n": SENTENCE_LONGEST}
            yield Problem(f"/scopes/{index}/sentence", words, "long")
        seen.add(scope.name)
