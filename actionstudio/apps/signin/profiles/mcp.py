"""Profile: an MCP client, which finds the provider by itself and insists on PKCE.

Source: Model Context Protocol, "Authorization" (2025-11-25, 2026-07-28); RFC 9728, 8414, 7591, 7636, 8707, 9207.
"""

import secrets

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.profiles.profile import Profile

PROFILE = Profile(
    key="mcp",
    title=lazy("An MCP client"),
    about=lazy("Starts from a 401, reads the metadata, registers itself if it may; PKCE S256, resource and iss."),
    authorize=(
        "response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method", "resource",
        "scope",
    ),
    token=("grant_type", "code", "redirect_uri", "client_id", "code_verifier", "resource", "client_secret"),
    refresh=("grant_type", "refresh_token", "client_id", "resource", "client_secret"),
    state=lambda: secrets.token_urlsafe(32),
    headers=(("User-Agent", "python-httpx2"), ("Accept", "application/json"), ("MCP-Protocol-Version", "2025-11-25")),
    pkce=True,
    discovers=True,
    escapes=True,
    wants=("token_type",),
    who="mcp",
    callback="https://claude.ai/api/mcp/auth_callback",
)  # fmt: skip
