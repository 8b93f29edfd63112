"""Server-sent events out of bytes that come in any pieces (WHATWG HTML, section 9.2.6)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

_END = re.compile(r"\r\n|\n|\r(?!\Z)")  # a \r that ends what has come may be half of a \r\n
LONGEST = 4 * 1024 * 1024  # characters of one event


class TooLong(Exception):
    """One event has no end."""


def data(pieces: Iterable[bytes]) -> Iterator[str]:
    """The data of each event, as soon as it is whole. Names, ids and comments are left out. An event that the end of
    the stream cuts short is given, too: some servers leave out the last empty line. Raises TooLong."""
    held: list[str] = []
    size = 0
    for line in _lines(pieces):
        if not line:
            if held:
                yield "\n".join(held)
            held, size = [], 0
            continue
        name, _, value = line.partition(":")
        if name == "data":
            held.append(value.removeprefix(" "))
            size += len(value) + 1
            if size > LONGEST:
                raise TooLong
    if held:
        yield "\n".join(held)


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest, first = "", True
    for piece in pieces:
        rest += decoder.decode(piece)
        if first and rest:
            rest, first = rest.removeprefix("\ufeff"), False
        *whole, rest = _END.split(rest)
        yield from whole
        if len(rest) > LONGEST:
            raise TooLong
    rest += decoder.decode(b"", final=True)
    yield from _END.split(rest.removesuffix("\r"))
