"""Codes for a review of the project's own provider, as if the person of the run had allowed its request once more."""

from __future__ import annotations

import datetime

from django.utils import timezone

from actionstudio.apps.oauth.engine import texts
from actionstudio.apps.oauth.models import AccessToken, Grant
from actionstudio.apps.signin.runs import Run

LIVES = datetime.timedelta(minutes=1)


def code(run: Run, challenge: str = "") -> str:
    """A code for the test client that was made for the run and for who signed in with it; "" where there is none.

    A review has no browser in which somebody is signed in. A real client gets nothing here: what a person allowed it
    is not to be used for tests.
    """
    client = run.row.client
    if client is None or not run.setup.made or client.lapses is None or not run.held.get("access"):
        return ""
    known = AccessToken.objects.filter(token_checksum=texts.digest(run.held["access"]), application=client)
    token = known.select_related("user").first()
    if token is None or token.user is None:
        return ""
    text = texts.make(texts.CODE)
    Grant.objects.create(
        application=client,
        user=token.user,
        code=texts.digest(text),
        expires=timezone.now() + LIVES,
        redirect_uri=run.setup.redirect_uri,
        scope=token.scope,
        code_challenge=challenge,
        code_challenge_method="S256" if challenge else "",
        resource=[run.setup.resource] if run.setup.resource else [],
    )
    return text
