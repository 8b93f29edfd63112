"""What is wrong with a request to the provider, as a value and as the exception that carries it to where it is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oauthlib.oauth2.rfc6749 import errors

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.models import Client
from actionstudio.runtime.bearer import ENDED

_LONGEST = 400
# RFC 6749, section 5.2: what an error_description may consist of. This is why these sentences are not translated.
_PLAIN = str.maketrans({**dict.fromkeys('"“”„‘’', "'"), "…": "...", "–": "-", "—": "-", "\\": "/"})
_FORBIDDEN = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


@dataclass(frozen=True)
class Trouble:
    """What was wrong. ``code`` is one of codes.py, ``error`` and ``description`` are what the client is told, ``facts``
    what the trace tells besides: what was ``sent``, what is ``registered``, never a secret.

    ``returns_to`` is the callback at which the client may be told, "" where that would be unsafe: then a page tells the
    person (RFC 6749, section 4.1.2.1). ``redirect`` is that callback with the error. ``wait`` are seconds.
    """

    code: str
    error: str
    description: str
    status: int = 400
    facts: Mapping[str, Any] = field(default_factory=dict)
    client: Client | None = None
    returns_to: str = ""
    redirect: str = ""
    wait: int = 0


class Rejected(Exception):
    """A request that is refused. It is no OAuth2Error, so that it passes oauthlib untouched up to our own view."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


_CLIENT, _GRANT, _REQUEST = "invalid_client", "invalid_grant", "invalid_request"
# code: the OAuth error, the status, and a sentence that ends with the cure
ERRORS: Mapping[str, tuple[str, int, str]] = {
    codes.CLIENT_MISSING: (_REQUEST, 400, "There is no client_id. Send the id of a registered client."),
    codes.CLIENT_UNKNOWN: (_CLIENT, 401, "This provider knows no client with that client_id. Copy the id from the "
                           "project's clients, or register the client again."),
    codes.CLIENT_DISABLED: (_CLIENT, 401, "This client is switched off. Switch it on among the project's clients."),
    codes.CLIENT_MIXED: (_REQUEST, 400, "The client_id in the body is not that of the Authorization header. Send one "
                         "client."),
    codes.SECRET_MISSING: (_CLIENT, 401, "This client has a secret and did not show it. Send client_secret in the way "
                           "that is registered: {registered}."),
    codes.SECRET_WRONG: (_CLIENT, 401, "The client_secret is wrong. Copy it again, or make a new one among the "
                         "project's clients."),
    codes.SECRET_EXPIRED: (_CLIENT, 401, "This client_secret was replaced and its time is over. Use the new one."),
    codes.SECRET_METHOD_WRONG: (_CLIENT, 401, "The client sent its secret by {sent}, but is registered for "
                                "{registered}. Change one of the two."),
    codes.SECRET_TWICE: (_REQUEST, 400, "The secret came in the Authorization header and in the body. Send it in one "
                         "place."),
    codes.SECRET_UNEXPECTED: (_CLIENT, 401, "This is a public client, which has no secret, but one was sent. Leave it "
                              "out, or register the client with another token method."),
    codes.BASIC_MALFORMED: (_REQUEST, 400, "The Authorization header cannot be read. It has to be Basic and the base64 "
                            "of client_id:client_secret."),
    codes.TOO_MANY: (_CLIENT, 429, "Too many wrong secrets. Wait {wait} seconds and send the right one."),
    codes.METHOD_WRONG: (_REQUEST, 405, "This endpoint takes POST only. Send the parameters in the body of a POST."),
    codes.BODY_TYPE_WRONG: (_REQUEST, 415, "The body is of a type that is not taken here. Send it as "
                            "application/x-www-form-urlencoded."),
    codes.BODY_MALFORMED: (_REQUEST, 400, "The body cannot be read as its Content-Type says. Send name=value pairs in "
                           "UTF-8, or one flat JSON object of texts where the client is set to JSON."),
    codes.JSON_BODY: (_REQUEST, 415, "The body is JSON, and this client is not set to it. Send it as "
                      "application/x-www-form-urlencoded, or let the client take JSON among the project's clients."),
    codes.PARAMETER_TWICE: (_REQUEST, 400, "The parameter {sent} came more than once. Send it once."),
    codes.PARAMETER_IN_QUERY: (_REQUEST, 400, "Parameters came in the URL. Send them in the body, where no log keeps "
                               "them."),
    codes.PARAMETER_LONG: (_REQUEST, 400, "The value of {sent} is too long: it has at most {registered} characters."),
    codes.PARAMETER_CONTROL: (_REQUEST, 400, "The value of {sent} holds a control character, such as NUL or a line "
                              "break. Leave it out."),
    codes.PARAMETER_JUNK: (_REQUEST, 400, "The value of {sent} is no text of whole UTF-8 characters. Send one."),
    codes.MAX_AGE_WRONG: (_REQUEST, 400, "max_age has to be a number of seconds, 0 or more. It was {sent}."),
    codes.GRANT_MISSING: (_REQUEST, 400, "There is no grant_type. Send authorization_code or refresh_token."),
    codes.GRANT_UNKNOWN: ("unsupported_grant_type", 400, "This grant_type is not offered. Offered are "
                          "authorization_code, refresh_token and client_credentials."),
    codes.GRANT_NOT_ALLOWED: ("unauthorized_client", 400, "This client is not registered for that grant. Registered: "
                              "{registered}. Add the grant to the client."),
    codes.RESPONSE_TYPE_MISSING: (_REQUEST, 400, "There is no response_type. Send response_type=code."),
    codes.RESPONSE_TYPE_UNKNOWN: ("unsupported_response_type", 400, "This response_type is not offered. Send "
                                  "response_type=code."),
    codes.RESPONSE_MODE_UNKNOWN: (_REQUEST, 400, "This response_mode is not offered. Leave it out, or send query."),
    codes.REDIRECT_MISSING: (_REQUEST, 400, "There is no redirect_uri. Send one that is registered for the client."),
    codes.REDIRECT_MISMATCH: (_REQUEST, 400, "The redirect_uri is not registered for this client, to the letter. "
                              "Register it, or send one that is."),
    codes.REDIRECT_CHANGED: (_GRANT, 400, "The code was asked for with the redirect_uri {registered}, and this request "
                             "has {sent}. Send the same one again, to the letter."),
    codes.SCOPE_UNKNOWN: ("invalid_scope", 400, "There is no such scope here: {sent}. Offered: {registered}."),
    codes.SCOPE_NOT_ALLOWED: ("invalid_scope", 400, "The client may not ask for the scope {sent}. Allow it among the "
                              "project's clients, or ask for less."),
    codes.SCOPE_WIDER: ("invalid_scope", 400, "A refresh cannot ask for more than was granted: {sent}. Leave scope "
                        "out, or let the person sign in again."),
    codes.RESOURCE_MALFORMED: ("invalid_target", 400, "A resource has to be an absolute URL without a fragment."),
    codes.RESOURCE_UNKNOWN: ("invalid_target", 400, "The resource {sent} is not at this provider. Send "
                             "{registered} or an address below it, or leave it out."),
    codes.RESOURCE_WIDER: ("invalid_target", 400, "The resource {sent} was not granted. Leave it out, or let the "
                           "person sign in again."),
    codes.PKCE_MISSING: (_REQUEST, 400, "Code challenge required: send code_challenge and code_challenge_method=S256, "
                         "or let the client do without PKCE among the project's clients."),
    codes.PKCE_METHOD_WRONG: (_REQUEST, 400, "This code_challenge_method is not taken. Send S256."),
    codes.PKCE_MALFORMED: (_REQUEST, 400, "{sent} is malformed. A code_verifier has 43 to 128 letters, digits and "
                           "-._~; its S256 code_challenge has 43 characters."),
    codes.PKCE_VERIFIER_MISSING: (_GRANT, 400, "The code was asked for with a code_challenge, so its code_verifier "
                                  "has to come with it."),
    codes.PKCE_WRONG: (_GRANT, 400, "The code_verifier does not belong to the code_challenge. Send the one that the "
                       "challenge was made from."),
    codes.PKCE_UNEXPECTED: (_GRANT, 400, "There is a code_verifier, but the code was asked for without a "
                            "code_challenge. Send the challenge when asking for the code, or no verifier now."),
    codes.CODE_MISSING: (_REQUEST, 400, "There is no code. Send the one that came to the callback."),
    codes.CODE_UNKNOWN: (_GRANT, 400, "There is no such code. Start the sign-in again and send its code unchanged."),
    codes.CODE_USED: (_GRANT, 400, "The code was used before, so the tokens made from it are revoked. Use each code "
                      "once, and start the sign-in again."),
    codes.CODE_EXPIRED: (_GRANT, 400, "The code has expired. Use it within {seconds} seconds, or let codes live "
                         "longer in the provider's settings."),
    codes.CODE_FOREIGN: (_GRANT, 400, "The code was issued to another client. Use it with the client that asked for "
                         "it."),
    codes.REFRESH_MISSING: (_REQUEST, 400, "There is no refresh_token. Send the last one that was received."),
    codes.REFRESH_UNKNOWN: (_GRANT, 400, "There is no such refresh token. Let the person sign in again."),
    codes.REFRESH_REUSED: (_GRANT, 400, "The refresh token was used before and another took its place, so all of this "
                           "sign-in is revoked. Keep the newest one, and let the person sign in again."),
    codes.RETRY_OTHER: ("invalid_scope", 400, "The refresh token was replaced a moment ago. A retry of that request "
                        "has to ask for the same: {registered}. For less, use the newest refresh token."),
    codes.REFRESH_EXPIRED: (_GRANT, 400, "The refresh token was not used for too long. Let the person sign in again."),
    codes.REFRESH_REVOKED: (_GRANT, 400, "The refresh token is revoked{ended}. Let the person sign in "
                            "again."),
    codes.REFRESH_FOREIGN: (_GRANT, 400, "The refresh token was issued to another client. Use it with that one."),
    codes.TOKEN_MISSING: (_REQUEST, 400, "There is no token. Send the one that is meant."),
    codes.USER_DISABLED: (_GRANT, 400, "The account of this person is closed. Open it among the project's users."),
    codes.DEVELOPMENT_OVER: (_GRANT, 400, "This was a test user, and test users ended when the project's development "
                             "was switched off. Sign in with an account."),
    codes.ACCESS_DENIED: ("access_denied", 400, "The person did not allow it."),
    codes.DRILL_DENIED: ("access_denied", 400, "The person did not allow it."),
    codes.LOGIN_REQUIRED: ("login_required", 400, "Nobody is signed in, and prompt=none forbids to ask."),
    codes.FAULT: ("server_error", 500, "A failure was asked for in the studio."),
    codes.CONSENT_REQUIRED: ("consent_required", 400, "The person has to be asked, and prompt=none forbids it."),
}  # fmt: skip

# What oauthlib finds before we do
_NATIVE: tuple[tuple[type[errors.OAuth2Error], str], ...] = (
    (errors.MissingClientIdError, codes.CLIENT_MISSING),
    (errors.InvalidClientIdError, codes.CLIENT_UNKNOWN),
    (errors.MissingRedirectURIError, codes.REDIRECT_MISSING),
    (errors.MismatchingRedirectURIError, codes.REDIRECT_MISMATCH),
    (errors.InvalidRedirectURIError, codes.REDIRECT_MISMATCH),
    (errors.MissingResponseTypeError, codes.RESPONSE_TYPE_MISSING),
    (errors.UnsupportedResponseTypeError, codes.RESPONSE_TYPE_UNKNOWN),
    (errors.MissingCodeChallengeError, codes.PKCE_MISSING),
    (errors.UnsupportedCodeChallengeMethodError, codes.PKCE_METHOD_WRONG),
    (errors.MissingCodeVerifierError, codes.PKCE_VERIFIER_MISSING),
    (errors.UnsupportedGrantTypeError, codes.GRANT_UNKNOWN),
    (errors.UnauthorizedClientError, codes.GRANT_NOT_ALLOWED),
    (errors.InvalidScopeError, codes.SCOPE_UNKNOWN),
    (errors.InvalidClientError, codes.SECRET_WRONG),
    (errors.InvalidGrantError, codes.CODE_UNKNOWN),
)
_BY_NAME = {
    "invalid_client": codes.SECRET_WRONG,
    "invalid_grant": codes.CODE_UNKNOWN,
    "invalid_scope": codes.SCOPE_UNKNOWN,
    "unauthorized_client": codes.GRANT_NOT_ALLOWED,
    "unsupported_grant_type": codes.GRANT_UNKNOWN,
}


def rejected(code: str, *, client: Client | None = None, returns_to: str = "", wait: int = 0, **facts: Any) -> Rejected:
    """The exception for ``code``: ``facts`` go into its sentence and to the trace."""
    error, status, sentence = ERRORS[code]
    words = {"registered": "none", "sent": "", "wait": wait, **{key: _words(fact) for key, fact in facts.items()}}
    words["ended"] = f" {ENDED[facts['ended']]}" if facts.get("ended") in ENDED else ""
    told = {"wait": wait, **facts} if wait else facts
    return Rejected(Trouble(code, error, plain(sentence.format(**words)), status, told, client, returns_to, "", wait))


def native(error: errors.OAuth2Error) -> Rejected:
    """The same for what oauthlib found itself. Only where it is no fatal error may the client be told at its
    callback."""
    code = next((code for kind, code in _NATIVE if isinstance(error, kind)), codes.PARAMETER_JUNK)
    safe = "" if isinstance(error, errors.FatalClientError) else error.redirect_uri or ""
    if code == codes.PARAMETER_JUNK:
        words = plain(error.description or "The request cannot be understood.")
        return Rejected(Trouble(code, error.error or _REQUEST, words, 400, {}, None, safe))
    return rejected(code, returns_to=safe)


def told(answer: Mapping[str, Any], status: int) -> Trouble:
    """The same for an error that oauthlib has made an answer of already."""
    name = str(answer.get("error") or _REQUEST)
    words = plain(str(answer.get("error_description") or "The request cannot be understood."))
    return Trouble(_BY_NAME.get(name, codes.PARAMETER_JUNK), name, words, status)


def plain(text: str) -> str:
    """The text with nothing in it that an error_description cannot have: typographic signs become plain ones."""
    return _FORBIDDEN.sub("?", text.translate(_PLAIN))[:_LONGEST]


def _words(fact: Any) -> str:
    if isinstance(fact, list | tuple | set | frozenset):
        return " ".join(str(one) for one in list(fact)[:20]) or "none"
    return str(fact)[:200] or "none"
