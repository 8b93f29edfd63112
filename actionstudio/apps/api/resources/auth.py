"""How callers of a project prove who they are: the kind, and the keys."""

import dataclasses
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.design.models import Document
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.release import credentials
from actionstudio.core import codec
from actionstudio.core.auth import AUTH_KINDS, Auth
from actionstudio.core.problem import Problem, Refused


def shown(project: Project) -> dict[str, Any]:
    """The kind with all its fields, and the keys."""
    kept = Document.objects.values_list("auth", flat=True).get(project=project)
    value = codec.value_of(Auth, kept)
    return {"kind": kept["kind"], **dataclasses.asdict(value), "keys": [key(row) for row in project.keys.all()]}


def key(row: Key) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "last4": row.last4, "created": row.created, "revoked": row.revoked}


def wished(data: dict[str, Any]) -> Auth:
    """The value of a body. Raises Refused for fields that its kind does not have."""
    known = {field.name for field in dataclasses.fields(AUTH_KINDS[data["kind"]])}
    for name in data:
        if name != "kind" and name not in known:
            message = _("The kind “%(kind)s” has no “%(name)s”.") % {"kind": data["kind"], "name": name}
            raise Refused(Problem(f"/{name}", message, "unknown"))
    return codec.value_of(Auth, data)


class AuthOne(Resource):
    """A project's authentication."""

    @extend_schema(operation_id="auth_read", responses=shapes.AuthShape)
    def get(self, request, slug):
        """The kind and the keys, without their texts."""
        return Response(shown(self.project()))

    @extend_schema(operation_id="auth_replace", request=shapes.AuthShape, responses=shapes.AuthShape)
    def put(self, request, slug):
        """Chooses how callers authenticate, as one revision; keys stay."""
        project = self.changeable()
        credentials.choose(project, wished(self.read(shapes.AuthShape)), by=request.user)
        return Response(shown(project))


class KeyList(Resource):
    """A project's keys."""

    @extend_schema(operation_id="keys_create", request=shapes.KeyShape, responses={201: shapes.KeyMinted})
    def post(self, request, slug):
        """Makes a key. Its text stands in this answer and nowhere else."""
        project = self.changeable()
        wish = self.read(shapes.KeyShape)
        row, text = credentials.mint(project, wish["name"], wish.get("text", ""))
        return Response({**key(row), "text": text}, 201)


class KeyOne(Resource):
    """One key."""

    @extend_schema(operation_id="keys_revoke", responses={204: None})
    def delete(self, request, slug, number):
        """Revokes it: from now on it opens nothing."""
        if credentials.revoke(self.changeable(), number) is None:
            raise Http404(_("No such key."))
        return Response(status=204)
