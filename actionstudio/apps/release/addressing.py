"""Where a project answers: names, custom domains, and which revision each serves."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actionstudio.apps.projects import naming
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import serving
from actionstudio.apps.publishing.models import Address
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.registry import announce

MOST = 20
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def add(project: Project, name: str) -> Address:
    """A further address, which follows the newest revision. Raises Refused."""
    if project.addresses.count() >= MOST:
        raise Refused(Problem("/name", _("A project has at most %(n)s addresses.") % {"n": MOST}, "many"))
    try:
        name = naming.checked_slug(name)
        with transaction.atomic():
            address = Address.objects.create(project=project, name=name, primary=not project.addresses.exists())
            serving.changed(project)
    except Refused as refused:
        raise Refused(*(Problem("/name", problem.message, problem.code) for problem in refused.problems)) from refused
    except IntegrityError as error:
        raise Refused(Problem("/name", _("“%(name)s” was taken just now.") % {"name": name}, "slug")) from error
    return address


def change(address: Address, pinned: int | None, domain: str) -> None:
    """Pins the address to a revision number (None: it follows the newest) and binds a domain. Raises Refused."""
    revision = None
    if pinned is not None:
        revision = address.project.revisions.filter(number=pinned).first()
        if revision is None:
            raise Refused(Problem("/pinned", _("There is no version %(n)s.") % {"n": pinned}, "pinned"))
    domain = checked_domain(domain)
    if domain and Address.objects.filter(domain=domain).exclude(pk=address.pk).exists():
        raise Refused(Problem("/domain", _("This domain is bound to another address."), "domain"))
    with transaction.atomic():
        Address.objects.filter(pk=address.pk).update(pinned=revision, domain=domain or None)
        serving.changed(address.project)


def remove(address: Address) -> None:
    """Takes a further address away; it stops answering at once. Raises Refused for the primary one."""
    if address.primary:
        raise Refused(Problem("/name", _("The first address belongs to the project and stays."), "primary"))
    with transaction.atomic():
        address.delete()
        transaction.on_commit(lambda: announce([address.name]))


def checked_domain(text: str) -> str:
    """A host name in lower case as it stands in a Host header ("" for none). Raises Refused."""
    text = text.strip().rstrip(".").lower()
    if not text:
        return ""
    if "/" in text or ":" in text or "@" in text:
        raise _domain(_("Write only the host name, such as api.example.com: no scheme, port or path."))
    try:
        host = text.encode("idna").decode()
    except UnicodeError as error:
        raise _domain(_("This is not a host name.")) from error
    if objection := _objection(host):
        raise _domain(objection)
    return host


def _objection(host: str) -> str:
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return _("This is not a host name: use letters, digits and hyphens between dots.")
    if len(labels) < 2:
        return _("A domain has at least one dot, such as api.example.com.")
    try:
        ipaddress.ip_address(host)
        return _("Use a name; an IP address cannot be bound.")
    except ValueError:
        pass
    live = settings.STUDIO_LIVE_DOMAIN.split(":")[0]
    if host == live or host.endswith("." + live) or host == urlsplit(settings.STUDIO_PUBLIC_URL).hostname:
        return _("This name belongs to the studio itself.")
    return ""


def _domain(message: str) -> Refused:
    return Refused(Problem("/domain", message, "domain"))
