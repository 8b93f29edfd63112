"""Access tokens without a sign-in: for a test user, a replay, or a client's own tools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from actionstudio.apps.oauth.engine import texts
from actionstudio.apps.oauth.models import AccessToken, Client, EndUser
from actionstudio.apps.projects.models import Project

LONGEST = 24 * 3600  # seconds


def mint(
    project: Project, user: EndUser | None, client: Client | None, scopes: Iterable[str], seconds: int
) -> tuple[AccessToken, str]:
    """A new access token and its text, the only time that it can be read. Without ``client`` it is the studio's own.

    Raises ValueError when user or client are not the project's, when there is neither, or for a life that is not 1 to
    LONGEST seconds. That the scopes exist is the caller's to check.
    """
    if not 1 <= seconds <= LONGEST:
        raise ValueError(f"a minted token lives 1 to {LONGEST} seconds, not {seconds}")
    if user is None and client is None:
        raise ValueError("a token is somebody's: of a user or of a client")
    if any(one is not None and one.project_id != project.pk for one in (user, client)):
        raise ValueError("user and client have to be the project's own")
    text = texts.make(texts.ACCESS)
    made = AccessToken.objects.create(
        user=user,
        application=client,
        token="",
        token_checksum=texts.digest(text),
        expires=timezone.now() + timedelta(seconds=seconds),
        scope=" ".join(dict.fromkeys(scopes)),
    )
    return made, text
