"""What an app learns about the person who signed in: the claims of ID tokens and of userinfo, by scope.

Source: OpenID Connect Core 1.0, sections 5.1 and 5.4. What a builder has added to a person (EndUser.claims) comes with
the scope that the standard gives it, else with ``profile``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from actionstudio.apps.oauth.models import EndUser

# What the token itself says; nobody's own claim stands in for it (RFC 7519, 4.1; OpenID Connect Core, section 2)
RESERVED = frozenset((
    "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "auth_time", "at_hash", "c_hash", "s_hash", "azp", "acr",
    "amr", "sid", "scope", "client_id", "active", "token_type", "events", "cnf", "act", "may_act",
))  # fmt: skip
SCOPES = {
    "email": "email", "email_verified": "email", "address": "address", "phone_number": "phone",
    "phone_number_verified": "phone", "groups": "groups",
}  # fmt: skip
KNOWN = ("sub", "name", "preferred_username", "email", "email_verified", "groups")  # those that everybody can have


def of(user: EndUser, scopes: Collection[str]) -> dict[str, Any]:
    """The claims about ``user`` that an app with these scopes is told. ``sub`` is always among them.

    ``email_verified`` is False: nobody here has sent a mail to the address. A builder who knows better says so in the
    person's own claims, which win over what is made from the account.
    """
    about: dict[str, Any] = {"preferred_username": user.username, "groups": list(user.groups)}
    if user.name:
        about["name"] = user.name
    if user.email:
        about |= {"email": user.email, "email_verified": False}
    about |= {name: value for name, value in user.claims.items() if name not in RESERVED}
    told = {name: value for name, value in about.items() if SCOPES.get(name, "profile") in scopes}
    return {"sub": str(user.sub), **told}
