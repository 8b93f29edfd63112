"""Names of projects and addresses: a slug is part of a host name, so it is a DNS label."""

import itertools
import re
import unicodedata

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused

LONGEST = 60
# fmt: off
RESERVED = frozenset((
    "new", "import", "admin", "api", "www", "live", "static", "media", "accounts", "account", "oauth", "mcp",
    "mail", "smtp", "ftp", "ns", "localhost", "studio", "app", "help", "docs", "health", "healthz", "status",
    "login", "signup", "well-known", "assets",
))
# fmt: on
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def slug_of(name: str) -> str:
    """A usable slug for any name: accents go, emoji become their Unicode names, the rest becomes "project"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    for text in (plain, " ".join(filter(None, map(_word, name)))):
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[: LONGEST - 6].strip("-")
        if slug:
            return slug
    return "project"


def free_slug(name: str) -> str:
    """The slug of a name, with a number behind it when the plain one is taken or reserved."""
    base = slug_of(name)
    candidates = itertools.chain([base], (f"{base}-{n}" for n in itertools.count(2)))
    return next(slug for slug in candidates if slug not in RESERVED and not taken(slug))


def checked_slug(text: str) -> str:
    """A slug typed by hand. Raises Refused with what is wrong with it."""
    slug = text.strip().lower()
    if message := _objection(slug):
        raise Refused(Problem("/slug", message, "slug"))
    return slug


def taken(slug: str, but: Project | None = None) -> bool:
    """Whether a project or an address (of another project than ``but``) has that name."""
    others = Project.objects.exclude(pk=but.pk) if but else Project.objects
    return others.filter(slug=slug).exists() or others.filter(addresses__name=slug).exists()


def _objection(slug: str) -> str:
    if not slug:
        return _("Give the project an address.")
    if len(slug) > LONGEST:
        return _("Use at most %(n)s characters.") % {"n": LONGEST}
    if not _SLUG.fullmatch(slug):
        return _("Use only the letters a to z, digits and hyphens, and begin and end with a letter or digit.")
    if slug[2:4] == "--":
        return _("A name with hyphens in third and fourth place is kept for international domains.")
    if slug in RESERVED:
        return _("“%(name)s” is reserved. Choose another name.") % {"name": slug}
    if taken(slug):
        return _("“%(name)s” is taken. Choose another name.") % {"name": slug}
    return ""


def _word(character: str) -> str:
    """The name of an emoji; nothing for letters, which have no useful one."""
    return unicodedata.name(character, "") if unicodedata.category(character) in ("So", "Sk") else " "
