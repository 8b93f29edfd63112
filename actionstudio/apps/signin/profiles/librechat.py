"""Profile: an action in LibreChat.

Source: LibreChat's ActionService and TokenService (2025): its order, ``access_type=offline``, a signed token as state.
"""

import base64
import secrets

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.profiles.profile import Profile


def _state() -> str:
    """As long and dotted as the JSON web token that it sends: providers that cut state off are found out."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    return f"{head}.{secrets.token_urlsafe(120)}.{secrets.token_urlsafe(32)}"


PROFILE = Profile(
    key="librechat",
    title=lazy("LibreChat"),
    about=lazy("State is a long token with dots, access_type=offline is added; the token request is a form by POST."),
    authorize=("client_id", "scope", "redirect_uri", "access_type", "response_type", "state"),
    token=("code", "client_id", "client_secret", "grant_type", "redirect_uri"),
    refresh=("client_id", "client_secret", "grant_type", "refresh_token"),
    state=_state,
    headers=(("Accept", "application/json"), ("User-Agent", "axios/1.8.2")),
    keeps_empty=True,
    wants=("expires_in", "refresh_token"),
    who="librechat",
    callback="https://…/api/actions/…/oauth/callback",
)
