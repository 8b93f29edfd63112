"""One HTTP call and its answer, as values."""

from __future__ import annotations

from dataclasses import dataclass

type Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Call:
    """A request as it reached an address.

    ``path`` is percent-encoded and begins with "/" (the ``/live/<address>`` prefix is taken off), ``query`` is raw
    without "?". Header names are lower case.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str, default: str = "") -> str:
        """The first header of that (lower-case) name."""
        for key, value in self.headers:
            if key == name:
                return value
        return default


@dataclass(slots=True)
class Reply:
    """What was answered. Header names are lower case."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str, default: str = "") -> str:
        """The first header of that (lower-case) name."""
        for key, value in self.headers:
            if key == name:
                return value
        return default
