"""The texts of codes and tokens, and how they are known again: by their SHA-256 alone.

Each begins so that logs and secret scanners can find it, and holds 256 bits. What a refresh makes is not random but
derived from the refresh token that was presented and a key of this installation: a client that asks again because the
first answer was lost gets the same pair, though nothing but hashes is kept.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import salted_hmac

ACCESS, REFRESH, CODE, SECRET = "asat_", "asrt_", "asac_", "ascs_"


def make(prefix: str) -> str:
    """A new text."""
    return prefix + secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is kept of a text: its SHA-256 in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def successor(prefix: str, presented: str) -> str:
    """The token that takes the place of a presented refresh token, always the same one."""
    return next(successors(prefix, presented))


def successors(prefix: str, presented: str) -> Iterator[str]:
    """What ``successor`` gives under the installation's key, then what it gave under its former ones."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        made = salted_hmac(f"actionstudio.oauth.{prefix}", presented, secret=key, algorithm="sha256").digest()
        yield prefix + base64.urlsafe_b64encode(made).rstrip(b"=").decode()
