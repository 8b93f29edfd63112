"""The scopes that clients can ask for: the project's own, and those by which an app learns who has signed in."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from actionstudio.core.auth import Auth, OAuth, Scope

OPENID = "openid"


def scopes(auth: Auth) -> tuple[Scope, ...]:
    """All there are, in the order in which people read them; () where nobody signs in through an app.

    A scope that the project has itself is the project's, sentence and all. Source of the names: OpenID Connect Core
    1.0, section 5.4; ``groups`` is the name in common use for what a person belongs to.
    """
    if not isinstance(auth, OAuth):
        return ()
    own = {scope.name for scope in auth.scopes}
    return (*auth.scopes, *(scope for scope in identity() if scope.name not in own))


def identity() -> tuple[Scope, ...]:
    """The scopes of OpenID Connect, with their sentences in the reader's language."""
    return (
        Scope(OPENID, _("Know that it is you")),
        Scope("profile", _("See your name")),
        Scope("email", _("See your e-mail address")),
        Scope("groups", _("See which groups you are in")),
    )


def may_ask(scopes: Collection[str], name: str) -> bool:
    """Whether a client with these ``scopes`` may ask for that one: a client that names none may have them all."""
    return not scopes or name in scopes or name == OPENID
