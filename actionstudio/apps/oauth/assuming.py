"""Calls from inside the house that count as somebody's who has signed in: nothing is issued that could leak or live on.

Try it and replays use it: an action whose people sign in answers them as it would answer the person.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import offered, tokens, vetting
from actionstudio.apps.oauth.models import EndUser, Provider
from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import Auth, signs_in
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.ports import Token

MOST = 40  # people to choose from
PREFIX = "user:"  # of what a form calls somebody


def choices(project: Project, auth: Auth) -> list[EndUser]:
    """Whom a call can count as: the test users, then the newest accounts. None where nobody signs in."""
    if not signs_in(auth):
        return []
    Provider.of(project)
    found = EndUser.objects.filter(project=project).order_by("-test", "-id")[:MOST]
    return sorted(found, key=lambda user: (not user.test, user.pk if user.test else -user.pk))


def usual(people: Iterable[EndUser]) -> EndUser | None:
    """Whom a call counts as unless somebody else is chosen."""
    return next((user for user in people if user.is_active), None)


def find(project: Project, text: str, pointer: str = "/end_user") -> EndUser:
    """Somebody by ``sub`` or username. Raises Refused."""
    if signs_in(newest.contract(project).auth):
        Provider.of(project)
    name = text.strip().lower()
    named = project.end_users.filter(username=name).first() if re.fullmatch(vetting.USERNAME, name) else None
    user = _of_sub(project, text) or named
    if user is None:
        raise Refused(Problem(pointer, _("Nobody here has this username or sub."), "unknown"))
    return user


def token(project: Project, sub: str, scopes: Iterable[str] | None = None, app: str = "") -> Token:
    """What the call counts as carrying: a token of that person with these scopes (None: all there are).

    A closed account, and one that is gone, has no access: its token counts as revoked.
    """
    user = _of_sub(project, sub)
    if scopes is None:
        scopes = [scope.name for scope in offered.scopes(newest.contract(project).auth)]
    names = frozenset(scopes)
    digest = sha256("\n".join(["assumed", sub, app, *sorted(names)]).encode()).digest()
    state = "ok" if user is not None and user.is_active else "revoked"
    who = str(user or _("a deleted account"))
    return Token(digest, state, sub, who, app, names, sign_in=tokens.unsigned(user))


def logged(decided: Mapping[str, Any], auth: str) -> dict[str, Any] | None:
    """Who made a logged call, as far as its token let them: the arguments of :func:`token`. None for nobody."""
    told = decided.get("signed_in")
    if not told or not told.get("user") or auth not in ("ok", "scope"):
        return None
    return {"sub": told["user"], "scopes": list(told.get("scopes", ())), "app": told.get("app", "")}


def _of_sub(project: Project, text: str) -> EndUser | None:
    try:
        return project.end_users.filter(sub=uuid.UUID(text)).first()
    except ValueError:
        return None
