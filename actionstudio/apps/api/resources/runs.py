"""Runs: many logged calls sent again as a job, its progress and outcomes, its end."""

import base64
import re
import time
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import run_shapes as shapes
from actionstudio.apps.api.problems import answer
from actionstudio.apps.api.replay_values import compared, line, overrides
from actionstudio.apps.api.resource import LIMIT, Pages, Resource
from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import ignoring, replaying, sending, wording
from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.replay.runs import closing, counting, grouping, reaching, selecting, starting
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.replay.runs.selecting import Selection
from actionstudio.apps.traffic.filters import Filter
from actionstudio.core.problem import Problem, Refused

FEW = 50  # calls that a request waits for
PATIENCE = 10.0  # seconds
SWITCHES = ("twice", "carry", "concurrency", "rate", "send_refused", "resend")
EACH = [
    OpenApiParameter("cursor", str),
    LIMIT,
    OpenApiParameter("state", str, enum=Item.State.values),
    OpenApiParameter("verdict", str, enum=shapes.VERDICTS),
    OpenApiParameter("group", {"type": "integer", "minimum": 0}, description="The number of a group."),
]


def told(run: Run, counts: counting.Counts) -> dict[str, Any]:
    """A run as lists show it."""
    return {
        "id": run.public_id,
        "state": run.state,
        "created": run.created,
        "begun": run.begun,
        "finished": run.finished,
        "target": run.target,
        "total": run.total,
        "left": counts.left,
        "states": counts.states,
        "verdicts": counts.verdicts,
        "left_out": run.left_out,
        "parent": f"run_{run.parent_id}" if run.parent_id else None,
        "error": run.error,
    }


def outcome(item: Item, book: ignoring.Book) -> dict[str, Any]:
    """One call of a run, with its replay."""
    names = ("n", "method", "path", "operation_id", "conversation", "state", "verdict", "attempts", "reason")
    return {
        **{name: getattr(item, name) for name in names},
        "exchange": item.public_exchange,
        "groups": [int(number) for number in item.groups.split()],
        "replay": compared(item.replay, book) if item.replay else None,
    }


def begin(request, project: Project, wish: dict[str, Any]) -> Response:
    """Starts what a body asks for: 202 with where the run is, 409 with what has to be confirmed. Raises Refused."""
    header = wish.get("header") or {}
    try:
        run = starting.start(
            project,
            _selection(project, wish),
            wish.get("target") or sending.LIVE,
            _options(project, wish),
            request.user,
            typed=header.get("value", ""),
            confirmed=wish.get("confirm", False),
        )
    except reaching.Unconfirmed as unconfirmed:
        return unconfirmed_answer(unconfirmed.risks)
    if run.total <= FEW and "respond-async" not in request.headers.get("Prefer", ""):
        _wait(run)
    rows = Replay.objects.filter(run=run).defer(*REPLIES).order_by("pk")[:FEW] if run.total <= FEW else ()
    where = request.build_absolute_uri(reverse("api:run", args=[project.slug, run.pk]))
    made = {**told(run, counting.of_run(run)), "results": [line(row) for row in rows]}
    return Response(made, 202, headers={"Location": where})


REPLIES = ("before", "after", "again", "packed")


def _selection(project: Project, wish: dict[str, Any]) -> Selection:
    if ("exchanges" in wish) == ("filter" in wish):
        raise Refused(Problem("/exchanges", _("Give either “exchanges” or “filter”."), "mixed"))
    if "filter" in wish:
        return selecting.filtered(project, Filter.read({"q": wish["filter"]}))
    found = selecting.picked(project, wish["exchanges"])
    if "gone" in found.left_out:
        raise Http404(_("No such request."))
    return found


def _options(project: Project, wish: dict[str, Any]) -> Options:
    ways = [name for name in ("credential", "key_id", "end_user", "header") if name in wish]
    if len(ways) > 1:
        raise Refused(*(Problem(f"/{name}", _("Choose one credential."), "mixed") for name in ways))
    credential = wish.get("credential", replaying.SAME)
    if "key_id" in wish:
        credential = str(wish["key_id"])
    if "end_user" in wish:
        credential = f"{assuming.PREFIX}{assuming.find(project, wish['end_user']).sub}"
    parts = overrides(wish.get("overrides", {}))
    if "body" in parts:
        parts["body"] = base64.b64encode(parts["body"]).decode()
    return Options(
        credential=credential,
        typed=(wish.get("header") or {}).get("name", ""),
        edits=wish.get("edits", {}),
        overrides=parts,
        ignore=tuple(wish.get("ignore", ())),
        **{name: wish[name] for name in SWITCHES if name in wish},
    )


def unconfirmed_answer(risks: list[reaching.Risk]) -> Response:
    detail = _(
        "These calls may change something on another server. Send “confirm”: true to have them sent. Nothing was."
    )
    words = _("%(calls)s: %(method)s %(operation)s at %(host)s")
    found = [
        Problem(
            "/confirm",
            words
            % {"calls": wording.calls(one.count), "method": one.method, "operation": one.operation, "host": one.host},
            "confirm",
        )
        for one in risks
    ]
    return answer(409, detail, found, calls=reaching.plain(risks))


def _wait(run: Run) -> None:
    """Few calls are mostly done at once: whoever sends them need not ask again."""
    until = time.monotonic() + PATIENCE
    while not run.over and time.monotonic() < until:
        time.sleep(0.05)
        run.refresh_from_db(fields=["state", "begun", "finished", "counts", "error"])


class RunList(Resource):
    """A project's runs."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="runs_list", parameters=EACH[:2], responses=shapes.RunShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages = Pages()
        runs = pages.paginate_queryset(Run.objects.filter(project=self.project()).defer("groups"), request, self)
        counts = counting.of(runs)
        return pages.get_paginated_response([told(run, counts[run.pk]) for run in runs])


class InOrder(Pages):
    """Outcomes stand in the order of the calls."""

    ordering = ("n",)


class _OneRun(Resource):
    def run(self, project: Project) -> Run:
        found = Run.objects.filter(project=project, pk=self.kwargs["number"]).select_related("job", "project").first()
        if found is None:
            raise Http404(_("No such run."))
        return closing.look(found)


class RunOne(_OneRun):
    """One run."""

    asks = {"GET": ("cursor", "limit", "state", "verdict", "group")}

    @extend_schema(operation_id="runs_read", parameters=EACH, responses=shapes.RunWhole)
    def get(self, request, slug, number):
        """How far it is, what changed, and what became of each call."""
        run, pages = self.run(self.project()), InOrder()
        items = pages.paginate_queryset(self._items(run), request, self)
        book = ignoring.Book(run.project)
        groups = [{**one, "sentence": wording.change(one)} for one in grouping.listed(run)]
        page = pages.get_paginated_response([outcome(item, book) for item in items]).data
        return Response({**told(run, counting.of_run(run)), "groups": groups, **page})

    def _items(self, run: Run):
        asked = self.request.query_params
        items = Item.objects.filter(run=run).select_related("replay")
        for name, known in (("state", Item.State.values), ("verdict", shapes.VERDICTS)):
            if name in asked:
                if asked[name] not in known:
                    words = _("“%(value)s” is none of: %(known)s.")
                    told = {"value": asked[name][:80], "known": ", ".join(known)}
                    raise Refused(Problem(f"?{name}", words % told, "invalid"))
                items = items.filter(**{name: asked[name]})
        if "group" in asked:
            if not re.fullmatch(r"\d{1,6}", asked["group"]):
                raise Refused(Problem("?group", _("This is no number of a group."), "invalid"))
            items = items.filter(groups__contains=f" {int(asked['group'])} ")
        return items


class RunCancel(_OneRun):
    """The end of a run before it is done."""

    @extend_schema(operation_id="runs_cancel", request=None, responses={202: shapes.RunShape})
    def post(self, request, slug, number):
        """No further call leaves; those on their way are waited for, and what came back stays."""
        run = self.run(self.changeable())
        closing.cancel(run)
        run.refresh_from_db()
        return Response(told(run, counting.of_run(run)), 202)
