"""What can be wrong beside the sign-in itself: when clients register, ask who signed in, or look for the provider."""

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.reasons.reason import Reason

REASONS = {
    codes.REGISTRATION_OFF: Reason(
        _("Registration is off"),
        _("%(who)s wanted to register itself. Switch registration on in the provider's settings, or register it here."),
        source="RFC 7591, section 3",
    ),
    codes.REGISTRATION_LIMITED: Reason(
        _("Too many registrations"),
        _("Too many clients registered themselves in a short time. The answer said how long to wait."),
    ),
    codes.REGISTRATION_FULL: Reason(
        _("No place is left"),
        _("All places for clients that register themselves are taken, and each is in use. Delete some of them."),
    ),
    codes.REGISTRATION_WRONG: Reason(
        _("The registration cannot be taken"),
        _("What %(who)s says of itself cannot be registered. The answer names the field and what to change."),
        _("What %(who)s says of itself cannot be registered. %(sent)s."),
        source="RFC 7591, section 3.2.2",
    ),
    codes.REGISTRATION_TOKEN_WRONG: Reason(
        _("Wrong registration token"),
        _("A client is read, changed and deleted with the token that it got when it registered. This was not it."),
        source="RFC 7592, section 2",
    ),
    codes.BEARER_MISSING: Reason(
        _("No access token"),
        _("%(who)s asked who signed in without showing the access token."),
        source="RFC 6750, section 3",
    ),
    codes.BEARER_WRONG: Reason(
        _("This access token is not good"),
        _(
            "The token that %(who)s showed is none of this project's access tokens, or it has expired or was revoked. "
            "An ID token or a refresh token is not an access token."
        ),
        source="RFC 6750, section 3.1",
    ),
    codes.OPENID_MISSING: Reason(
        _("The scope openid is missing"),
        _("Who signed in is told for tokens with the scope “openid”. Let %(who)s ask for it when people sign in."),
        source="OpenID Connect Core 1.0, section 5.3",
    ),
    codes.NOBODY: Reason(
        _("Nobody signed in"),
        _("%(who)s got this token for itself, so there is nobody to tell about."),
        source="RFC 6749, section 4.4",
    ),
    codes.NO_APPS: Reason(
        _("No app signs in here"),
        _("People of this project have keys of their own. Choose OAuth as the authentication to let apps sign in."),
    ),
}
