"""What every resource of the API shares: who may, strict queries, strict bodies, cursor pages."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from actionstudio.apps.projects import access


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
    """A view of one resource. ``asks`` names the query parameters it knows, by method; others are refused."""

    permission_classes = [IsAuthenticated]
    asks: dict[str, tuple[str, ...]] = {}

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        known = self.asks.get(request.method, ())
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            why = _("There is no such query parameter. Known: %(names)s") % {"names": ", ".join(known) or "-"}
            raise ValidationError({f"?{name}": [serializers.ErrorDetail(why, "unknown")] for name in unknown})

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
