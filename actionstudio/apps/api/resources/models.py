"""Models that can be asked: one's own, and those for everybody on this installation."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from actionstudio.apps.api import model_shapes as shapes
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.simulator.endpoints import defining, offering, testing
from actionstudio.apps.simulator.models import Endpoint


def told(row: Endpoint, user) -> dict[str, Any]:
    """A model as the API shows it, without its key."""
    changeable = row.user_id == user.pk or user.is_staff
    about = {"id": row.pk, "shared": row.user_id is None, "environment": row.environment, "changeable": changeable}
    key = {"key_set": bool(row.sealed) or row.environment, "last4": row.last4 if changeable else ""}
    return {**about, **key, **defining.values(row), "tested": row.tested, "fault": row.fault}


class ModelList(Resource):
    """The models that you may ask."""

    @extend_schema(operation_id="models_list", responses=shapes.ModelsShape)
    def get(self, request):
        """Your own, then those for everybody, each by name, on one page."""
        rows = [told(row, request.user) for row in offering.offered(request.user)]
        return Response({"next": None, "previous": None, "results": rows})

    @extend_schema(operation_id="models_create", request=shapes.NewModelWish, responses={201: shapes.ModelShape})
    def post(self, request):
        """Adds a model. Nothing is asked of its server yet."""
        wish = self.read(shapes.NewModelWish)
        shared = wish.pop("shared", False)
        if shared and not request.user.is_staff:
            raise PermissionDenied(_("Only staff adds models for everybody."))
        row = Endpoint(user=None if shared else request.user)
        key = wish.pop("key", None)
        defining.save(row, wish, key)
        return Response(told(row, request.user), 201)


class ModelOne(Resource):
    """One model."""

    @extend_schema(operation_id="models_read", responses=shapes.ModelShape)
    def get(self, request, number):
        """One's own, or one for everybody."""
        return Response(told(offering.one(request.user, number), request.user))

    @extend_schema(operation_id="models_update", request=shapes.ModelWish, responses=shapes.ModelShape)
    def patch(self, request, number):
        """Changes what is given. A key goes to the server that it was given for: with another server, give it again."""
        row = offering.changeable(request.user, number)
        wish = self.read(shapes.ModelWish, partial=True)
        key = wish.pop("key", None)
        defining.save(row, wish, key)
        return Response(told(row, request.user))

    @extend_schema(operation_id="models_delete", responses={204: None})
    def delete(self, request, number):
        """Deletes it with its key. In chats that used it the scripted model answers from then on."""
        row = offering.changeable(request.user, number)
        if row.environment:
            raise Conflict(_("The operator has set this model in the environment, and can take it away there."))
        row.delete()
        return Response(status=204)


class ModelTest(Resource):
    """Trying a model out."""

    @extend_schema(operation_id="models_test", request=None, responses=shapes.ModelTestShape)
    def post(self, request, number):
        """Asks it one small question with a function to call. That costs what such a question costs."""
        row = offering.changeable(request.user, number)
        return Response(dataclasses.asdict(testing.test(row)))
