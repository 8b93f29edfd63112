"""The server: the first usable one under the root origin, ``https://`` and the host of the first address in the list.

How the root is found is our conclusion (E); it fits every public report of the messages (C).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from actionstudio.core.importer.reading import Reading, short
from actionstudio.core.words import said

type JSON = Any

_SCHEMES = ("http", "https")
_HOST = re.compile(r"[^\s{}<>\"]+")  # what is still a placeholder is no host


@dataclass(frozen=True, slots=True)
class Address:
    """One usable address of ``servers``: as written, its parts, and where it stands."""

    url: str
    scheme: str
    host: str  # as written, without port
    port: str  # as written
    pointer: str

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.host.lower()}" + (f":{self.port}" if self.port else "")


def address(url: JSON, pointer: str = "") -> Address | None:
    """``url`` in parts, or None when it is no absolute web address."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    if parts.netloc.endswith("]") or "]:" in parts.netloc:
        host, _, port = parts.netloc.rpartition("]")[0] + "]", "", parts.netloc.rpartition("]")[2].removeprefix(":")
    if parts.scheme.lower() not in _SCHEMES or not _HOST.fullmatch(host) or (port and not port.isdigit()):
        return None
    return Address(url, parts.scheme.lower(), host, port, pointer)


def check(reading: Reading) -> None:
    """Finds the server and the root origin (SRV-01 to SRV-03)."""
    found = list(addresses(reading.document.get("servers")))
    if not found:
        _no_address(reading)
        return
    ours = address(reading.root)
    first = found[0]
    if ours is not None and first.origin == ours.origin:
        reading.origin, reading.host = ours.origin, ours.host.lower()
    else:
        reading.origin, reading.host = f"https://{first.host.lower()}", first.host.lower()
    kept = [item for item in found if _under(item, reading.origin, reading.host, ours)]
    _dropped(reading, found, kept)
    if kept:
        reading.server, reading.server_at = kept[0].url, kept[0].pointer


def addresses(servers: JSON) -> Iterator[Address]:
    """The usable addresses of ``servers``, in their order."""
    for index, server in enumerate(servers if isinstance(servers, list) else ()):
        found = address(server.get("url"), f"/servers/{index}/url") if isinstance(server, dict) else None
        if found is not None:
            yield found


def _under(item: Address, origin: str, root: str, ours: Address | None) -> bool:
    if ours is not None and item.origin == ours.origin == origin:
        return True
    return item.scheme == "https" and not item.port and (item.host == root or item.host.endswith(f".{root}"))


def _no_address(reading: Reading) -> None:
    reading.say(
        "SRV-01",
        "fatal",
        "Could not find a valid URL in `servers`",
        "/servers",
        said(
            "“servers” must name the address of the API, whole: “https://api.example.com/v1”. A path alone, or a host "
            "that is still a placeholder in braces, is none."
        ),
        repair="one-server",
    )


def _dropped(reading: Reading, found: list[Address], kept: list[Address]) -> None:
    """What is said about those that are not used."""
    for item in found:
        if item in kept:
            continue
        if item.host.lower() != reading.host and item.scheme == "https" and not item.port:
            _other_host(reading, item)
        else:
            _not_under(reading, item, fatal=not kept)
    if not kept:
        reading.say(
            "SRV-02",
            "fatal",
            f"None of the provided servers is under the root origin {reading.origin}",
            "/servers",
            said(
                "No server is left, so nothing is imported. ChatGPT calls https only, on the usual port, and wants the "
                "host in lower case: %(origin)s.",
                origin=short(reading.origin),
            ),
            cause="servers",
            repair="one-server",
        )
    elif len(kept) > 1:
        reading.say(
            "SRV-03",
            "degrades",
            f"Multiple servers found, using {kept[0].url}",
            kept[1].pointer,
            said("An action has one server: the first is called, the others never. Keep the one that is meant."),
            cause="servers",
            repair="one-server",
        )


def _other_host(reading: Reading, item: Address) -> None:
    reading.say(
        "SRV-03",
        "degrades",
        f"Found multiple hostnames, dropping {item.url}",
        item.pointer,
        said(
            "An action calls one host, that of the first server: %(host)s. This one is never called; it can be an "
            "action of its own.",
            host=short(reading.host),
        ),
        cause="servers",
        repair="one-server",
    )


def _not_under(reading: Reading, item: Address, *, fatal: bool) -> None:
    if item.scheme != "https":
        why = said("it begins with http://, and ChatGPT calls https only")
    elif item.port:
        why = said("it names a port, and ChatGPT calls the usual one only")
    elif item.host.lower() == reading.host:
        why = said("its host has capital letters")
    else:
        why = said("its host is another one")
    reading.say(
        "SRV-02",
        "degrades",
        f"Server URL {item.url} is not under the root origin {reading.origin}; ignoring it",
        item.pointer,
        said("This server is not used: %(why)s. Write it as %(origin)s/….", why=why, origin=short(reading.origin)),
        cause="servers",
        repair="one-server",
    )
