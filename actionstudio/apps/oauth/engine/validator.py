"""The toolkit's validator for many projects on one server, with nothing but hashes at rest.

What is kept of the toolkit: its models, its place among oauthlib's questions, its matching of resources. Each method
below replaces one of its own; tests/apps/oauth/engine/test_contract.py notices when the toolkit changes one of them.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from oauth2_provider.oauth2_validators import OAuth2Validator

from actionstudio.apps.oauth import callbacks, codes, offered, tenancy, tracing
from actionstudio.apps.oauth.engine import authenticating, issuing, targets, texts
from actionstudio.apps.oauth.engine.identity import Identity
from actionstudio.apps.oauth.engine.reading import Parameters
from actionstudio.apps.oauth.engine.refusing import rejected
from actionstudio.apps.oauth.models import AccessToken, Callback, Client, Grant
from actionstudio.apps.oauth.prepared import Rows, Slot

GRANTS = frozenset(("authorization_code", "refresh_token", "client_credentials"))
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, section 4.1
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # of S256: the base64url of 32 bytes
_CODE = Rows(lambda: Grant.objects.filter(code=Slot("digest")).order_by())


class Validator(Identity, OAuth2Validator):
    """Answers oauthlib's questions about the address being answered. Raises Rejected where it says no."""

    # Who asks

    def _load_application(self, client_id: str, request: Any) -> Client | None:
        """The toolkit's one door to clients: of this project, usable; no client id is fetched from the web."""
        if not isinstance(request.client, Client):
            request.client = authenticating.find(client_id)
        return request.client if request.client is not None and request.client.is_usable(request) else None

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Always: ``authenticate_client`` knows public clients too."""
        return True

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        sent = Parameters(
            {name: getattr(request, name) or "" for name in ("client_id", "client_secret")},
            content_type=request.headers.get("Content-Type", ""),
        )
        request.client = authenticating.authenticate(request.headers.get("Authorization", ""), sent)
        request.client_id = request.client.client_id
        return True

    def authenticate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Never asked for: see client_authentication_required."""
        return False

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """At the authorize endpoint: whether there is such a client here. Begins the story of the sign-in."""
        if not isinstance(request.client, Client):
            request.client = authenticating.find(client_id)
        if request.client is None:
            raise rejected(codes.CLIENT_UNKNOWN)
        if not request.client.is_usable(request):
            raise rejected(codes.CLIENT_DISABLED, client=request.client)
        return True

    # What is asked at the authorize endpoint

    def get_default_redirect_uri(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> str:
        uris = request.client.uris
        if len(uris) != 1:
            raise rejected(codes.REDIRECT_MISSING, client=request.client, registered=uris)
        return uris[0]

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        if not request.client.redirect_uri_allowed(redirect_uri):
            seen = callbacks.noticed(request.client, redirect_uri)
            offered = seen is not None and seen.state == Callback.State.WAITING
            facts = {"sent": redirect_uri, "registered": request.client.uris, "noticed": offered}
            raise rejected(codes.REDIRECT_MISMATCH, client=request.client, **facts)
        return True

    def check_authorize(self, request: Any) -> dict[str, Any]:
        """Asked first after client and callback are known to be right: from here on the client is told there."""
        if not request.response_type:
            raise _to_client(request, codes.RESPONSE_TYPE_MISSING)
        if request.response_type != "code":
            raise _to_client(request, codes.RESPONSE_TYPE_UNKNOWN, sent=request.response_type)
        if request.response_mode not in (None, "", "query"):
            raise _to_client(request, codes.RESPONSE_MODE_UNKNOWN, sent=request.response_mode)
        if "authorization_code" not in request.client.grants:
            raise _to_client(request, codes.GRANT_NOT_ALLOWED, sent="code", registered=request.client.grants)
        self._check_challenge(request)
        request.resource = [value for name, value in request.uri_query_params if name == "resource"]
        wrong = targets.wrong(request.resource)
        if wrong is not None:
            raise _to_client(request, wrong[0], sent=wrong[1], registered=tenancy.current().issuer)
        return {}

    def _check_challenge(self, request: Any) -> None:
        if not request.code_challenge:
            if request.code_challenge_method:
                raise _to_client(request, codes.PKCE_MISSING, sent="code_challenge_method")
            if self.is_pkce_required(request.client_id, request):
                raise _to_client(request, codes.PKCE_MISSING)
            return
        if request.code_challenge_method != "S256":
            raise _to_client(request, codes.PKCE_METHOD_WRONG, sent=request.code_challenge_method or "plain")
        if not _CHALLENGE.fullmatch(request.code_challenge):
            raise _to_client(request, codes.PKCE_MALFORMED, sent="code_challenge")

    def validate_response_type(self, client_id: str, response_type: str, client: Client, *args: Any, **kw: Any) -> bool:
        return response_type == "code" and "authorization_code" in client.grants

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """As the client is set; one that is free has to go on once it has answered one (RFC 9700, section 2.1.1)."""
        client = request.client
        if client.pkce == Client.Pkce.REQUIRED:
            return True
        return client.pkce == Client.Pkce.OPTIONAL and client.pkce_seen

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        """What a client gets that asks for no scope: all of the project's own that it may have."""
        own = [scope.name for scope in tenancy.current().scopes]
        return [name for name in own if not request.client.scopes or name in request.client.scopes]

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Client, request: Any, *a: Any, **k: Any
    ) -> bool:
        there = [scope.name for scope in tenancy.current().offered]
        request.scopes = list(dict.fromkeys(name for name in scopes if name))
        unknown = [name for name in request.scopes if name not in there]
        if unknown:
            raise _to_client(request, codes.SCOPE_UNKNOWN, sent=unknown, registered=there)
        beyond = [name for name in request.scopes if not offered.may_ask(client.scopes, name)]
        if beyond:
            raise _to_client(request, codes.SCOPE_NOT_ALLOWED, sent=beyond, registered=client.scopes)
        return True

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Any, *a: Any, **k: Any) -> None:
        issuing.code(request, code["code"])

    # What is asked at the token endpoint

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Client, request: Any, *a: Any, **k: Any
    ) -> bool:
        public = client.token_method == Client.Method.NONE and grant_type == "client_credentials"
        if grant_type not in client.grants or public:
            raise rejected(codes.GRANT_NOT_ALLOWED, client=client, sent=grant_type, registered=client.grants)
        return True

    def validate_code(self, client_id: str, code: str, client: Client, request: Any, *args: Any, **kwargs: Any) -> bool:
        grant: Grant | None = _CODE.first(digest=texts.digest(code))
        if grant is None:
            raise rejected(codes.CODE_UNKNOWN, client=client)
        if grant.application_id != client.pk:
            raise rejected(codes.CODE_FOREIGN, client=client)
        tracing.belongs(grant.sign_in)
        if grant.consumed is not None:
            raise issuing.replayed(grant, client)
        if grant.is_expired():
            lives, came = tenancy.current().provider.code_seconds, timezone.now() - grant.created
            facts = {"seconds": lives, "registered": lives, "sent": int(came.total_seconds())}
            raise rejected(codes.CODE_EXPIRED, client=client, **facts)
        request.grant, request.scopes = grant, _left(client, grant.scope)
        request.user = SimpleLazyObject(lambda: grant.user)  # an ID token alone asks who it is
        request.nonce = grant.nonce or None
        return True

    def get_code_challenge(self, code: str, request: Any) -> str | None:
        """The challenge of the code; also refuses a verifier that no challenge came before, which the toolkit takes."""
        challenge, verifier = request.grant.code_challenge or None, request.code_verifier
        if challenge is None and verifier:
            raise rejected(codes.PKCE_UNEXPECTED, client=request.client)
        if challenge is None and self.is_pkce_required(request.client_id, request):
            raise rejected(codes.PKCE_MISSING, client=request.client)
        if challenge is not None and not verifier:
            raise rejected(codes.PKCE_VERIFIER_MISSING, client=request.client)
        if verifier and not _VERIFIER.fullmatch(verifier):
            raise rejected(codes.PKCE_MALFORMED, client=request.client, sent="code_verifier")
        request.proves = challenge is not None  # issued only once the verifier was found to be right
        return challenge

    def get_code_challenge_method(self, code: str, request: Any) -> str | None:
        return request.grant.code_challenge_method or None

    def check_token(self, request: Any) -> None:
        """Asked before who the client is."""
        if request.grant_type == "authorization_code" and not request.code:
            raise rejected(codes.CODE_MISSING)
        if request.grant_type == "refresh_token" and not request.refresh_token:
            raise rejected(codes.REFRESH_MISSING)

    def confirm_redirect_uri(
        self, client_id: str, code: str, uri: str, client: Client, request: Any, *a: Any, **k: Any
    ) -> bool:
        """The same as at the authorize endpoint: invalid_grant where it is another (RFC 6749, section 5.2)."""
        began = request.grant.redirect_uri
        if not callbacks.same(uri or "", began, client.uris):
            raise rejected(codes.REDIRECT_CHANGED, client=client, sent=uri or "", registered=began)
        if not client.redirect_uri_allowed(began):  # taken away since
            raise rejected(codes.REDIRECT_MISMATCH, client=client, sent=began, registered=client.uris)
        return True

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Done where the tokens are made, in one transaction with them: see issuing.from_code."""

    def get_authorization_code_scopes(self, client_id: str, code: str, redirect_uri: str, request: Any) -> list[str]:
        grant = Grant.objects.filter(code=texts.digest(code)).first()
        return grant.scope.split() if grant else []

    def rotate_refresh_token(self, request: Any) -> bool:
        return True

    def validate_refresh_token(
        self, refresh_token: str, client: Client, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        request.refresh_token_instance = issuing.presented(refresh_token, client)
        request.user = SimpleLazyObject(lambda: request.refresh_token_instance.user)
        return True

    def get_original_scopes(self, refresh_token: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return _left(request.client, request.refresh_token_instance.scope)

    def is_within_original_scope(self, scopes: list[str], refresh_token: str, request: Any, *a: Any, **k: Any) -> bool:
        granted = request.refresh_token_instance.scope.split()
        wider = [name for name in scopes if name and name not in granted]
        request.scopes = [name for name in scopes if name]
        if wider:
            raise rejected(codes.SCOPE_WIDER, client=request.client, sent=wider, registered=granted)
        left = _left(request.client, request.refresh_token_instance.scope)
        taken = [name for name in request.scopes if name not in left]
        if taken:
            raise _gone(request.client, taken)
        return True  # a blank too many

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        """Keeps what oauthlib made, and takes out of the answer what is not issued."""
        issuing.save(token, request)

    # What tokens are worth

    def _load_access_token(self, token: str) -> AccessToken | None:
        found = super()._load_access_token(token)
        if found is None or found.revoked is not None or (found.user is not None and not found.user.is_active):
            return None
        return found

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any) -> None:
        issuing.revoke(token, request.client)

    def validate_user(self, username: str, password: str, client: Client, request: Any, *a: Any, **k: Any) -> bool:
        """The password grant is offered to nobody."""
        return False

    def is_origin_allowed(self, client_id: str, origin: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """CORS is said in one place, address/cors.py."""
        return False


def _left(client: Client, scope: str) -> list[str]:
    """Of the scopes that a person allowed, those that the client may have still and the project has still: what its
    builder has taken away since is not issued any more. Raises Rejected when that was all."""
    allowed, there = scope.split(), {one.name for one in tenancy.current().offered}
    left = [name for name in allowed if name in there and offered.may_ask(client.scopes, name)]
    if allowed and not left:
        raise _gone(client, allowed)
    return left


def _gone(client: Client, names: list[str]):
    """The refusal of scopes that a person allowed once: the project has them no longer, or the client may not."""
    there = [scope.name for scope in tenancy.current().offered]
    unknown = [name for name in names if name not in there]
    if unknown:
        return rejected(codes.SCOPE_UNKNOWN, client=client, sent=unknown, registered=there)
    return rejected(codes.SCOPE_NOT_ALLOWED, client=client, sent=names, registered=client.scopes)


def _to_client(request: Any, code: str, **facts: Any):
    """At the authorize endpoint the client is told at its callback, which is known to be right by then."""
    at_authorize = request.grant_type is None
    return rejected(code, client=request.client, returns_to=request.redirect_uri if at_authorize else "", **facts)
