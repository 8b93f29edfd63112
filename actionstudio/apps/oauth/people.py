"""The people of a project: accounts are made, changed, closed and deleted here, and nowhere else.

What ends somebody's access ends it at once: their browsers are signed out, what apps hold of theirs is revoked, and the
data plane forgets what it had at hand (runtime/tokens.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import passwords, revoking, sessions, vetting
from actionstudio.apps.oauth.models import Client, Consent, EndUser, EndUserSession, UserKey
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.tokens import forget

MOST = 10_000  # end users of a project
KEYS_MOST = 20  # living keys of an end user
FLAGS = ("test", "denies")  # offered on the login page; answers no to whatever is asked

# The people of drills: made with the provider, offered on the login page while the project is in development. They have
# no password, so that nobody signs in as one of them once it is not.
DRILL: tuple[Mapping[str, Any], ...] = (
    {"username": "alice", "name": "Alice", "email": "alice@example.com", "groups": ["staff"]},
    {"username": "bob", "name": "Bob", "email": "bob@example.com"},
    {"username": "dana", "name": "Dana (denies consent)", "email": "dana@example.com", "denies": True},
    {"username": "lou", "name": "Lou (locked)", "email": "lou@example.com", "is_active": False},
)


def make(
    project: Project,
    username: str,
    *,
    email: str = "",
    name: str = "",
    password: str = "",
    groups: Iterable[str] = (),
    claims: Mapping[str, Any] | None = None,
    **flags: bool,
) -> EndUser:
    """A new account; ``flags`` are FLAGS, and ``joined`` for one that somebody makes themselves: its name
    may be nobody's e-mail address, with which they sign in. Without a password nobody signs in with one. Raises
    Refused, by field."""
    given = {"username": username, "email": email, "name": name, "groups": groups, "claims": claims or {}}
    values, found = _judged(project, {**given, "password": password}, joined=flags.get("joined", False))
    if project.end_users.count() >= MOST:
        message = _("This project has %(n)s accounts, which is the most. Delete some first.") % {"n": MOST}
        found.append(Problem("", message, "many"))
    if found:
        raise Refused(*found)
    user = EndUser(project=project, **values, **flags)
    if password:
        _hash(user, password)
    _save(user)
    return user


def problems(project: Project, given: Mapping[str, Any], user: EndUser | None = None) -> list[Problem]:
    """Everything that is wrong with these fields of a new account, or of other values for those of ``user``: for forms
    that cannot read one of their fields, to tell at once what is wrong with the others."""
    return _judged(project, given, user)[1]


def change(user: EndUser, **fields: Any) -> EndUser:
    """Other values for username, email, name, groups, claims or FLAGS. Their ``sub`` stays. Raises Refused."""
    flags = {name: fields.pop(name) for name in FLAGS if name in fields}
    values, found = _judged(user.project, fields, user)
    if found:
        raise Refused(*found)
    values |= flags
    for field, value in values.items():
        setattr(user, field, value)
    _save(user, update_fields=list(values))
    _forget(user.project_id)
    return user


def set_password(user: EndUser, text: str) -> None:
    """Another password ("": none), which signs out all their browsers; apps keep what they hold. Raises Refused."""
    if text:
        _hash(user, vetting.password(text, user))
    else:
        user.password = ""
    with transaction.atomic():
        user.save(update_fields=["password"])
        sign_out(user)


def sign_out(user: EndUser) -> int:
    """Signs out all browsers of somebody; how many there were."""
    return sessions.end_others(user)


def end_drills(project: Project) -> None:
    """Ends all access of the test users, also of those with a password: nobody knows who was them in development."""
    drills = project.end_users.filter(test=True)
    with transaction.atomic():
        revoking.users(project.pk, drills)
        EndUserSession.objects.filter(user__in=drills).delete()
        Consent.objects.filter(user__in=drills).delete()


def close(user: EndUser) -> None:
    """Ends all access of somebody at once. Reopened, they sign in and connect their apps anew; their keys come back."""
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        sign_out(user)
        _cut_off(user)


def reopen(user: EndUser) -> None:
    """Lets somebody sign in again."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    _forget(user.project_id)


def delete(user: EndUser) -> None:
    """Removes an account with all that apps hold of it."""
    with transaction.atomic():
        project_id = user.project_id
        _cut_off(user)
        user.delete()
        _forget(project_id)


def disconnect(user: EndUser, client: Client, by: str = "builder") -> bool:
    """Ends what an app may do in somebody's name, at once; whether there was anything. ``by``: see revoking.py."""
    with transaction.atomic():
        found = revoking.app(user, client, by)
        found += user.consents.filter(client=client).delete()[0]
    return bool(found)


def mint_key(user: EndUser, name: str) -> tuple[UserKey, str]:
    """A new key of somebody, good at once, and its text, which nobody can show again. Raises Refused."""
    name = vetting.key_name(name)
    living = user.keys.filter(revoked=None)
    if living.filter(name=name).exists():
        raise Refused(Problem("/name", _("There is a key of that name. Choose another, or revoke it."), "name"))
    if living.count() >= KEYS_MOST:
        raise Refused(Problem("/name", _("Use at most %(n)s keys; revoke one first.") % {"n": KEYS_MOST}, "many"))
    text = UserKey.PREFIX + secrets.token_urlsafe(32)
    key = UserKey.objects.create(user=user, name=name, digest=sha256(text.encode()).hexdigest(), last4=text[-4:])
    _forget(user.project_id)
    return key, text


def revoke_key(user: EndUser, pk: int) -> UserKey | None:
    """Ends a key at once. None when there is no such living key."""
    with transaction.atomic():
        key = user.keys.select_for_update().filter(pk=pk, revoked=None).first()
        if key:
            key.revoked = timezone.now()
            key.save(update_fields=["revoked"])
            _forget(user.project_id)
    return key


def test_users(project: Project) -> list[EndUser]:
    """The people of drills; those that are not there are made. An account that took the name of one stays as it is."""
    there = set(
        project.end_users.filter(username__in=[one["username"] for one in DRILL]).values_list("username", flat=True)
    )
    EndUser.objects.bulk_create(
        [EndUser(project=project, test=True, **one) for one in DRILL if one["username"] not in there],
        ignore_conflicts=True,
    )
    return list(project.end_users.filter(test=True).order_by("id"))


test_users.__test__ = False  # type: ignore[attr-defined]  # the name begins as a test's does


def _judged(
    project: Project, given: Mapping[str, Any], user: EndUser | None = None, joined: bool = False
) -> tuple[dict[str, Any], list[Problem]]:
    """What is kept of these fields, and everything that is wrong with them. A password is judged, and kept nowhere."""
    values, found = vetting.fields({name: value for name, value in given.items() if name in vetting.CHECKS})
    if "username" in values:
        others = project.end_users.exclude(pk=user.pk if user else None)
        same = Q(username=values["username"])
        if joined:  # in the same words: whose address that is, is told to nobody
            same |= Q(email__iexact=values["username"])
        found += _taken().problems if others.filter(same).exists() else []
    mine = {name: values[name] for name in ("username", "name", "email") if name in values}
    return values, found + vetting.of_password(given.get("password", ""), user or EndUser(**mine))


def _hash(user: EndUser, text: str) -> None:
    with passwords.hashing():
        user.set_password(text)


def _save(user: EndUser, **options: Any) -> None:
    try:
        with transaction.atomic():
            user.save(**options)
    except IntegrityError:  # somebody took the name between our look and our write
        raise _taken() from None


def _taken() -> Refused:
    return Refused(Problem("/username", _("Somebody has this username already. Choose another."), "taken"))


def _cut_off(user: EndUser) -> None:
    """Ends what apps hold of somebody, and what they were allowed."""
    revoking.user(user, "closed")
    user.consents.all().delete()


def _forget(project_id: int) -> None:
    transaction.on_commit(lambda: forget(project_id))
