"""Saved views: questions of the log under a name."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import log_shapes as shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.traffic.models import SavedView
from actionstudio.apps.traffic.saved import keeping


def told(row: SavedView, user) -> dict[str, Any]:
    """A view as the API shows it; whether somebody else opens their page with it is theirs."""
    mine = row.author_id == user.pk
    about = {"number": row.pk, "name": row.name, "q": row.q, "shared": row.shared}
    return {**about, "first": row.first and mine, "mine": mine, "created": row.created}


class ViewList(Resource):
    """The saved views of a project."""

    @extend_schema(operation_id="views_list", responses=shapes.SavedViewShape(many=True))
    def get(self, request, slug):
        """One's own and those that others share, by name."""
        return Response([told(row, request.user) for row in keeping.seen(self.project(), request.user)])

    @extend_schema(operation_id="views_create", request=shapes.SavedViewWish, responses={201: shapes.SavedViewShape})
    def post(self, request, slug):
        """Keeps a question of the filter language. With ``first`` the Requests page opens with it."""
        project = self.project()
        row = keeping.keep(project, request.user, **{"q": "", **self.read(shapes.SavedViewWish)})
        return Response(told(row, request.user), 201)


class ViewOne(Resource):
    """One saved view."""

    @extend_schema(operation_id="views_read", responses=shapes.SavedViewShape)
    def get(self, request, slug, number):
        """One's own, or one that somebody shares."""
        rows = keeping.seen(self.project(), request.user)
        row = next((one for one in rows if one.pk == number), None)
        if row is None:
            raise Http404(_("No such view."))
        return Response(told(row, request.user))

    @extend_schema(operation_id="views_update", request=shapes.SavedViewWish, responses=shapes.SavedViewShape)
    def patch(self, request, slug, number):
        """Changes what is given. Only one's own."""
        row = self.own(number)
        return Response(told(keeping.change(row, **self.read(shapes.SavedViewWish, partial=True)), request.user))

    @extend_schema(operation_id="views_delete", responses={204: None})
    def delete(self, request, slug, number):
        """Deletes it; the log stays. Only one's own."""
        self.own(number).delete()
        return Response(status=204)

    def own(self, number: int) -> SavedView:
        """The caller's own view. Raises Http404."""
        row = keeping.own(self.project(), self.request.user, number)
        if row is None:
            raise Http404(_("No such view."))
        return row
