"""Repair: one server, with an address that ChatGPT takes (SRV-01 to SRV-03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from actionstudio.core.contract import Contract, Server
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.words import said


@repair(title=said("Keep one server"), order=22, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT uses one server: https, its name in lower case, the usual port. Documents served here name their own
    address; without one, the first of your servers that ChatGPT takes is kept."""
    found = [filled(server) for server in contract.servers]
    kept = next(((Server(url),) for url in found if is_usable(url)), ())
    if kept == contract.servers:
        return Mended(contract)
    told = said("Of %(n)s servers one is kept.", n=len(found)) if kept else said("No server is one that ChatGPT takes.")
    return Mended(replace(contract, servers=kept), (Note("one-server", "/servers", told),))


def filled(server: Server) -> str:
    """The URL of a server, its variables filled with their defaults (OpenAPI 3.1.0, section 4.8.6)."""
    url, variables = server.url, server.extra.get("variables")
    for name, value in variables.items() if isinstance(variables, Mapping) else ():
        if isinstance(value, Mapping):
            url = url.replace("{" + name + "}", str(value.get("default", "")))
    return url


def is_usable(url: str) -> bool:
    """Whether ChatGPT takes this server."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https"
            and parts.port is None
            and bool(parts.hostname)
            and parts.netloc == parts.hostname
            and "{" not in url
        )
    except ValueError:
        return False
