"""The scripts of a project: what the scripted model does on certain sentences."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from actionstudio.apps.api.fields import Choice, Flag, Line, Number, Text
from actionstudio.apps.api.resource import Resource, Shape
from actionstudio.apps.simulator import scripting
from actionstudio.apps.simulator.models import Script


class ScriptWish(Shape):
    """``pattern`` is words, an expression, or the number of the user's sentence, as ``when`` says. ``arguments`` is one
    JSON object as text; in it and in ``text`` stand {{1}}, {{name}}, {{text}} and, after a call, {{answer.field}}."""

    name = Line(max_length=80, required=False, allow_blank=True)
    enabled = Flag(required=False)
    when = Choice(Script.When.values)
    pattern = Line(max_length=500)
    then = Choice(Script.Then.values)
    operation = Line(max_length=200, required=False, allow_blank=True)
    arguments = Text(max_length=20_000)
    text = Text(max_length=4_000)


class ScriptShape(ScriptWish):
    """A script as it is kept; the first that fits is followed, by ``position``."""

    id = Number(read_only=True)
    position = Number(read_only=True)


class ScriptsShape(Shape):
    """The scripts of a project in their order, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=ScriptShape())


class ScriptList(Resource):
    """The scripts of a project."""

    @extend_schema(operation_id="scripts_list", responses=ScriptsShape)
    def get(self, request, slug):
        """In the order in which they are looked at."""
        rows = [_shown(row) for row in self.project().scripts.all()]
        return Response({"next": None, "previous": None, "results": rows})

    @extend_schema(operation_id="scripts_create", request=ScriptWish, responses={201: ScriptShape})
    def post(self, request, slug):
        """As the last one."""
        project, wish = self.changeable(), self.read(ScriptWish)
        return Response(_shown(scripting.keep(Script(project=project, author=request.user, **wish))), 201)


class ScriptOne(Resource):
    """One script."""

    def script(self, project) -> Script:
        found = project.scripts.filter(pk=self.kwargs["number"]).first()
        if found is None:
            raise Http404(_("No such script."))
        return found

    @extend_schema(operation_id="scripts_read", responses=ScriptShape)
    def get(self, request, slug, number):
        """One script."""
        return Response(_shown(self.script(self.project())))

    @extend_schema(operation_id="scripts_change", request=ScriptWish, responses=ScriptShape)
    def patch(self, request, slug, number):
        """Changes what is named."""
        row = self.script(self.changeable())
        for name, value in self.read(ScriptWish, partial=True).items():
            setattr(row, name, value)
        return Response(_shown(scripting.keep(row)))

    @extend_schema(operation_id="scripts_delete", responses={204: None})
    def delete(self, request, slug, number):
        """The rules choose again where it did."""
        self.script(self.changeable()).delete()
        return Response(status=204)


def _shown(row: Script) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "position", "enabled", *scripting.FIELDS)}
