"""Tokens are revoked here: of one sign-in, of an app, of a person, of a client. At once, and for good.

Rows stay until they expire, so that a call can be told why it is refused: ``by`` says who did it (a key of
runtime.bearer.ENDED), and whoever was first is told. Codes that were not yet used end too. Every
function works in a transaction of its own or in the one it is called in, and returns how many tokens worked until now.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.models import AccessToken, Client, EndUser, Grant, RefreshToken
from actionstudio.apps.oauth.offered import may_ask
from actionstudio.apps.oauth.prepared import Rows, Slot
from actionstudio.runtime.tokens import forget


def _state() -> QuerySet:
    """Whether a person's account is open, and whether they are a drill of a development that is over."""
    drill = Case(When(EndUser.drill_over(), then=Value(True)), default=Value(False))
    return EndUser.objects.filter(pk=Slot("user")).order_by().annotate(drill=drill).values_list("is_active", "drill")


_STATE = Rows(_state)
_LOCKED = Rows(lambda: _state().select_for_update(no_key=True, of=("self",)))


def locked(user_id: int) -> bool:
    """Locks the person's row until the transaction ends: who makes or revokes tokens of theirs waits here in turn.
    Whether their account is open, and no drill of a development that is over.

    A family's own rows will not do for a lock: the one that a refresh is just making cannot be seen yet."""
    return not _why(_LOCKED.first(user=user_id))


def ended(user_id: int) -> str:
    """The code of why nobody gets tokens of that person any more; "" when they may."""
    return _why(_STATE.first(user=user_id))


def _why(state: tuple[bool, bool] | None) -> str:
    """The same of an account that is open (or there is none), and a drill that is over."""
    if state is None or not state[0]:
        return codes.USER_DISABLED
    return codes.DEVELOPMENT_OVER if state[1] else ""


def family(person: EndUser, number: UUID, by: str = "builder") -> int:
    """Everything of one sign-in: its code, its refresh tokens, its access tokens."""
    return _sweep(person.project_id, [person.pk], {"family": number}, {"token_family": number}, by)


def app(person: EndUser, program: Client, by: str = "builder") -> int:
    """All that a client holds of a person: they disconnected it. Their consent is not touched (consents.py)."""
    mine = {"user": person, "application": program}
    return _sweep(person.project_id, [person.pk], mine, mine, by)


def user(person: EndUser, by: str = "builder") -> int:
    """All that any client holds of a person."""
    return _sweep(person.project_id, [person.pk], {"user": person}, {"user": person}, by)


def users(project_id: int, people: QuerySet[EndUser]) -> int:
    """All that any client holds of these people."""
    return _sweep(project_id, people.values("pk"), {"user__in": people}, {"user__in": people}, "builder")


def client(program: Client) -> int:
    """All that a client holds, of every person and its own."""
    people = RefreshToken.objects.filter(application=program, revoked=None).values("user")
    mine = {"application": program}
    return _sweep(program.project_id, people, mine, mine, "builder")


def beyond(program: Client) -> int:
    """What a client holds and would not get any more: tokens with a scope that it may not ask for now, and those of
    sign-ins that returned to a callback which it has no longer. Its codes are looked at when they are redeemed."""
    mine = {"application": program}
    held = {
        scope
        for rows in (AccessToken.objects, RefreshToken.objects)
        for scope in rows.filter(revoked=None, **mine).order_by().values_list("scope", flat=True).distinct()
    }
    wide = {
        "scope__in": [scope for scope in held if not all(may_ask(program.scopes, name) for name in scope.split())],
        **mine,
    }
    began = Grant.objects.filter(**mine).order_by()
    uris = began.values_list("redirect_uri", flat=True).distinct()
    gone = began.filter(redirect_uri__in=[uri for uri in uris if not program.redirect_uri_allowed(uri)])
    families = gone.values("family")
    with transaction.atomic():
        return _end(program, wide, wide) + _end(
            program, {"family__in": families, **mine}, {"token_family__in": families, **mine}
        )


def token(one: AccessToken, by: str = "builder") -> int:
    """One access token alone."""
    project = one.application.project_id if one.application else one.user.project_id if one.user else 0
    with transaction.atomic():
        gone = AccessToken.objects.filter(pk=one.pk, revoked=None).update(revoked=timezone.now(), ended_by=by)
        transaction.on_commit(lambda: forget(project))
    return gone


def _end(program: Client, ours: dict, refreshed: dict) -> int:
    people = RefreshToken.objects.filter(revoked=None, **refreshed).values("user")
    return _sweep(program.project_id, people, ours, refreshed, "builder", spent=False)


def _sweep(project_id: int, people, ours: dict, refreshed: dict, by: str, spent: bool = True) -> int:
    """``ours`` finds the access tokens and codes, ``refreshed`` the refresh tokens; ``people`` are whose they are."""
    now = timezone.now()
    ended = {"revoked": now, "ended_by": by}
    with transaction.atomic():
        list(EndUser.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
        if spent:
            Grant.objects.filter(consumed=None, **ours).update(consumed=now)
        gone = RefreshToken.objects.filter(revoked=None, **refreshed).update(**ended)
        gone += AccessToken.objects.filter(revoked=None, expires__gt=now, **ours).update(**ended)
        transaction.on_commit(lambda: forget(project_id))
    return gone
