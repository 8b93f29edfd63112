"""Tokens: what proves something once and is another one next time."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.judging.kinds.kind import Spot, kind, random_looking, turns

_JWT = re.compile(r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*")  # RFC 7519: its header is a JSON object in base64url
_LONG = re.compile(r"[A-Za-z0-9_+/.~-]{32,}={0,2}")
_SHORT = re.compile(r"[A-Za-z0-9_+/.~:-]{6,}={0,2}")
_NAMES = ("token", "tokens", "jwt", "secret", "nonce", "csrf", "xsrf", "cursor", "state", "signature", "sig", "otp")
_SCHEMES = ("bearer ", "basic ")


@kind("Tokens")
def tokens(before: Any, after: Any, spot: Spot) -> bool:
    """Tokens that are minted anew: JWTs, random texts of 32 characters and more, and opaque texts in a member whose
    name ends in token, nonce, cursor, signature or the like."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    for scheme in _SCHEMES:
        if before.lower().startswith(scheme) and after.lower().startswith(scheme):
            before, after = before[len(scheme) :], after[len(scheme) :]
    if _JWT.fullmatch(before) or _JWT.fullmatch(after):
        return bool(_JWT.fullmatch(before) and _JWT.fullmatch(after))
    if spot.ends(*_NAMES):
        return all(_SHORT.fullmatch(text) and _opaque(text) for text in (before, after))
    return len(before) == len(after) and all(_LONG.fullmatch(text) and random_looking(text) for text in (before, after))


def _opaque(text: str) -> bool:
    """No plain word: ``pending`` and ``partiallyShipped`` under the name state are answers."""
    return random_looking(text) or turns(text) > len(text) // 4 or (len(text) >= 8 and any(map(str.isdigit, text)))
