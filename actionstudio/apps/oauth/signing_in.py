"""Signing in with a name and a password: counted before it is looked at, silent about which of the two was wrong."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from actionstudio.apps.oauth import limiting, passwords
from actionstudio.apps.oauth.models import EndUser

# Name of the limit, tries, seconds: those of an account, of where the tries come from, of the whole project
_ACCOUNT = (("login", 5, 300), ("login-hour", 20, 3600))
_KNOWN = (("login-known", 5, 300), ("login-known-hour", 20, 3600))  # of an account in a browser it knows (knowing.py)
_PLACE = ("login-ip", 30, 300)
_PROJECT = ("login-project", 300, 300)
SIGNUPS = ("signup-ip", 10, 3600)


@dataclass(frozen=True, slots=True)
class Try:
    """What came of it: ``user`` when they are who they say; ``wait`` seconds when it was not even looked at; ``closed``
    is who they are when their account is closed."""

    user: EndUser | None = None
    wait: int = 0
    closed: EndUser | None = None


def enter(
    project_id: int, username: str, password: str, client: str, known: Mapping[int, str] = MappingProxyType({})
) -> Try:
    """One try. ``client`` is the IP address it comes from, "" for a caller inside the house; ``known`` are those who
    signed in in this browser before (knowing.py): they have tries of their own there, which no stranger can use up.

    The same words after the same time whether there is such an account or not. A try is counted before the password is
    looked at, so that many at once are no more than their number; a right one gives back what it took.
    """
    user = find(project_id, username.strip().lower())
    account = user.username if user else username.strip().lower()
    browser = known.get(user.pk, "") if user else ""
    shared = [] if browser else _shared(project_id, client)
    who = f"{project_id}:{account}:{browser}" if browser else f"{project_id}:{account}"
    own = [(name, who, most, seconds) for name, most, seconds in (_KNOWN if browser else _ACCOUNT)]
    for name, who, most, seconds in (*shared, *own):
        if wait := limiting.allowed(f"{name}:{who}", most, seconds):
            return Try(wait=wait)
    if not passwords.right(user, password) or user is None:
        return Try()
    for name, who, *_ in own:
        limiting.forgive(f"{name}:{who}")
    for name, who, *_ in shared:
        limiting.give_back(f"{name}:{who}")
    return Try(user) if user.is_active else Try(closed=user)


def _shared(project_id: int, client: str) -> list[tuple[str, str, int, int]]:
    """The limits that a try shares with those of others."""
    here = [(_PLACE[0], f"{project_id}:{place(client)}", *_PLACE[1:])] if client else []
    return [*here, (_PROJECT[0], str(project_id), *_PROJECT[1:])]


def find(project_id: int, typed: str) -> EndUser | None:
    """Whose username that is, or else whose e-mail address, if it is only one person's: nobody has proved theirs.

    Who made their account themselves takes no address from an account that the builder gave one."""
    accounts = EndUser.objects.filter(project_id=project_id)
    if not keepable(typed):
        return None
    user = accounts.filter(username=typed).first()
    if user is None and "@" in typed:
        found = list(accounts.filter(email__iexact=typed).order_by("joined")[:2])
        one = found and (len(found) == 1 or found[0].joined != found[1].joined)
        user = found[0] if one else None
    return user


def signing_up(project_id: int, client: str) -> int:
    """Takes one of the accounts that may be made from one place; seconds to wait when there is none left."""
    name, most, seconds = SIGNUPS
    return limiting.allowed(f"{name}:{project_id}:{place(client)}", most, seconds) if client else 0


def place(client: str) -> str:
    """Where an IP address is: of IPv6 the first 64 bits, which is what one household has."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 6:
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def keepable(text: str) -> bool:
    """Whether a database would look for it."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
