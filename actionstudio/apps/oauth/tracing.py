"""Which sign-in a request belongs to, and what each of its legs tells of itself: for the log and the sign-in test.

Whoever answers on an address calls ``began`` as soon as it knows what a client asks, and ``leg`` at every leg. Both are
cheap: they write to the tenant, and ``settle``, called by the door when the answer is made, writes one row at most.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import DatabaseError
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from actionstudio.apps.oauth import callers, codes, limiting, signing_in, tenancy
from actionstudio.apps.oauth.engine import texts
from actionstudio.apps.oauth.models import Client, EndUser, Grant, RefreshToken, SignIn
from actionstudio.apps.oauth.prepared import Change, Rows, Slot, insert
from actionstudio.apps.oauth.tenancy import Tenant

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=15)  # within which the same client and state are the same sign-in
NEAR = timedelta(minutes=3)  # within which a token request that says too little is taken for the one that is awaited
KEPT = 300  # sign-ins of a project in which somebody has signed in
RUNS = 300  # that the emulator played
UNSIGNED = 150  # others: whoever knows the id of a client can begin one
STRANGERS = 50  # of these by clients that are not known
NEW, WITHIN = 60, 600  # that one place may begin in a project, and in how many seconds
CHUNK = 500  # rows deleted in one transaction
SWEPT = 50  # of how many new ones the oldest are removed
LONGEST = 500  # characters of a fact
OK, FAILED, WAITING = "ok", "failed", "waiting"

# The legs in the order in which they come; after "answer" the sign-in has done what it was for.
LEGS = (
    "authorize", "login", "signed-in", "consent", "allowed", "callback",
    "token", "answer", "call", "refresh", "userinfo", "introspect", "revoke",
)  # fmt: skip


def _newest() -> QuerySet[SignIn]:
    mine = SignIn.objects.filter(project_id=Slot("project"), state_digest=Slot("digest"), started__gte=Slot("since"))
    return mine.only("key", "outcome", "step", "emulator")[:1]


_NEWEST = Rows(_newest)


def digest_of(project_id: int, client_id: str, state: str) -> str:
    """What finds a sign-in at its next leg: the client and its ``state``. "" when there is no state."""
    return hashlib.sha256(f"{project_id}\n{client_id}\n{state}".encode()).hexdigest() if state else ""


def began(
    client_id: str,
    client: Client | None = None,
    redirect_uri: str = "",
    scope: str = "",
    state: str = "",
    *,
    challenge: str = "",
    resource: str = "",
) -> str:
    """The key of the sign-in that these parameters of an authorize request belong to: the one that the same client
    began with the same state within AGAIN and that has not ended, or a new one. Sets it for the tenant; call it on
    every leg that has the parameters, also when they are wrong."""
    tenant = tenancy.current()
    if tenant.sign_in:
        return tenant.sign_in
    digest = digest_of(tenant.project_id, client_id, state)
    since = timezone.now() - AGAIN
    newest = _NEWEST.first(project=tenant.project_id, digest=digest, since=since) if digest else None
    key = newest.key if newest is not None and not _ended(newest) else ""
    if not key:
        key = secrets.token_hex(10)
        who = callers.who(redirect_uri, challenge=bool(challenge), resource=bool(resource))
        tenant.run.update(new=True, client=client, who=who, state_digest=digest)
    tenant.sign_in = key
    return key


def belongs(key: str) -> None:
    """This request is a leg of that sign-in: its code or token (Grant.sign_in, AccessToken.sign_in) says so."""
    if key:
        tenancy.current().sign_in = key


def presented(code: str = "", refresh: str = "") -> None:
    """The same for a request that was refused before anybody looked at its code or refresh token: these are their
    texts. One query, and none when the sign-in is known."""
    tenant = tenancy.current()
    if tenant.sign_in or not (code or refresh):
        return
    rows = (
        Grant.objects.filter(code=texts.digest(code))
        if code
        else RefreshToken.objects.filter(token_checksum=texts.digest(refresh))
    )
    mine = rows.filter(application__project=tenant.project_id)
    belongs(mine.values_list("sign_in", flat=True).first() or "")


def leg(name: str, outcome: str = OK, code: str = "", *, user: EndUser | None = None, **facts: Any) -> None:
    """Tells of one leg. ``name`` is one of LEGS (others are logged only), ``outcome`` ok, failed or waiting, ``code``
    what was wrong (codes.py). ``facts`` are what was ``sent``, what is ``registered``…, in texts, numbers and lists of
    them: never a code, a token, a secret or a password. A request may tell of several legs, in their order."""
    tenant = tenancy.current()
    told = {"leg": name, "outcome": outcome, "code": code, **{key: _bounded(fact) for key, fact in facts.items()}}
    legs = [*tenant.notes.get("legs", ()), told]
    tenant.tell(**told, legs=legs)
    run = tenant.run
    if user is not None:
        run["user"] = user
    if name in LEGS:
        run["step"] = name
        run["reason"] = code if outcome == FAILED else ""
        run["outcome"] = FAILED if outcome == FAILED else "passed" if _done(name) else WAITING
    if name == "callback" and tenant.notes.get("fault") == "wrong-state":
        run["reason"] = codes.STATE_UNCHECKED  # unless the client stops here


def settle(tenant: Tenant) -> None:
    """Keeps what the legs of this request told: one insert or one update, none when it is part of no sign-in."""
    run = tenant.run
    try:
        if not tenant.sign_in and run.get("outcome") == FAILED and run.get("step") == "token":
            _guess(tenant)
        if tenant.sign_in and run:
            _write(tenant, dict(run))
    except DatabaseError:  # the answer is worth more than its story
        log.exception("a sign-in could not be kept")
    run.clear()


def _ended(run: SignIn) -> bool:
    """Whether nothing can follow: a client that asks with the same state again begins anew. A wrong password ends
    nothing, and what the emulator plays ends when it says so."""
    if run.emulator or run.outcome == WAITING:
        return False
    return run.outcome == "passed" or run.step != "login"


def _done(name: str) -> bool:
    return LEGS.index(name) >= LEGS.index("answer")


def _bounded(fact: Any) -> Any:
    if isinstance(fact, list | tuple | set | frozenset):
        return [_bounded(one) for one in list(fact)[:20]]
    return fact if isinstance(fact, bool | int | float) else str(fact)[:LONGEST]


def _guess(tenant: Tenant) -> None:
    """A token request that names no code of ours belongs to the one sign-in of its client that waits for it, if it is
    only one. Of its client alone, when that has shown its secret: nobody else has a say over how a sign-in went."""
    if tenant.caller is None:
        return
    near = tenant.caller.sign_ins.filter(updated__gte=timezone.now() - NEAR, emulator={})
    waiting = near.filter(step__in=("allowed", "callback", "token")).exclude(outcome="passed")
    found = list(waiting.values_list("key", flat=True)[:2])
    if len(found) == 1:
        tenant.sign_in = found[0]
        tenant.tell(guessed=True)


def _write(tenant: Tenant, run: dict[str, Any]) -> None:
    now = timezone.now()
    if run.pop("new", False):
        if _too_many(tenant):
            return
        made = insert(SignIn(project_id=tenant.project_id, key=tenant.sign_in, started=now, updated=now, **run))
        if made.pk % SWEPT == 0:
            sweep(tenant.project_id)
        return
    passed = run.get("outcome") == "passed"
    person = run.pop("user", None)
    told = run if person is None else {**run, "user_id": person.pk}
    _told(tuple(sorted(told)), passed).run(project=tenant.project_id, key=tenant.sign_in, updated=now, **told)


@cache
def _told(names: tuple[str, ...], passed: bool) -> Change:
    """What changes the row of a sign-in of which these fields are told."""
    changes = {name: Slot(name) for name in ("updated", *names)} | (_passed() if passed else {})
    return Change(lambda: SignIn.objects.filter(project_id=Slot("project"), key=Slot("key")), **changes)


def _passed() -> dict[str, Any]:
    """What a run that got its token becomes: one that went on with a wrong state has not passed."""
    bent = Q(reason=codes.STATE_UNCHECKED)
    return {
        "outcome": Case(When(bent, then=Value(FAILED)), default=Value("passed")),
        "reason": Case(When(bent, then=Value(codes.STATE_UNCHECKED)), default=Value("")),
    }


def _too_many(tenant: Tenant) -> bool:
    """Whether one place begins so many that no more of them are kept: they are in the log, as all calls."""
    where = signing_in.place(tenant.client)
    return bool(where and limiting.allowed(f"sign-in:{tenant.project_id}:{where}", NEW, WITHIN))


def sweep(project_id: int) -> None:
    """Removes the oldest sign-ins of a project: of each kind those beyond its number, so that a stranger who asks again
    and again pushes out neither what the emulator plays nor a sign-in in which somebody has signed in."""
    mine = SignIn.objects.filter(project_id=project_id).order_by("-pk")
    real = mine.filter(emulator={})
    for rows, most in (
        (real.filter(user=None, client=None), STRANGERS),
        (real.filter(user=None), UNSIGNED),
        (real.exclude(user=None), KEPT),
        (mine.exclude(emulator={}), RUNS),
    ):
        last = rows.values_list("pk", flat=True)[most : most + 1].first()
        if last is not None:
            rows.filter(pk__lte=last).delete()


def prune(days: int, now: datetime | None = None) -> int:
    """Removes sign-ins of which nothing was heard for ``days``, as the log forgets their calls (0 keeps everything)."""
    if days <= 0:
        return 0
    old = SignIn.objects.filter(updated__lt=(now or timezone.now()) - timedelta(days=days)).order_by("pk")
    removed = 0
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        removed += SignIn.objects.filter(pk__in=ids).delete()[0]
    return removed
