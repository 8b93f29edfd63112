"""Profile: a ChatGPT plugin of 2023. Its token request was JSON when its manifest's authorization_content_type was.

Source: OpenAI "Plugin authentication" (2023): the order of the authorization URL and the members of the token request.
"""

import uuid

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.profiles.profile import JSON, Profile

PROFILE = Profile(
    key="plugin",
    title=lazy("A plugin of 2023"),
    about=lazy("As ChatGPT did for plugins: no PKCE; the token request is JSON or a form, as the manifest says."),
    authorize=("response_type", "client_id", "scope", "state", "redirect_uri"),
    token=("grant_type", "client_id", "client_secret", "code", "redirect_uri"),
    refresh=("grant_type", "client_id", "client_secret", "refresh_token"),
    state=lambda: str(uuid.uuid4()),
    headers=(("User-Agent", "Mozilla/5.0 (compatible; ChatGPT-User/1.0)"), ("Accept", "*/*")),
    content_type=JSON,
    keeps_empty=True,
    wants=("token_type", "expires_in", "refresh_token"),
    who="plugin",
    callback="https://chat.openai.com/aip/plugin-…/oauth/callback",
)
