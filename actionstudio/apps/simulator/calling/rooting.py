"""Rooting: the origin that counts as a good server though ChatGPT takes it not, to try an API before it is online."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.simulator import places
from actionstudio.apps.simulator.calling.sending import Line
from actionstudio.core.importer.checks.servers import addresses
from actionstudio.core.lint.hosts import is_local
from actionstudio.core.problem import Refused
from actionstudio.core.specs import text as texts
from actionstudio.runtime.dialing import is_never, is_public


def root_of(project: Project, text: str, url: str = "", address: Address | None = None) -> str:
    """That origin for the document ``text``, "" for none. An address of this studio is one for its own document. While
    the studio may call its own network two more are: the first server of a document when it is on this computer or has
    a private number, and the place without https where the document was found (``url``)."""
    if address is not None:
        return places.base_of(address)
    if ours := Line(project).base_of(url):
        return ours
    if not private_allowed():
        return ""
    parts = urlsplit(url)
    return _near(text) or (f"{parts.scheme}://{parts.netloc}" if parts.scheme == "http" else "")


@lru_cache(16)
def _near(text: str) -> str:
    """The origin of a document's first server if it is in one's own network, as far as its name tells."""
    try:
        document = texts.parse(text)
    except Refused:
        return ""
    first = next(addresses(document.get("servers")), None) if isinstance(document, dict) else None
    return first.origin if first is not None and _is_near(first.host.lower()) else ""


def _is_near(host: str) -> bool:
    if is_local(host):
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return not is_public(address) and not is_never(address)
