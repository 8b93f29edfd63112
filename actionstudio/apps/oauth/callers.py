"""Who is signing in: told by the callback, by what else a client sends, and by nothing that it claims of itself.

Sources: the callbacks of GPT actions and plugins, and those of MCP clients, as their makers document them and as they
were seen (docs/chatgpt-rules.md); LibreChat's ``/api/actions/<id>/oauth/callback``.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import callbacks

GPT = re.compile(r"https://(chat\.openai\.com|chatgpt\.com)/aip/(g-[A-Za-z0-9]{1,64})/oauth/callback")
PLUGIN = re.compile(r"https://(chat\.openai\.com|chatgpt\.com)/aip/(plugin-[0-9a-f-]{36})/oauth/callback")
_CONNECTOR = re.compile(r"https://(chat\.openai\.com|chatgpt\.com)/connector(/oauth/[\w-]+|_platform_oauth_redirect)")
_CLAUDE = re.compile(r"https://claude\.(ai|com)/api/mcp/auth_callback")
_LIBRECHAT = re.compile(r"/api/actions/[\w-]+/oauth/callback")
_TOOLS = {"oauth.pstmn.io": "postman", "oauth2.thunderclient.com": "tool", "oauthdebugger.com": "tool"}

NAMES = {
    "chatgpt": _("ChatGPT"),
    "gpt": _("ChatGPT"),  # as the emulator plays it
    "plugin": _("ChatGPT plugin"),
    "connector": _("ChatGPT (MCP)"),
    "claude": _("Claude"),
    "mcp": _("MCP client"),
    "librechat": _("LibreChat"),
    "postman": _("Postman"),
    "tool": _("A tool"),
    "local": _("A program on this computer"),
    "emulator": _("Emulator"),
    "client": _("Client"),
}
# The same within a sentence, where the name is no one's own
_SAID = {
    "mcp": _("the MCP client"),
    "tool": _("a tool"),
    "local": _("a program on this computer"),
    "emulator": _("the emulator"),
    "client": _("the client"),
}


def who(callback: str, *, challenge: bool = False, resource: bool = False) -> str:
    """A key of NAMES. ``challenge``: PKCE was sent; ``resource``: a resource indicator (RFC 8707), which MCP's
    authorization demands of its clients and nobody else sends."""
    if GPT.fullmatch(callback):
        return "chatgpt"
    if PLUGIN.fullmatch(callback):
        return "plugin"
    if _CONNECTOR.fullmatch(callback):
        return "connector"
    if _CLAUDE.fullmatch(callback):
        return "claude"
    try:
        parts = urlsplit(callback)
        host = parts.hostname or ""
    except ValueError:
        return "client"
    if _LIBRECHAT.fullmatch(parts.path):
        return "librechat"
    if host in _TOOLS:
        return _TOOLS[host]
    if challenge and resource:
        return "mcp"
    return "local" if host in callbacks.LOOPBACK else "client"


def name(key: str) -> str:
    """The caller in the reader's language, as a label."""
    return str(NAMES.get(key, NAMES["client"]))


def said(key: str) -> str:
    """The caller in the reader's language, within a sentence."""
    return str(_SAID.get(key) or NAMES.get(key, _SAID["client"]))
