"""A user's sign-in at an action with OAuth, as ChatGPT makes it in the middle of a chat: begun, come back, refreshed.

What is sent is the client emulator's (apps/signin/profiles/gpt.py): the same parameters in the same order. A sign-in is
one user's at one action; the state that comes back finds it, and only the user who began it may bring it.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.oauth.models import AccessToken
from actionstudio.apps.projects import leases
from actionstudio.apps.signin import verdict, words
from actionstudio.apps.signin.profiles.gpt import PROFILE
from actionstudio.apps.signin.profiles.profile import BASIC, POST
from actionstudio.apps.signin.verdict import Verdict
from actionstudio.apps.signin.wire import SECONDS, Heard, Wire
from actionstudio.apps.simulator import automatic, dialog, keeping
from actionstudio.apps.simulator.models import Action, Grant
from actionstudio.core.problem import Problem, Refused

REFUSED = ("refresh_refused", "client_refused", "grant_unsupported", "grant_forbidden", "scope_refused")
_NOTHING = "nothing_to_refresh"
_LOOK = 0.1  # seconds between two looks at a refresh that another thread makes
_LONGEST = 10 * 365 * 24 * 3600  # seconds that a token may say that it lasts: a date has to come of it
_SCOPE, _FAULT = 4_000, 1_000  # characters
_FOLLOWERS: dict[str, Callable[[Action, Any], object]] = {}


@dataclass(frozen=True, slots=True)
class Token:
    """What a call carries: ``Authorization: Bearer`` and this text."""

    access: str = field(repr=False)
    scope: str = ""
    expires: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """How a sign-in came back: ``back`` is the page that asked for it, ``fault`` why it failed, "" when it did not."""

    action: Action
    back: str
    fault: str = ""


def follow(name: str, work: Callable[[Action, Any], object]) -> None:
    """Calls ``work(action, user)`` whenever a user's sign-in came back, well or not: a chat that waits goes on."""
    _FOLLOWERS[name] = work


def needed(action: Action, user) -> bool:
    """Whether the user has to sign in before the action can be called in their name."""
    if action.auth.get("type") != dialog.OAUTH:
        return False
    grant = Grant.objects.filter(action=action, user=user, state=Grant.State.GRANTED).first()
    if grant is None:
        return True
    held = keeping.held(grant)
    return not held.get("access") or (_expired(grant) and not held.get("refresh"))


def begin(action: Action, user, back: str) -> str:
    """The authorization URL that the user's browser is to open; afterwards it comes to ``back``, a path of this studio.
    What the user has from an earlier sign-in stays until this one succeeds. Raises Refused."""
    automatic.settle(action)
    if problem := _unready(action):
        raise Refused(problem)
    state = PROFILE.state()
    with transaction.atomic():
        grant, _new = Grant.objects.select_for_update(no_key=True).get_or_create(action=action, user=user)
        keeping.put_held(grant, {**keeping.held(grant), "state": state, "back": back})
        grant.digest, grant.fault = digest(state), ""
        if grant.state == Grant.State.FAILED:
            grant.state = Grant.State.WAITING
        grant.save()
    query = PROFILE.query(_values(action) | {"state": state, "response_type": "code"})
    where = action.auth["client_url"]
    return f"{where}{'&' if '?' in where else '?'}{query}"


def returned(user, query: str) -> Returned | None:
    """What the browser brought back: the query of the callback. A good code becomes a token here and now.

    None when no sign-in of this user waits for it: a second visit of the same callback comes to nothing.
    """
    got = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    state = (got.get("state") or [""])[0]
    grants = Grant.objects.filter(user=user, digest=digest(state)) if state else Grant.objects.none()
    grant = grants.select_related("action__gpt__project", "action__address", "action__client").first()
    if grant is None or not Grant.objects.filter(pk=grant.pk, digest=grant.digest).update(digest=""):
        return None
    held = keeping.held(grant)
    found = verdict.of_callback(got, held.get("state", ""))
    if not found.failed:
        found, heard = _ask(grant.action, PROFILE.token, grant_type="authorization_code", code=got["code"][0])
    if found.failed:
        _fail(grant, found)
    else:
        _keep(grant, heard)
    _tell(grant.action, user)
    return Returned(grant.action, held.get("back", ""), why(found) if found.failed else "")


def credential(action: Action, user) -> Token | None:
    """The user's token, refreshed when its time has passed; None when they have to sign in (again).

    Nobody takes a token back here because a call was refused: ChatGPT goes on with it (docs/chatgpt-rules.md, OA-10).
    """
    grant = _granted(action, user)
    if grant is not None and _expired(grant):
        grant = _refreshed(grant)
    held = keeping.held(grant) if grant is not None else {}
    if grant is None or not held.get("access"):
        return None
    return Token(held["access"], grant.scope, grant.expires)


def who(action: Action, user) -> str:
    """The name of whoever the user is signed in as at the action; "" when only its server knows, or nobody is."""
    grant = Grant.objects.filter(action=action, user=user, state=Grant.State.GRANTED).first()
    access = keeping.held(grant).get("access", "") if grant is not None else ""
    if not access:
        return ""
    digest = hashlib.sha256(access.encode()).hexdigest()
    found = AccessToken.objects.select_related("user").filter(token_checksum=digest).first()
    return str(found.user) if found is not None and found.user else ""


def fault(action: Action, user) -> str:
    """Why the user's last sign-in at the action failed; "" when it did not."""
    return Grant.objects.filter(action=action, user=user).values_list("fault", flat=True).first() or ""


def forget(action: Action, user) -> bool:
    """Signs the user out of the action, here alone: its server is not told. Whether there was anything."""
    return bool(Grant.objects.filter(action=action, user=user).delete()[0])


def _granted(action: Action, user) -> Grant | None:
    rows = Grant.objects.filter(action=action, user=user, state=Grant.State.GRANTED)
    return rows.select_related("action__gpt__project", "action__address", "action__client").first()


def _expired(grant: Grant) -> bool:
    return grant.expires is not None and grant.expires <= timezone.now()


def _refreshed(grant: Grant) -> Grant | None:
    """The grant with a fresh token; None when the user has to sign in. Of several at once one asks and the others
    wait: a refresh token that is used twice ends all of them where they rotate (RFC 9700, section 4.14.2)."""
    name, me, deadline = f"simulator-grant-{grant.pk}", secrets.token_hex(16), time.monotonic() + SECONDS
    while not leases.hold(name, SECONDS + 5, me):
        if time.monotonic() > deadline:
            return grant
        time.sleep(_LOOK)
    try:
        fresh = _granted(grant.action, grant.user_id)
        return _refresh(fresh) if fresh is not None and _expired(fresh) else fresh
    finally:
        leases.release(name, me)


def _refresh(grant: Grant) -> Grant | None:
    refresh = keeping.held(grant).get("refresh", "")
    if not refresh:
        _fail(grant, Verdict("failed", _NOTHING))
        return None
    found, heard = _ask(grant.action, PROFILE.refresh, grant_type="refresh_token", refresh_token=refresh)
    if not found.failed:
        return _keep(grant, heard)
    if found.code in REFUSED:
        _fail(grant, found)
        return None
    # No answer, or none that says anything of the token: it stays, and the next call asks again
    return _write(grant, {}, fault=why(found))


def _ask(action: Action, names: tuple[str, ...], **values: str) -> tuple[Verdict, Heard]:
    """A request to the token endpoint, as the dialog says that the client shows its secret."""
    told = _values(action) | {"client_secret": keeping.secrets(action).get(keeping.CLIENT_SECRET, "")} | values
    method = BASIC if action.auth["token_exchange_method"] == dialog.HEADER else POST
    headers, body = PROFILE.sent(told, method), PROFILE.body(names, told, method)
    heard = Wire(action.gpt.project, "simulator").send("POST", action.auth["authorization_url"], headers, body)
    return verdict.of_token(heard, PROFILE, refreshing=names == PROFILE.refresh), heard


def _values(action: Action) -> dict[str, str]:
    auth = action.auth
    return {
        "client_id": auth["oauth_client_id"],
        "redirect_uri": automatic.callback_url(),
        "scope": auth["scope"],
    }


def _keep(grant: Grant, heard: Heard) -> Grant:
    """The token of a good answer (RFC 6749, section 5.1). A refresh token that is not answered anew goes on."""
    texts, expires, scope = brought(heard, grant.action.auth["scope"])
    return _write(grant, texts, state=Grant.State.GRANTED, expires=expires, scope=scope, fault="")


def brought(heard: Heard, asked: str) -> tuple[dict[str, str], datetime.datetime | None, str]:
    """What a good answer brings: the texts to seal, when the token ends (None: it does not say), and its scope, which
    is the one that was asked for unless it says another."""
    value = heard.json or {}
    fresh, seconds = value.get("refresh_token"), value.get("expires_in")
    texts = {"access": value["access_token"]} | ({"refresh": fresh} if isinstance(fresh, str) and fresh else {})
    lasts = isinstance(seconds, int) and not isinstance(seconds, bool)
    expires = timezone.now() + datetime.timedelta(seconds=min(max(seconds, 0), _LONGEST)) if lasts else None
    return texts, expires, str(value.get("scope") or asked).replace("\0", "")[:_SCOPE]


def _fail(grant: Grant, found: Verdict) -> Grant:
    """The sign-in is over. One that worked before goes on when only another attempt has failed."""
    over = found.code in (*REFUSED, _NOTHING) or not keeping.held(grant).get("access")
    texts = {"access": "", "refresh": ""} if over else {}
    return _write(grant, texts, state=Grant.State.FAILED if over else Grant.State.GRANTED, fault=why(found))


def _write(grant: Grant, texts: dict[str, str], **fields: Any) -> Grant:
    """Changes a grant as it is now: somebody may have begun another sign-in meanwhile. "" takes a text out."""
    with transaction.atomic():
        row = Grant.objects.select_for_update(no_key=True).get(pk=grant.pk)
        past = {} if row.digest else {"state": "", "back": ""}
        keeping.put_held(row, {**keeping.held(row), **past, **texts})
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    row.action = grant.action
    return row


def why(found: Verdict) -> str:
    """Why, in words, with the provider's own."""
    told = words.of(found.code)
    said = " ".join(filter(None, (str(found.facts.get("error", "")), str(found.facts.get("said", ""))))).strip()
    title = str(told.title) if told else found.code
    return f"{title}: {said}"[:_FAULT] if said else title


def _unready(action: Action) -> Problem | None:
    auth = action.auth
    if auth.get("type") != dialog.OAUTH:
        return Problem("/auth", _("This action has no sign-in."), "auth")
    if not auth.get("client_url") or not auth.get("authorization_url"):
        said = _("The action's dialog lacks the Authorization URL or the Token URL: fill it in.")
        return Problem("/auth", said, "required")
    if not auth.get("oauth_client_id"):
        said = _("The action's dialog has no Client ID: fill it in, as the server that signs people in tells it.")
        return Problem("/auth/oauth_client_id", said, "required")
    return None


def _tell(action: Action, user) -> None:
    for work in _FOLLOWERS.values():
        work(action, user)


def digest(state: str) -> str:
    """By which a callback finds the sign-in that it belongs to."""
    return hashlib.sha256(state.encode()).hexdigest()
