"""How callers prove who they are: the kind of sign-in, the keys issued, the operations that need none."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Document, Operation
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import serving
from actionstudio.apps.publishing.models import Key, Revision
from actionstudio.apps.release import sound
from actionstudio.core import codec
from actionstudio.core.auth import Auth, OAuth
from actionstudio.core.contract import Operation as Value
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.resolve import scopes_of
from actionstudio.core.specs.readers import auth as reading

KEYS_MOST = 100
SHORTEST = 8


class Changed(Exception):
    """Somebody else has changed what a form showed since it was shown."""


def choose(project: Project, auth: Auth, by) -> Revision | None:
    """Makes ``auth`` the project's kind of sign-in, as one revision. Raises Refused."""
    if found := sound.problems(auth):
        raise Refused(*found)
    with editing(project, by, _("Authentication")) as edit:
        row = Document.objects.filter(project=project)
        said = reading.inherited(auth, row.values_list("security", flat=True).get())
        row.update(auth=codec.plain(auth))
        if said:  # what the whole document asked for is said at each operation from now on
            silent = [op.pk for op in project.operations.only("pk", "security") if op.security is None]
            project.operations.filter(pk__in=silent).update(security=list(said))
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


def stamp(rows: Iterable[Operation]) -> str:
    """A fingerprint of what operations ask for, by which a form knows what it was made of."""
    said = sorted((row.pk, row.security) for row in rows)
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:20]


def open_operations(
    project: Project,
    pks: Collection[int],
    by,
    asked: Mapping[int, Sequence[str]] | None = None,
    seen: str = "",
) -> Revision | None:
    """Exactly the operations ``pks`` need no credential; the others ask for one again, with OAuth for the scopes that
    ``asked`` names (None: those that they ask for now). ``seen`` is the stamp of what this replaces, "" for whichever.
    Returns the revision, None when nothing changed. Raises Changed."""
    with editing(project, by, _("Who may call what")) as edit:
        if seen and seen != stamp(project.operations.only("pk", "security")):
            raise Changed
        auth = codec.value_of(Auth, Document.objects.values_list("auth", flat=True).get(project=project))
        changed = []
        for row in project.operations.only("pk", "security"):
            wish = _security(row, auth, row.pk in pks, None if asked is None else asked.get(row.pk, ()))
            if wish != row.security:
                row.security = wish
                changed.append(row)
        Operation.objects.bulk_update(changed, ["security"], batch_size=200)
    return edit.revision


def _security(row: Operation, auth: Auth, opened: bool, scopes: Sequence[str] | None):
    """What an operation's ``security`` becomes. One that says the same already keeps the words it has."""
    if opened:
        return []
    if not isinstance(auth, OAuth) or scopes is None:
        return None if row.security == [] else row.security
    if row.security and list(scopes) == scopes_in(row.security, auth):
        return row.security
    return [{auth.scheme_name: list(scopes)}] if scopes else None


def scopes_in(security: list | None, auth: OAuth) -> list[str]:
    """The scopes that an operation's row asks for."""
    return list(scopes_of(Value("", "", security=tuple(security or ())), auth))


def _check_text(text: str) -> None:
    """A key travels in a header: visible ASCII, no blanks at its ends."""
    if len(text) < SHORTEST:
        raise Refused(Problem("/text", _("Use at least %(n)s characters.") % {"n": SHORTEST}, "text"))
    if not text.isascii() or not text.isprintable() or text != text.strip():
        message = _("Use letters, digits and signs of plain ASCII, without blanks at the ends: it travels in a header.")
        raise Refused(Problem("/text", message, "text"))
