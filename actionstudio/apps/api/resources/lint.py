"""The checks: what they find for one target, and the findings that the owner decided to live with."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import lint_shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.design import inspecting, waiving
from actionstudio.apps.web import rules
from actionstudio.apps.web.telling import told
from actionstudio.core.contract import Waiver
from actionstudio.core.lint import LEVELS, TARGETS, Finding, open_ones
from actionstudio.core.problem import Problem, Refused

TARGET = OpenApiParameter(
    "target", str, enum=TARGETS, description="Who gets the project; gpt unless you say otherwise."
)
PLAIN = ("code", "level", "pointer", "said", "fix", "waived")
WHICH = [
    OpenApiParameter("code", str, required=True, description="The rule's code."),
    OpenApiParameter("pointer", str, description="The place, as it was waived; nothing for everywhere."),
]


def shown(finding: Finding, request) -> dict[str, Any]:
    """A finding as the API shows it."""
    url = request.build_absolute_uri(rules.url_of(finding.code))
    return {name: getattr(finding, name) for name in PLAIN} | {"message": told(finding.message), "help": url}


class Lint(Resource):
    """What is wrong with the project."""

    asks = {"GET": ("target",)}

    @extend_schema(operation_id="projects_lint", parameters=[TARGET], responses=lint_shapes.LintShape)
    def get(self, request, slug):
        """What the target would refuse, drop or see less of, and advice; the worst first.

        ``counts`` leaves out what is waived.
        """
        target = request.query_params.get("target", "gpt")
        if target not in TARGETS:
            message = _("There are no checks for “%(name)s”. There are: %(names)s.")
            filled = message % {"name": target, "names": ", ".join(TARGETS)}
            raise Refused(Problem("?target", filled, "unknown-target"))
        found = inspecting.findings(self.project(), target)
        counted = Counter(finding.level for finding in open_ones(found))
        counts = {level: counted[level] for level in LEVELS}
        return Response({"findings": [shown(item, request) for item in found], "counts": counts})


class WaiverList(Resource):
    """The findings that the owner decided to live with."""

    asks = {"DELETE": ("code", "pointer")}

    @extend_schema(operation_id="waivers_list", responses=lint_shapes.WaiverShape(many=True))
    def get(self, request, slug):
        """What is waived, where and why."""
        return Response([waiver(one) for one in waiving.waivers(self.project())])

    @extend_schema(
        operation_id="waivers_create", request=lint_shapes.WaiverShape, responses={201: lint_shapes.WaiverShape}
    )
    def post(self, request, slug):
        """Lives with a finding, as one revision. The same rule and place again get the new reason."""
        project = self.changeable()
        body = self.read(lint_shapes.WaiverShape)
        wish = Waiver(body["code"], body.get("pointer", ""), body["reason"])
        waiving.waive(project, wish, request.user)
        return Response(waiver(wish), 201)

    @extend_schema(operation_id="waivers_delete", parameters=WHICH, responses={204: None})
    def delete(self, request, slug):
        """Takes a waiver back: what it was about counts again."""
        asked = request.query_params
        waiving.take_back(self.changeable(), asked.get("code", ""), asked.get("pointer", ""), request.user)
        return Response(status=204)


def waiver(one: Waiver) -> dict[str, str]:
    """A waiver as the API shows it."""
    return {"code": one.code, "pointer": one.pointer, "reason": one.reason}
