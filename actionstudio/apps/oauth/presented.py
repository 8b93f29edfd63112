"""A token that somebody presents to the provider itself: which one it is, if it is worth anything now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from actionstudio.apps.oauth import tenancy
from actionstudio.apps.oauth.engine import texts
from actionstudio.apps.oauth.models import AccessToken, RefreshToken


def access(project_id: int, text: str) -> AccessToken | None:
    """The living access token of that text which this project issued, with its client and user. One query.

    Nothing else is one: an ID token, a refresh token, an end user's own key and a token of another project are None.
    """
    found = _live(AccessToken.objects, project_id, text).filter(expires__gt=timezone.now()).first()
    return found if found is not None and _usable(found) else None


def refresh(project_id: int, text: str) -> RefreshToken | None:
    """The same for a refresh token that has not been used, or given up, yet, nor lain unused for too long."""
    idle = timedelta(days=tenancy.current().provider.refresh_days)
    found = _live(RefreshToken.objects, project_id, text).filter(created__gt=timezone.now() - idle).first()
    return found if found is not None and _usable(found) else None


def _live(rows: Any, project_id: int, text: str) -> QuerySet:
    mine = Q(application__project_id=project_id) | Q(application=None, user__project_id=project_id)
    near = rows.select_related("application", "user").filter(mine, token_checksum=texts.digest(text), revoked=None)
    return near


def _usable(token: AccessToken | RefreshToken) -> bool:
    client, user = token.application, token.user
    return (client is None or client.is_usable(None)) and (user is None or user.is_active)
