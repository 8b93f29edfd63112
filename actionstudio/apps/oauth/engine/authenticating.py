"""Which client asks, and whether it is who it says: in one way, the one that is registered for it.

Source: RFC 6749, section 2.3 (one method a request; section 2.3.1 for the encoding of Basic) and section 5.2 (answers).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote_plus

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from actionstudio.apps.oauth import codes, limiting, secrets, signing_in, tenancy
from actionstudio.apps.oauth.engine.reading import Parameters
from actionstudio.apps.oauth.engine.refusing import Rejected, rejected
from actionstudio.apps.oauth.models import Client, Fault
from actionstudio.apps.oauth.prepared import Rows, Slot
from actionstudio.apps.oauth.secrets import Checked
from actionstudio.apps.projects.models import Project
from actionstudio.runtime.guard import scheme_sent

MOST, ALL, WITHIN = 20, 200, 60  # wrong secrets from one place to one address, from all, and in how many seconds
UNUSED = timedelta(days=30)  # after which a client that registered itself lapses
_SEEN = timedelta(minutes=1)  # how exact last_used is
_NONE, _BASIC, _POST = Client.Method.NONE.value, Client.Method.BASIC.value, Client.Method.POST.value
_TAKEN = {
    Client.Method.POST.value: (_POST,),
    Client.Method.BASIC.value: (_BASIC,),
    Client.Method.ANY.value: (_POST, _BASIC),
    Client.Method.NONE.value: (_NONE,),
}


def _found() -> QuerySet[Client]:
    """A client with what answers to it ask besides: how its provider is set, and whether a failure waits there."""
    project = [f"project__{field.name}" for field in Project._meta.concrete_fields if not field.primary_key]
    waiting = Fault.objects.filter(project_id=OuterRef("project_id"), left__gt=0)
    mine = Client.objects.filter(client_id=Slot("client_id"), project_id=Slot("project")).order_by()
    return mine.select_related("project__provider").defer(*project).annotate(faulty=Exists(waiting.order_by()))


_FOUND = Rows(_found)


@dataclass(frozen=True)
class Shown:
    """The credentials of a request and how they came."""

    method: str  # client_secret_basic, client_secret_post or none
    client_id: str
    secret: str = ""


def client_of(request: HttpRequest, sent: Parameters) -> Client:
    """The client that sends this request, authenticated. Raises Rejected."""
    return authenticate(request.META.get("HTTP_AUTHORIZATION", ""), sent)


def authenticate(authorization: str, sent: Parameters) -> Client:
    """The client of these credentials: those of the header and those of the body. Raises Rejected."""
    shown = read(authorization, sent.get("client_id"), sent.get("client_secret"))
    client = find(shown.client_id)
    if shown.method != _NONE or client is None:
        checked = secrets.check(client, shown.secret)
    _check_method(client, shown)
    if client is None or (shown.method != _NONE and checked is not Checked.RIGHT):
        raise _wrong(client, checked)
    if shown.method != _NONE:
        tenancy.current().caller = client
    if not client.is_usable(None):
        raise rejected(codes.CLIENT_DISABLED, client=client)
    if sent.json and not (client.json_bodies or client.preset == Client.Preset.PLUGIN):
        raise rejected(codes.JSON_BODY, client=client, sent=sent.content_type)
    _used(client)
    return client


def find(client_id: str) -> Client | None:
    """The client of the address being answered with that id, also one that is switched off."""
    tenant = tenancy.current()
    client = _FOUND.first(client_id=client_id, project=tenant.project_id)
    if client is not None:
        tenant.known = getattr(client.project, "provider", None)
    return client


def read(authorization: str, client_id: str, secret: str) -> Shown:
    """The credentials of a request. Raises Rejected when they are malformed, come twice, or name no client."""
    if not authorization:
        if not client_id:
            raise rejected(codes.CLIENT_MISSING)
        return Shown(_POST if secret else _NONE, client_id, secret)
    named, shown = _basic(authorization)
    if secret:
        raise rejected(codes.SECRET_TWICE)
    if client_id and client_id != named:
        raise rejected(codes.CLIENT_MIXED, sent=[named, client_id])
    return Shown(_BASIC, named, shown)


def _basic(authorization: str) -> tuple[str, str]:
    word, _, rest = authorization.partition(" ")
    try:
        text = base64.b64decode(rest.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        text = ""
    named, colon, shown = text.partition(":")
    named, shown = unquote_plus(named), unquote_plus(shown)
    if word.lower() != "basic" or not colon or not named or "\x00" in named or len(named) > 255:
        raise rejected(codes.BASIC_MALFORMED, sent=scheme_sent(authorization))
    return named, shown


def _check_method(client: Client | None, shown: Shown) -> None:
    """Whether the credentials came in the way that is registered for the client."""
    if client is None or shown.method in _TAKEN[client.token_method]:
        return
    if client.token_method == _NONE and shown.secret:
        raise rejected(codes.SECRET_UNEXPECTED, client=client, sent=shown.method)
    facts = {"client": client, "sent": shown.method, "registered": list(_TAKEN[client.token_method])}
    raise rejected(codes.SECRET_MISSING if shown.method == _NONE else codes.SECRET_METHOD_WRONG, **facts)


def _wrong(client: Client | None, checked: Checked) -> Rejected:
    """The refusal of a client that did not prove who it is. After too many from one place, or from all
    together, the answer is to wait: a right secret passes all the same, so that nobody can lock a client out."""
    tenant = tenancy.current()
    wait = limiting.allowed(f"secret:{tenant.project_id}:{signing_in.place(tenant.client)}", MOST, WITHIN)
    wait = wait or limiting.allowed(f"secret-all:{tenant.project_id}", ALL, WITHIN)
    if wait:
        return rejected(codes.TOO_MANY, client=client, wait=wait)
    if client is None:
        return rejected(codes.CLIENT_UNKNOWN)
    return rejected(codes.SECRET_EXPIRED if checked is Checked.EXPIRED else codes.SECRET_WRONG, client=client)


def _used(client: Client) -> None:
    """Notes that the client was used, once a minute; one that registered itself lives on."""
    now = timezone.now()
    if client.last_used is not None and now - client.last_used < _SEEN:
        return
    changes = {"last_used": now} | ({"lapses": now + UNUSED} if client.lapses else {})
    Client.objects.filter(pk=client.pk).update(**changes)
