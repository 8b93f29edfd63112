"""Replays: logged calls sent again, and what differs."""

import base64
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import log_shapes as shapes
from actionstudio.apps.api.resource import Pages, Resource
from actionstudio.apps.api.resources.exchanges import find
from actionstudio.apps.api.resources.projects import PAGE
from actionstudio.apps.oauth import assuming
from actionstudio.apps.replay import judging, replaying, sending
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.problem import Problem, Refused


def line(row: Replay) -> dict[str, Any]:
    """A replay as the list shows it."""
    answered = row.result_exchange_id
    return {
        "id": row.pk,
        "exchange": Exchange(id=row.exchange_id).public_id,
        "result_exchange": Exchange(id=answered).public_id if answered else None,
        "created": row.created,
        "target": row.target,
        "edited": row.edited,
        "same": row.same,
        "changes": row.changes,
        "error": row.error,
    }


def whole(row: Replay) -> dict[str, Any]:
    """A replay with both answers and what differs between them."""
    found = judging.lines(row, judging.difference(row)) if row.after else []
    names = ("kind", "path", "before", "after", "noise")
    return {
        **line(row),
        "ignore": row.ignore,
        "facts": judging.facts(row),
        "before": reply(row.before),
        "after": reply(row.after) if row.after else None,
        "differences": [{name: getattr(item, name) for name in names} for item in found],
    }


def reply(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: kept[name] for name in ("status", "headers", "body", "size", "duration_us")}


def overrides(wish: dict[str, Any]) -> dict[str, Any]:
    """The edits of a body as the deed takes them."""
    out = dict(wish)
    if "body" in out:
        out["body"] = out["body"].encode()
    if "body_base64" in out:
        try:
            out["body"] = base64.b64decode(out.pop("body_base64"), validate=True)
        except ValueError as error:
            raise Refused(Problem("/overrides/body_base64", _("This is not base64."), "invalid")) from error
    if not out.get("path", "/").startswith("/"):
        raise Refused(Problem("/overrides/path", _("A path begins with “/”, such as /orders."), "path"))
    return out


class ReplayList(Resource):
    """A project's replays."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="replays_list", parameters=PAGE, responses=shapes.ReplayShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages = Pages()
        rows = Replay.objects.filter(project=self.project()).defer("before", "after", "again")
        return pages.get_paginated_response([line(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(operation_id="replays_create", request=shapes.ReplayCreate, responses={202: shapes.ReplaysMade})
    def post(self, request, slug):
        """Sends logged calls again, in the order given, and says of each whether the answer is the same."""
        project = self.changeable()
        wish = self.read(shapes.ReplayCreate)
        edits, target = overrides(wish.get("overrides", {})), wish.get("target", sending.LIVE)
        logged = [find(project, public_id) for public_id in wish["exchanges"]]
        how = {"by": request.user, "twice": wish.get("twice", False)}
        if "end_user" in wish:
            how["credential"] = f"{assuming.PREFIX}{assuming.find(project, wish['end_user']).sub}"
        made = []
        for exchange in logged:
            row = replaying.replay(project, exchange, target, edits, **how)
            if "ignore" in wish:
                replaying.ignore(row, wish["ignore"])
            made.append(line(row))
        return Response({"results": made}, 202)


class ReplayOne(Resource):
    """One replay."""

    @extend_schema(operation_id="replays_read", responses=shapes.ReplayWhole)
    def get(self, request, slug, number):
        """Both answers and what differs."""
        row = Replay.objects.filter(project=self.project(), pk=number).first()
        if row is None:
            raise Http404(_("No such replay."))
        return Response(whole(row))
