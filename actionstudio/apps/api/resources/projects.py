"""Projects: the list, one, its document's texts, import, export and checks."""

from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from actionstudio.apps.api import shapes
from actionstudio.apps.api.parsing import ImageParser
from actionstudio.apps.api.problems import Unreadable
from actionstudio.apps.api.resource import LIMIT, Pages, Resource
from actionstudio.apps.design import declaring, models
from actionstudio.apps.library import bundle, configuring, creating, detecting, exporting, importing, logo
from actionstudio.apps.library.starters import starter
from actionstudio.apps.projects import access, deleting
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address, Revision
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core import codec, lint
from actionstudio.core.contract import Contract, Manifest, Server
from actionstudio.core.lint.rule import Finding
from actionstudio.core.problem import Problem, Refused

FINDINGS = 500  # that a report of an import lists
PAGE = [OpenApiParameter("cursor", str, description="Where a page begins: comes from “next”."), LIMIT]


def shown(project: Project) -> dict[str, Any]:
    """A project as the API shows it; comes from :func:`listed`."""
    return {
        "slug": project.slug,
        "name": project.name,
        "description": project.description,
        "masks": project.masks,
        "addresses": [address(row) for row in project.addresses.all()],
        "operations": project.operations_count,
        "revision": project.revision_number or 0,
        "created": project.created,
        "updated": project.updated,
    }


def address(row: Address) -> dict[str, Any]:
    return {
        "name": row.name,
        "domain": row.domain,
        "pinned": row.pinned.number if row.pinned else None,
        "urls": list(base_urls(row.name, row.domain)),
        "primary": row.primary,
    }


def listed(user):
    """The user's projects with what :func:`shown` needs: two queries for any number."""
    newest = Revision.objects.filter(project=OuterRef("pk")).order_by("-number").values("number")[:1]
    return (
        access.mine(user)
        .annotate(operations_count=Count("operations", distinct=True), revision_number=Subquery(newest))
        .prefetch_related("addresses__pinned")
    )


class ProjectList(Resource):
    """All your projects."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="projects_list", parameters=PAGE, responses=shapes.ProjectShape(many=True))
    def get(self, request):
        """Your projects, the newest first."""
        pages = Pages()
        rows = pages.paginate_queryset(listed(request.user), request, self)
        return pages.get_paginated_response([shown(row) for row in rows])

    @extend_schema(operation_id="projects_create", request=shapes.ProjectCreate, responses={201: shapes.ProjectShape})
    def post(self, request):
        """Creates a project, blank or from a template."""
        wish = self.read(shapes.ProjectCreate)
        value = starter(wish["template"]) if wish.get("template") else Contract(title=wish["name"])
        project = creating.create(request.user, value, name=wish["name"], slug=wish.get("slug", ""))
        return created(request, project)


def created(request, project: Project, **around: Any) -> Response:
    """201 with the project and where it is; ``around`` are the keys that stand beside it."""
    body = shown(listed(request.user).get(pk=project.pk))
    location = reverse("api:project", kwargs={"slug": project.slug}, request=request)
    return Response({"project": body, **around} if around else body, 201, headers={"Location": location})


class ProjectOne(Resource):
    """One project."""

    @extend_schema(operation_id="projects_read", responses=shapes.ProjectWhole)
    def get(self, request, slug):
        """One project, with the collections, upstreams and rate limits of its mocks."""
        return Response(self._shown())

    @extend_schema(operation_id="projects_update", request=shapes.ProjectPatch, responses=shapes.ProjectWhole)
    def patch(self, request, slug):
        """Changes its name, description, masked names, or what its mocks share."""
        project = self.changeable()
        wish = self.read(shapes.ProjectPatch)
        with transaction.atomic():
            configuring.rename(project, wish.get("name", project.name), wish.get("description", project.description))
            if "masks" in wish:
                configuring.change_masks(project, wish["masks"])
            shared = {name: wish[name] for name in declaring.SHARED if name in wish}
            if shared:
                declaring.declare(project, request.user, **shared)
        return Response(self._shown())

    @extend_schema(operation_id="projects_delete", responses={204: None})
    def delete(self, request, slug):
        """Deletes the project with its history, keys and log. Its addresses stop answering at once."""
        deleting.delete(self.changeable(), by=request.user)
        return Response(status=204)

    def _shown(self) -> dict[str, Any]:
        self.project()
        row = listed(self.request.user).select_related("document").get(slug=self.kwargs["slug"])
        return shown(row) | {name: getattr(row.document, name) for name in declaring.SHARED}


class DocumentOne(Resource):
    """What the project's document says about itself."""

    @extend_schema(operation_id="document_read", responses=shapes.DocumentShape)
    def get(self, request, slug):
        """Title, version, texts, servers and tags."""
        return Response(document(self.project()))

    @extend_schema(operation_id="document_update", request=shapes.DocumentPatch, responses=shapes.DocumentShape)
    def patch(self, request, slug):
        """Changes some of them, as one revision."""
        project = self.changeable()
        wish = self.read(shapes.DocumentPatch)
        if "servers" in wish:
            wish["servers"] = [codec.plain(_server(index, raw)) for index, raw in enumerate(wish["servers"])]
        if "manifest" in wish:
            texts = models.Document.objects.values_list("manifest", flat=True).get(project=project)
            wish["manifest"] = codec.plain(codec.value_of(Manifest, {**texts, **wish["manifest"]}))
        configuring.change_document(project, request.user, **wish)
        return Response(document(project))


def document(project: Project) -> dict[str, Any]:
    """The document's own facts as the API shows them."""
    row = models.Document.objects.get(project=project)
    own = ("revision", "servers", "manifest")
    found = {name: getattr(row, name) for name in shapes.DocumentShape().fields if name not in own}
    servers = [{"url": s["url"], "description": s.get("description", ""), **s.get("extra", {})} for s in row.servers]
    texts = {name: row.manifest.get(name, "") for name in shapes.ManifestShape().fields}
    newest = project.revisions.values_list("number", flat=True).first()
    return {**found, "servers": servers, "manifest": texts, "revision": newest}


def _server(index: int, raw: dict[str, Any]) -> Server:
    rest = dict(raw)
    url, description = rest.pop("url", None), rest.pop("description", "")
    usable = isinstance(url, str) and url.strip() and isinstance(description, str)
    if not usable or not isinstance(rest.get("variables", {}), dict):
        raise Refused(Problem(f"/servers/{index}", _("A server needs a “url”."), "server-url"))
    return Server(url, description, rest)


class LogoOne(Resource):
    """The project's logo."""

    parser_classes = [ImageParser]

    @extend_schema(
        operation_id="logo_replace",
        request=dict.fromkeys(ImageParser.KINDS, OpenApiTypes.BINARY),
        responses=shapes.DocumentShape,
    )
    def put(self, request, slug):
        """Checks the image, fits it into 512 x 512 and keeps it as PNG, as one revision."""
        project = self.changeable()
        configuring.change_logo(project, logo.checked(request.data or b""), request.user)
        return Response(document(project))

    @extend_schema(operation_id="logo_delete", responses={204: None})
    def delete(self, request, slug):
        """Takes the logo away."""
        configuring.change_logo(self.changeable(), b"", request.user)
        return Response(status=204)


class Import(Resource):
    """A project from a document."""

    @extend_schema(
        operation_id="projects_import",
        request=shapes.ImportShape,
        responses={201: shapes.ImportedShape, 200: shapes.ImportedShape},
    )
    def post(self, request):
        """Makes a project of a document of any format that is read, or a bundle, given as text or as a link."""
        wish = self.read(shapes.ImportShape)
        try:
            found = read_wish(wish)
            creating.check(found[0].contract)
        except Refused as refused:
            raise Unreadable(refused) from refused
        report = report_of(found[0].contract, found[1])
        if wish.get("dry_run"):
            return Response({"project": None, "report": report})
        wishes = {"url": wish.get("url", ""), "name": wish.get("name", ""), "slug": wish.get("slug", "")}
        project, _details = importing.create(request.user, found, wishes)
        return created(request, project, report=report)


def read_wish(wish: dict[str, Any]) -> tuple[bundle.Bundle, dict[str, Any]]:
    """What a wish's text or link says, and the reader's report. Raises Refused."""
    format = wish.get("format", detecting.AUTO)
    if wish.get("url"):
        return importing.read_from(wish["url"], format)
    return importing.read(wish["source"].encode(), format)


def report_of(value: Contract, details: dict[str, Any]) -> dict[str, Any]:
    """What the reader noticed, then what the checks say of what it kept."""
    names = shapes.ImportFindingShape().fields
    noticed = [{name: value for name, value in one.items() if name in names} for one in details["problems"]]
    checked = [_import_finding(item) for item in lint.check(value)]
    kept = {name: details[name] for name in ("format", "reader", "operations_in", "operations_kept")}
    count = details["problems_count"] + len(checked)
    return {**kept, "findings": [*noticed, *checked][:FINDINGS], "findings_count": count}


def _import_finding(item: Finding) -> dict[str, Any]:
    shown = {name: getattr(item, name) for name in ("code", "level", "pointer", "message")}
    return {**shown, "repair": item.fix} if item.fix else shown


class Export(Resource):
    """The project in a format others read."""

    asks = {"GET": ("as", "strict")}

    @extend_schema(
        operation_id="projects_export",
        parameters=[
            OpenApiParameter("as", str, enum=[*exporting.FORMATS], required=True),
            OpenApiParameter("strict", str, enum=["0", "1"], description="Of tools: strict mode where it can be had."),
        ],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "application/yaml"): OpenApiTypes.OBJECT,
            (200, bundle.MEDIA_TYPE): OpenApiTypes.BINARY,
        },
    )
    def get(self, request, slug):
        """The whole document (openapi-…), what GPT gets (gpt-…), the plugin manifest, or everything as one file.

        Tools for OpenAI's API: for Chat Completions, for Responses, and the map of their arguments.
        """
        project = self.project()
        wanted = request.query_params.get("as", "")
        if wanted not in exporting.FORMATS:
            message = _("There is no export “%(name)s”. There are: %(names)s.")
            filled = message % {"name": wanted, "names": ", ".join(exporting.FORMATS)}
            raise Refused(Problem("?as", filled, "unknown-export"))
        file = exporting.export(project, wanted, request.query_params.get("strict", ""))
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return HttpResponse(file.content, file.media_type, headers=headers)
