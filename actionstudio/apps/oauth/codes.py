"""What can be wrong at a leg of a sign-in: the codes that the log, the sign-in test and the explaining pages share.

The OAuth errors that go out with them stand in engine/refusing.py; the words for people in tracing's pages.
"""

# Who asks: the client
CLIENT_MISSING = "client_missing"  # no client_id
CLIENT_UNKNOWN = "client_unknown"  # none of this project has that id
CLIENT_DISABLED = "client_disabled"  # switched off, or lapsed
CLIENT_MIXED = "client_mixed"  # the id in the header and that in the body differ
SECRET_MISSING = "secret_missing"  # a confidential client showed none
SECRET_WRONG = "secret_wrong"
SECRET_EXPIRED = "secret_expired"  # an old one whose overlap is over
SECRET_METHOD_WRONG = "secret_method_wrong"  # in the body where the header is registered, or the other way round
SECRET_TWICE = "secret_twice"  # in the header and in the body (RFC 6749, section 2.3)
SECRET_UNEXPECTED = "secret_unexpected"  # a public client showed one
BASIC_MALFORMED = "basic_malformed"  # an Authorization header that is not Basic, or not base64 of id:secret
TOO_MANY = "too_many"  # wrong secrets

# What is asked
METHOD_WRONG = "method_wrong"  # not POST
BODY_TYPE_WRONG = "body_type_wrong"  # neither form nor JSON
BODY_MALFORMED = "body_malformed"  # not what its content type says
JSON_BODY = "json_body"  # JSON from a client that is not set to it
PARAMETER_TWICE = "parameter_twice"
PARAMETER_IN_QUERY = "parameter_in_query"  # of the token endpoint
PARAMETER_LONG = "parameter_long"  # far too long
PARAMETER_CONTROL = "parameter_control"  # a NUL or another control character
PARAMETER_JUNK = "parameter_junk"  # no text: a number or half a character in JSON, or what cannot be understood
MAX_AGE_WRONG = "max_age_wrong"  # no number of seconds
GRANT_MISSING = "grant_missing"  # no grant_type
GRANT_UNKNOWN = "grant_unknown"  # one that no client can have
GRANT_NOT_ALLOWED = "grant_not_allowed"  # one that this client has not
RESPONSE_TYPE_MISSING = "response_type_missing"
RESPONSE_TYPE_UNKNOWN = "response_type_unknown"  # other than code
RESPONSE_MODE_UNKNOWN = "response_mode_unknown"  # other than query
REDIRECT_MISSING = "redirect_missing"  # none was sent, and not exactly one is registered
REDIRECT_MISMATCH = "redirect_mismatch"  # not registered
REDIRECT_CHANGED = "redirect_changed"  # at the token endpoint: not that of the authorize request
SCOPE_UNKNOWN = "scope_unknown"  # the project has no such scope
SCOPE_NOT_ALLOWED = "scope_not_allowed"  # the client may not ask for it
SCOPE_WIDER = "scope_wider"  # a refresh asks for more than was granted
RESOURCE_MALFORMED = "resource_malformed"
RESOURCE_UNKNOWN = "resource_unknown"  # nothing of this address
RESOURCE_WIDER = "resource_wider"  # more than was granted

# Codes and their proof (RFC 7636)
PKCE_MISSING = "pkce_missing"  # no code_challenge from a client that has to send one
PKCE_METHOD_WRONG = "pkce_method_wrong"  # other than S256
PKCE_MALFORMED = "pkce_malformed"  # a challenge or verifier that cannot be one
PKCE_VERIFIER_MISSING = "pkce_verifier_missing"
PKCE_WRONG = "pkce_wrong"  # the verifier does not belong to the challenge
PKCE_UNEXPECTED = "pkce_unexpected"  # a verifier, but no challenge came before it (RFC 9700, section 4.8.2)
CODE_MISSING = "code_missing"
CODE_UNKNOWN = "code_unknown"
CODE_USED = "code_used"
CODE_EXPIRED = "code_expired"
CODE_FOREIGN = "code_foreign"  # it was issued to another client of the project

# Tokens
REFRESH_MISSING = "refresh_missing"
REFRESH_UNKNOWN = "refresh_unknown"
REFRESH_REUSED = "refresh_reused"  # another took its place some time ago: the family is revoked
RETRY_OTHER = "retry_other"  # a replaced one comes again at once, and asks for less than it got
REFRESH_EXPIRED = "refresh_expired"  # not used for so long
REFRESH_REVOKED = "refresh_revoked"
REFRESH_FOREIGN = "refresh_foreign"  # it was issued to another client of the project
TOKEN_MISSING = "token_missing"  # nothing to revoke or to introspect was sent
USER_DISABLED = "user_disabled"  # the account behind a code or a refresh token is closed
DEVELOPMENT_OVER = "development_over"  # or it was a test user's, and the project is in development no longer

# What people type and decide
PASSWORD_WRONG = "password_wrong"  # no such account, or another password: which of the two is not told
LOGIN_LIMITED = "login_limited"  # too many wrong passwords
ACCESS_DENIED = "access_denied"
DRILL_DENIED = "drill_denied"  # the same by a drill user who always declines
LOGIN_REQUIRED = "login_required"  # prompt=none, and nobody is signed in
CONSENT_REQUIRED = "consent_required"  # prompt=none, and there is something to ask

# Beside the sign-in: registration, userinfo, metadata
REGISTRATION_OFF = "registration_off"
REGISTRATION_LIMITED = "registration_limited"  # too many in a short time
REGISTRATION_FULL = "registration_full"  # all places are taken by clients that are in use
REGISTRATION_WRONG = "registration_wrong"  # what the client says of itself cannot be taken
REGISTRATION_TOKEN_WRONG = "registration_token_wrong"  # not that of the client it wants to read or change
BEARER_MISSING = "bearer_missing"  # userinfo without an access token
BEARER_WRONG = "bearer_wrong"  # with one that is none of this project's, or no longer good
OPENID_MISSING = "openid_missing"  # the token does not have the scope openid
NOBODY = "nobody"  # the client acts for itself
NO_APPS = "no_apps"  # people have keys of their own: there is no provider to describe

# What the builder asked for
STATE_UNCHECKED = "state_unchecked"  # another state was sent back on purpose, and the client went on
FAULT = "fault"  # a one-shot failure (faults.py) took the place of the answer
