"""Codes and tokens are made, replaced and looked at here: each change is one transaction, safe against itself.

Whoever makes tokens of a person, or revokes them, first locks that person's row (``revoking.locked``): so a refresh
and a revocation, or two refreshes, come one after the other, and none is made after the sweep that was to end it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from actionstudio.apps.oauth import codes, faults, revoking, tenancy, tracing
from actionstudio.apps.oauth.engine import holding, targets, texts
from actionstudio.apps.oauth.engine.refusing import Rejected, rejected
from actionstudio.apps.oauth.models import AccessToken, Client, Grant, RefreshToken
from actionstudio.apps.oauth.prepared import Change, Rows, Slot, insert

# For so long a client that did not get the answer may present its refresh token again and gets the same answer
GRACE = timedelta(seconds=30)
FAULTS = (
    "token-invalid-grant", "token-no-expiry", "token-no-refresh", "token-html", "token-500", "token-slow",
)  # fmt: skip
_BEFORE = frozenset(("token-invalid-grant", "token-html", "token-500"))
# Each is used up by exactly one request: the database changes a row that is not used up yet, or none
_REDEEM = Change(lambda: Grant.objects.filter(pk=Slot("pk"), consumed=None), consumed=Slot("now"))
_REPLACE = Change(lambda: RefreshToken.objects.filter(pk=Slot("pk"), revoked=None), revoked=Slot("now"))


def _with_next() -> QuerySet[RefreshToken]:
    """Refresh tokens with the pair that took the place of each, where there is one."""
    return RefreshToken.objects.select_related("refreshed_access_token__refresh_token").order_by()


_SHOWN = Rows(lambda: _with_next().filter(token_checksum=Slot("digest")))
_AGAIN = Rows(lambda: _with_next().filter(pk=Slot("pk")))


class Faulted(Exception):
    """A one-shot failure that takes the place of the token answer. Nothing was used up by it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def code(request: Any, text: str) -> None:
    """Keeps an authorization code, by its hash."""
    tenant, client = tenancy.current(), request.client
    Grant.objects.create(
        application=client,
        user=request.user,
        code=texts.digest(text),
        expires=timezone.now() + timedelta(seconds=tenant.provider.code_seconds),
        redirect_uri=request.redirect_uri,
        scope=" ".join(request.scopes),
        code_challenge=request.code_challenge or "",
        code_challenge_method=request.code_challenge_method or "" if request.code_challenge else "",
        nonce=request.nonce or "",
        resource=list(request.resource or []),
        sign_in=tenant.sign_in,
        **getattr(request, "kept", {}),
    )


def replayed(grant: Grant, client: Client) -> Rejected:
    """A code that was used before: what was made from it is revoked (RFC 6749, section 4.1.2)."""
    if ended := revoking.ended(grant.user_id):
        return rejected(ended, client=client)
    revoking.family(grant.user, grant.family, "replay")
    return rejected(codes.CODE_USED, client=client)


def presented(text: str, client: Client) -> RefreshToken:
    """The refresh token with that text, if it may be used now. Raises Rejected."""
    found: RefreshToken | None = _SHOWN.first(digest=texts.digest(text))
    if found is None:
        raise rejected(codes.REFRESH_UNKNOWN, client=client)
    if found.application_id != client.pk:
        raise rejected(codes.REFRESH_FOREIGN, client=client)
    tracing.belongs(found.sign_in)
    wrong = _standing(found)
    if wrong:
        raise _refused(wrong, found, client)
    return found


def save(token: dict[str, Any], request: Any) -> None:
    """Keeps the tokens of an answer, and makes the answer say what is issued. Raises Rejected or Faulted."""
    client, project = request.client, tenancy.current().project_id
    fault = None if faults.spared(client) else faults.claim(project, FAULTS, client)
    if fault in _BEFORE:
        raise Faulted(fault)
    if fault == "token-slow":
        tenancy.current().wait = faults.SLOW
    resources = _resources(request)
    if request.grant_type == "refresh_token":
        from_refresh(token, request, resources, rotates=fault != "token-no-refresh")
    elif request.grant_type == "client_credentials":
        token.pop("refresh_token", None)
        with transaction.atomic():
            holding.hold(request, request.scopes)
            _access(request, token, resources, None)
    else:
        from_code(token, request, resources)
    for kind, name in (("token-no-expiry", "expires_in"), ("token-no-refresh", "refresh_token")):
        if fault == kind:
            token.pop(name, None)
    if not token.get("scope"):
        token.pop("scope", None)


def from_code(token: dict[str, Any], request: Any, resources: list[str]) -> None:
    """The first tokens of a sign-in: exactly one request gets them, however many come at once."""
    grant: Grant = request.grant
    with transaction.atomic():
        holding.hold(request, request.scopes, grant.redirect_uri)
        active = revoking.locked(grant.user_id)
        mine = _REDEEM.run(pk=grant.pk, now=timezone.now())
        if mine and active:
            access = _access(request, token, resources, grant.user_id, family=grant.family, sign_in=grant.sign_in)
            scope = " ".join(request.scopes)
            _refresh(request, token, access, grant.family, scope, grant.resource or resources, grant.sign_in)
            _proved(request)
    if not mine:
        raise replayed(grant, request.client)
    if not active:
        raise rejected(revoking.ended(grant.user_id) or codes.USER_DISABLED, client=request.client)


def _proved(request: Any) -> None:
    """Remembers that a client has answered a challenge: from then on it has to (``Pkce.OPTIONAL``). An authorize
    request alone says nothing of the client, since anybody can write one. ChatGPT sends none, whoever tries it."""
    client: Client = request.client
    never = client.preset in (Client.Preset.GPT, Client.Preset.PLUGIN)
    if getattr(request, "proves", False) and not client.pkce_seen and not never:
        Client.objects.filter(pk=client.pk).update(pkce_seen=True)


def from_refresh(token: dict[str, Any], request: Any, resources: list[str], rotates: bool = True) -> None:
    """The pair that takes the place of a refresh token, or the one that did within GRACE. Where it does not rotate the
    client gets no new one and goes on with the old (RFC 6749, section 6)."""
    old: RefreshToken = request.refresh_token_instance
    with transaction.atomic():
        wrong = "" if revoking.locked(old.user_id) else revoking.ended(old.user_id) or codes.USER_DISABLED
        if not wrong and rotates and _REPLACE.run(pk=old.pk, now=timezone.now()):
            access = _access(request, token, resources, old.user_id, **_of(old), source=old)
            _refresh(request, token, access, old.token_family, old.scope, old.resource, old.sign_in)
        elif not wrong:
            old = _AGAIN.first(pk=old.pk)
            wrong = _standing(old)
            if not wrong and old.revoked is None:
                token["access_token"] = texts.make(texts.ACCESS)  # the old one's successor is still to come
                _access(request, token, resources, old.user_id, **_of(old))
            elif not wrong:
                wrong = _again(token, request, old, resources)
    if wrong:
        raise _refused(wrong, old, request.client)


def _of(old: RefreshToken) -> dict[str, Any]:
    """What an access token has of the refresh token that it is made from."""
    return {"family": old.token_family, "sign_in": old.sign_in}


def _again(token: dict[str, Any], request: Any, old: RefreshToken, resources: list[str]) -> str:
    """Makes the answer the one that was given before; the code of why it cannot be. Raises Rejected for a request that
    asks for less now: what went out then would be more."""
    access = old.refreshed_access_token
    wider = set(access.scope.split()) - set(request.scopes)
    beyond = set(access.resource or [""]) - set(resources or access.resource or [""])
    if wider or beyond:
        raise rejected(codes.RETRY_OTHER, client=request.client, sent=request.scopes, registered=access.scope)
    for name, prefix, kept in (
        ("access_token", texts.ACCESS, access.token_checksum),
        ("refresh_token", texts.REFRESH, access.refresh_token.token_checksum),
    ):
        found = next((t for t in texts.successors(prefix, request.refresh_token) if texts.digest(t) == kept), None)
        if found is None:
            return codes.REFRESH_REVOKED
        token[name] = found
    token["scope"] = access.scope
    token["expires_in"] = max(0, round((access.expires - timezone.now()).total_seconds()))
    return ""


def _standing(old: RefreshToken) -> str:
    """The code of why a refresh token cannot be used now, "" when it can: fresh, or replaced a moment ago."""
    now = timezone.now()
    if old.revoked is None:
        idle = timedelta(days=tenancy.current().provider.refresh_days)
        return codes.REFRESH_EXPIRED if old.created + idle <= now else ""
    after = getattr(old, "refreshed_access_token", None)
    if after is None:
        later = RefreshToken.objects.filter(token_family=old.token_family, pk__gt=old.pk).exists()
        return codes.REFRESH_REUSED if later else codes.REFRESH_REVOKED
    next_one = getattr(after, "refresh_token", None)
    fresh = after.revoked is None and next_one is not None and next_one.revoked is None
    return "" if fresh and old.revoked > now - GRACE else codes.REFRESH_REUSED


def _refused(code: str, old: RefreshToken, client: Client) -> Rejected:
    """Also ends the whole sign-in when a replaced token comes back: one of the two who hold it is a thief (RFC 9700,
    section 4.14.2)."""
    if code in (codes.REFRESH_REUSED, codes.REFRESH_REVOKED) and old.token_family:
        revoking.family(old.user, old.token_family, "replay")
    if code == codes.REFRESH_REVOKED:
        ended = revoking.ended(old.user_id)
        return rejected(ended, client=client) if ended else rejected(code, client=client, ended=old.ended_by)
    return rejected(code, client=client)


def _access(
    request: Any,
    token: dict[str, Any],
    resources: list[str],
    user_id: int | None,
    *,
    family: Any = None,
    source: RefreshToken | None = None,
    sign_in: str = "",
) -> AccessToken:
    made = AccessToken(
        user_id=user_id,
        application=request.client,
        token="",
        token_checksum=texts.digest(token["access_token"]),
        expires=timezone.now() + timedelta(seconds=token["expires_in"]),
        scope=token.get("scope", ""),
        resource=resources,
        family=family,
        source_refresh_token=source,
        sign_in=sign_in,
    )
    return insert(made)


def _refresh(
    request: Any, token: dict[str, Any], access: AccessToken, family: Any, scope: str, resource: list[str], sign_in: str
) -> None:
    """Keeps the refresh token, or takes it out of the answer where none is issued."""
    days = tenancy.current().provider.refresh_days
    if "refresh_token" not in request.client.grants or not days:
        token.pop("refresh_token", None)
        return
    made = RefreshToken(
        user_id=access.user_id,
        application=request.client,
        token="",
        token_checksum=texts.digest(token["refresh_token"]),
        access_token=access,
        token_family=family,
        scope=scope,
        resource=resource,
        sign_in=sign_in,
    )
    insert(made)


def _resources(request: Any) -> list[str]:
    """The resources of the new access token: those that were asked for, of those that were granted (RFC 8707)."""
    asked = [value for name, value in request.decoded_body or [] if name == "resource"]
    wrong = targets.wrong(asked)
    if wrong is not None:
        raise rejected(wrong[0], client=request.client, sent=wrong[1], registered=tenancy.current().issuer)
    holder = getattr(request, "refresh_token_instance", None) or getattr(request, "grant", None)
    granted = list(holder.resource or []) if holder is not None else []
    beyond = [one for one in asked if granted and one not in granted]
    if beyond:
        raise rejected(codes.RESOURCE_WIDER, client=request.client, sent=beyond, registered=granted)
    return asked or granted


def revoke(text: str, client: Client) -> None:
    """Revokes what a client holds: the token, and with it the whole sign-in it came from. What is not the client's, or
    not there, is left alone (RFC 7009, section 2.1)."""
    digest = texts.digest(text)
    refresh = RefreshToken.objects.select_related("user").filter(token_checksum=digest, application=client).first()
    if refresh is not None:
        tracing.belongs(refresh.sign_in)
        revoking.family(refresh.user, refresh.token_family, "client")
        return
    access = AccessToken.objects.select_related("user").filter(token_checksum=digest, application=client).first()
    if access is None:
        return
    tracing.belongs(access.sign_in)
    if access.family and access.user:
        revoking.family(access.user, access.family, "client")
    else:
        revoking.token(access, "client")
