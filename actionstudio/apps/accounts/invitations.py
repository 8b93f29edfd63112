"""Invitations: links that let one person sign up while STUDIO_SIGNUP is ``invite``."""

import datetime
import hashlib
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.accounts.models import Invitation, User

LIFETIME = datetime.timedelta(days=7)
SESSION_KEY = "invitation"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def mint(user: User, email: str = "") -> tuple[Invitation, str]:
    """A new invitation and its link; the link is never kept."""
    token = secrets.token_urlsafe(24)
    expires = timezone.now() + LIFETIME
    made = Invitation.objects.create(by=user, email=email, digest=_digest(token), expires=expires)
    return made, settings.STUDIO_PUBLIC_URL + reverse("accounts:invited", args=[token])


def claim(token: str) -> Invitation | None:
    """The open invitation of that link, or None when it is unknown, too old or used."""
    found = Invitation.objects.filter(digest=_digest(token)).first()
    return found if found and found.is_open() and settings.STUDIO_SIGNUP != "closed" else None


def carried(request) -> Invitation | None:
    """The open invitation this browser came with."""
    token = request.session.get(SESSION_KEY, "")
    return claim(token) if token else None


def use(request, user: User) -> None:
    """Marks the carried invitation as used by the new account: one link, one account."""
    invitation = carried(request)
    if invitation:
        Invitation.objects.filter(pk=invitation.pk).update(used_by=user, used=timezone.now())
        request.session.pop(SESSION_KEY, None)
