"""Clients of a project's sign-in: the programs that people let use their account, and their secrets."""

from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import oauth_shapes as shapes
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Pages, Resource
from actionstudio.apps.api.resources.projects import PAGE
from actionstudio.apps.oauth import callbacks, registering, secrets
from actionstudio.apps.oauth.models import Callback, Client, ClientSecret
from actionstudio.apps.projects.models import Project


def shown(row: Client) -> dict[str, Any]:
    """A client without the texts of its secrets."""
    plain = ("client_id", "preset", "name", "gpt_id", "grants", "token_method", "pkce", "consent", "scopes")
    return {
        **{name: getattr(row, name) for name in plain},
        "redirect_uris": row.uris,
        "json_bodies": row.json_bodies,
        "allowed_origins": row.allowed_origins.split(),
        "enabled": row.enabled,
        "registered_itself": row.registered_itself,
        "created": row.created,
        "last_used": row.last_used,
        "lapses": row.lapses,
        "secrets": [secret(one) for one in row.secrets.all()],
    }


def secret(row: ClientSecret) -> dict[str, Any]:
    return {"last4": row.last4, "created": row.created, "expires": row.expires, "last_used": row.last_used}


def find(project: Project, client_id: str) -> Client:
    row = Client.objects.filter(project=project, client_id=client_id).select_related("project").first()
    if row is None:
        raise Http404(_("No such client."))
    return row


class ClientList(Resource):
    """A project's clients."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="oauth_clients_list", parameters=PAGE, responses=shapes.ClientShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages = Pages()
        rows = Client.objects.filter(project=self.project()).prefetch_related("secrets")
        return pages.get_paginated_response([shown(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(operation_id="oauth_clients_create", request=shapes.ClientShape, responses={201: shapes.ClientMade})
    def post(self, request, slug):
        """Registers a program. The text of its secret stands in this answer and nowhere else."""
        project = self.changeable()
        wish = self.read(shapes.ClientShape)
        enabled = wish.pop("enabled", True)
        row = registering.register(project, wish.pop("preset", Client.Preset.OTHER.value), **wish)
        text = None if row.token_method == Client.Method.NONE else secrets.mint(row)
        if not enabled:
            registering.switch(row, False)
        return Response({**shown(find(project, row.client_id)), "client_secret": text}, 201)


class ClientOne(Resource):
    """One client."""

    @extend_schema(operation_id="oauth_clients_read", responses=shapes.ClientShape)
    def get(self, request, slug, client_id):
        """One client, without the texts of its secrets."""
        return Response(shown(find(self.project(), client_id)))

    @extend_schema(operation_id="oauth_clients_update", request=shapes.ClientPatch, responses=shapes.ClientShape)
    def patch(self, request, slug, client_id):
        """Changes it, or switches it off and on, at once."""
        project = self.changeable()
        row = find(project, client_id)
        wish = self.read(shapes.ClientPatch)
        enabled = wish.pop("enabled", row.enabled)
        if wish:
            row = registering.change(row, **wish)
        if enabled != row.enabled:
            registering.switch(row, enabled)
        return Response(shown(find(project, client_id)))

    @extend_schema(operation_id="oauth_clients_delete", responses={204: None})
    def delete(self, request, slug, client_id):
        """Takes it away with its secrets and every token made with it, at once."""
        registering.delete(find(self.changeable(), client_id))
        return Response(status=204)


class ClientSecretList(Resource):
    """The secrets of a client."""

    @extend_schema(operation_id="oauth_clients_rotate", request=shapes.RotateShape, responses={201: shapes.SecretMade})
    def post(self, request, slug, client_id):
        """A new secret; the one before works for ``overlap_seconds`` more (a day, unless told otherwise)."""
        row = find(self.changeable(), client_id)
        wish = self.read(shapes.RotateShape)
        if row.token_method == Client.Method.NONE:
            raise Conflict(_("This client is public: it has no secret. Choose a token_method first."))
        overlap = wish.get("overlap_seconds")
        text = secrets.rotate(row, secrets.OVERLAP if overlap is None else timedelta(seconds=overlap))
        made = secrets.live(row)[0]
        return Response({**secret(made), "client_secret": text}, 201)


def callback(row: Callback) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("uri", "state", "times", "first", "last")}
    return {"id": row.pk, "client_id": row.client.client_id, **plain}


class CallbackList(Resource):
    """Callbacks that clients asked for in vain."""

    @extend_schema(operation_id="oauth_callbacks_list", responses=shapes.CallbacksShape)
    def get(self, request, slug):
        """Those that wait to be allowed or refused, on one page, the latest first."""
        found = [callback(row) for row in callbacks.waiting(self.project())]
        return Response({"next": None, "previous": None, "results": found})


class CallbackOne(Resource):
    """One such callback."""

    @extend_schema(
        operation_id="oauth_callbacks_decide", request=shapes.CallbackDecision, responses=shapes.CallbackShape
    )
    def patch(self, request, slug, number):
        """Allows it, which registers it with the client, or refuses it for good."""
        project = self.changeable()
        rows = Callback.objects.filter(client__project=project).select_related("client")
        row = rows.filter(pk=number).first()
        if row is None:
            raise Http404(_("No such callback."))
        wanted = self.read(shapes.CallbackDecision)["state"]
        (callbacks.allow if wanted == Callback.State.ALLOWED else callbacks.refuse)(row)
        return Response(callback(rows.get(pk=number)))
