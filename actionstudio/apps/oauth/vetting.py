"""What the fields of an end user may hold: each check returns the value as it is kept, or says what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from actionstudio.apps.oauth.claims import RESERVED
from actionstudio.core.problem import Problem, Refused

if TYPE_CHECKING:
    from actionstudio.apps.oauth.models import EndUser

USERNAME = r"[a-z0-9](?:[a-z0-9._@+-]{0,148}[a-z0-9])?"
LONGEST = 150  # characters of a name
LONGEST_EMAIL, LONGEST_KEY = 254, 80
LONGEST_PASSWORD = 256
GROUPS_MOST, LONGEST_GROUP = 50, 80
CLAIMS_MOST = 4096  # bytes of the claims as JSON
DEEPEST = 10
FIELDS = {"preferred_username": "username", "email": "email", "name": "name", "groups": "groups"}  # claim -> field
_UNKEEPABLE = re.compile("[\0-\x1f\x7f\ud800-\udfff]")  # in one line of text
_UNKEPT = re.compile("[\0\ud800-\udfff]")  # in any text: no database would take it


def username(text: str) -> str:
    """What people type to sign in: lower case, safe in a path and a log."""
    text = text.strip().lower()
    if not text:
        raise _refused("username", _("Give a username: what this person types to sign in."), "required")
    if not re.fullmatch(USERNAME, text):
        message = _(
            "Use letters a-z, digits and . _ - + @ (an e-mail address will do), beginning and ending with a letter or "
            "digit, %(n)s characters at most."
        )
        raise _refused("username", message % {"n": LONGEST})
    return text


def email(text: str) -> str:
    """An e-mail address, or ""."""
    text = text.strip()
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise _refused("email", _("This is not an e-mail address, such as ann@example.com.")) from None
    if len(text) > LONGEST_EMAIL:
        raise _refused("email", _("Use at most %(n)s characters.") % {"n": LONGEST_EMAIL})
    return text


def name(text: str) -> str:
    """A person's name, or ""."""
    return _line("name", text, LONGEST)


def key_name(text: str) -> str:
    """The name of an end user's key."""
    text = _line("name", text, LONGEST_KEY)
    if not text:
        raise _refused("name", _("Give the key a name, so that you know it when you revoke it."), "required")
    return text


def groups(names: Iterable[str]) -> list[str]:
    """The names of groups, each once, in the order given; empty ones are passed over."""
    found = list(dict.fromkeys(filter(None, (_line("groups", one, LONGEST_GROUP) for one in names))))
    if len(found) > GROUPS_MOST:
        raise _refused("groups", _("Use at most %(n)s groups.") % {"n": GROUPS_MOST})
    return found


def claims(value: Any) -> dict[str, Any]:
    """More claims of userinfo and ID tokens: a JSON object whose names are free."""
    if not isinstance(value, Mapping):
        raise _refused("claims", _('Claims are a JSON object, such as {"plan": "gold"}.'))
    for key in value:
        if key in RESERVED:
            message = _("The provider itself says “%(name)s”. Choose another name.") % {"name": key}
            raise _refused("claims", message, "reserved")
        if key in FIELDS:
            told = {"name": key, "field": FIELDS[key]}
            message = _("“%(name)s” is said by the field “%(field)s” of this account. Fill that instead.") % told
            raise _refused("claims", message, "reserved")
    _keepable(value)
    if len(json.dumps(value, ensure_ascii=False).encode()) > CLAIMS_MOST:
        raise _refused("claims", _("Use at most %(n)s bytes: claims travel in every token.") % {"n": CLAIMS_MOST})
    return dict(value)


def password(text: str, user: EndUser) -> str:
    """A password that is long enough, not too common, and not the person's own name."""
    if len(text) > LONGEST_PASSWORD:
        raise _refused("password", _("Use at most %(n)s characters.") % {"n": LONGEST_PASSWORD})
    if _UNKEPT.search(text):
        raise _refused("password", _("This holds a character that cannot be typed again."))
    try:
        validate_password(text, user)
    except ValidationError as error:
        raise Refused(*(Problem("/password", message, "weak") for message in error.messages)) from None
    return text


CHECKS: dict[str, Callable[[Any], Any]] = {
    "username": username,
    "email": email,
    "name": name,
    "groups": groups,
    "claims": claims,
}


def fields(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What was given and is right, as it is kept, and everything that is wrong with the rest."""
    checked: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in given.items():
        try:
            checked[key] = CHECKS[key](value)
        except Refused as refused:
            problems += refused.problems
    return checked, problems


def of_password(text: str, user: EndUser) -> list[Problem]:
    """What is wrong with a password; nothing is with "", which is none."""
    try:
        password(text, user) if text else None
    except Refused as refused:
        return list(refused.problems)
    return []


def _line(field: str, text: str, longest: int) -> str:
    text = text.strip()
    if _UNKEEPABLE.search(text):
        raise _refused(field, _("Use one line of text, without control characters."))
    if len(text) > longest:
        raise _refused(field, _("Use at most %(n)s characters.") % {"n": longest})
    return text


def _keepable(value: Any, depth: int = 0) -> None:
    """What every database keeps and every JSON reader understands."""
    if depth > DEEPEST:
        raise _refused("claims", _("Claims are nested more than %(n)s deep.") % {"n": DEEPEST})
    if isinstance(value, str) and _UNKEPT.search(value):
        raise _refused("claims", _("A text of the claims holds U+0000 or half a character."))
    if isinstance(value, float) and value - value != 0:
        raise _refused("claims", _("Infinity and NaN are no JSON."))
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _keepable(key, depth)
            _keepable(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _keepable(inner, depth + 1)


def _refused(field: str, message: str, code: str = "invalid") -> Refused:
    return Refused(Problem(f"/{field}", message, code))
