"""Terms whose values are ids or names: exactly one, the latest of a project for completion, and what it lacks."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.asking.term import Drive, Test, Unreadable, equal
from actionstudio.apps.traffic.models import Exchange

LATEST = 500  # calls that are looked at for values
MOST = 20


def exact(column: str, value: str, drive: Drive | None = None, **facts: Any) -> Test:
    """The column is that value. Raises Unreadable for an empty one."""
    if not value:
        raise Unreadable(_("Write the whole id; it stands on every call that has one."))
    return equal(column, value, drive, **facts)


def recent(column: str) -> Callable[[Any, str], Iterable[tuple[str, str]]]:
    """Gives the values on the project's latest calls, the newest first."""

    def found(project: Any, beginning: str) -> Iterable[tuple[str, str]]:
        latest = Exchange.objects.filter(project_id=project.pk).order_by("-id").values_list(column, flat=True)[:LATEST]
        values = dict.fromkeys(value for value in latest if value and value.startswith(beginning))
        return [(value, "") for value in [*values][:MOST]]

    return found


def unlike(sentence: str, value: str, names: Iterable[str]) -> str:
    """The sentence that there is no such name, with the nearest of those there are."""
    known = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(value.casefold(), known, 1, 0.6)
    meant = _("Did you mean %(near)s?") % {"near": known[near[0]]} if near else ""
    return f"{sentence % {'value': value}} {meant}".strip()
