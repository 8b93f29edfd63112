"""Retention of sign-ins: codes and tokens that have ended are kept for a while, to tell what happened, then removed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from actionstudio.apps.oauth import limiting, sessions
from actionstudio.apps.oauth.models import AccessToken, ClientSecret, Grant, IDToken, Provider, RefreshToken

CHUNK = 500  # rows deleted in one transaction
SECRETS = timedelta(days=30)  # for which a client hears that its secret is an old one
CODES = timedelta(days=1)  # for which a used code is known as such
TOKENS = timedelta(days=7)  # for which a caller hears that a token has expired, not that there never was one


def prune(now: datetime | None = None) -> int:
    """Removes what has ended for good. Returns how many rows; safe to repeat, and while tokens are being used."""
    now = now or timezone.now()
    removed = 0
    for days in Provider.objects.values_list("refresh_days", flat=True).distinct():
        idle = now - timedelta(days=days) - TOKENS
        mine = RefreshToken.objects.filter(application__project__provider__refresh_days=days)
        removed += _delete(mine.filter(created__lt=idle))
    # while its sign-in is refreshed a code tells where that returned to: a callback can be taken away (revoking.beyond)
    refreshed = RefreshToken.objects.filter(token_family=OuterRef("family"))
    removed += _delete(Grant.objects.filter(~Exists(refreshed), expires__lt=now - CODES))
    removed += _delete(AccessToken.objects.filter(expires__lt=now - TOKENS))
    # by its newest a client shows that it has a secret at all: that one stays, even if it has ended
    later = ClientSecret.objects.filter(client=OuterRef("client"), pk__gt=OuterRef("pk"))
    removed += _delete(ClientSecret.objects.filter(Exists(later), expires__lt=now - SECRETS))
    removed += _delete(IDToken.objects.filter(expires__lt=now - TOKENS))
    limiting.sweep(now.timestamp())
    return removed + sessions.sweep()


def _delete(ended: QuerySet[Model]) -> int:
    removed, rows = 0, ended.order_by("pk").values_list("pk", flat=True)
    while numbers := list(rows[:CHUNK]):
        removed += ended.model._default_manager.filter(pk__in=numbers).delete()[0]
    return removed
