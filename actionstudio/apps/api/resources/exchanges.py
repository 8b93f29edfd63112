"""The log: exchanges by the filters of the log page, one of them whole, as curl, and many as HAR."""

import base64
from typing import Any

import orjson
from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from actionstudio.apps.api import data_shapes, values
from actionstudio.apps.api import log_shapes as shapes
from actionstudio.apps.api import shapes as operation_shapes
from actionstudio.apps.api.resource import LIMIT, Resource, page_size
from actionstudio.apps.api.resources import data
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import adopting, asking, composing, diagnoses, exporting, searching
from actionstudio.apps.traffic import views as finding
from actionstudio.apps.traffic.asking import Asked, Problems
from actionstudio.apps.traffic.diagnoses import silence
from actionstudio.apps.traffic.exporting import selecting
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import KIND_NAMES, SOURCE_NAMES, Exchange
from actionstudio.core.adopting import Proposal
from actionstudio.core.problem import Problem, Refused

WORDS = ("source", "kind")  # exactly as the schema lists them
FILTERS = ("q", "status", "method", "op", "source", "kind", "from", "to")
ASKS = [
    OpenApiParameter(
        "q", str, description="The filter language: terms such as status:>=400 or op:addTodo, and words to look for."
    ),
    OpenApiParameter(
        "status",
        {"type": "string", "pattern": "^([1-5]([xX][xX]|[0-9][0-9])?)?$"},
        description="A class (4xx) or a code (404).",
    ),
    OpenApiParameter("method", {"type": "string", "pattern": "^[A-Za-z]{0,16}$"}),
    OpenApiParameter("op", str, description="An operation_id."),
    OpenApiParameter("source", str, enum=[*SOURCE_NAMES]),
    OpenApiParameter("kind", str, enum=[*KIND_NAMES]),
    OpenApiParameter("from", str, description="ISO 8601, or milliseconds since 1970."),
    OpenApiParameter("to", str, description="ISO 8601, or milliseconds since 1970; exclusive."),
]
SIZE, MOST = 50, 200


def wished(params) -> Filter:
    """The filter of the query. Raises Refused for values that mean nothing (a page would ignore them)."""
    found = Filter.read(params)
    understood = found.params()
    for name, given in params.items():
        if name not in FILTERS:
            continue
        meant = given == understood.get(name) if name in WORDS else name in understood or not given.strip()
        if not meant:
            message = _("“%(value)s” is not a value of “%(name)s”.") % {"value": given[:80], "name": name}
            raise Refused(Problem(f"?{name}", message, "invalid"))
    asked = found.asked
    if isinstance(asked, Problems):
        raise Refused(*asked.of("?q"))
    return found


def warnings(project: Project, params, *, empty: bool) -> list[dict[str, str]]:
    """What the page says beside a question that can be read: what could be meant otherwise, and where nothing is found
    (``empty``) which endpoint, key or address of that name the project does not have."""
    asked = composing.read(params).asked
    lacking = asking.doubts(asked, project) if empty and isinstance(asked, Asked) else []
    unsure = asking.notes(asked) if isinstance(asked, Asked) else []
    found = [("unknown", one) for one in lacking] + [("ambiguous", one) for one in unsure]
    return [{"code": code, "message": message} for code, message in found]


def find(project: Project, public_id: str) -> Exchange:
    """The exchange of that id in the project's log. Raises Http404."""
    found = finding.find(project, public_id)
    if found is None:
        raise Http404(_("No such request."))
    return found


def line(row: Exchange) -> dict[str, Any]:
    """An exchange as the list shows it."""
    return {
        "id": row.public_id,
        "at": row.at,
        "source": row.source,
        "kind": row.kind,
        "method": row.method,
        "path": row.path,
        "query": row.query,
        "status": row.status,
        "operation_id": row.operation_id,
        "duration_us": row.duration_us,
    }


def whole(project: Project, row: Exchange) -> dict[str, Any]:
    """An exchange with everything the log keeps of it, and what was probably wrong with it."""
    return {
        **line(row),
        "address": row.address,
        "revision": row.revision,
        "timings": [{"stage": stage, "us": spent} for stage, spent in orjson.loads(row.timings)],
        "request": message(row, "request"),
        "response": message(row, "response"),
        "violations": row.found,
        "decisions": row.decided,
        "near_misses": [one for one in row.decided.get("near_misses") or () if isinstance(one, dict)],
        "auth": row.auth,
        "key_id": row.key_id,
        "client": row.client,
        "gpt_id": row.gpt_id,
        "conversation_id": row.conversation_id,
        "user_id": row.user_id,
        "diagnoses": [diagnosis(one) for one in diagnoses.of(diagnoses.Case(project, row))],
    }


def diagnosis(one: diagnoses.Diagnosis) -> dict[str, Any]:
    """A diagnosis as plain JSON."""
    facts = [[str(name), str(value)] for name, value in one.facts]
    told = {"code": one.code, "level": one.level, "title": str(one.title), "words": str(one.words)}
    return {**told, "facts": facts, "links": links(one.links)}


def links(pairs) -> list[dict[str, str]]:
    """Labels and URLs of pages."""
    return [{"label": str(label), "url": url} for label, url in pairs]


def message(row: Exchange, side: str) -> dict[str, Any]:
    """Headers and body of one side. The body is text when it is UTF-8, else base64."""
    headers = row.headers_in if side == "request" else row.headers_out
    body, lacks = bytes(getattr(row, f"{side}_body")), row.lacks(side)
    try:
        kept = {"text": body.decode(), "base64": None}
    except UnicodeDecodeError:
        kept = {"text": None, "base64": base64.b64encode(body).decode()}
    return {
        "headers": [list(pair) for pair in headers],
        "body": kept,
        "size": getattr(row, f"{side}_size"),
        "cut": lacks == "cut",
        "unkept": lacks == "unkept",
    }


class ExchangeList(Resource):
    """The log of a project."""

    asks = {"GET": (*FILTERS, "before", "limit"), "DELETE": (*data.SELECTIONS, "confirm")}

    @extend_schema(
        operation_id="exchanges_delete",
        parameters=[
            OpenApiParameter("q", str, description="The filter language."),
            OpenApiParameter("before", str, description="A time, ISO 8601: everything older."),
            OpenApiParameter("conversation", str, description="The key of a conversation."),
            OpenApiParameter("user", str, description="An openai-ephemeral-user-id: whom ChatGPT called for."),
            OpenApiParameter("pick", str, description="The id of one request."),
            OpenApiParameter("confirm", str, enum=["yes"], description="Without it, only what would go is told."),
        ],
        responses={202: data_shapes.WorkShape},
    )
    def delete(self, request, slug):
        """Begins to delete the requests of exactly one selection, with the replays made of them."""
        return data.delete(self.changeable(), request.query_params, request.user)

    @extend_schema(
        operation_id="exchanges_list",
        parameters=[
            *ASKS,
            OpenApiParameter("before", str, description="The id to go on before."),
            LIMIT,
        ],
        responses=shapes.ExchangePage,
    )
    def get(self, request, slug):
        """The newest first. A page may hold fewer than asked for, or none, while ``next`` leads on. ``warnings`` tell
        what the project does not have of what was asked for, and what could be meant otherwise."""
        project, params = self.project(), request.query_params
        before = self._before(params.get("before", ""))
        page = searching.page(project.pk, wished(params), before, page_size(params.get("limit"), SIZE, MOST))
        following = None
        if page.older is not None:
            url = request.build_absolute_uri()
            following = replace_query_param(url, "before", Exchange(id=page.older).public_id)
        told = {"warnings": warnings(project, params, empty=not page.rows)}
        return Response({"next": following, "previous": None, "results": [line(row) for row in page.rows], **told})

    def _before(self, text: str) -> int | None:
        try:
            return Exchange.private_id(text) if text else None
        except ValueError as error:
            raise Refused(Problem("?before", _("This is not an id: they begin with req_."), "invalid")) from error


class ExchangeHar(Resource):
    """The log as a HAR file."""

    asks = {"GET": (*FILTERS, "pick")}
    repeated = ("pick",)

    @extend_schema(
        operation_id="exchanges_har",
        parameters=[*ASKS, OpenApiParameter("pick", str, many=True, description="Ids: these instead of a filter.")],
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    def get(self, request, slug):
        """The newest matching exchanges as HTTP Archive 1.2, for other tools."""
        project, params = self.project(), request.query_params
        body = exporting.har(selecting.chosen(project, params.getlist("pick"), wished(params), newest_first=True))
        name = f'attachment; filename="{project.slug}.har"'
        return StreamingHttpResponse(body, content_type="application/json", headers={"Content-Disposition": name})


class ExchangeOne(Resource):
    """One exchange."""

    @extend_schema(operation_id="exchanges_read", responses=shapes.ExchangeWhole)
    def get(self, request, slug, public_id):
        """Everything the log keeps of it."""
        project = self.project()
        return Response(whole(project, find(project, public_id)))


class Silence(Resource):
    """Why nothing arrives."""

    @extend_schema(operation_id="exchanges_silence", responses=shapes.SilenceShape)
    def get(self, request, slug):
        """What is likely when ChatGPT took the document and no call followed, and how to check each reason."""
        found = silence.of(self.project())
        if found is None:
            return Response({"kind": "", "exchange": None, "reasons": []})
        reasons = [
            {"title": one.title, "check": one.check, "sure": one.sure, "links": links(one.links)}
            for one in found.reasons
        ]
        fetched = found.row.public_id if found.row else None
        return Response({"kind": found.kind, "exchange": fetched, "reasons": reasons})


class ExchangeCurl(Resource):
    """One exchange as a command."""

    @extend_schema(operation_id="exchanges_curl", responses=shapes.CurlShape)
    def get(self, request, slug, public_id):
        """The curl command that sends it again. Masked secrets are left as $KEY."""
        return Response({"curl": exporting.curl(find(self.project(), public_id))})


class ExchangeHurl(Resource):
    """One exchange as a Hurl file."""

    @extend_schema(operation_id="exchanges_hurl", responses=shapes.HurlShape)
    def get(self, request, slug, public_id):
        """The Hurl file that sends it again and asserts its answer. Masked secrets are variables."""
        return Response({"hurl": "".join(exporting.hurl.file([find(self.project(), public_id)]))})


class ExchangePython(Resource):
    """One exchange as a script."""

    @extend_schema(operation_id="exchanges_python", responses=shapes.PythonShape)
    def get(self, request, slug, public_id):
        """The Python script (httpx) that sends it again. Masked secrets are read from the environment."""
        return Response({"python": "".join(exporting.python.script([find(self.project(), public_id)]))})


class ExchangePostman(Resource):
    """One exchange as a collection."""

    @extend_schema(operation_id="exchanges_postman", responses=shapes.PostmanShape)
    def get(self, request, slug, public_id):
        """The Postman collection that sends it again, with its answer saved. Masked secrets are empty variables."""
        return Response({"postman": exporting.postman.collection([find(self.project(), public_id)])})


class ExchangeAdopt(Resource):
    """What one exchange has that its operation does not declare."""

    @extend_schema(operation_id="exchanges_proposals", responses=shapes.ProposalsShape)
    def get(self, request, slug, public_id):
        """The proposals of a call, as of today's definition."""
        project = self.project()
        return Response({"proposals": [proposal(one) for one in offered(project, find(project, public_id)).proposals]})

    @extend_schema(operation_id="exchanges_adopt", request=shapes.Adopt, responses=shapes.AdoptedShape)
    def post(self, request, slug, public_id):
        """Adds the chosen ones to the definition, as one revision that is served at once."""
        project = self.changeable()
        row, wanted = find(project, public_id), self.read(shapes.Adopt)["proposals"]
        offered(project, row)
        revision = adopting.adopt(project, row, wanted, by=request.user)
        return Response({"revision": revision.number if revision else None, "proposals": wanted})


def offered(project: Project, row: Exchange) -> adopting.Offer:
    """What a call proposes. Raises Http404 when its operation is gone."""
    found = adopting.offer(project, row)
    if found.operation is None:
        raise Http404(_("This call belongs to no endpoint that is there today."))
    return found


def proposal(one: Proposal) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("id", "kind", "place", "detail")} | {"label": adopting.label(one)}


class ExchangeSketch(Resource):
    """The operation that one exchange suggests."""

    @extend_schema(operation_id="exchanges_sketch", responses=operation_shapes.OperationShape)
    def get(self, request, slug, public_id):
        """A body for ``POST operations/``: path with its parameters, query, schema of the body, a first answer."""
        project = self.project()
        return Response(values.shown(adopting.sketch(project, find(project, public_id))))
