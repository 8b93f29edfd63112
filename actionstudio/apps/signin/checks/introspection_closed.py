"""Introspection asks who is there"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="high",
    source="RFC 7662, 2.1 and 4",
    open=lazy("It answers callers who do not say who they are."),
)
def check(look: Look) -> Found:
    """Asks the introspection endpoint of the metadata about a made-up token, without any credentials.

    An open one lets anybody try tokens until one fits, and tells who uses them. Answer 401.
    """
    url = (look.metadata or {}).get("introspection_endpoint")
    if not isinstance(url, str):
        return untried("not_offered")
    heard = look.post(url, {"token": "action-studio-review-made-up"})
    if heard.refused:
        return untried("no_answer", heard.detail)
    return finding("open", str(heard.status)) if heard.status == 200 else passed(seen=str(heard.status))
