"""The addresses of a project: which revision each serves, and under which domain."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import shapes
from actionstudio.apps.api.resource import Pages, Resource
from actionstudio.apps.api.resources.projects import PAGE, address
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.release import addressing


class InOrder(Pages):
    """The first one first."""

    ordering = ("id",)


class AddressList(Resource):
    """A project's addresses."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = InOrder

    @extend_schema(operation_id="addresses_list", parameters=PAGE, responses=shapes.AddressShape(many=True))
    def get(self, request, slug):
        """Where the project answers."""
        pages = InOrder()
        rows = Address.objects.filter(project=self.project()).select_related("pinned")
        return pages.get_paginated_response([address(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(operation_id="addresses_create", request=shapes.AddressCreate, responses={201: shapes.AddressShape})
    def post(self, request, slug):
        """A further address; it follows the newest revision."""
        row = addressing.add(self.changeable(), self.read(shapes.AddressCreate)["name"])
        return Response(address(row), 201)


class AddressOne(Resource):
    """One address."""

    @extend_schema(operation_id="addresses_read", responses=shapes.AddressShape)
    def get(self, request, slug, name):
        """One address."""
        return Response(address(self._find(self.project(), name)))

    @extend_schema(operation_id="addresses_update", request=shapes.AddressPatch, responses=shapes.AddressShape)
    def patch(self, request, slug, name):
        """Pins it to a revision (null: follow the newest), or binds a domain of your own (null: none)."""
        project = self.changeable()
        row = self._find(project, name)
        wish: dict[str, Any] = self.read(shapes.AddressPatch)
        pinned = wish.get("pinned", row.pinned.number if row.pinned else None)
        addressing.change(row, pinned, wish.get("domain", row.domain) or "")
        return Response(address(self._find(project, name)))

    @extend_schema(operation_id="addresses_delete", responses={204: None})
    def delete(self, request, slug, name):
        """Takes a further address away; it stops answering at once. The first one stays."""
        addressing.remove(self._find(self.changeable(), name))
        return Response(status=204)

    def _find(self, project, name: str) -> Address:
        row = Address.objects.filter(project=project, name=name).select_related("pinned", "project").first()
        if row is None:
            raise Http404(_("No such address."))
        return row
