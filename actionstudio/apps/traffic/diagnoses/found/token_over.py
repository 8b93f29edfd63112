"""The token was good once and is not any more."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses.case import Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("bad")
def look(case: Case) -> Iterator[Diagnosis]:
    """ChatGPT asks for a fresh token by itself when an answer is 401 and it was given a refresh token; it does not when
    the token answer named no ``expires_in`` (docs/chatgpt-rules.md). A revoked grant needs a new sign-in."""
    if case.row.auth not in ("expired", "revoked"):
        return
    links = case.link(_("Sign-in test"), "signin:handshake") + case.link(_("Authentication"), "release:auth")
    facts = ((_("Seen"), str(case.row.decided.get("guard") or "")),)
    if case.row.auth == "expired":
        words = _(
            "ChatGPT should now ask for a fresh one at the token URL. If no such call follows, no refresh token was "
            "issued, or the token answer did not say when the token ends."
        )
        yield Diagnosis(_("The access token had expired."), words, facts, links, level="warn")
    else:
        words = _(
            "Nothing that ChatGPT does by itself helps: the person signs in again, or a new key is pasted in the "
            "GPT editor."
        )
        yield Diagnosis(_("What the caller sent was revoked."), words, facts, links)
