"""Secrets of clients: made, replaced with an overlap, and checked. Only their SHA-256 is kept.

A slow hash protects what people think up. These texts are 256 random bits: a fast one leaves nothing to guess, and a
token request does not cost a second of CPU.
"""

from __future__ import annotations

import enum
import hmac
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actionstudio.apps.oauth.engine import texts
from actionstudio.apps.oauth.models import Client, ClientSecret
from actionstudio.apps.oauth.prepared import Rows, Slot

OVERLAP = timedelta(hours=24)  # for which an old secret works besides its successor
_SEEN = timedelta(minutes=1)  # how exact last_used is
_NOBODY = "0" * 64
_KEPT = Rows(
    lambda: (
        ClientSecret.objects.filter(client_id=Slot("client"))
        .order_by("-pk")[:10]
        .values_list("pk", "digest", "expires", "last_used")
    )
)


class Checked(enum.Enum):
    """What a shown secret is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"


def mint(client: Client) -> str:
    """Makes a secret besides those there are, and returns its text: the only time that it can be read."""
    text = texts.make(ClientSecret.PREFIX)
    ClientSecret.objects.create(client=client, digest=texts.digest(text), last4=text[-4:])
    return text


def rotate(client: Client, overlap: timedelta = OVERLAP) -> str:
    """Makes the secret that takes over, and returns its text. The one before works for ``overlap`` more; an older one
    whose overlap was not over ends now, so that never more than two work."""
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        now = timezone.now()
        old = list(live(client))
        for place, secret in enumerate(old):
            ends = now if place else now + overlap
            secret.expires = min(ends, secret.expires) if secret.expires else ends
            secret.save(update_fields=["expires"])
        return mint(client)


def live(client: Client) -> list[ClientSecret]:
    """The secrets that work now, the newest first."""
    return list(client.secrets.filter(Q(expires=None) | Q(expires__gt=timezone.now())).order_by("-pk"))


def check(client: Client | None, text: str) -> Checked:
    """Whether the client may show this secret. Takes the same time and the same query when there is no such client."""
    now, shown, right = timezone.now(), texts.digest(text), None
    for number, digest, expires, last_used in _KEPT.all(client=client.pk if client else 0):
        if hmac.compare_digest(digest, shown):
            right = number, expires, last_used
    hmac.compare_digest(_NOBODY, shown)
    if right is None:
        return Checked.WRONG
    number, expires, last_used = right
    if expires is not None and expires <= now:
        return Checked.EXPIRED
    if last_used is None or now - last_used > _SEEN:
        ClientSecret.objects.filter(pk=number).update(last_used=now)
    return Checked.RIGHT
