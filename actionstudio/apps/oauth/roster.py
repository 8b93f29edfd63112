"""The people of a project as its builder sees them: pages of a list, and the apps that each of them has connected."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from actionstudio.apps.oauth import tokens
from actionstudio.apps.oauth.models import AccessToken, Client, Consent, EndUser, RefreshToken, SignIn
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.models import Exchange

PAGE = 50
LONGEST = 150  # characters of a search
LATEST = 8
SIGN_INS = 50  # of the latest ones, in which the calls of somebody are looked for
KEYS = 20  # likewise


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list: somebody, and how many apps use their account."""

    user: EndUser
    apps: int


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, the newest account first. ``older`` is where to go on before, None at the end."""

    lines: Sequence[Line]
    older: int | None


@dataclass(slots=True)
class Connection:
    """An app that may use somebody's account: what it was allowed, when, and when it last got a token."""

    client: Client
    scopes: list[str] = field(default_factory=list)
    granted: datetime.datetime | None = None
    used: datetime.datetime | None = None


def matching(project: Project, q: str = ""):
    """The accounts whose username, name or e-mail holds ``q``."""
    rows = EndUser.objects.filter(project=project)
    q = q.replace("\0", "").strip()[:LONGEST]
    return rows.filter(Q(username__icontains=q) | Q(name__icontains=q) | Q(email__icontains=q)) if q else rows


def page(project: Project, q: str = "", before: int | None = None, size: int = PAGE) -> Page:
    """A page of the accounts whose username, name or e-mail holds ``q``, older than ``before``."""
    rows = matching(project, q)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    pairs = _pairs([user.pk for user in found])
    lines = [Line(user, sum(1 for one, _client in pairs if one == user.pk)) for user in found]
    return Page(lines, found[-1].pk if more else None)


def connections(user: EndUser) -> list[Connection]:
    """The apps that may use somebody's account: those that were allowed it, and those that hold a token anyway."""
    found: dict[int, Connection] = {}
    for consent in user.consents.select_related("client"):
        found[consent.client_id] = Connection(consent.client, list(consent.scopes), consent.granted)
    held = [*_living_access([user.pk]), *_living_refresh([user.pk])]
    strange = {token.application_id for token in held} - found.keys()
    for client in Client.objects.filter(pk__in=strange) if strange else ():
        found[client.pk] = Connection(client)
    for token in held:
        one = found.get(token.application_id)
        if one is not None:
            one.scopes += [scope for scope in token.scope.split() if scope not in one.scopes]
            one.used = max(filter(None, [one.used, token.created]))
    return sorted(found.values(), key=lambda one: str(one.client).lower())


def sign_ins(user: EndUser, most: int = LATEST) -> list[SignIn]:
    """The latest sign-ins of somebody."""
    return list(SignIn.objects.filter(user=user).select_related("client").order_by("-pk")[:most])


def requests(user: EndUser, most: int = LATEST) -> list[Exchange]:
    """The latest calls of somebody: with tokens that their latest sign-ins gave, with their latest own keys, and those
    that counted as theirs without a sign-in (a minted token, a replay)."""
    keys = list(SignIn.objects.filter(user=user).order_by("-pk").values_list("key", flat=True)[:SIGN_INS])
    keys += [tokens.trail(key) for key in user.keys.only("pk")[:KEYS]]
    return walking.of_sign_ins(user.project_id, [*keys, tokens.unsigned(user)], most)


def _pairs(users: Sequence[int]) -> set[tuple[int, int]]:
    """(account, client) of every connected app of these accounts."""
    allowed = Consent.objects.filter(user__in=users).values_list("user_id", "client_id")
    held = [rows.values_list("user_id", "application_id").distinct() for rows in (_access(users), _refresh(users))]
    return {pair for rows in (allowed, *held) for pair in rows}


def _living_access(users: Sequence[int]) -> Iterable[AccessToken]:
    return _access(users).only("application_id", "scope", "created").order_by("-pk")[:200]


def _living_refresh(users: Sequence[int]) -> Iterable[RefreshToken]:
    return _refresh(users).only("application_id", "scope", "created").order_by("-pk")[:200]


def _access(users: Sequence[int]):
    living = AccessToken.objects.filter(user__in=users, revoked=None, expires__gt=timezone.now())
    return living.exclude(application=None)


def _refresh(users: Sequence[int]):
    return RefreshToken.objects.filter(user__in=users, revoked=None)
