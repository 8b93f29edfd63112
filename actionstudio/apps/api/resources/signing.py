"""How a project's sign-in behaves, what goes wrong with it on purpose, and tokens without a sign-in."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import oauth_shapes as shapes
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.design import newest
from actionstudio.apps.oauth import assuming, faults, minting, offered, providing
from actionstudio.apps.oauth.models import Client, Fault, Provider
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.auth import OAuth, signs_in
from actionstudio.core.problem import Problem, Refused

SECONDS = 600  # a minted token's life unless told otherwise


def fault(row: Fault) -> dict[str, Any]:
    return {"id": row.pk, "kind": row.kind, "left": row.left, "created": row.created}


def provider(project: Project, row: Provider) -> dict[str, Any]:
    """The settings, and the provider's names where people sign in on the project's own addresses."""
    known = signs_in(newest.contract(project).auth)
    issuers = [url for one in project.addresses.all() for url in base_urls(one.name, one.domain)] if known else []
    return {**{name: getattr(row, name) for name in providing.FIELDS}, "issuers": issuers}


class ProviderOne(Resource):
    """A project's own sign-in."""

    @extend_schema(operation_id="oauth_provider_read", responses=shapes.ProviderShape)
    def get(self, request, slug):
        """How it behaves."""
        project = self.project()
        found = Provider.objects.filter(project=project).first() or Provider(project=project)
        return Response(provider(project, found))

    @extend_schema(operation_id="oauth_provider_update", request=shapes.ProviderShape, responses=shapes.ProviderShape)
    def patch(self, request, slug):
        """Changes it. It holds for what is issued from now on; no revision is made."""
        project = self.changeable()
        return Response(provider(project, providing.change(project, **self.read(shapes.ProviderShape))))


class FaultList(Resource):
    """One-shot failures of the sign-in that wait for their leg."""

    @extend_schema(operation_id="oauth_faults_list", responses=shapes.FaultsShape)
    def get(self, request, slug):
        """All of them on one page, in the order in which they strike."""
        found = [fault(row) for row in faults.waiting(self.project())]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(
        operation_id="oauth_faults_create",
        request=shapes.FaultWish,
        responses={201: shapes.FaultShape, 200: shapes.FaultDone},
    )
    def post(self, request, slug):
        """Makes the next leg of its kind misbehave (201); revoke-now and expire-now are done at once (200)."""
        project = self.changeable()
        wish = self.read(shapes.FaultWish)
        kind = wish["kind"]
        if kind in faults.DEEDS:
            if "times" in wish:
                raise Refused(Problem("/times", _("This is done at once: leave “times” out."), "mixed"))
            return Response({"kind": kind, "tokens": faults.RUN[kind](project)})
        return Response(fault(faults.set_fault(project, kind, wish.get("times", 1))), 201)

    @extend_schema(operation_id="oauth_faults_clear", responses={204: None})
    def delete(self, request, slug):
        """Takes back all of them."""
        faults.take_back(self.changeable())
        return Response(status=204)


class FaultOne(Resource):
    """One such failure."""

    @extend_schema(operation_id="oauth_faults_cancel", responses={204: None})
    def delete(self, request, slug, number):
        """Takes it back."""
        if not faults.take_back(self.changeable(), number):
            raise Http404(_("No such failure waits."))
        return Response(status=204)


class TokenList(Resource):
    """Access tokens without a sign-in: for tests, and for replays elsewhere."""

    @extend_schema(operation_id="oauth_tokens_create", request=shapes.TokenWish, responses={201: shapes.TokenMade})
    def post(self, request, slug):
        """Mints a short-lived token. Its text stands in this answer and nowhere else."""
        project = self.changeable()
        wish = self.read(shapes.TokenWish)
        auth = newest.contract(project).auth
        if not (isinstance(auth, OAuth) and auth.ours):
            raise Conflict(_("Nobody signs in to this project with OAuth: it takes no tokens of its own."))
        user, client = _whose(project, wish)
        names = _scopes(wish.get("scopes"), [scope.name for scope in offered.scopes(auth)], client)
        seconds = wish.get("seconds", SECONDS)
        made, text = minting.mint(project, user, client, names, seconds)
        told = {"access_token": text, "token_type": "Bearer", "expires_in": seconds, "scope": made.scope}
        ids = {"end_user": str(user.sub) if user else None, "client_id": client.client_id if client else None}
        return Response({**told, **ids}, 201)


def _whose(project: Project, wish: dict[str, Any]):
    """The person and the client of a wish. Raises Refused."""
    if not ("end_user" in wish or "client_id" in wish):
        raise Refused(Problem("/end_user", _("Say whose token it is: an end user's, or a client's."), "required"))
    user = assuming.find(project, wish["end_user"]) if "end_user" in wish else None
    if user is not None and not user.is_active:
        raise Refused(Problem("/end_user", _("This account is closed. Open it first."), "closed"))
    client = None
    if "client_id" in wish:
        client = Client.objects.filter(project=project, client_id=wish["client_id"]).first()
        if client is None:
            raise Refused(Problem("/client_id", _("This project has no such client."), "unknown"))
        if not client.enabled:
            raise Refused(Problem("/client_id", _("This client is switched off. Switch it on first."), "disabled"))
    return user, client


def _scopes(wanted: list[str] | None, there: list[str], client: Client | None) -> list[str]:
    """The scopes of the token: those that were asked for, each of them one that can be had. Raises Refused."""
    allowed = [name for name in there if client is None or not client.scopes or name in client.scopes]
    if wanted is None:
        return allowed
    problems = [
        Problem(f"/scopes/{place}", _("“%(name)s” cannot be had here. Known: %(names)s") % told, "scope")
        for place, name in enumerate(wanted)
        if name not in allowed
        for told in [{"name": name, "names": ", ".join(allowed) or "-"}]
    ]
    if problems:
        raise Refused(*problems[:20])
    return wanted
