"""One-shot switches of an operation: its next calls misbehave."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import answer_shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.api.resources.operations import find
from actionstudio.apps.design import load
from actionstudio.apps.publishing import switching
from actionstudio.apps.publishing.models import Switch
from actionstudio.core import answering
from actionstudio.core.behaviour import Fault
from actionstudio.core.deck import PRESETS
from actionstudio.core.problem import Problem, Refused


def shown(row: Switch) -> dict[str, Any]:
    return {"id": row.pk, "fault": row.fault, "left": row.left, "created": row.created}


def wished(wish: dict[str, Any], operation) -> tuple[Fault, int]:
    """The fault of a body and for how many calls. Raises Refused."""
    if ("fault" in wish) == ("preset" in wish):
        raise Refused(Problem("", _("Give either “fault” or “preset”."), "invalid"))
    if "preset" in wish:
        return switching.preset(wish["preset"]), wish.get("calls", PRESETS[wish["preset"]].calls)
    value = load.operation(operation)
    fault = answering.fault_of(wish["fault"], load.contract(operation.project), value, "/fault")
    return fault, wish.get("calls", 1)


class SwitchList(Resource):
    """The switches of one operation that wait for a call."""

    @extend_schema(operation_id="switches_list", responses=answer_shapes.SwitchesShape)
    def get(self, request, slug, name):
        """All of them, in the order in which they are used."""
        project = self.project()
        row = find(project, name)
        found = [shown(one) for one in switching.waiting(project, row.method, row.path)]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(
        operation_id="switches_create",
        request=answer_shapes.SwitchWish,
        responses={201: answer_shapes.SwitchShape},
    )
    def post(self, request, slug, name):
        """Makes the next calls misbehave. No revision is made; it is served at once."""
        project = self.changeable()
        row = find(project, name)
        fault, calls = wished(self.read(answer_shapes.SwitchWish), row)
        return Response(shown(switching.set_switch(project, row.method, row.path, fault, calls)), 201)

    @extend_schema(operation_id="switches_clear", responses={204: None})
    def delete(self, request, slug, name):
        """Takes back all of them."""
        project = self.changeable()
        row = find(project, name)
        switching.cancel(project, row.method, row.path)
        return Response(status=204)


class SwitchOne(Resource):
    """One switch."""

    @extend_schema(operation_id="switches_cancel", responses={204: None})
    def delete(self, request, slug, name, number):
        """Takes it back, with the calls that it still waited for."""
        project = self.changeable()
        row = find(project, name)
        if not switching.cancel(project, row.method, row.path, number):
            raise Http404(_("No such switch."))
        return Response(status=204)
