"""Upstreams of a project, and the secrets they ask for: names go out, texts only in."""

import dataclasses
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import upstream_shapes as shapes
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.design import load
from actionstudio.apps.mocking import upstreams
from actionstudio.apps.publishing import secrets
from actionstudio.core import codec
from actionstudio.core.behaviour import Upstream
from actionstudio.core.problem import Refused


def secret(name: str, row, used: list[str]) -> dict[str, Any]:
    """A secret without its text."""
    last4, changed = (row.last4, row.changed) if row is not None else ("", None)
    return {"name": name, "set": row is not None, "last4": last4, "changed": changed, "upstreams": used}


class UpstreamList(Resource):
    """The APIs that a project's operations can forward to."""

    @extend_schema(operation_id="upstreams_list", responses=shapes.UpstreamsShape)
    def get(self, request, slug):
        """All of them on one page, in the order of the project."""
        found = [codec.plain(one) for one in load.contract(self.project()).upstreams]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(operation_id="upstreams_create", request=shapes.UPSTREAM, responses={201: shapes.UPSTREAM})
    def post(self, request, slug):
        """Adds an upstream. Operations forward to it when their behaviour says so."""
        project = self.changeable()
        try:
            upstreams.save(project, request.user, request.data)
        except Refused as refused:
            if refused.problems[0].code == "twice" and refused.problems[0].pointer == "/name":
                raise Conflict(_("There is an upstream of that name already.")) from refused
            raise
        return Response(codec.plain(upstreams.find(project, request.data["name"])), 201)


class UpstreamOne(Resource):
    """One upstream."""

    @extend_schema(operation_id="upstreams_read", responses={200: shapes.UPSTREAM})
    def get(self, request, slug, name):
        """One upstream."""
        return Response(codec.plain(_found(self.project(), name)))

    @extend_schema(operation_id="upstreams_replace", request=shapes.UPSTREAM, responses={200: shapes.UPSTREAM})
    def put(self, request, slug, name):
        """Replaces it. Its name stays."""
        project = self.changeable()
        _found(project, name)
        upstreams.save(project, request.user, request.data, name)
        return Response(codec.plain(_found(project, name)))

    @extend_schema(operation_id="upstreams_delete", responses={204: None})
    def delete(self, request, slug, name):
        """Takes it away. One that operations forward to stays."""
        project = self.changeable()
        if not upstreams.remove(project, request.user, name):
            raise Http404(_("No such upstream."))
        return Response(status=204)


class UpstreamAsk(Resource):
    """Asking an upstream, to see whether it answers."""

    @extend_schema(operation_id="upstreams_ask", request=shapes.AskWish, responses=shapes.AskedShape)
    def post(self, request, slug, name):
        """One GET with the upstream's headers and secret, from here."""
        project = self.changeable()
        found = _found(project, name)
        wish = self.read(shapes.AskWish)
        asked = upstreams.ask(project, found, wish.get("path", found.health or "/"), wish.get("server", 0))
        return Response(dataclasses.asdict(asked))


class SecretList(Resource):
    """The secrets that the project's upstreams ask for."""

    @extend_schema(operation_id="secrets_list", responses=shapes.SecretsShape)
    def get(self, request, slug):
        """Their names, on one page: those kept, and those that are still to be given."""
        project = self.project()
        rows = {row.name: row for row in project.secrets.all()}
        found = [secret(name, rows.get(name), used) for name, used in upstreams.secret_users(project).items()]
        return Response({"next": None, "previous": None, "results": found})


class SecretOne(Resource):
    """One secret."""

    @extend_schema(operation_id="secrets_set", request=shapes.SecretText, responses=shapes.SecretShape)
    def put(self, request, slug, name):
        """Keeps its text, encrypted, instead of the one there was; used at once. No revision is made."""
        project = self.changeable()
        row = secrets.keep(project, name, self.read(shapes.SecretText)["text"])
        return Response(secret(row.name, row, upstreams.secret_users(project).get(row.name, [])))

    @extend_schema(operation_id="secrets_delete", responses={204: None})
    def delete(self, request, slug, name):
        """Deletes it for good. One that an upstream uses stays."""
        if not upstreams.forget_secret(self.changeable(), name):
            raise Http404(_("No such secret."))
        return Response(status=204)


def _found(project, name: str) -> Upstream:
    found = upstreams.find(project, name)
    if found is None:
        raise Http404(_("No such upstream."))
    return found
