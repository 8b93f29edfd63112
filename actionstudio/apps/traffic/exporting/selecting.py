"""Which calls an export holds: those that were picked, or the newest that a filter finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import searching
from actionstudio.apps.traffic.asking import Problems
from actionstudio.apps.traffic.exporting import calls
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.problem import Problem, Refused

AT_ONCE = 50  # rows with their bodies


def chosen(project: Project, picks: Sequence[str], filter: Filter, newest_first: bool) -> Iterable[Exchange]:
    """The calls in the order that is asked for, as many as a file holds. Raises Refused for an id that is none, and for
    a question that cannot be read."""
    if not picks and isinstance(asked := filter.asked, Problems):
        raise Refused(*asked.of("?q"))
    rows = _picked(project, picks) if picks else searching.every(project.pk, filter, size=AT_ONCE)
    return rows if newest_first else reversed(list(calls.within(rows)))


def _picked(project: Project, picks: Iterable[str]) -> Iterator[Exchange]:
    """Newest first; what is not in the log of this project is left out."""
    try:
        ids = sorted({Exchange.private_id(one) for one in picks}, reverse=True)[: calls.MOST]
    except ValueError as error:
        raise Refused(Problem("?pick", _("This is not an id: they begin with req_."), "invalid")) from error
    ids = [pk for pk in ids if pk < 1 << 63]
    return _read(project, ids)


def _read(project: Project, ids: list[int]) -> Iterator[Exchange]:
    for start in range(0, len(ids), AT_ONCE):
        found = Exchange.objects.filter(project_id=project.pk, pk__in=ids[start : start + AT_ONCE])
        yield from found.order_by("-pk")
