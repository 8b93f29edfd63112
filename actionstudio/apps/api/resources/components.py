"""Shared schemas of a project, each by its name."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import shapes
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.api.resources.operations import InOrder
from actionstudio.apps.api.resources.projects import PAGE
from actionstudio.apps.design import checking, models, renaming
from actionstudio.apps.design.editing import editing
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.validate import check_schema


def find(project: Project, name: str) -> models.Component:
    found = models.Component.objects.filter(project=project, name=name).first()
    if found is None:
        raise Http404(_("No such shared schema."))
    return found


def users(project: Project) -> dict[str, list[str]]:
    """Who refers to each shared schema: operations by method and path, schemas by name."""
    return {name: [use.label or _("the document") for use in uses] for name, uses in renaming.uses(project).items()}


def write(row: models.Component, name: str, schema: Any) -> None:
    """Makes the row say that. Raises Refused or Conflict; call inside ``editing``."""
    if faults := check_schema(schema):
        message = _("This is not valid JSON Schema: %(why)s.")
        raise Refused(*(Problem(f"/schema{at}", message % {"why": why}, "schema") for at, why in faults))
    others = row.project.components.exclude(pk=row.pk)
    if others.filter(name=name).exists():
        raise Conflict(_("There is a shared schema “%(name)s” already.") % {"name": name})
    way = checking.new_circle(
        row.name or name, name, schema, dict(row.project.components.values_list("name", "schema"))
    )
    if way:
        raise Refused(Problem("/schema", _("This schema would refer to itself: %(way)s.") % {"way": way}, "cycle"))
    row.name, row.schema = name, schema
    row.save()


class ComponentList(Resource):
    """A project's shared schemas."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = InOrder

    @extend_schema(operation_id="components_list", parameters=PAGE, responses=shapes.ComponentShape(many=True))
    def get(self, request, slug):
        """In the order of the project."""
        project, pages = self.project(), InOrder()
        found = pages.paginate_queryset(models.Component.objects.filter(project=project), request, self)
        used = users(project)
        return pages.get_paginated_response([shown(row, used) for row in found])

    @extend_schema(
        operation_id="components_create", request=shapes.ComponentShape, responses={201: shapes.ComponentShape}
    )
    def post(self, request, slug):
        """Adds a shared schema."""
        project = self.changeable()
        data = self.read(shapes.ComponentShape)
        with editing(project, by=request.user):
            row = models.Component(project=project, position=project.components.count())
            write(row, data["name"], data["schema"])
        return Response(shown(row, users(project)), 201)


class ComponentOne(Resource):
    """One shared schema."""

    @extend_schema(operation_id="components_read", responses=shapes.ComponentShape)
    def get(self, request, slug, name):
        """One shared schema."""
        project = self.project()
        return Response(shown(find(project, name), users(project)))

    @extend_schema(operation_id="components_replace", request=shapes.ComponentPut, responses=shapes.ComponentShape)
    def put(self, request, slug, name):
        """Writes its schema anew."""
        project = self.changeable()
        data = self.read(shapes.ComponentPut)
        with editing(project, by=request.user):
            row = find(project, name)
            write(row, row.name, data["schema"])
        return Response(shown(row, users(project)))

    @extend_schema(operation_id="components_delete", responses={204: None})
    def delete(self, request, slug, name):
        """Deletes it when nothing refers to it."""
        project = self.changeable()
        with editing(project, by=request.user):
            row = find(project, name)
            used = users(project).get(name)
            if used:
                raise Conflict(_("It is used by: %(names)s.") % {"names": ", ".join(used[:10])})
            row.delete()
        return Response(status=204)


def shown(row: models.Component, used: dict[str, list[str]]) -> dict[str, Any]:
    return {"name": row.name, "schema": row.schema, "used_by": used.get(row.name, [])}
