"""The credential of a call: the dialog's stored form and its secret become one header.

Source: what the authentication dialog stores (docs/chatgpt-rules.md, AK-01 to AK-05, OA-11). Its names are the plugin
manifest's: ``{"type": "none"}``, ``{"type": "service_http", "authorization_type": "basic" | "bearer" | "custom",
"custom_auth_header"}``, ``{"type": "oauth", …}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.words import said

type JSON = Any

TYPES = ("none", "service_http", "oauth")
SCHEMES = ("basic", "bearer", "custom")
PRESELECTED = "basic"  # in the dialog, and the reason of most wrong headers
PLACEHOLDER = "X-Api-Key"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110, section 5.1)
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # its value (RFC 9110, section 5.5)
_CONNECTION = frozenset(
    ("host", "content-length", "transfer-encoding", "connection", "content-type", "accept-encoding")
)


@dataclass(frozen=True, slots=True)
class Credential:
    """One header. Its value stands in no text that is kept."""

    name: str
    value: str = field(repr=False)

    @property
    def secret(self) -> str:
        """The value without the scheme in front of it."""
        return self.value.removeprefix("Bearer ").removeprefix("Basic ") if self.name == "authorization" else self.value


def header(auth: Mapping[str, JSON], secret: str = "") -> Credential | None:
    """The header that the calls of an action bear; None for none.

    ``auth`` is the dialog's stored form, ``secret`` the key (service_http) or the access token (oauth). A Basic key
    goes as it was typed (AK-02), a key under a name of one's own raw (AK-03). Without a secret nothing is sent: that is
    what a dialog does that was saved again with an empty key. Raises Refused for what no header can hold.
    """
    kind = auth.get("type", "none")
    if kind not in TYPES:
        raise Refused(Problem("/type", said("Use one of %(names)s.", names=", ".join(TYPES)), "choice"))
    if kind == "none" or not secret:
        return None
    if kind == "oauth":
        return _made("authorization", f"Bearer {secret}", "/token")
    scheme = auth.get("authorization_type", PRESELECTED)
    if scheme not in SCHEMES:
        raise Refused(Problem("/authorization_type", said("Use one of %(names)s.", names=", ".join(SCHEMES)), "choice"))
    if scheme == "custom":
        return _made(_name(auth.get("custom_auth_header")), secret, "/api_key")
    return _made("authorization", f"{scheme.title()} {secret}", "/api_key")


def _name(text: JSON) -> str:
    name = str(text or PLACEHOLDER).strip()
    if not _TOKEN.fullmatch(name):
        raise Refused(Problem("/custom_auth_header", said("A header's name is letters, digits and dashes."), "header"))
    if name.lower() in _CONNECTION:
        message = said("%(name)s belongs to the connection: use another header.", name=name)
        raise Refused(Problem("/custom_auth_header", message, "header"))
    return name


def _made(name: str, value: str, pointer: str) -> Credential:
    if not _VALUE.fullmatch(value) or value != value.strip():
        message = said("A header holds no line ends, no spaces at its ends, and only Latin letters.")
        raise Refused(Problem(pointer, message, "header"))
    return Credential(name, value)
