"""Trying an operation: a call through the live mock like any other, with its request, answer and decisions."""

import base64
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import log_shapes as shapes
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.api.resources.exchanges import whole
from actionstudio.apps.api.resources.operations import find
from actionstudio.apps.mocking import arguments
from actionstudio.apps.mocking.asking import MISSING
from actionstudio.apps.mocking.trying import Credential, Trial, Unserved, Wish
from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects.models import Project
from actionstudio.core.call import Call
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.visit import ANY_KEY


class Try(Resource):
    """One operation, asked."""

    @extend_schema(operation_id="operations_try", request=shapes.TryShape, responses=shapes.ExchangeWhole)
    def post(self, request, slug, name):
        """Sends one call to the live mock and shows what the log keeps of it: request, answer, decisions."""
        project = self.changeable()
        row = find(project, name)
        data = self.read(shapes.TryShape)
        try:
            trial = Trial.of(project, row.method, row.path)
        except Unserved as unserved:
            raise Conflict(str(unserved)) from unserved
        return Response(whole(project, trial.send(_call(trial, data), _carried(project, data))))


def _call(trial: Trial, data: dict[str, Any]) -> Call:
    if "request" in data:
        mixed = [name for name in ("arguments", "body", "media_type", "accept", "prefer") if name in data]
        if mixed:
            words = _("A raw request says everything itself; leave this out.")
            raise Refused(*(Problem(f"/{one}", words, "mixed") for one in mixed))
        return arguments.raw(trial, data["request"], _body(data["request"]))
    prefer = data.get("prefer") or {}
    wish = Wish(
        accept=data.get("accept", ""),
        code=prefer.get("code", ""),
        example=prefer.get("example", ""),
        dynamic=prefer.get("dynamic", False),
    )
    media_type = data.get("media_type", "")
    return arguments.call(trial, data.get("arguments") or {}, data.get("body", MISSING), media_type, wish)


def _body(sent: dict[str, Any]) -> bytes:
    if "body_base64" not in sent:
        return sent.get("body", "").encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(sent["body_base64"], validate=True)
    except ValueError as error:
        raise Refused(Problem("/request/body_base64", _("This is not base64."), "invalid")) from error


def _carried(project: Project, data: dict[str, Any]) -> Credential:
    """Whose credential the call counts as carrying. Raises Refused."""
    if "end_user" not in data:
        if "scopes" in data:
            raise Refused(Problem("/scopes", _("Scopes are an end user's: give “end_user” too."), "mixed"))
        return Credential(_key(project, data.get("key_id")))
    if data.get("key_id") is not None:
        raise Refused(Problem("/key_id", _("Give either “key_id” or “end_user”."), "mixed"))
    person = assuming.find(project, data["end_user"])
    return Credential(token=assuming.token(project, str(person.sub), data.get("scopes"), _("Try it")))


def _key(project: Project, wanted: int | None) -> int | None:
    if wanted is None or wanted == ANY_KEY:
        return wanted
    if not 0 < wanted < 1 << 62 or not project.keys.filter(pk=wanted, revoked=None).exists():
        raise Refused(Problem("/key_id", _("This project has no such key in force."), "unknown"))
    return wanted
