"""A newer document for a project: the plan of what it changes, and what is accepted of it as one revision."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import reimport_shapes as shapes
from actionstudio.apps.api.problems import Conflict, Unreadable
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.api.resources import revisions
from actionstudio.apps.api.resources.projects import read_wish, report_of
from actionstudio.apps.library import forecasting, reimporting
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused
from actionstudio.core.reimport import Item, Plan


class Reimport(Resource):
    """A newer document."""

    @extend_schema(
        operation_id="projects_reimport", request=shapes.ReimportShape, responses={200: shapes.ReimportedShape}
    )
    def post(self, request, slug):
        """What a newer document would change; with “accept”, carries that out as one revision.

        Edits made here stay, unless the document changed the same thing and that choice is accepted.
        """
        project = self.changeable()
        wish = self.read(shapes.ReimportShape)
        try:
            found = read_wish(wish)
            arrival = reimporting.arrival(found, url=wish.get("url", ""))
        except Refused as refused:
            raise Unreadable(refused) from refused
        plan, number = reimporting.planned(project, arrival, wish.get("accept"))
        verdict = forecasting.forecast(project, plan).then
        against = wish.get("revision", number)
        if "accept" in wish or against != number:
            try:
                reimporting.take(project, arrival, wish.get("accept"), by=request.user, against=against)
            except reimporting.Stale as stale:
                message = _("The project is at revision %(n)s now: ask for the plan again.")
                raise Conflict(message % {"n": reimporting.newest(project)}) from stale
        newest = project.revisions.select_related("author").defer("content").first()
        return Response(
            {
                "applied": "accept" in wish,
                "revision": revisions.shown(newest),
                "plan": shown(plan),
                "chatgpt": {"outcome": verdict.outcome, "sentence": told(verdict.sentence), "messages": verdict.lines},
                "report": report_of(arrival.contract, found[1]),
            }
        )


def shown(plan: Plan) -> dict[str, Any]:
    """A plan as the API shows it."""
    return {"items": [item(one) for one in plan.items], "kept": [told(text) for text in plan.kept]}


def item(value: Item) -> dict[str, Any]:
    """One of its items."""
    plain = ("id", "kind", "what", "pointer", "breaking", "suggested", "hidden")
    lists = ("details", "breaks", "kept", "lost")
    choices = [{"id": c.id, "label": told(c.label), "ours": c.ours, "theirs": c.theirs} for c in value.choices]
    return {
        **{name: getattr(value, name) for name in plain},
        "label": told(value.label),
        **{name: [told(text) for text in getattr(value, name)] for name in lists},
        "choices": choices,
    }
