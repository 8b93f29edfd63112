"""The scopes of a project: what they are called, what people read, and what becomes of operations when one goes."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence

import orjson
from django.utils.translation import gettext as _

from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Document, Operation
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.release import credentials, sound
from actionstudio.core import codec
from actionstudio.core.auth import Auth, OAuth, Scope
from actionstudio.core.problem import Problem, Refused


def current(project: Project) -> OAuth | None:
    """The project's OAuth, None when people do not sign in by it."""
    auth = codec.value_of(Auth, Document.objects.values_list("auth", flat=True).get(project=project))
    return auth if isinstance(auth, OAuth) else None


def asked(project: Project, auth: OAuth) -> dict[str, int]:
    """How many operations ask for each scope, those that are not defined included."""
    found: dict[str, int] = {}
    for row in project.operations.only("pk", "security"):
        for name in credentials.scopes_in(row.security, auth):
            found[name] = found.get(name, 0) + 1
    return found


def stamp(auth: OAuth) -> str:
    """A fingerprint of the scopes, by which a form knows what it was made of."""
    plain = codec.plain(auth).get("scopes", [])
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()[:20]


def define(
    project: Project, scopes: Sequence[Scope], by, moved: Mapping[str, str] | None = None, seen: str = ""
) -> Revision | None:
    """Makes ``scopes`` all there are, as one revision. Operations that ask for a key of ``moved`` ask for its value
    from now on; for nothing in its place when that is "". ``seen`` is the stamp of those that this replaces, "" for
    whichever. Raises credentials.Changed, or Refused, also where people do not sign in by OAuth."""
    with editing(project, by, _("Scopes")) as edit:
        auth = current(project)
        if auth is None:
            raise Refused(Problem("", _("Only OAuth has scopes. Choose it above first."), "no-oauth"))
        if seen and seen != stamp(auth):
            raise credentials.Changed
        auth = dataclasses.replace(auth, scopes=tuple(scopes))
        if found := sound.problems(auth):
            raise Refused(*found)
        Document.objects.filter(project=project).update(auth=codec.plain(auth))
        _move(project, auth, dict(moved or {}))
    return edit.revision


def _move(project: Project, auth: OAuth, moved: dict[str, str]) -> None:
    changed = []
    for row in project.operations.only("pk", "security"):
        before = credentials.scopes_in(row.security, auth)
        after = [new for new in dict.fromkeys(moved.get(name, name) for name in before) if new]
        if after != before:
            row.security = [{auth.scheme_name: after}]
            changed.append(row)
    Operation.objects.bulk_update(changed, ["security"], batch_size=200)
