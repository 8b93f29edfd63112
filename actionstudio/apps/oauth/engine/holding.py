"""A client that gets tokens is held as it is until they are made: what its builder takes away meanwhile is not issued.

A request looks at its client first and issues a little later. Whoever changes a client locks its row, and revokes then
what was issued before: so each of the two sees what the other has done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.engine.refusing import Rejected, rejected
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.oauth.offered import may_ask
from actionstudio.apps.oauth.prepared import Rows, Slot

_HELD = Rows(lambda: Client.objects.filter(pk=Slot("pk")).order_by(), shared=True)  # many may issue at once


def hold(request: Any, scopes: Iterable[str], callback: str = "") -> None:
    """Within a transaction, before any person is locked. Raises Rejected where the client may not have these scopes, or
    return to that callback, any more."""
    found: Client | None = _HELD.first(pk=request.client.pk)
    if found is None:
        raise rejected(codes.CLIENT_UNKNOWN)
    if wrong := _taken(found, request, list(scopes), callback):
        raise wrong


def _taken(client: Client, request: Any, scopes: list[str], callback: str) -> Rejected | None:
    if not client.is_usable(request):
        return rejected(codes.CLIENT_DISABLED, client=client)
    beyond = [name for name in scopes if not may_ask(client.scopes, name)]
    if beyond:
        return rejected(codes.SCOPE_NOT_ALLOWED, client=client, sent=beyond, registered=client.scopes)
    if callback and not client.redirect_uri_allowed(callback):
        return rejected(codes.REDIRECT_MISMATCH, client=client, sent=callback, registered=client.uris)
    return None
