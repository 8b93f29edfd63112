"""The numbered saves of a project: list, look, restore."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import shapes
from actionstudio.apps.api.resource import Pages, Resource
from actionstudio.apps.api.resources.projects import PAGE
from actionstudio.apps.design.editing import restore
from actionstudio.apps.publishing.models import Revision
from actionstudio.core.specs import openapi


class ByNumber(Pages):
    """The newest first."""

    ordering = ("-number",)


def shown(row: Revision) -> dict[str, Any]:
    return {
        "number": row.number,
        "author": row.author.email if row.author else None,
        "created": row.created,
        "note": row.note,
        "changes": row.changes,
    }


class RevisionList(Resource):
    """A project's revisions."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = ByNumber

    @extend_schema(operation_id="revisions_list", parameters=PAGE, responses=shapes.RevisionShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages = ByNumber()
        rows = Revision.objects.filter(project=self.project()).select_related("author").defer("content")
        return pages.get_paginated_response([shown(row) for row in pages.paginate_queryset(rows, request, self)])


class RevisionOne(Resource):
    """One revision."""

    @extend_schema(operation_id="revisions_read", responses=shapes.RevisionWhole)
    def get(self, request, slug, number):
        """One revision with its whole OpenAPI document."""
        row = Revision.objects.filter(project=self.project(), number=number).select_related("author").first()
        if row is None:
            raise Http404(_("No such revision."))
        return Response({**shown(row), "document": openapi.render(row.contract(), profile="full", servers=())})


class RevisionRestore(Resource):
    """Goes back."""

    @extend_schema(operation_id="revisions_restore", request=None, responses=shapes.RevisionShape)
    def post(self, request, slug, number):
        """Makes an older revision the working copy again, as a new revision. The newest when nothing differs."""
        project = self.changeable()
        try:
            made = restore(project, number, by=request.user)
        except Revision.DoesNotExist as error:
            raise Http404(_("No such revision.")) from error
        return Response(shown(made or project.revisions.select_related("author").first()))
