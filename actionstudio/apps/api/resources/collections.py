"""Collections of a project: what its stateful operations keep their rows in."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import answer_shapes
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.design import declaring
from actionstudio.apps.design.models import Document
from actionstudio.core.problem import Refused


class CollectionList(Resource):
    """The definitions of a project's collections. Changed and taken away by PATCH of the project."""

    @extend_schema(operation_id="collections_list", responses=answer_shapes.CollectionsShape)
    def get(self, request, slug):
        """All of them on one page, in the order of the project."""
        found = Document.objects.values_list("collections", flat=True).get(project=self.project())
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(
        operation_id="collections_create",
        request=answer_shapes.COLLECTION,
        responses={201: answer_shapes.COLLECTION},
    )
    def post(self, request, slug):
        """Adds a collection. Operations answer from it when their behaviour says so."""
        project = self.changeable()
        try:
            made = declaring.add(project, request.user, "collections", request.data)
        except Refused as refused:
            if refused.problems[0].code == "twice":
                raise Conflict(_("There is a collection of that name already.")) from refused
            raise
        return Response(made, 201)
