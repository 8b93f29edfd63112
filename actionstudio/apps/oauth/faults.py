"""One-shot failures of a sign-in: the next leg of a kind misbehaves once, then all is as before.

``KINDS`` says which there are, in words; ``claim`` is asked by the leg that may misbehave, and each one is claimed
exactly once over all workers. What happens at once instead of at the next leg is a deed (``DEEDS``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.oauth import tenancy
from actionstudio.apps.oauth.models import AccessToken, Client, Fault, RefreshToken
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.tokens import forget

MOST = 10  # that wait in a project
MOST_TIMES = 20  # of one
SLOW = 46.0  # seconds of a slow token answer: ChatGPT waits 45 for what it calls
SLOW_PAGE = 10.0


@dataclass(frozen=True)
class Kind:
    """A kind of failure: at which leg it strikes, its name, what will happen, what has happened when it struck, and
    what a client does then, as far as that is known (a rule of OAuth, or what is known of ChatGPT)."""

    name: str
    leg: str
    title: str | Promise
    words: str | Promise
    struck: str | Promise
    then: str | Promise


_AGAIN = _(
    "The client got no token. The code was not used up here, so a client that asks once more with it gets one; else "
    "the person has to sign in again. OpenAI has not said whether ChatGPT asks once more."
)
_STUCK = _(
    "The sign-in itself passes. Builders report that a GPT is stuck when this token stops working: the person has to "
    "sign out and in again."
)
_ALL = (
    Kind(
        "token-invalid-grant", "token", _("invalid_grant"), _("The next token answer is 400 invalid_grant."),
        _("The token answer was 400 invalid_grant."), _AGAIN,
    ),
    Kind(
        "token-no-expiry", "token", _("No expires_in"), _("The next token answer does not say when it expires."),
        _("The token answer did not say when it expires."), _STUCK,
    ),
    Kind(
        "token-no-refresh", "token", _("No refresh token"), _("The next token answer has no refresh token."),
        _("The token answer had no refresh token."), _STUCK,
    ),
    Kind(
        "token-html", "token", _("HTML"), _("The next token answer is a web page instead of JSON."),
        _("The token answer was a web page instead of JSON, which no client can read: for GPTs a frequent fault."),
        _AGAIN,
    ),
    Kind(
        "token-500", "token", _("Error 500"), _("The next token request is answered with 500."),
        _("The token request was answered with 500."), _AGAIN,
    ),
    Kind(
        "token-slow", "token", _("Slow"), _("The next token answer takes 46 seconds."),
        _("The token answer took 46 seconds."),
        _(
            "ChatGPT gives what it calls 45 seconds. A client that gave up has no token, and the code is used up: the "
            "person has to sign in again."
        ),
    ),
    Kind(
        "wrong-state", "callback", _("Wrong state"), _("The next callback returns another state than was sent."),
        _("The callback returned another state than was sent."),
        _("A client that compares state, as it should, stops here: no token request follows, and that is right."),
    ),
    Kind(
        "authorize-error", "authorize", _("server_error"), _("The next sign-in returns error=server_error."),
        _("The sign-in returned error=server_error instead of a code."),
        _("The client has nothing to exchange, so no token request follows. The person can begin again."),
    ),
    Kind(
        "login-slow", "login", _("Slow login page"), _("The next login page takes 10 seconds."),
        _("The login page took 10 seconds."),
        _("The person waits in the browser. The client does not notice: it waits for the callback."),
    ),
)  # fmt: skip
KINDS = {kind.name: kind for kind in _ALL}


@dataclass(frozen=True)
class Deed:
    """What is done to tokens at once: its name and what it does, in words."""

    name: str
    title: str | Promise
    words: str | Promise


DEEDS = {
    deed.name: deed
    for deed in (
        Deed("revoke-now", _("Revoke now"), _("The newest tokens are revoked: the next call is answered 401.")),
        Deed("expire-now", _("Expire now"), _("The newest access token has expired: the client has to refresh it.")),
    )
}


def set_fault(project: Project, kind: str, times: int = 1) -> Fault:
    """Makes the next ``times`` legs of that kind misbehave. Raises Refused."""
    if kind not in KINDS:
        message = gettext("There is no such failure. Known: %(names)s") % {"names": ", ".join([*KINDS, *DEEDS])}
        raise Refused(Problem("/kind", message, "unknown"))
    if not 1 <= times <= MOST_TIMES:
        message = gettext("A failure is for 1 to %(n)d answers.") % {"n": MOST_TIMES}
        raise Refused(Problem("/times", message, "range"))
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        if len(waiting(project)) >= MOST:
            message = gettext("%(n)d failures wait already. Take one back, or let them happen.") % {"n": MOST}
            raise Refused(Problem("", message, "many"))
        return Fault.objects.create(project=project, kind=kind, left=times)


def waiting(project: Project) -> list[Fault]:
    """The failures that have not struck yet, in the order in which they will."""
    return list(project.oauth_faults.filter(left__gt=0))


def take_back(project: Project, number: int | None = None) -> int:
    """Takes back one failure, or all that wait; returns how many there were."""
    found = project.oauth_faults.all() if number is None else project.oauth_faults.filter(pk=number)
    return found.delete()[0]


def claim(project_id: int, kinds: Iterable[str], client: Client | None = None) -> str | None:
    """The failure that this answer is to show, of those kinds: claimed exactly once over all workers, and told in the
    trace. None nearly always, for one query, and for none where ``client`` was read a moment ago and none waited."""
    if client is not None and not client.faulty:
        return None
    wanted = frozenset(kinds)
    for number, kind in Fault.objects.filter(project_id=project_id, left__gt=0).values_list("pk", "kind"):
        if kind in wanted and Fault.objects.filter(pk=number, left__gt=0).update(left=F("left") - 1):
            Fault.objects.filter(pk=number, left=0).delete()
            _tell(kind)
            return kind
    return None


STRANGE = Q(registration_source=Client.RegistrationSource.DCR, decided=False)  # clients that ``spared`` finds


def spared(client: Client) -> bool:
    """Whether no failure strikes a client: anybody can register one, and would take the builder's failures away. One
    that the builder has saved since is theirs."""
    return client.registration_source == Client.RegistrationSource.DCR and not client.decided


def meets(request: HttpRequest, client: Client | None) -> bool:
    """Whether a page of a sign-in may claim a failure: somebody looks at it (it is not only fetched ahead), and it is a
    sign-in of a ``client`` that was found valid and is not ``spared``."""
    purpose = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}".lower()
    ahead = request.method == "HEAD" or "prefetch" in purpose
    return client is not None and not spared(client) and not ahead


def _tell(kind: str) -> None:
    try:
        tenancy.current().tell(fault=kind)
    except LookupError:  # claimed outside of an address
        return


def revoke_now(project: Project, sign_in: str = "") -> int:
    """Revokes the tokens of a sign-in, or of the project's newest access token with its family; how many there were.

    The next call with one of them is answered 401, and a refresh with invalid_grant."""
    now = timezone.now()
    with transaction.atomic():
        access, refresh = _tokens(project, sign_in)
        ended = {"revoked": now, "ended_by": "builder"}
        gone = access.filter(revoked=None, expires__gt=now).update(**ended)
        gone += refresh.filter(revoked=None).update(**ended)
        transaction.on_commit(lambda: forget(project.pk))
    return gone


def expire_now(project: Project, sign_in: str = "") -> int:
    """Lets the access tokens of a sign-in, or of the project's newest one, expire at this moment; how many there were.
    Refresh tokens live on: a client is expected to use its own."""
    now = timezone.now()
    with transaction.atomic():
        access, _refresh = _tokens(project, sign_in)
        gone = access.filter(revoked=None, expires__gt=now).update(expires=now)
        transaction.on_commit(lambda: forget(project.pk))
    return gone


def _tokens(project: Project, sign_in: str):
    """The access and the refresh tokens that a deed is about."""
    access = AccessToken.objects.filter(application__project=project)
    refresh = RefreshToken.objects.filter(application__project=project)
    if sign_in:
        return access.filter(sign_in=sign_in), refresh.filter(sign_in=sign_in)
    newest = access.filter(revoked=None, expires__gt=timezone.now()).order_by("-pk").first()
    if newest is None:
        return access.none(), refresh.none()
    if newest.family is None:
        return access.filter(pk=newest.pk), refresh.filter(access_token=newest.pk)
    return access.filter(family=newest.family), refresh.filter(token_family=newest.family)


RUN = {"revoke-now": revoke_now, "expire-now": expire_now}
