"""Replays: logged calls sent again, and what differs."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import log_shapes as shapes
from actionstudio.apps.api.replay_values import line, whole
from actionstudio.apps.api.resource import Pages, Resource
from actionstudio.apps.api.resources import runs
from actionstudio.apps.api.resources.projects import PAGE
from actionstudio.apps.api.run_shapes import ReplayCreate, RunMade
from actionstudio.apps.replay.models import Replay


class ReplayList(Resource):
    """A project's replays."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="replays_list", parameters=PAGE, responses=shapes.ReplayShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages = Pages()
        rows = Replay.objects.filter(project=self.project()).defer("before", "after", "again", "packed")
        return pages.get_paginated_response([line(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(operation_id="replays_create", request=ReplayCreate, responses={202: RunMade})
    def post(self, request, slug):
        """Begins a run that sends logged calls again; Location says where its progress and outcomes are.

        At most 50 calls are waited for, ten seconds at most, unless ``Prefer: respond-async`` is sent.
        """
        return runs.begin(request, self.changeable(), self.read(ReplayCreate))


class ReplayOne(Resource):
    """One replay."""

    @extend_schema(operation_id="replays_read", responses=shapes.ReplayWhole)
    def get(self, request, slug, number):
        """Both answers and what differs."""
        row = Replay.objects.filter(project=self.project(), pk=number).first()
        if row is None:
            raise Http404(_("No such replay."))
        return Response(whole(row))
