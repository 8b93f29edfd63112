"""Operations of a project, each by its operation_id (or ``op-<number>`` while it has none)."""

import re
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import shapes, values
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Pages, Resource
from actionstudio.apps.api.resources.projects import PAGE
from actionstudio.apps.design import load, models, store
from actionstudio.apps.design.editing import editing
from actionstudio.apps.projects.models import Project


class InOrder(Pages):
    """In the order in which the project lists them."""

    ordering = ("position", "id")


def find(project: Project, name: str) -> models.Operation:
    """The operation of that name, or of that number. Raises Http404."""
    found = models.Operation.objects.filter(project=project, operation_id=name).first()
    number = re.fullmatch(r"op-(\d{1,18})", name)
    if found is None and number:
        found = models.Operation.objects.filter(project=project, pk=int(number[1])).first()
    if found is None:
        raise Http404(_("No such operation."))
    return found


def shown(row: models.Operation) -> dict[str, Any]:
    return values.shown(load.operation(row))


def write(row: models.Operation, data: dict[str, Any]) -> None:
    """Makes the row say ``data``. Raises Refused or Conflict; call inside ``editing``."""
    before = load.operation(row) if row.pk else None
    value = values.operation(data, load.contract(row.project), before)
    others = models.Operation.objects.filter(project=row.project).exclude(pk=row.pk)
    same = Q(method=value.method, path=value.path) | Q(operation_id=value.operation_id)
    if taken := others.filter(same).first():
        raise Conflict(
            _("%(operation)s is there already (%(name)s).") % {"operation": taken, "name": taken.operation_id}
        )
    for name, column in store.columns(value).items():
        setattr(row, name, column)
    row.save()


class OperationList(Resource):
    """A project's operations."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = InOrder

    @extend_schema(operation_id="operations_list", parameters=PAGE, responses=shapes.OperationShape(many=True))
    def get(self, request, slug):
        """In the order of the project."""
        pages = InOrder()
        rows = pages.paginate_queryset(models.Operation.objects.filter(project=self.project()), request, self)
        return pages.get_paginated_response([shown(row) for row in rows])

    @extend_schema(
        operation_id="operations_create", request=shapes.OperationShape, responses={201: shapes.OperationShape}
    )
    def post(self, request, slug):
        """Adds an operation at the end; it is served at once."""
        project = self.changeable()
        data = self.read(shapes.OperationShape)
        with editing(project, by=request.user):
            row = models.Operation(project=project, position=project.operations.count())
            write(row, data)
        return Response(shown(row), 201)


class OperationOne(Resource):
    """One operation."""

    @extend_schema(operation_id="operations_read", responses=shapes.OperationShape)
    def get(self, request, slug, name):
        """One operation."""
        return Response(shown(find(self.project(), name)))

    @extend_schema(operation_id="operations_replace", request=shapes.OperationShape, responses=shapes.OperationShape)
    def put(self, request, slug, name):
        """Writes it anew; what the body leaves out goes."""
        project = self.changeable()
        data = self.read(shapes.OperationShape)
        return self._write(project, name, lambda row: data)

    @extend_schema(operation_id="operations_update", request=shapes.OperationPatch, responses=shapes.OperationShape)
    def patch(self, request, slug, name):
        """Changes the fields given; the others stay."""
        project = self.changeable()
        data = self.read(shapes.OperationPatch)
        return self._write(project, name, lambda row: merged(shown(row), data))

    @extend_schema(operation_id="operations_delete", responses={204: None})
    def delete(self, request, slug, name):
        """Takes it out of the project; older revisions keep it."""
        project = self.changeable()
        with editing(project, by=request.user):
            find(project, name).delete()
        return Response(status=204)

    def _write(self, project, name: str, wanted) -> Response:
        with editing(project, by=self.request.user):
            row = find(project, name)
            write(row, wanted(row))
        return Response(shown(row))


def merged(before: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """``before`` with the fields of ``patch``. Examples stand in the responses; apart only when they were given."""
    del before["examples"]
    return {**before, **patch}
