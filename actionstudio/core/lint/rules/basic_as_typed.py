"""Rule: a Basic key is typed in as it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.auth import ApiKey, ServiceHttp
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="AK-02",
    targets=("gpt",),
    topic="calls",
    sure="C",
    bad="Authorization: Basic user:pass",
    good="Authorization: Basic dXNlcjpwYXNz",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT sends what was typed into the dialog behind “Basic”, without encoding it.

    Type base64 of “user:password”. “Basic” is also what the dialog has chosen beforehand: a frequent reason for 401.
    """
    auth = look.contract.auth
    basic = isinstance(auth, ApiKey) and auth.scheme == "basic"
    if look.only is None and (basic or (isinstance(auth, ServiceHttp) and auth.authorization_type == "basic")):
        message = said("The key is sent as “Basic” and as typed: type base64 of user and password into the dialog.")
        yield Hit("/components/securitySchemes", message)
