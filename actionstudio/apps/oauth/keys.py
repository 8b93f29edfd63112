"""The keys that sign ID tokens: one for the whole installation, made when it is first needed, and those before it.

They lie in the database, sealed with the operator's encryption key, so that all workers sign with the same one. Who an
ID token is from and for stands in ``iss`` and ``aud``; a key of its own for each project would add nothing to that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from actionstudio.apps.oauth.models import SigningKey
from actionstudio.apps.publishing import sealing

ALGORITHM = "RS256"
BITS = 2048
KNOWN = 300  # seconds for which clients may keep the published keys without asking again
AHEAD = timedelta(seconds=2 * KNOWN)  # a new key is published for that long before it signs
KEPT = timedelta(days=1)  # an old one stays published for that long: ID tokens live for an hour
log = logging.getLogger(__name__)


class Signer(NamedTuple):
    """The key that signs now: its name, as in the header of a token, and the key itself."""

    kid: str
    key: rsa.RSAPrivateKey

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a signed JWT (RFC 7519; RFC 7515, section 3.1; RFC 7518, section 3.3)."""
        header = {"alg": ALGORITHM, "kid": self.kid, "typ": "JWT"}
        text = ".".join(_url64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
        return f"{text}.{_url64(self.key.sign(text.encode(), padding.PKCS1v15(), SHA256()))}"


def signer() -> Signer:
    """The key that signs now; it is made when there is none, or none that can be opened."""
    row = SigningKey.objects.filter(starts__lte=timezone.now()).first() or _make(timezone.now())
    try:
        return Signer(row.kid, _opened(row.kid, bytes(row.sealed)))
    except sealing.Unreadable:
        log.error("the key %s that signs ID tokens cannot be opened: its encryption key is gone. A new one signs", row)
        row = _make(timezone.now())
        return Signer(row.kid, _opened(row.kid, bytes(row.sealed)))


def published() -> list[dict[str, Any]]:
    """The public keys with which ID tokens can be checked, newest first, as a JSON Web Key Set (RFC 7517) has them."""
    signer()
    lasting = SigningKey.objects.filter(Q(ends=None) | Q(ends__gt=timezone.now()))
    return list(lasting.values_list("public", flat=True))


def rotate(at_once: bool = False) -> SigningKey:
    """Makes a new key. It is published now and signs AHEAD later; the others stay published until KEPT after that.

    ``at_once``: it signs now and the others are gone, because somebody else may have them.
    """
    now = timezone.now()
    with transaction.atomic():
        made = _make(now if at_once else now + AHEAD)
        others = SigningKey.objects.exclude(pk=made.pk)
        if at_once:
            others.delete()
        else:
            others.filter(ends__lte=now).delete()
            others.filter(ends=None).update(ends=made.starts + KEPT)
    return made


def reseal() -> tuple[int, int]:
    """Seals every key with the newest encryption key; returns how many were sealed anew and how many are lost."""
    return sealing.anew(SigningKey.objects.all(), lambda row: _place(row.kid))


def _make(starts) -> SigningKey:
    """A new key, the newest; or the one that another worker has made in the meantime."""
    number = (SigningKey.objects.values_list("number", flat=True).first() or 0) + 1
    key = rsa.generate_private_key(65537, BITS)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = _public(key.public_key().public_numbers())
    kid = public["kid"]
    try:
        with transaction.atomic():
            return SigningKey.objects.create(
                number=number, kid=kid, sealed=sealing.seal(text.decode(), _place(kid)), public=public, starts=starts
            )
    except IntegrityError:
        return SigningKey.objects.get(number=number)


@lru_cache(8)
def _opened(kid: str, sealed: bytes) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(sealing.unseal(sealed, _place(kid)).encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _public(numbers: rsa.RSAPublicNumbers) -> dict[str, str]:
    """The public half as a JSON Web Key (RFC 7518, section 6.3.1), named by its thumbprint (RFC 7638)."""
    key = {"e": _url64(_bytes(numbers.e)), "kty": "RSA", "n": _url64(_bytes(numbers.n))}
    kid = _url64(hashlib.sha256(json.dumps(key, separators=(",", ":"), sort_keys=True).encode()).digest())
    return {**key, "kid": kid, "alg": ALGORITHM, "use": "sig"}


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _place(kid: str) -> str:
    return f"signing-key/{kid}"
