"""Answers name their issuer"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="low",
    source="RFC 9207, 2; RFC 9700, 4.4.2",
    absent=lazy("No iss came with the code: clients of several providers can be led to the wrong one."),
    broken=lazy("The metadata promises iss, but it did not come: strict clients break off."),
    other=lazy("iss is not the issuer of the metadata."),
)
def check(look: Look) -> Found:
    """Looks for iss in what the browser brought back, and compares it with the issuer of the metadata.

    A client that knows several providers can be tricked into sending one provider's code to another. iss tells them
    apart, when it equals the issuer to the letter.
    """
    leg = next((one for one in reversed(look.run.row.legs) if one["kind"] == "callback"), None)
    back = look.back(look.usual)
    if back is None and leg is not None:
        back = {name: values[0] for name, values in parse_qs(urlsplit(leg["request"]["url"]).query).items()}
    if back is None:
        return untried("no_run")
    metadata = look.metadata or {}
    iss, issuer = back.get("iss", ""), str(metadata.get("issuer", ""))
    if not iss:
        promised = metadata.get("authorization_response_iss_parameter_supported") is True
        return finding("broken" if promised else "absent")
    if issuer and iss != issuer:
        return finding("other", f"{iss} ≠ {issuer}")
    return passed(seen=iss)
