"""End users of a project: accounts, their keys, their browsers, and the apps that may use them."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import oauth_shapes as shapes
from actionstudio.apps.api.resource import Pages, Resource
from actionstudio.apps.api.resources.projects import PAGE
from actionstudio.apps.design import newest
from actionstudio.apps.oauth import people, roster, sessions
from actionstudio.apps.oauth.models import Client, EndUser, Provider, UserKey
from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import signs_in

SEARCH = OpenApiParameter("q", {"type": "string"}, description="Only those whose username, name or e-mail holds it.")


def shown(row: EndUser) -> dict[str, Any]:
    plain = ("sub", "username", "email", "name", "groups", "claims", "test", "denies", "created", "last_login")
    return {**{name: getattr(row, name) for name in plain}, "active": row.is_active, "has_password": bool(row.password)}


def key(row: UserKey) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "last4": row.last4, "created": row.created, "revoked": row.revoked}


def find(project: Project, sub) -> EndUser:
    row = EndUser.objects.filter(project=project, sub=sub).select_related("project").first()
    if row is None:
        raise Http404(_("No such end user."))
    return row


class EndUserList(Resource):
    """The people who have an account at the project."""

    asks = {"GET": ("cursor", "limit", "q")}
    pagination_class = Pages

    @extend_schema(operation_id="end_users_list", parameters=[*PAGE, SEARCH], responses=shapes.EndUserShape(many=True))
    def get(self, request, slug):
        """The newest first; the test users are there from the beginning."""
        project = self.project()
        if signs_in(newest.contract(project).auth):
            Provider.of(project)
        pages = Pages()
        rows = roster.matching(project, request.query_params.get("q", ""))
        return pages.get_paginated_response([shown(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(operation_id="end_users_create", request=shapes.EndUserShape, responses={201: shapes.EndUserShape})
    def post(self, request, slug):
        """Makes an account. Without a password nobody signs in with one."""
        project = self.changeable()
        wish = self.read(shapes.EndUserShape)
        active = wish.pop("active", True)
        with transaction.atomic():
            row = people.make(project, **wish)
            if not active:
                people.close(row)
        return Response(shown(row), 201)


class EndUserOne(Resource):
    """One account."""

    @extend_schema(operation_id="end_users_read", responses=shapes.EndUserShape)
    def get(self, request, slug, sub):
        """One account, without its password."""
        return Response(shown(find(self.project(), sub)))

    @extend_schema(operation_id="end_users_update", request=shapes.EndUserPatch, responses=shapes.EndUserShape)
    def patch(self, request, slug, sub):
        """Changes it. Closing it (``active`` false) ends all access at once; another password signs out browsers."""
        project = self.changeable()
        row = find(project, sub)
        wish = self.read(shapes.EndUserPatch)
        password, active = wish.pop("password", None), wish.pop("active", row.is_active)
        with transaction.atomic():
            if wish:
                people.change(row, **wish)
            if password is not None:
                people.set_password(row, password)
            if active != row.is_active:
                (people.reopen if active else people.close)(row)
        return Response(shown(find(project, sub)))

    @extend_schema(operation_id="end_users_delete", responses={204: None})
    def delete(self, request, slug, sub):
        """Deletes it with its keys and all that apps hold of it. What was logged stays in the log."""
        people.delete(find(self.changeable(), sub))
        return Response(status=204)


class UserKeyList(Resource):
    """An end user's own keys."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="end_user_keys_list", parameters=PAGE, responses=shapes.UserKeyShape(many=True))
    def get(self, request, slug, sub):
        """The newest first, without their texts."""
        pages = Pages()
        rows = UserKey.objects.filter(user=find(self.project(), sub))
        return pages.get_paginated_response([key(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(
        operation_id="end_user_keys_create", request=shapes.UserKeyShape, responses={201: shapes.UserKeyMade}
    )
    def post(self, request, slug, sub):
        """Issues a key. Its text stands in this answer and nowhere else."""
        row, text = people.mint_key(find(self.changeable(), sub), self.read(shapes.UserKeyShape)["name"])
        return Response({**key(row), "text": text}, 201)


class UserKeyOne(Resource):
    """One key."""

    @extend_schema(operation_id="end_user_keys_revoke", responses={204: None})
    def delete(self, request, slug, sub, number):
        """Revokes it: from now on it opens nothing."""
        if people.revoke_key(find(self.changeable(), sub), number) is None:
            raise Http404(_("No such key."))
        return Response(status=204)


class ConnectionList(Resource):
    """The apps that may use an account."""

    @extend_schema(operation_id="end_user_connections_list", responses=shapes.ConnectionsShape)
    def get(self, request, slug, sub):
        """All of them on one page, by name."""
        found = [connection(one) for one in roster.connections(find(self.project(), sub))]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(operation_id="end_user_connections_clear", responses={204: None})
    def delete(self, request, slug, sub):
        """Disconnects all of them, at once."""
        row = find(self.changeable(), sub)
        with transaction.atomic():
            for one in roster.connections(row):
                people.disconnect(row, one.client)
        return Response(status=204)


class ConnectionOne(Resource):
    """One such app."""

    @extend_schema(operation_id="end_user_connections_disconnect", responses={204: None})
    def delete(self, request, slug, sub, client_id):
        """Disconnects it: its tokens for this account are refused from now on."""
        row = find(self.changeable(), sub)
        client = Client.objects.filter(project=row.project, client_id=client_id).first()
        if client is None or not people.disconnect(row, client):
            raise Http404(_("This app is not connected."))
        return Response(status=204)


class SessionList(Resource):
    """The browsers in which somebody is signed in."""

    @extend_schema(operation_id="end_user_sessions_list", responses=shapes.SessionsShape)
    def get(self, request, slug, sub):
        """All of them on one page, the newest first."""
        names = ("agent", "created", "seen", "expires")
        rows = sessions.live(find(self.project(), sub))
        found = [{name: getattr(row, name) for name in names} for row in rows]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(operation_id="end_user_sessions_clear", responses={204: None})
    def delete(self, request, slug, sub):
        """Signs them out everywhere. Apps that are connected stay."""
        people.sign_out(find(self.changeable(), sub))
        return Response(status=204)


def connection(one: roster.Connection) -> dict[str, Any]:
    return {
        "client_id": one.client.client_id,
        "name": str(one.client),
        "scopes": one.scopes,
        "granted": one.granted,
        "last_token": one.used,
    }
