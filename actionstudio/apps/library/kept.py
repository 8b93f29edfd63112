"""What a project's log hides and keeps, as it travels with a copy: else the copy would log what the original hides."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.core import hiding
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.words import said

KEPT = ("hiding", "keep_bodies", "bodyless", "keep_days", "keep_calls", "keep_bytes")
DAYS_MOST, CALLS_MOST, BYTES_MOST = 3650, 100_000_000, 10**13
LIMITS = {"keep_days": (0, DAYS_MOST), "keep_calls": (1, CALLS_MOST), "keep_bytes": (1_000_000, BYTES_MOST)}


def of(project: Project) -> dict[str, Any]:
    """The fields of a project."""
    return {name: getattr(project, name) for name in KEPT}


def rules(values: Sequence[Any], pointer: str) -> list[hiding.Rule]:
    """The rules of plain JSON. Raises Refused with every problem."""
    if len(values) > hiding.MOST:
        raise Refused(Problem(pointer, said("Use at most %(n)s rules.", n=hiding.MOST), "many"))
    read = [hiding.read(value, f"{pointer}/{n}") for n, value in enumerate(values)]
    if problems := [one for one in read if isinstance(one, Problem)]:
        raise Refused(*problems)
    return [one for one in read if isinstance(one, hiding.Rule)]


def read(about: Any) -> dict[str, Any]:
    """The same out of a file that anybody may have written: what is not understood is refused, never passed over."""
    if not isinstance(about, dict):
        raise _wrong("")
    found = {name: about[name] for name in KEPT if name in about}
    hidden, bodyless = found.get("hiding", []), found.get("bodyless", [])
    if not isinstance(hidden, list):
        raise _wrong("hiding")
    rules(hidden, "/keeping/hiding")
    if not isinstance(bodyless, list) or not all(isinstance(name, str) for name in bodyless):
        raise _wrong("bodyless")
    if not isinstance(found.get("keep_bodies", True), bool):
        raise _wrong("keep_bodies")
    for name, (least, most) in LIMITS.items():
        value = found.get(name)
        if value is not None and (type(value) is not int or not least <= value <= most):
            raise _wrong(name)
    return found


def _wrong(name: str) -> Refused:
    words = _("What the file says about the log's keeping and hiding cannot be read.")
    return Refused(Problem(f"/keeping/{name}".rstrip("/"), words, "keeping"))
