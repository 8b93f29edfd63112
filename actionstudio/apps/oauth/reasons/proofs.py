"""What can be wrong with codes, their proof (PKCE), and tokens."""

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.reasons.reason import Reason

_PKCE = {
    codes.PKCE_MISSING: Reason(
        _("PKCE is required, none was sent"),
        _(
            "This client has to send a code_challenge (PKCE), and %(who)s sent none. ChatGPT's actions never do: for "
            "them PKCE must not be required."
        ),
        repairs=("pkce-optional", "pkce-off"),
        source="RFC 7636, section 4.4.1",
    ),
    codes.PKCE_METHOD_WRONG: Reason(
        _("PKCE other than S256"),
        _("Only code_challenge_method=S256 is taken: plain shows the verifier to whoever sees the URL."),
        _("code_challenge_method is %(sent)s. Only S256 is taken: plain shows the verifier to whoever sees the URL."),
        source="RFC 9700, section 2.1.1",
    ),
    codes.PKCE_MALFORMED: Reason(
        _("A challenge that cannot be one"),
        _("A challenge is the SHA-256 of a verifier in base64url, and a verifier has 43 to 128 unreserved characters."),
        source="RFC 7636, sections 4.1 and 4.2",
    ),
    codes.PKCE_VERIFIER_MISSING: Reason(
        _("No verifier"),
        _("The sign-in began with a code_challenge, but the token request has no code_verifier."),
        source="RFC 7636, section 4.5",
    ),
    codes.PKCE_WRONG: Reason(
        _("The verifier does not belong to the challenge"),
        _("The code_verifier of the token request is not the one of whose SHA-256 the sign-in began with."),
        source="RFC 7636, section 4.6",
    ),
    codes.PKCE_UNEXPECTED: Reason(
        _("A verifier without a challenge"),
        _(
            "The token request has a code_verifier, but the sign-in began without a code_challenge. Taking it would "
            "let somebody strip PKCE from the request."
        ),
        source="RFC 9700, section 4.8.2",
    ),
}
_CODES = {
    codes.CODE_MISSING: Reason(_("No code"), _("The token request has no code."), source="RFC 6749, section 4.1.3"),
    codes.CODE_UNKNOWN: Reason(
        _("Unknown code"),
        _(
            "The code that %(who)s sent was never issued here. Look whether authorization URL and token URL are of the "
            "same address."
        ),
        source="RFC 6749, section 4.1.3",
    ),
    codes.CODE_USED: Reason(
        _("The code was used before"),
        _(
            "A code works once. It was sent a second time, so all tokens made with it were revoked: somebody may have "
            "stolen it. The person has to sign in again."
        ),
        source="RFC 6749, section 4.1.2",
    ),
    codes.CODE_EXPIRED: Reason(
        _("The code has expired"),
        _("The code lives only for a short time, and the token request came later."),
        _("The code lives for %(registered)s seconds; the token request came after %(sent)s."),
        ("code-longer",),
        "RFC 6749, section 4.1.2",
    ),
    codes.CODE_FOREIGN: Reason(
        _("The code of another client"),
        _("The code was issued to another client of this project. Look which Client ID the GPT has."),
        source="RFC 6749, section 4.1.3",
    ),
}
_TOKENS = {
    codes.REFRESH_MISSING: Reason(
        _("No refresh token"), _("The request has no refresh_token."), source="RFC 6749, section 6"
    ),
    codes.REFRESH_UNKNOWN: Reason(
        _("Unknown refresh token"),
        _("The refresh token that %(who)s sent was never issued here, or so long ago that it was forgotten."),
        source="RFC 6749, section 6",
    ),
    codes.REFRESH_REUSED: Reason(
        _("A refresh token used twice"),
        _(
            "Another one took its place some time ago. Since it may have been stolen, all tokens of this sign-in were "
            "revoked; the person has to sign in again."
        ),
        source="RFC 9700, section 4.14.2",
    ),
    codes.RETRY_OTHER: Reason(
        _("A retry that asks for less"),
        _(
            "Its refresh token was replaced a moment ago, and a retry gets the same tokens again: they can do more "
            "than was asked for now. %(who)s has to use the newest refresh token."
        ),
        source="RFC 6749, section 6",
    ),
    codes.REFRESH_EXPIRED: Reason(
        _("The refresh token has expired"),
        _("It was not used for longer than the provider's settings allow. The person has to sign in again."),
        _("It was not used for %(registered)s days. The person has to sign in again."),
        ("refresh-on",),
    ),
    codes.REFRESH_REVOKED: Reason(
        _("The refresh token was revoked"),
        _("It was revoked: by the person, by you, or by the client. The person has to sign in again."),
        _("%(ended)s The person has to sign in again."),
    ),
    codes.REFRESH_FOREIGN: Reason(
        _("The refresh token of another client"),
        _("It was issued to another client of this project. Look which Client ID the GPT has."),
        source="RFC 6749, section 6",
    ),
    codes.TOKEN_MISSING: Reason(_("No token"), _("The request names no token."), source="RFC 7009, section 2.1"),
}
REASONS = _PKCE | _CODES | _TOKENS
