"""The API's reference page, and the answer for paths that do not exist."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema

from actionstudio.apps.api import reference, schema
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.web import htmx


@login_required
def docs(request):
    """Every resource with its parameters, bodies and answers; works offline."""
    document = schema.document()
    context = {
        "groups": reference.groups(document),
        "shapes": reference.shapes(document),
        "intro": document["info"]["description"],
        "nav": "api",
    }
    return htmx.page(request, "api/docs.html", context)


@extend_schema(exclude=True)
class Nothing(Resource):
    """Any other path below /api/v1/."""

    def initial(self, request, *args, **kwargs):
        raise Http404(_("There is no such resource. The reference: /api/v1/docs/"))
