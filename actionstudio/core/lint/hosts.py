"""Hosts of addresses: which one ChatGPT takes for the root, and which belong together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from actionstudio.core.schemas.refs import escape

# Public suffixes of two labels under which everybody registers. The whole list (publicsuffix.org) has thousands; these
# are the common ones, and a missing one only means that two strangers under it count as one.
_TWO = {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "gob", "gouv"}
LOCAL = ("localhost", "127.0.0.1", "::1", "[::1]")


def parsed(url: str) -> SplitResult | None:
    """An absolute http address, or None."""
    try:
        parts = urlsplit(url.strip())
        return parts if parts.scheme in ("http", "https") and parts.hostname and "{" not in parts.netloc else None
    except ValueError:
        return None


def written_host(url: str) -> str:
    """The host as it is written, capitals and all."""
    parts = parsed(url)
    return parts.netloc.rpartition("@")[2].partition(":")[0] if parts else ""


def is_local(host: str) -> bool:
    """Whether only this machine answers under that name."""
    return host in LOCAL or host.endswith(".localhost")


def under(host: str, root: str) -> bool:
    """Whether ``host`` is ``root`` or a name below it."""
    return host == root or host.endswith(f".{root}")


def second_level(host: str) -> str:
    """The domain that somebody registered: ``example.com`` of ``api.example.com``."""
    labels = host.lower().split(".")
    if len(labels) > 2 and labels[-2] in _TWO and len(labels[-1]) == 2:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


SIGN_IN = {
    "google.com",
    "googleapis.com",
    "microsoftonline.com",
    "microsoft.com",
    "live.com",
    "adobe.com",
    "adobelogin.com",
}


def flows(schemes: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The OAuth flows of security schemes (OpenAPI 3.1.0, section 4.8.29): pointer, name of the scheme, flow."""
    for name, scheme in schemes.items():
        found = scheme.get("flows") if scheme.get("type") == "oauth2" else None
        for kind, flow in found.items() if isinstance(found, dict) else ():
            if isinstance(flow, dict):
                yield f"/components/securitySchemes/{escape(name)}/flows/{escape(kind)}", name, flow
