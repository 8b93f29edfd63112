"""Hashes: what follows from a content, such as an ETag."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.judging.kinds.kind import Spot, kind

_HEX = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})", re.IGNORECASE)
_PREFIXED = re.compile(r"(md5|sha\d{1,3})[:=-]([A-Za-z0-9+/_-]{16,}={0,2})", re.IGNORECASE)
_ETAG = re.compile(r'(W/)?"[^"]+"')  # RFC 9110, section 8.8.3
_PLAIN = re.compile(r"[A-Za-z0-9+/_=-]{6,}")
_NAMES = frozenset(
    ["etag", "hash", "checksum", "digest", "md5", "sha", "sha1", "sha256", "sha512", "crc32", "fingerprint"]
)


@kind("Hashes")
def hashes(before: Any, after: Any, spot: Spot) -> bool:
    """Hashes and ETags of the same length and notation. They follow from the content: when that changed, it is told of
    by itself."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    one, two = _PREFIXED.fullmatch(before), _PREFIXED.fullmatch(after)
    if one and two:
        return one[1].lower() == two[1].lower() and len(before) == len(after)
    tags = _ETAG.fullmatch(before), _ETAG.fullmatch(after)
    if all(tags):
        return tags[0][1] == tags[1][1]  # type: ignore[index]
    if len(before) != len(after):
        return False
    if _HEX.fullmatch(before) and _HEX.fullmatch(after):
        return any(text.strip("0123456789") for text in (before, after))
    named = _NAMES.intersection(spot.words) or _NAMES.intersection((spot.name.lower(),))
    return bool(named and _PLAIN.fullmatch(before) and _PLAIN.fullmatch(after))
