"""Encrypts the texts of secrets: with AES-256-GCM under the newest of the operator's keys, bound to their place.

A sealed text is b"1", four bytes that name the key, twelve bytes of nonce, and the ciphertext. Its place (project and
name) is part of what is authenticated: moved to another row it does not open. The keys are STUDIO_ENCRYPTION_KEYS,
newest first; older ones open what they have sealed until ``studio_reseal`` has sealed all of it anew.
"""

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import QuerySet

_MARK, _ID, _NONCE = b"1", 4, 12


RESEALERS: list[Callable[[], tuple[int, int]]] = []  # what later apps keep sealed: each seals its texts anew


class Unreadable(Exception):
    """None of the keys opens this text: the key it was sealed with is gone, or the row was tampered with."""


@lru_cache(16)
def _ring(texts: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """The keys by the name that sealed texts know them by, newest first."""
    keys = [hashlib.sha256(b"action-studio sealing\0" + text.encode()).digest() for text in texts]
    return {hashlib.sha256(key).digest()[:_ID]: AESGCM(key) for key in keys}


def _keys() -> dict[bytes, AESGCM]:
    return _ring(tuple(settings.STUDIO_ENCRYPTION_KEYS))


def seal(text: str, place: str) -> bytes:
    """The text as it is kept. ``place`` says whose it is; the same is needed to open it."""
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE)
    return _MARK + name + nonce + key.encrypt(nonce, text.encode(), place.encode())


def unseal(sealed: bytes, place: str) -> str:
    """The text that ``seal`` was given. Raises Unreadable."""
    sealed = bytes(sealed)
    key = _keys().get(sealed[1 : 1 + _ID]) if sealed[:1] == _MARK else None
    start = 1 + _ID
    if key is None:
        raise Unreadable
    try:
        return key.decrypt(sealed[start : start + _NONCE], sealed[start + _NONCE :], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable from None


def is_newest(sealed: bytes) -> bool:
    """Whether a text was sealed with the newest key."""
    return bytes(sealed)[1 : 1 + _ID] == next(iter(_keys()))


def anew(rows: QuerySet[Any], place: Callable[[Any], str]) -> tuple[int, int]:
    """Seals the texts of these rows (column ``sealed``) with the newest key, each for its place; how many were sealed
    anew, and how many could not be opened. What somebody changes meanwhile is left as it is."""
    done = lost = 0
    for row in rows.iterator():
        if is_newest(row.sealed):
            continue
        try:
            sealed = seal(unseal(row.sealed, place(row)), place(row))
        except Unreadable:
            lost += 1
            continue
        done += rows.model._default_manager.filter(pk=row.pk, sealed=row.sealed).update(sealed=sealed)
    return done, lost
