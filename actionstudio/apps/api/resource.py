"""What every resource of the API shares: who may, strict queries, strict bodies, cursor pages."""

import base64

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from actionstudio.apps.projects import access
from actionstudio.core.problem import Problem, Refused

LIMIT = OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200}, description="Rows a page.")


class Shape(serializers.Serializer):
    """A serializer that refuses fields it does not know, and bodies that are no object."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = [name for name in data if name not in self.fields or self.fields[name].read_only]
            if unknown:
                raise ValidationError({name: [self._refusal(name)] for name in unknown})
        return super().to_internal_value(data)

    def _refusal(self, name: str) -> serializers.ErrorDetail:
        known = ", ".join(field for field, kind in self.fields.items() if not kind.read_only)
        if name in self.fields:
            return serializers.ErrorDetail(_("This field can only be read."), "read_only")
        return serializers.ErrorDetail(_("There is no such field. Known: %(names)s") % {"names": known}, "unknown")


class Resource(APIView):
    """A view of one resource. ``asks`` names the query parameters it knows, by method; others are refused.
    Those of ``repeated`` may come more than once."""

    permission_classes = [IsAuthenticated]
    asks: dict[str, tuple[str, ...]] = {}
    repeated: tuple[str, ...] = ()

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if "\0" in request.path:
            raise Http404  # PostgreSQL would not even look
        if not hasattr(self, request.method.lower()):
            return  # 405 is the answer, whatever was asked
        known = self.asks.get("GET" if request.method == "HEAD" else request.method, ())
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            why = _("There is no such query parameter. Known: %(names)s") % {"names": ", ".join(known) or "-"}
            raise Refused(*(Problem(f"?{name}", why, "unknown") for name in unknown))
        twice = [name for name, values in request.query_params.lists() if len(values) > 1 and name not in self.repeated]
        if twice:
            raise Refused(*(Problem(f"?{name}", _("Give this parameter once."), "twice") for name in twice))

    def project(self):
        """The project of the URL, if the caller may see it; else 404."""
        return access.viewable(self.request, self.kwargs["slug"])

    def changeable(self):
        """The project of the URL, if the caller may change it; else 404."""
        return access.changeable(self.request, self.kwargs["slug"])

    def read(self, shape: type[serializers.Serializer], **options) -> dict:
        """The request's body, checked."""
        body = shape(data=self.request.data, context={"request": self.request}, **options)
        body.is_valid(raise_exception=True)
        return body.validated_data


class Pages(CursorPagination):
    """Cursor pages ``{next, previous, results}``."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = ("-id",)

    def get_page_size(self, request):
        return page_size(request.query_params.get("limit"), self.page_size, self.max_page_size)

    def decode_cursor(self, request):
        """A cursor that is not one of ours, or was tampered with, is refused."""
        text = request.query_params.get(self.cursor_query_param)
        if text is None:
            return None
        try:
            base64.b64decode(text, validate=True)
            cursor = super().decode_cursor(request)
            position = cursor.position if cursor.position is None else int(cursor.position)
        except (NotFound, ValueError) as error:
            message = _("This is not a cursor of ours: follow “next” and “previous” as they are.")
            raise Refused(Problem("?cursor", message, "invalid")) from error
        return cursor._replace(position=position)

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["next", "previous", "results"], "properties": properties}


def page_size(text: str | None, usual: int, most: int) -> int:
    """The number of rows asked for. Raises Refused for what is none."""
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        raise Refused(Problem("?limit", _("The limit is a number from 1 to %(n)d.") % {"n": most}, "invalid"))
    return int(text)
