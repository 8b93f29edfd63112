"""The actions of a GPT: added, changed, taken anew and removed here, as in ChatGPT's editor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.publishing.models import Address
from actionstudio.apps.simulator import automatic, dialog, judging, keeping, places
from actionstudio.apps.simulator.calling import acting
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.core import limits
from actionstudio.core.importer.differing import differences
from actionstudio.core.importer.serving import document
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime import outbound

LONGEST = 4_000  # characters of a secret, a scope, a URL
DOCUMENT, PRIVACY = "https://api.example.com/openapi.json", "https://api.example.com/privacy"  # examples of URLs
AUTHORIZE, TOKEN = "https://id.example.com/oauth/authorize", "https://id.example.com/oauth/token"
_NO_ID = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True)
class Given:
    """An action as it is typed: ``address`` of this studio or the ``url`` of a document, the dialog's stored form
    (``auth``) without its secret, and ``secret``, "" for the one there is. ``automatic``: the dialog is what the
    address asks for."""

    address: Address | None = None
    url: str = ""
    follows: bool = True
    automatic: bool = False
    auth: Mapping[str, Any] = field(default_factory=dialog.none)
    secret: str = field(default="", repr=False)
    privacy_url: str = ""


def save(gpt: Gpt, given: Given, action: Action | None = None) -> Action:
    """A new action of the GPT, or ``action`` changed. The document is fetched when it is another than before. Raises
    Refused, and then nothing was changed."""
    if found := [*_places(gpt, given, action), *_dialog(given, action)]:
        raise Refused(*found)
    row = action or Action(gpt=gpt)
    fresh = action is None or (action.address, action.url) != (given.address, given.url)
    made = _filled(row, given, fresh)
    where = "/url" if given.url else "/address"
    imported = judging.of_action(made, judging.hosts(gpt, action))
    judging.refuse(judging.duplicate(imported, where))
    if given.url:
        judging.refuse(judging.unusable(imported, where))
    with transaction.atomic():
        _store(gpt, made, given, action)
    return automatic.settle(made)


def take(action: Action) -> Action:
    """Takes the document anew, and notes what that changes. Raises Refused when it cannot be had."""
    before = acting.of(action).imported
    after = acting.take(action).imported
    action.changes = [asdict(one) for one in differences(before, after)]
    action.save(update_fields=["changes"])
    return action


def remove(action: Action) -> None:
    """The action with what was made for it: its client at the provider, its key, all sign-ins."""
    with transaction.atomic():
        automatic.forget(action)
        action.delete()


def _filled(row: Action, given: Given, fresh: bool) -> Action:
    """A copy of the row with what is given, not yet kept; with the document of where it is now."""
    made = Action.objects.get(pk=row.pk) if row.pk else row
    made.gpt, made.address, made.url = row.gpt, given.address, given.url
    made.follows, made.privacy_url = given.follows, given.privacy_url
    if fresh:
        made.document, made.revision, made.fetched, made.changes = "", 0, None, []
    if given.url and fresh:
        made.document, made.fetched = acting.fetched(row.gpt.project, given.url), timezone.now()
    elif given.address is not None and not given.follows and not made.document:
        contract, made.revision = places.served(given.address)
        made.document = orjson.dumps(document(contract, places.base_of(given.address))).decode()
        made.fetched = timezone.now()
    return made


def _store(gpt: Gpt, made: Action, given: Given, action: Action | None) -> None:
    if action is None:
        made.position = gpt.actions.count()
        made.automatic = given.automatic
        made.save()
    elif action.automatic and not given.automatic:
        automatic.forget(action)
        made.client = None
    made.automatic = given.automatic
    if not given.automatic:
        made.auth = dict(given.auth)
        keeping.put_secrets(made, _secrets(made, given))
    made.save()


def _secrets(made: Action, given: Given) -> dict[str, str]:
    name = {dialog.KEY: keeping.KEY, dialog.OAUTH: keeping.CLIENT_SECRET}.get(given.auth["type"], "")
    text = given.secret or keeping.secrets(made).get(name, "")
    return {name: text} if name and text else {}


def _places(gpt: Gpt, given: Given, action: Action | None) -> Iterator[Problem]:
    if action is None and gpt.actions.count() >= limits.ACTIONS_PER_GPT:
        said = _("A GPT has at most %(n)s actions; remove one first.") % {"n": limits.ACTIONS_PER_GPT}
        yield Problem("", said, "many")
    if given.address is None and not given.url:
        yield Problem("/url", _("Choose an address, or write the link of an OpenAPI document."), "required")
    elif given.address is None and (why := _url(given.url, DOCUMENT)):
        yield Problem("/url", why, "url")
    elif given.address is not None and given.url:
        yield Problem("/url", _("Choose an address or write a link, not both."), "both")
    if given.privacy_url and (why := _url(given.privacy_url, PRIVACY)):
        yield Problem("/privacy_url", why, "url")
    if given.automatic and given.address is None:
        said = _("Only an address of this studio says by itself how callers sign in: choose None, API Key or OAuth.")
        yield Problem("/auth", said, "automatic")


def _dialog(given: Given, action: Action | None) -> Iterator[Problem]:
    if given.automatic:
        return
    kind = given.auth.get("type")
    kept = action is not None and not action.automatic and action.auth.get("type") == kind and action.sealed
    if kind == dialog.KEY:
        yield from _key(given, bool(kept))
    elif kind == dialog.OAUTH:
        yield from _oauth(given)
    elif kind != dialog.NONE:
        yield Problem("/auth", _("Use one of: %(all)s.") % {"all": ", ".join(dialog.TYPES)}, "choice")
    if given.secret and (given.secret != given.secret.strip() or _NO_ID.search(given.secret)):
        said = _("Use letters, digits and signs of plain ASCII, without blanks at the ends: it travels in a header.")
        yield Problem("/secret", said, "text")


def _key(given: Given, kept: bool) -> Iterator[Problem]:
    kind, header = given.auth.get("authorization_type"), str(given.auth.get("custom_auth_header", ""))
    if kind not in dialog.KEYS:
        said = _("Use one of: %(all)s.") % {"all": ", ".join(dialog.KEYS)}
        yield Problem("/authorization_type", said, "choice")
    if kind == dialog.CUSTOM and not outbound.TOKEN.match(header):
        said = _("Write the name of a header, such as X-Api-Key: letters, digits and -.")
        yield Problem("/custom_auth_header", said, "header")
    if not given.secret and not kept:
        yield Problem("/secret", _("Type the key: nothing is kept yet that could be sent."), "required")


def _oauth(given: Given) -> Iterator[Problem]:
    auth = given.auth
    for name, example in (("client_url", AUTHORIZE), ("authorization_url", TOKEN)):
        if why := _url(str(auth.get(name, "")), example):
            yield Problem(f"/{name}", why, "url")
    if not str(auth.get("oauth_client_id", "")).strip():
        said = _("Write the Client ID that the server that signs people in has given you.")
        yield Problem("/oauth_client_id", said, "required")
    if auth.get("token_exchange_method") not in dialog.EXCHANGES:
        said = _("Use one of: %(all)s.") % {"all": ", ".join(dialog.EXCHANGES)}
        yield Problem("/token_exchange_method", said, "choice")


def _url(text: str, example: str) -> str:
    """Why a text is no URL that can be called, "" when it is one."""
    try:
        outbound.checked_url(text)
    except outbound.OutboundRefused:
        said = _("Write a whole URL, such as %(example)s, without a name and password in it.")
        return said % {"example": example}
    return "" if len(text) <= 2_000 and "\0" not in text else _("Use at most %(n)s characters.") % {"n": 2_000}
