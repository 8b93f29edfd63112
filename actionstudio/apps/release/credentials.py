"""How callers prove who they are: the kind of sign-in, the keys issued, the operations that need none."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Document, Operation
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import serving
from actionstudio.apps.publishing.models import Key, Revision
from actionstudio.core import codec
from actionstudio.core.auth import ApiKey, Auth
from actionstudio.core.problem import Problem, Refused

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110: what a header name is made of
TAKEN = frozenset(
    "host content-length content-type transfer-encoding connection accept user-agent cookie te upgrade expect".split()  # noqa: SIM905
)
KEYS_MOST = 100
SHORTEST = 8


def header_objection(name: str) -> str:
    """What keeps callers from sending their key in a header of that name; "" when nothing does."""
    if not _TOKEN.fullmatch(name):
        return _("A header name has letters, digits and hyphens only, such as X-Api-Key.")
    if name.lower() in TAKEN:
        return _("%(name)s has another meaning in HTTP. Choose another.") % {"name": name}
    return ""


def choose(project: Project, auth: Auth, by) -> Revision | None:
    """Makes ``auth`` the project's kind of sign-in, as one revision. Raises Refused."""
    if isinstance(auth, ApiKey) and (why := header_objection(auth.header)):
        raise Refused(Problem("/header", why, "header"))
    with editing(project, by, _("Authentication")) as edit:
        Document.objects.filter(project=project).update(auth=codec.plain(auth))
    return edit.revision


def mint(project: Project, name: str, text: str = "") -> tuple[Key, str]:
    """A new key, live at once, and its text: ``text``, or a random one. Raises Refused."""
    live = project.keys.filter(revoked=None)
    if live.filter(name=name).exists():
        raise Refused(Problem("/name", _("There is a key of that name. Choose another, or revoke it."), "name"))
    if live.count() >= KEYS_MOST:
        raise Refused(Problem("/name", _("Use at most %(n)s keys; revoke one first.") % {"n": KEYS_MOST}, "many"))
    if text:
        _check_text(text)
    with transaction.atomic():
        key, text = Key.mint(project, name, text)
        if live.filter(digest=key.digest).exclude(pk=key.pk).exists():
            raise Refused(Problem("/text", _("Another key has this text already."), "text"))
        serving.changed(project)
    return key, text


def revoke(project: Project, pk: int) -> Key | None:
    """Ends a key at once. None when there is no such living key."""
    with transaction.atomic():
        key = project.keys.select_for_update().filter(pk=pk, revoked=None).first()
        if key:
            key.revoked = timezone.now()
            key.save(update_fields=["revoked"])
            serving.changed(project)
    return key


def open_operations(project: Project, pks: set[int], by) -> Revision | None:
    """Exactly these operations need no credential; the others ask for one again."""
    with editing(project, by, _("Operations without sign-in")) as edit:
        rows = project.operations.only("pk", "security")
        opened = [row for row in rows if row.pk in pks and row.security != []]
        closed = [row for row in rows if row.pk not in pks and row.security == []]
        for row in opened:
            row.security = []
        for row in closed:
            row.security = None
        Operation.objects.bulk_update(opened + closed, ["security"], batch_size=200)
    return edit.revision


def _check_text(text: str) -> None:
    """A key travels in a header: visible ASCII, no blanks at its ends."""
    if len(text) < SHORTEST:
        raise Refused(Problem("/text", _("Use at least %(n)s characters.") % {"n": SHORTEST}, "text"))
    if not text.isascii() or not text.isprintable() or text != text.strip():
        message = _("Use letters, digits and signs of plain ASCII, without blanks at the ends: it travels in a header.")
        raise Refused(Problem("/text", message, "text"))
