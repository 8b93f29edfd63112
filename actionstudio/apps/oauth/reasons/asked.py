"""What can be wrong with what is asked: the request's form, its grant, its callback, its scopes."""

from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.reasons.reason import Reason

_FORM = {
    codes.METHOD_WRONG: Reason(
        _("Not a POST"),
        _("The token endpoint is called by POST. Look whether authorization URL and token URL were exchanged."),
        _(
            "The token endpoint was called by %(sent)s; it takes POST. Look whether authorization URL and token URL "
            "were exchanged."
        ),
        source="RFC 6749, section 3.2",
    ),
    codes.BODY_TYPE_WRONG: Reason(
        _("The body's type is not known"),
        _("The token request is neither a form nor JSON. ChatGPT sends application/x-www-form-urlencoded."),
        _("The token request has the content type %(sent)s. It must be application/x-www-form-urlencoded."),
        source="RFC 6749, section 4.1.3",
    ),
    codes.BODY_MALFORMED: Reason(
        _("The body is not what it says"),
        _("The body of the token request cannot be read as what its content type says it is."),
        source="RFC 6749, section 4.1.3",
    ),
    codes.JSON_BODY: Reason(
        _("JSON instead of a form"),
        _(
            "%(who)s sent its token request as JSON, as plugins did. This client is set to forms; it can be set to "
            "take JSON as well."
        ),
        repairs=("json-bodies",),
        source="Plugin manifest: authorization_content_type",
    ),
    codes.PARAMETER_TWICE: Reason(
        _("A parameter came twice"),
        _("A parameter was sent more than once, so it is not clear which one counts."),
        _("The parameter %(sent)s was sent more than once, so it is not clear which one counts."),
        source="RFC 6749, section 3.1",
    ),
    codes.PARAMETER_IN_QUERY: Reason(
        _("A parameter in the query"),
        _("Parameters of the token endpoint stand in the body, never in its URL: URLs are kept in logs."),
        _("The parameter %(sent)s stood in the token URL's query. It belongs into the body: URLs are kept in logs."),
        source="RFC 6749, section 3.2",
    ),
    codes.PARAMETER_LONG: Reason(
        _("A parameter is too long"),
        _("A parameter is far longer than any client needs."),
        _("The parameter %(sent)s is too long: it has at most %(registered)s characters."),
    ),
    codes.PARAMETER_CONTROL: Reason(
        _("A control character in a parameter"),
        _("A parameter holds a control character, such as NUL or a line break. Look how it was put together."),
        _(
            "The parameter %(sent)s holds a control character, such as NUL or a line break. Look how it was put "
            "together."
        ),
    ),
    codes.PARAMETER_JUNK: Reason(
        _("A parameter that is no text"),
        _("Something in the request cannot be read as text."),
        _("The parameter %(sent)s is no text of whole UTF-8 characters: a number, a list or half a character."),
    ),
    codes.MAX_AGE_WRONG: Reason(
        _("max_age is no number of seconds"),
        _("max_age says how many seconds ago the person may have signed in: a whole number, 0 or more."),
        _(
            "max_age was %(sent)s. It says how many seconds ago the person may have signed in: a whole number, 0 or "
            "more."
        ),
        source="OpenID Connect Core 1.0, section 3.1.2.1",
    ),
}
_KIND = {
    codes.GRANT_MISSING: Reason(
        _("No grant_type"),
        _("The token request does not say what it is about: grant_type is missing."),
        source="RFC 6749, section 4.1.3",
    ),
    codes.GRANT_UNKNOWN: Reason(
        _("Unknown grant_type"),
        _("Nobody can get a token with this grant_type here: use authorization_code and refresh_token."),
        _("grant_type %(sent)s is not offered: use authorization_code and refresh_token."),
        source="RFC 9700, sections 2.1.2 and 2.4",
    ),
    codes.GRANT_NOT_ALLOWED: Reason(
        _("A grant that this client has not"),
        _("This client is not set to this kind of token request."),
        _("%(who)s asked with grant_type %(sent)s; this client may use %(registered)s."),
        ("grant",),
        "RFC 6749, section 5.2",
    ),
    codes.RESPONSE_TYPE_MISSING: Reason(
        _("No response_type"),
        _("The sign-in was opened without response_type=code. Look whether the authorization URL was cut."),
        source="RFC 6749, section 4.1.1",
    ),
    codes.RESPONSE_TYPE_UNKNOWN: Reason(
        _("Unknown response_type"),
        _("Only response_type=code is offered: the implicit flow hands tokens to whoever sees the URL."),
        _("response_type %(sent)s is not offered, only code: the implicit flow hands tokens to whoever sees the URL."),
        source="RFC 9700, section 2.1.2",
    ),
    codes.RESPONSE_MODE_UNKNOWN: Reason(
        _("Unknown response_mode"),
        _("Only response_mode=query is offered."),
        _("response_mode %(sent)s is not offered, only query."),
        source="OAuth 2.0 Multiple Response Types, section 2.1",
    ),
}
_WHERE = {
    codes.REDIRECT_MISSING: Reason(
        _("No callback"),
        _(
            "%(who)s sent no redirect_uri, and not exactly one is registered for this client. ChatGPT shows its "
            "Callback URL in the GPT's configuration once it is saved."
        ),
        source="RFC 6749, section 3.1.2.3",
    ),
    codes.REDIRECT_MISMATCH: Reason(
        _("The callback does not match"),
        _(
            "The redirect_uri that %(who)s sent is not registered. They are compared to the letter. ChatGPT goes by "
            "two hosts: register the callback with both."
        ),
        _(
            "%(who)s sent redirect_uri %(sent)s, but %(registered)s is registered. They are compared to the letter; "
            "ChatGPT goes by two hosts."
        ),
        ("allow-callback", "callbacks"),
        "RFC 6749, section 3.1.2.3; RFC 9700, section 2.1",
    ),
    codes.REDIRECT_CHANGED: Reason(
        _("Another callback than at the start"),
        _(
            "The token request has not the redirect_uri with which the sign-in began. %(who)s has to send the same one "
            "again, to the letter. Only the two addresses of one GPT count as the same, once both are registered."
        ),
        _(
            "The sign-in began with redirect_uri %(registered)s, and the token request has %(sent)s. %(who)s has to "
            "send the same one again, to the letter. Only the two addresses of one GPT count as the same, once both "
            "are registered."
        ),
        ("allow-both",),
        "RFC 6749, section 4.1.3",
    ),
    codes.SCOPE_UNKNOWN: Reason(
        _("Unknown scope"),
        _("%(who)s asked for a scope that the project does not have. Add it, or correct Scope in the GPT."),
        _("%(who)s asked for scope %(sent)s; the project has %(registered)s. Add it, or correct Scope in the GPT."),
        ("project-scope",),
        "RFC 6749, section 3.3",
    ),
    codes.SCOPE_NOT_ALLOWED: Reason(
        _("A scope that this client may not ask for"),
        _("%(who)s asked for a scope that the project has, but not for this client."),
        _("%(who)s asked for scope %(sent)s; this client may ask for %(registered)s."),
        ("client-scope",),
        "RFC 6749, section 3.3",
    ),
    codes.SCOPE_WIDER: Reason(
        _("More than was granted"),
        _("A refresh may ask for less than the person allowed, never for more. They have to sign in once more."),
        _("The refresh asked for scope %(sent)s; the person allowed %(registered)s. They have to sign in once more."),
        source="RFC 6749, section 6",
    ),
    codes.RESOURCE_MALFORMED: Reason(
        _("The resource is no URL"),
        _("A resource indicator is an absolute URL without a fragment."),
        _("The resource %(sent)s is not an absolute URL without a fragment."),
        source="RFC 8707, section 2",
    ),
    codes.RESOURCE_UNKNOWN: Reason(
        _("A resource of somebody else"),
        _("The resource is nothing of this address, so no token for it can be issued here."),
        _("The resource %(sent)s is nothing of this address, so no token for it can be issued here."),
        source="RFC 8707, section 2",
    ),
    codes.RESOURCE_WIDER: Reason(
        _("More resources than were granted"),
        _("A token request may name resources that the sign-in named, never others."),
        _("The token request named resource %(sent)s, which the sign-in had not named."),
        source="RFC 8707, section 2.2",
    ),
}
REASONS = _FORM | _KIND | _WHERE
