"""Redirect URIs are compared to the letter"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.oauth import callbacks
from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="high",
    source="RFC 9700, 2.1 and 4.1",
    sent=lazy("The browser was sent to a redirect URI that is not registered."),
    same=lazy("A changed redirect URI was taken as the right one is: the login page came for both."),
)
def check(look: Look) -> Found:
    """Asks for a code with a dozen redirect URIs that resemble the registered one. None may be redirected to.

    Whoever can bend the redirect URI gets other people's codes. Compare it as a whole text with what is registered: no
    prefixes, no patterns, no parsing.
    """
    if look.usual.refused:
        return untried("no_answer", look.usual.detail)
    taken = ""
    for uri in mutations(look.setup.redirect_uri):
        heard = look.authorize(redirect_uri=uri)
        if sends_to(heard.header("location"), uri) and 300 <= heard.status < 400:
            return finding("sent", f"{uri} → {heard.status}")
        if heard.status < 400 and heard.status == look.usual.status and look.login_first:
            taken = taken or uri
    if taken:
        return finding("same", taken) if look.usual.status == 200 else untried("login_first", taken)
    return passed()


def sends_to(where: str, uri: str) -> bool:
    """Whether a redirect goes to that URI."""
    return bool(where) and where.startswith(uri.partition("#")[0])


def mutations(uri: str) -> list[str]:
    """URIs that a careless comparison takes for ``uri``. The port of a program on one's own computer is none of them:
    it may be any (RFC 8252, section 7.3)."""
    parts = urlsplit(uri)
    host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    ports = [] if parts.scheme == "http" and host in callbacks.LOOPBACK else [f"{host}:4444"]
    other = "http" if parts.scheme == "https" else "https"

    def with_(**changes: str) -> str:
        return urlunsplit(parts._replace(**changes))

    return [
        with_(path=f"{parts.path}/x"),
        with_(path=f"{parts.path}x"),
        with_(path=f"{parts.path}/../x"),
        with_(path=f"{parts.path}/%2e%2e/x"),
        with_(path=f"{parts.path};x"),
        with_(path=parts.path.rpartition("/")[0] or "/"),
        with_(query="x=1"),
        with_(netloc=f"{host}.example.org{port}"),
        with_(netloc=f"x.{host}{port}"),
        with_(netloc=f"{host}{port}@example.org"),
        *(with_(netloc=one) for one in ports),
        with_(scheme=other),
        "https://example.org/callback",
    ]
