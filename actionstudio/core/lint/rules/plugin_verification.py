"""Rule: the plugin is verified."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.auth import OAuth, ServiceHttp
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_TOKEN = re.compile(r"[0-9a-fA-F]{32}")


@rule(
    level="publish",
    source="PL-14",
    targets=("plugin",),
    topic="plugin",
    sure="A",
    bad="verification_tokens: {}",
    good="verification_tokens: {openai: 0123456789abcdef0123456789abcdef}",
)
def check(look: Look) -> Iterator[Hit]:
    """With a service token or OAuth, ChatGPT gives a verification token of 32 hexadecimal digits when it installs a
    plugin.

    Paste it into the manifest; ChatGPT then looks for it there.
    """
    auth = look.contract.auth
    if look.only is None and isinstance(auth, ServiceHttp | OAuth):
        token = auth.verification_tokens.get("openai", "")
        if not _TOKEN.fullmatch(token):
            text = said("ChatGPT's verification token is missing.")
            if token:
                text = said("The verification token must have 32 hexadecimal digits.")
            yield Hit("/manifest/auth", text)
