"""Profile: a GPT's action in ChatGPT.

Sources: OpenAI "Actions: authentication"; what builders saw of its requests (docs/chatgpt-rules.md, OA-01; OpenAI's
developer forum, thread 527074: no PKCE).
"""

import uuid

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.profiles.profile import Profile

AGENT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot"
PROFILE = Profile(
    key="gpt",
    title=lazy("ChatGPT (GPT action)"),
    about=lazy("State is a UUID, an empty scope is sent, no PKCE; the token request is a form, by POST or with Basic."),
    authorize=("response_type", "client_id", "redirect_uri", "scope", "state"),
    token=("grant_type", "client_id", "client_secret", "code", "redirect_uri"),
    refresh=("grant_type", "client_id", "client_secret", "refresh_token"),
    state=lambda: str(uuid.uuid4()),
    headers=(("User-Agent", AGENT), ("Accept", "*/*")),
    keeps_empty=True,
    wants=("token_type", "expires_in", "refresh_token"),
    who="chatgpt",
    callback="https://chatgpt.com/aip/g-…/oauth/callback",
)
