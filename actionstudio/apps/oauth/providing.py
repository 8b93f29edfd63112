"""How a project's provider behaves: what can be set, within which bounds, and the URLs it answers at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import people
from actionstudio.apps.oauth.address import colours
from actionstudio.apps.oauth.models import Provider
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.problem import Problem, Refused

# Codes live for a minute (RFC 6749, section 4.1.2: ten at most). 59 s is the life of an access token in OpenAI's own
# sample: short enough to watch a refresh.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "code_seconds": (10, 600),
    "access_seconds": (59, 30 * 86400),
    "refresh_days": (0, 365),
}
SWITCHES = ("development", "signup", "registration")
FIELDS = (*SWITCHES, *BOUNDS, "colour")
REGISTER = "/oauth/register"
COLOUR = re.compile(r"#[0-9a-f]{6}")


def change(project: Project, **fields: Any) -> Provider:
    """Sets what ``fields`` (FIELDS) name. It holds for what is issued from now on; with the development ends
    what its test users had. Raises Refused."""
    if problems := [problem for name, value in fields.items() if (problem := judge(name, value))]:
        raise Refused(*problems)
    Provider.of(project)
    with transaction.atomic():
        provider = Provider.objects.select_for_update().get(project=project)
        over = provider.development and not fields.get("development", True)
        for name, value in fields.items():
            setattr(provider, name, value)
        provider.save(update_fields=list(fields))
        if over:
            people.end_drills(project)
    return provider


def judge(name: str, value: Any) -> Problem | None:
    """What is wrong with a setting's value, None when nothing is."""
    if name in BOUNDS:
        least, most = BOUNDS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            said = _("Use a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
            return Problem(f"/{name}", said, "range")
    elif name == "colour":
        if value and not COLOUR.fullmatch(str(value)):
            return Problem("/colour", _("Write it as # and six hexadecimal digits, such as #4f46e5."), "colour")
    elif name not in SWITCHES:
        return Problem(f"/{name}", _("There is no such setting."), "unknown")
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """How a colour comes out: ``shown`` is what buttons bear; ``bent`` says that white would not be read on the chosen
    one, whose contrast with it is ``contrast`` (WCAG 2.2, success criterion 1.4.3: at least 4.5)."""

    shown: str
    contrast: float
    bent: bool


def look(colour: str) -> Look | None:
    """What becomes of ``#rrggbb`` on the sign-in pages; None for what is no colour."""
    if not COLOUR.fullmatch(colour):
        return None
    chosen = colours.parsed(colour)
    shown = colours.written(colours.until(chosen, colours.BLACK, colours.WHITE))
    return Look(shown, colours.contrast(chosen, colours.WHITE), shown != colour)


def endpoints(project: Project, registration: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """(base URL, [(what it is, its URL)]) of every address of the project; ``registration``: clients may register."""
    return [
        (base, [(title, base + path) for title, path in _paths() if registration or path != REGISTER])
        for row in project.addresses.all()
        for base in base_urls(row.name, row.domain)
    ]


def _paths() -> list[tuple[str, str]]:
    return [
        (_("Authorization URL"), "/oauth/authorize"),
        (_("Token URL"), "/oauth/token"),
        (_("Revocation"), "/oauth/revoke"),
        (_("Introspection"), "/oauth/introspect"),
        (_("User information"), "/oauth/userinfo"),
        (_("Keys of ID tokens"), "/oauth/jwks"),
        (_("Metadata of the provider"), "/.well-known/oauth-authorization-server"),
        (_("OpenID configuration"), "/.well-known/openid-configuration"),
        (_("Metadata of the API"), "/.well-known/oauth-protected-resource"),
        (_("Registration of clients"), REGISTER),
        (_("Connected apps, for people"), "/connected"),
    ]
