"""Clients that register themselves: what they may say of themselves, and what becomes of it (RFC 7591 and RFC 7592).

Anybody can do this where it is on. So such a client acts for people who allowed it and never for itself, uses PKCE,
returns to https or to the person's own computer, and ends when nobody uses it for a while; there are only so many.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone, translation

from actionstudio.apps.oauth import callbacks, revoking, secrets
from actionstudio.apps.oauth.engine import refusing, texts
from actionstudio.apps.oauth.engine.authenticating import UNUSED
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.oauth.tenancy import Tenant
from actionstudio.runtime.tokens import forget

PREFIX = "asrg_"  # of the token with which a client changes itself
MOST = 200  # that registered themselves at one project
YOUNG = timedelta(hours=1)  # within which one that nobody has used yet keeps its place
NAME_LONGEST = 80
METHODS = ("none", "client_secret_basic", "client_secret_post")
GRANTS = ("authorization_code", "refresh_token")
URIS, DATA = "invalid_redirect_uri", "invalid_client_metadata"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a field of the metadata: the RFC's error, and a sentence that begins with its name."""

    error: str
    field: str
    says: str

    def __str__(self) -> str:
        return refusing.plain(f"{self.field}: {self.says}")


@dataclass(frozen=True)
class Joined:
    """A client and the texts that can be read this one time."""

    client: Client
    token: str
    secret: str = ""


def read(said: Mapping[str, Any], tenant: Tenant) -> tuple[dict[str, Any], list[Wrong]]:
    """The fields of a client from its metadata (RFC 7591, section 2), and what is wrong with it. What is not known
    here, such as a logo, is left aside, as the RFC wants it."""
    checks = (_name, _uris, _method, _grants, _types, _scopes)
    made: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for check in checks:
        for found in check(said, tenant, made):
            wrong.append(found)
    if not wrong:
        made["name"] = made["name"] or urlsplit(made["uris"][0]).hostname or "?"
    return made, wrong


def join(tenant: Tenant, made: Mapping[str, Any]) -> Joined | None:
    """A new client of the project; None when there are too many that may not give way yet."""
    if not _room(tenant.project_id):
        return None
    token = texts.make(PREFIX)
    client = Client(
        project_id=tenant.project_id,
        preset=Client.Preset.MCP,
        registration_source=Client.RegistrationSource.DCR,
        registration_digest=texts.digest(token),
        lapses=timezone.now() + UNUSED,
    )
    with transaction.atomic():
        _fill(client, made)
        client.save()
        return Joined(client, token, _secret(client))


def change(client: Client, made: Mapping[str, Any]) -> str:
    """Puts other metadata in the place of a client's own, as far as its builder has not decided otherwise; the text of
    a new secret when it needs one, else ""."""
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        client.refresh_from_db()
        _fill(client, {**made, **_within(client, made)} if client.decided else made)
        client.save()
        callbacks.settle(client)
        revoking.beyond(client)
        transaction.on_commit(lambda: forget(client.project_id))
        return _secret(client)


def leave(client: Client) -> None:
    """The client is gone, with every token issued to it."""
    with transaction.atomic():
        project_id = client.project_id
        client.delete()
        transaction.on_commit(lambda: forget(project_id))


def find(tenant: Tenant, client_id: str, token: str) -> Client | None:
    """The client that this registration access token belongs to, unless it has lapsed; the same time for any token."""
    shown = texts.digest(token)
    named = Client.objects.filter(project_id=tenant.project_id, client_id=client_id, lapses__gt=timezone.now()).first()
    kept = named.registration_digest if named is not None else ""
    return named if hmac.compare_digest(kept or "0" * 64, shown) else None


def metadata(client: Client, tenant: Tenant) -> dict[str, Any]:
    """What is registered, in the RFC's words."""
    native = any(urlsplit(uri).hostname in callbacks.LOOPBACK for uri in client.uris)
    return {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created.timestamp()),
        "client_name": client.name,
        "redirect_uris": client.uris,
        "application_type": "native" if native else "web",
        "token_endpoint_auth_method": client.token_method,
        "grant_types": list(client.grants),
        "response_types": ["code"],
        "scope": " ".join(client.scopes or [scope.name for scope in tenant.offered]),
        "registration_client_uri": f"{tenant.issuer}/oauth/register/{client.client_id}",
    }


def _fill(client: Client, made: Mapping[str, Any]) -> None:
    public = made["token_method"] == Client.Method.NONE
    here = any(urlsplit(uri).hostname in callbacks.LOOPBACK for uri in made["uris"])
    client.name = made["name"]
    client.redirect_uris = " ".join(made["uris"])
    client.token_method = made["token_method"]
    client.grants = made["grants"]
    client.scopes = made["scopes"]
    client.client_type = Client.CLIENT_PUBLIC if public else Client.CLIENT_CONFIDENTIAL
    client.authorization_grant_type = Client.GRANT_AUTHORIZATION_CODE
    if public or not client.decided:
        client.pkce = Client.Pkce.REQUIRED
    if public and here:  # any program on that computer can say that it is this one
        client.consent = Client.Consent.ALWAYS
    elif not client.decided or (public and client.consent == Client.Consent.SKIP):
        client.consent = Client.Consent.REMEMBER


def _within(client: Client, made: Mapping[str, Any]) -> dict[str, list[str]]:
    """The scopes and grants of the metadata that the builder has left to the client: it can do with less, and gets all
    of them where it names none."""
    within = {"grants": [name for name in made["grants"] if name in client.grants] or client.grants}
    if client.scopes:
        within["scopes"] = [name for name in made["scopes"] if name in client.scopes] or client.scopes
    return within


def _secret(client: Client) -> str:
    """Gives the client the secret that its method needs and takes those away that it does not."""
    if client.token_method == Client.Method.NONE:
        client.secrets.all().delete()
        return ""
    return "" if client.secrets.exists() else secrets.mint(client)


def _room(project_id: int) -> bool:
    """Whether one more may join. Those that have lapsed go; if need be, so does the oldest that nobody ever used."""
    mine = Client.objects.filter(project_id=project_id, registration_source=Client.RegistrationSource.DCR)
    now = timezone.now()
    for client in mine.filter(lapses__lte=now)[:MOST]:
        leave(client)
    if mine.count() < MOST:
        return True
    spare = mine.filter(last_used=None, created__lt=now - YOUNG).order_by("pk").first()
    if spare is not None:
        leave(spare)
    return spare is not None


def _name(said: Mapping[str, Any], tenant: Tenant, made: dict[str, Any]) -> Iterator[Wrong]:
    name = said.get("client_name", "")
    if not isinstance(name, str) or len(name) > NAME_LONGEST or not name.isprintable():
        yield Wrong(DATA, "client_name", f"use a text of at most {NAME_LONGEST} characters on one line")
    else:
        made["name"] = name.strip()


def _uris(said: Mapping[str, Any], tenant: Tenant, made: dict[str, Any]) -> Iterator[Wrong]:
    uris = said.get("redirect_uris")
    if not isinstance(uris, list) or not uris or not all(isinstance(uri, str) for uri in uris):
        yield Wrong(URIS, "redirect_uris", "send a list with at least one URL to which people return")
        return
    if len(uris) > callbacks.MOST:
        yield Wrong(URIS, "redirect_uris", f"send at most {callbacks.MOST} of them")
        return
    web = said.get("application_type") == "web"
    for uri in uris:
        with translation.override("en"):  # a description is ASCII (RFC 7591, section 3.2.2): it is not translated
            objection = callbacks.objection(uri)
        if web and not objection and urlsplit(uri).scheme != "https":
            objection = "A web application returns to https. One on the person's own computer says native."
        if objection:
            yield Wrong(URIS, "redirect_uris", f"{uri[:120]}: {objection}")
    made["uris"] = list(dict.fromkeys(uris))


def _method(said: Mapping[str, Any], tenant: Tenant, made: dict[str, Any]) -> Iterator[Wrong]:
    method = said.get("token_endpoint_auth_method", "client_secret_basic")
    if method not in METHODS:
        yield Wrong(DATA, "token_endpoint_auth_method", f"use one of {', '.join(METHODS)}")
    made["token_method"] = method


def _grants(said: Mapping[str, Any], tenant: Tenant, made: dict[str, Any]) -> Iterator[Wrong]:
    grants = said.get("grant_types", ["authorization_code"])
    if not isinstance(grants, list) or "authorization_code" not in grants:
        yield Wrong(DATA, "grant_types", "send a list with authorization_code, and refresh_token if you want it")
        return
    for grant in grants:
        if grant == "client_credentials":
            yield Wrong(DATA, "grant_types", "client_credentials is not for a client that nobody here has registered")
        elif grant not in GRANTS:
            yield Wrong(DATA, "grant_types", f"{str(grant)[:60]} is not offered, only {' and '.join(GRANTS)}")
    made["grants"] = [grant for grant in GRANTS if grant in grants]


def _types(said: Mapping[str, Any], tenant: Tenant, made: dict[str, Any]) -> Iterator[Wrong]:
    if said.get("response_types", ["code"]) != ["code"]:
        yield Wrong(DATA, "response_types", 'only ["code"] is offered')
    if said.get("application_type", "web") not in ("web", "native"):
        yield Wrong(DATA, "application_type", "use web or native")
    algorithm = said.get("id_token_signed_response_alg", "RS256")
    if algorithm != "RS256":
        yield Wrong(DATA, "id_token_signed_response_alg", "ID tokens are signed with RS256 only")
    if said.get("subject_type", "public") != "public":
        yield Wrong(DATA, "subject_type", "only public is offered")


def _scopes(said: Mapping[str, Any], tenant: Tenant, made: dict[str, Any]) -> Iterator[Wrong]:
    """Scopes that there are not are left out, and the answer says which there are (RFC 7591, section 3.2.1)."""
    scope = said.get("scope", "")
    if not isinstance(scope, str):
        yield Wrong(DATA, "scope", "send the scopes as one text with blanks between them")
        return
    names = [known.name for known in tenant.offered]
    made["scopes"] = [name for name in names if name in scope.split()]
    if scope.split() and not made["scopes"]:
        yield Wrong(DATA, "scope", f"none of these is offered here; there are: {' '.join(names)}")
