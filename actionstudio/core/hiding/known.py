"""Keys of well-known services: their forms are unmistakable, so they are hidden wherever they stand.

JSON Web Tokens too, as sentences quote them: signed ones, with or without their signature, and encrypted ones.

Sources: the services' own documents on their keys, and the public patterns of GitHub's secret scanning: OpenAI and
Anthropic (sk-…), GitHub (ghp_…, github_pat_…), Slack (xoxb-…), AWS (AKIA…), Google (AIza…), Stripe (sk_live_…), private
keys as PEM writes them (RFC 7468, section 10); tokens as RFC 7515 and RFC 7516, section 3.1, write them: parts in
base64url, of which the first, and of a signed one the second, is a JSON object.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import re2

_SHORTEST = 15  # characters that any of them has
_FORMS = (
    r"sk-(?:proj|svcacct|admin|ant)-[A-Za-z0-9_-]{16,}", r"sk-[A-Za-z0-9]{24,}",
    r"gh[opsur]_[A-Za-z0-9]{30,}", r"github_pat_[A-Za-z0-9_]{22,}", r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    r"AKIA[0-9A-Z]{16}\b", r"AIza[0-9A-Za-z_-]{35}", r"[rs]k_live_[0-9A-Za-z]{16,}",
    r"eyJ[\w-]{8,}\.(?:eyJ[\w-]{4,}(?:\.[\w-]*)?|[\w-]*(?:\.[\w-]+){3})",
)  # fmt: skip
# To its end, or as far as it was kept; lines may be ended as JSON or a form does
_PEM = (
    r"-----BEGIN(?:[ +][A-Z0-9]+)*[ +]PRIVATE[ +]KEY(?:[ +]BLOCK)?-----"
    r"(?:-?(?:[A-Za-z0-9+/=%\s:,]|\\+[nrt/]))*(?:-----END[ +A-Z0-9]*-----)?"
)
# A word's beginning, also behind an escape of JSON or of a URL
_WHOLE: Any = re2.compile(rf"(?:\b|\\[bfnrt]|%[0-9A-Fa-f]{{2}})({'|'.join(_FORMS)})|({_PEM})".encode())
# Finds no fewer, as a part of a larger pattern: so that one pass over a body is enough
HINT = (
    r"sk-(?:proj|svcacct|admin|ant)-|sk-[A-Za-z0-9]{24}|gh[opsur]_[A-Za-z0-9]{30}|github_pat_|xox[abeoprs]-"
    r"|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|[rs]k_live_|PRIVATE[ +]KEY|eyJ[\w-]{8,}\."
)


def may_have(text: str) -> bool:
    """Whether a text has letters that each of them has: to ask that costs a tenth of a search, and most texts end here.
    For lines; in a body, look for HINT."""
    if len(text) < _SHORTEST:
        return False
    if "sk-" in text or "eyJ" in text or "xox" in text or "AIza" in text or "KIA" in text or "PRIVATE" in text:
        return True
    return "_" in text and ("gh" in text or "github_pat_" in text or "k_live_" in text)


def has_key(data: bytes) -> bool:
    """Whether one stands in it."""
    return _WHOLE.search(data) is not None


def without_keys(data: bytes, hide: Callable[[str], str]) -> bytes:
    """The data with ``hide`` done to each of them."""

    def put(found: Any) -> bytes:
        group = 1 if found.group(1) is not None else 2
        start, key = found.start(group) - found.start(), found.group(group)
        return bytes(found.group(0)[:start]) + hide(key.decode("utf-8", "replace")).encode()

    return bytes(_WHOLE.sub(put, data))
