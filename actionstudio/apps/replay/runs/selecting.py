"""Which logged calls a run is made of: picked one by one, or all that a filter finds, oldest first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import verdicts
from actionstudio.apps.replay.models import Item
from actionstudio.apps.traffic import searching
from actionstudio.apps.traffic.asking import Asked, Problems
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.problem import Problem, Refused

MOST = 10_000
AT_ONCE = 500  # ids in one statement
SECONDS = 20.0  # what a filter that reads bodies may take
COUNTED = 1.0  # seconds for counting what is older than one run takes, and at most so many calls as it takes
NEVER = ("callback", "oauth")  # a callback is the mock's own call; a code of a sign-in is good for one use
COLUMNS = ("id", "method", "path", "query", "operation_id", "conversation_id", "kind", "status", "revision", "address",
           "source")  # fmt: skip
# Left out of what a filter finds unless it names them: a replay repeats a call that is found too, a document is no call
ASKED = ("replay", "document")


@dataclass(frozen=True, slots=True)
class Selection:
    """Calls in the order in which they came. ``text`` is the query string that selects them again.

    ``left_out`` counts, by kind, those that are never sent again ("gone": no longer in the log), and of what a filter
    finds "replay", "document", and "older": beyond what one run takes, as far as they were counted. ``more``: there
    are such.
    """

    calls: Sequence[Exchange]
    text: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    more: bool = False
    filtered: bool = False

    @property
    def problem(self) -> Problem:
        """What to say when there is nothing to send."""
        if not self.filtered:
            return Problem("/exchanges", _("None of these calls can be sent again."), "none")
        if not self.left_out:
            return Problem("/filter", _("The filter finds no call: widen it, or look at the requests."), "none")
        words = _(
            "The filter finds no call that can be sent again, only %(what)s. Name replays (is:replay) or documents "
            "(is:document) in it to send those."
        )
        what = ", ".join(f"{n} {kind}" for kind, n in self.left_out.items())
        return Problem("/filter", words % {"what": what}, "none")

    def __len__(self) -> int:
        return len(self.calls)


def read(project: Project, params: QueryDict | Mapping[str, str]) -> Selection:
    """The selection of a page's fields: ``pick`` repeated; the calls of an earlier ``run`` (``only`` some of them); or
    what a filter finds (``q`` and what the log's page knows), which ``conversation`` narrows.

    Raises Refused for a filter that cannot be read.
    """
    picks = params.getlist("pick") if isinstance(params, QueryDict) else []
    if picks:
        return picked(project, picks)
    if earlier := params.get("run", ""):
        return of_run(project, earlier, params.get("only", ""))
    wanted = dict(params.items())
    if talk := wanted.pop("conversation", ""):
        wanted["q"] = f'{wanted.get("q", "")} conversation:"{talk}"'.strip()
    return filtered(project, Filter.read(wanted))


def picked(project: Project, public_ids: Iterable[str]) -> Selection:
    """Calls by their public ids. What is none of the project's counts as gone."""
    wanted = list(dict.fromkeys(public_ids))
    ids = [pk for pk in map(_private, wanted[:MOST]) if pk is not None]
    text = urlencode([("pick", one) for one in wanted[:MOST]])
    return _made(project, ids, len(wanted[:MOST]), text, more=len(wanted) > MOST)


def filtered(project: Project, filter: Filter) -> Selection:
    """The newest calls that match, so many as one run takes. Raises Refused for a filter that cannot be read."""
    asked = filter.asked
    if isinstance(asked, Problems):
        raise Refused(*asked.of("/filter"))
    unasked = frozenset(kind for kind in ASKED if not _names(filter, kind))
    ids: list[int] = []
    left_out: Counter[str] = Counter()
    before, until = None, time.monotonic() + SECONDS
    while True:
        page = searching.page(project.pk, filter, before, AT_ONCE)
        for row in page.rows:
            if kind := _kind_left_out(row, unasked):
                left_out[kind] += 1
            elif len(ids) < MOST:
                ids.append(row.pk)
            else:
                left_out["older"] += 1
        before = page.older
        if len(ids) == MOST:
            until = min(until, time.monotonic() + COUNTED)
        if before is None or left_out["older"] >= MOST or time.monotonic() > until:
            break
    more = before is not None or left_out["older"] > 0
    calls = list(_rows(project, ids[::-1]))
    return Selection(calls, filter.query(), dict(+left_out), more, filtered=True)


def of_run(project: Project, pk: str, only: str = "") -> Selection:
    """The calls of an earlier run: all, or ``only`` those of a state or verdict ("different": changed or broken)."""
    number = int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 18 else 0
    items = Item.objects.filter(run__project=project, run=number)
    if only in verdicts.ALL:
        items = items.filter(verdict=only)
    elif only == "different":
        items = items.filter(verdict__in=("broken", "changed"))
    elif only in Item.State.values:
        items = items.filter(state=only)
    ids = list(items.order_by("n").values_list("exchange_id", flat=True))
    text = urlencode({"run": number, **({"only": only} if only else {})})
    return _made(project, ids, len(ids), text, more=False)


def _names(filter: Filter, kind: str) -> bool:
    """Whether a filter asks for replays or documents by name."""
    asked = filter.asked
    values = (
        [one for name in ("is", "source", "kind") for one in asked.values(name)] if isinstance(asked, Asked) else []
    )
    return kind in (filter.source, filter.kind, *map(str.lower, values))


def _made(project: Project, ids: list[int], asked: int, text: str, *, more: bool) -> Selection:
    calls: list[Exchange] = []
    left_out: Counter[str] = Counter()
    for row in _rows(project, sorted(ids)):
        if kind := _kind_left_out(row):
            left_out[kind] += 1
        else:
            calls.append(row)
    if gone := asked - len(calls) - left_out.total():
        left_out["gone"] = gone
    return Selection(calls, text, dict(left_out), more)


def _kind_left_out(row: Exchange, unasked: frozenset[str] = frozenset()) -> str:
    """As what a call is left out, "" when it is sent."""
    return next((one for one in (row.kind, row.source) if one in NEVER or one in unasked), "")


def _rows(project: Project, ids: list[int]) -> Iterator[Exchange]:
    for start in range(0, len(ids), AT_ONCE):
        rows = Exchange.objects.filter(project_id=project.pk, pk__in=ids[start : start + AT_ONCE])
        yield from rows.only(*COLUMNS).order_by("pk")


def _private(public_id: str) -> int | None:
    try:
        pk = Exchange.private_id(public_id)
    except ValueError:
        return None
    return pk if 0 <= pk < 1 << 63 else None
