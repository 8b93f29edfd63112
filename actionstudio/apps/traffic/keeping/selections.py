"""Selection: which calls are to go, as plain JSON that a job keeps: {kind: value}.

A family: ``@selection`` names how the ids of one kind are found; apps that know more kinds add theirs. Ids come newest
first, and none that is newer than ``end``: what arrives meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import searching, walking
from actionstudio.apps.traffic.asking import Problems
from actionstudio.apps.traffic.conversations import grouping, listing, members
from actionstudio.apps.traffic.filters import Filter, read_time
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.core.problem import Problem, Refused

PAGE = 500
MOST_PICKED = 10_000
type Find = Callable[[Project, Any, int], Iterator[int]]
KINDS: dict[str, Find] = {}


def selection(kind: str) -> Callable[[Find], Find]:
    """Registers how a kind's ids are found; what it raises as Refused is shown beside the field of that name."""

    def register(find: Find) -> Find:
        KINDS[kind] = find
        return find

    return register


def read(params: Mapping[str, Any]) -> dict[str, Any]:
    """The selection that a form, a query or a body makes. Raises Refused unless it is exactly one."""
    found = {kind: params[kind] for kind in KINDS if params.get(kind)}
    if not found and "q" in params:
        return {"q": ""}  # a form that was sent empty: the filter's own words say what to write
    if len(found) != 1:
        raise Refused(Problem("", _("Say which requests: by exactly one of %(all)s.") % {"all": ", ".join(KINDS)}))
    kind, value = next(iter(found.items()))
    return {kind: [str(one) for one in value] if isinstance(value, list | tuple) else str(value)}


def ids(project: Project, wanted: Mapping[str, Any], end: int) -> Iterator[int]:
    """The ids of a selection that are not newer than ``end``. Raises Refused."""
    kind, value = next(iter(wanted.items()))
    return KINDS[kind](project, value, end)


def newest(project: Project) -> int:
    """The id up to which the log may be asked to forget now."""
    return walking.newest(project.pk) or 0


@selection("q")
def by_filter(project: Project, value: str, end: int) -> Iterator[int]:
    """What the filter language finds."""
    filter = Filter.read({"q": value})
    if not filter:
        raise Refused(Problem("/q", _("Write a filter: an empty one would be everything."), "blank"))
    asked = filter.asked
    if isinstance(asked, Problems):
        raise Refused(*asked.of("/q"))
    return _walked(project, filter, end)


def _walked(project: Project, filter: Filter, end: int) -> Iterator[int]:
    before: int | None = end + 1
    while before is not None:
        found = searching.page(project.pk, filter, before, size=PAGE)
        yield from (row.pk for row in found.rows)
        before = found.older


@selection("before")
def by_age(project: Project, value: str, end: int) -> Iterator[int]:
    """What is older than a time."""
    at = read_time(value)
    if at is None:
        raise Refused(Problem("/before", _("Write a time such as 2026-01-31T12:00Z."), "invalid"))
    return _walked(project, Filter(until=at), min(end, at << SHIFT))


@selection("conversation")
def by_conversation(project: Project, value: str, end: int) -> Iterator[int]:
    """The calls and callbacks of a conversation, by its key, or by the id that ChatGPT gave it."""
    talk = listing.find(project.pk, value) or listing.find(project.pk, grouping.hashed("c", value))
    if talk is None:
        raise Refused(Problem("/conversation", _("There is no such conversation."), "unknown"))
    return _members(talk, end)


def _members(talk, end: int) -> Iterator[int]:
    at: int | None = end + 1
    while at is not None:
        found = members.ids_before(talk, at, PAGE)
        yield from reversed(found.ids)
        at = found.end if found.end is not None else (found.ids[0] if len(found.ids) == PAGE else None)


@selection("user")
def by_user(project: Project, value: str, end: int) -> Iterator[int]:
    """The calls that ChatGPT made for one of its users, by the id that it gave them."""
    name = value.strip().replace("\0", "")
    while found := _of_user(project.pk, name, end, PAGE):
        yield from found
        end = found[-1] - 1


def _of_user(project_id: int, name: str, end: int, size: int) -> list[int]:
    sql = (
        "SELECT id FROM traffic_exchange WHERE project_id = %s AND user_id = %s AND NOT (user_id = '') AND id <= %s "
        "ORDER BY id DESC LIMIT %s"
    )
    return [row[0] for row in walking.run(sql, [project_id, name, end, size])]


@selection("pick")
def by_id(project: Project, value: str | list[str], end: int) -> Iterator[int]:
    """Those that were picked."""
    picks = value if isinstance(value, list) else [value]
    if len(picks) > MOST_PICKED:
        raise Refused(Problem("/pick", _("Pick at most %(most)s requests.") % {"most": MOST_PICKED}, "many"))
    try:
        chosen = sorted({Exchange.private_id(one) for one in picks}, reverse=True)
    except ValueError:
        raise Refused(Problem("/pick", _("This is not an id: they begin with req_."), "invalid")) from None
    return iter([pk for pk in chosen if pk <= end])
