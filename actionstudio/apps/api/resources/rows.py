"""The rows of a collection: what stateful operations keep, by list; reset; snapshots."""

import base64
import binascii
from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from actionstudio.apps.api.fields import Line, Text
from actionstudio.apps.api.problems import Conflict
from actionstudio.apps.api.resource import LIMIT, Resource, Shape, page_size
from actionstudio.apps.design import newest
from actionstudio.apps.mocking import defining, rows
from actionstudio.apps.mocking.models import Snapshot
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.ports import Full

LIST = OpenApiParameter("list", str, description="Which list of a partitioned collection; the shared one when empty.")
CURSOR = OpenApiParameter("cursor", str, description="Where the page begins: follow `next`.")
PLACE = 200  # characters of a list's name


class TooFull(APIException):
    """The collection, or the project's snapshots, may not grow any more."""

    status_code = 507
    default_code = "full"


class RowShape(Shape):
    """One row: its key (the id as text) and its value."""

    key = Text(read_only=True)
    value = serializers.JSONField(allow_null=True)


class RowsShape(Shape):
    """A page of rows, in their order."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=RowShape())


class RowsPut(Shape):
    """The rows that a list is to have."""

    rows = serializers.ListField(child=serializers.JSONField(allow_null=True), max_length=10_000)


class CountShape(Shape):
    """How many rows there are now."""

    rows = serializers.IntegerField()


class ResetShape(Shape):
    """Which list begins anew: the shared one, ``list``, or ``all`` of them."""

    list = Text(max_length=PLACE)
    all = serializers.BooleanField(required=False, default=False)


class SnapshotShape(Shape):
    """All lists of a collection as they were."""

    id = serializers.IntegerField(read_only=True)
    name = Line(max_length=100)
    rows = serializers.IntegerField(read_only=True)
    created = serializers.DateTimeField(read_only=True)


class SnapshotsShape(Shape):
    """A collection's snapshots, newest first, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=SnapshotShape())


class OfCollection(Resource):
    """What the resources of one collection share."""

    def found(self, project):
        """The collection of the URL and the shared schemas. Raises Http404."""
        value = newest.contract(project)
        one = defining.find(value, self.kwargs["name"])
        if one is None:
            raise Http404(_("No such collection."))
        return one, value.schemas()

    def place(self, project):
        """The list that ``?list=`` names, and the shared schemas."""
        one, shared = self.found(project)
        partition = self.request.query_params.get("list", "") if one.partition else ""
        if len(partition) > PLACE:
            raise Refused(Problem("?list", _("A list's name has at most %(n)d characters.") % {"n": PLACE}, "long"))
        return rows.place(project, one, partition), shared

    def kept[T](self, deed: Callable[[], T], at: str = "") -> T:
        """What ``deed`` returns; a collection that is full answers 507, a row that may not be so 400, with its place
        below ``at``."""
        try:
            return deed()
        except Full as error:
            raise TooFull(str(told(error.args[0]))) from error
        except Refused as refused:
            first = refused.problems[0]
            if first.code == "gone":
                raise Http404(str(told(first.message))) from refused
            raise Refused(
                *(Problem(f"{at}{p.pointer}", str(told(p.message)), p.code) for p in refused.problems)
            ) from refused


class RowList(OfCollection):
    """The rows of one list of a collection."""

    asks = {"GET": ("list", "cursor", "limit"), "POST": ("list",), "PUT": ("list",)}

    @extend_schema(operation_id="rows_list", parameters=[LIST, CURSOR, LIMIT], responses=RowsShape)
    def get(self, request, slug, name):
        """In their order, as the next call would find them."""
        place, _shared = self.place(self.project())
        limit = page_size(request.query_params.get("limit"), 50, 200)
        held = rows.store().read(place).rows
        keys = list(held)
        start = _after(request.query_params.get("cursor"), keys)
        part = keys[start : start + limit]
        more = start + limit < len(keys)
        found = [{"key": key, "value": held[key]} for key in part]
        return Response({"next": self._next(part[-1], limit) if more else None, "previous": None, "results": found})

    @extend_schema(operation_id="rows_create", parameters=[LIST], request=RowShape, responses={201: RowShape})
    def post(self, request, slug, name):
        """Adds a row at the end. Its id is made when it has none."""
        place, shared = self.place(self.changeable())
        value = self.read(RowShape)["value"]
        key = self.kept(lambda: rows.insert(place, value, shared), "/value")
        return Response({"key": key, "value": rows.store().read(place).rows.get(key, value)}, 201)

    @extend_schema(operation_id="rows_replace", parameters=[LIST], request=RowsPut, responses=CountShape)
    def put(self, request, slug, name):
        """Replaces all rows of the list."""
        place, shared = self.place(self.changeable())
        wanted = self.read(RowsPut)["rows"]
        self.kept(lambda: rows.check_all(place, wanted, shared), "/rows")
        return Response({"rows": self.kept(lambda: rows.add_all(place, wanted, shared, replace=True)).added})

    def _next(self, key: str, limit: int) -> str:
        asked = {"cursor": base64.urlsafe_b64encode(key.encode()).decode(), "limit": limit}
        if "list" in self.request.query_params:
            asked["list"] = self.request.query_params["list"]
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(asked)}")


def _after(cursor: str | None, keys: list[str]) -> int:
    """Where the rows behind a cursor begin. A row that is gone meanwhile: at the first."""
    if cursor is None:
        return 0
    try:
        key = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Refused(
            Problem("?cursor", _("This is not a cursor of ours: follow “next” as it is."), "invalid")
        ) from error
    return keys.index(key) + 1 if key in keys else 0


class RowOne(OfCollection):
    """One row, by its id."""

    asks = {"GET": ("list",), "PUT": ("list",), "DELETE": ("list",)}

    @extend_schema(operation_id="rows_read", parameters=[LIST], responses=RowShape)
    def get(self, request, slug, name, key):
        """One row."""
        place, _shared = self.place(self.project())
        held = rows.store().read(place).rows
        if key not in held:
            raise Http404(_("No such row."))
        return Response({"key": key, "value": held[key]})

    @extend_schema(operation_id="rows_write", parameters=[LIST], request=RowShape, responses=RowShape)
    def put(self, request, slug, name, key):
        """Writes it anew; its id stays."""
        place, shared = self.place(self.changeable())
        value = self.read(RowShape)["value"]
        self.kept(lambda: rows.put(place, key, value, shared), "/value")
        return Response({"key": key, "value": value})

    @extend_schema(operation_id="rows_delete", parameters=[LIST], responses={204: None})
    def delete(self, request, slug, name, key):
        """Deletes it."""
        place, _shared = self.place(self.changeable())
        if not self.kept(lambda: rows.delete(place, key)):
            raise Http404(_("No such row."))
        return Response(status=204)


class Reset(OfCollection):
    """Lists as they begin."""

    @extend_schema(operation_id="rows_reset", request=ResetShape, responses={204: None})
    def post(self, request, slug, name):
        """Forgets what calls have changed; the list has the rows it begins with."""
        project = self.changeable()
        one, _shared = self.found(project)
        asked = self.read(ResetShape)
        if asked["all"]:
            rows.reset_all(project, one)
        else:
            rows.reset(rows.place(project, one, asked.get("list", "") if one.partition else ""))
        return Response(status=204)


class SnapshotList(OfCollection):
    """Snapshots of a collection."""

    @extend_schema(operation_id="snapshots_list", responses=SnapshotsShape)
    def get(self, request, slug, name):
        """The newest first."""
        project = self.project()
        found = [_snapshot(row) for row in rows.snapshots(project, self.found(project)[0])]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(operation_id="snapshots_create", request=SnapshotShape, responses={201: SnapshotShape})
    def post(self, request, slug, name):
        """Keeps all lists as they are now."""
        project = self.changeable()
        one, _shared = self.found(project)
        title = self.read(SnapshotShape)["name"]
        return Response(_snapshot(self.kept(lambda: rows.snapshot(project, one, title, request.user))), 201)


class SnapshotOne(OfCollection):
    """One snapshot."""

    @extend_schema(operation_id="snapshots_delete", responses={204: None})
    def delete(self, request, slug, name, number):
        """Deletes it."""
        self.snapshot(self.changeable()).delete()
        return Response(status=204)

    def snapshot(self, project) -> Snapshot:
        """The snapshot of the URL. Raises Http404."""
        found = rows.find_snapshot(project, self.found(project)[0], str(self.kwargs["number"]))
        if found is None:
            raise Http404(_("No such snapshot."))
        return found


class SnapshotRestore(SnapshotOne):
    """Going back to a snapshot."""

    http_method_names = ["post", "options"]

    @extend_schema(operation_id="snapshots_restore", request=None, responses={204: None})
    def post(self, request, slug, name, number):
        """All lists are as they were then."""
        project = self.changeable()
        found = self.snapshot(project)
        try:
            rows.restore(project, self.found(project)[0], found)
        except Full as error:
            raise Conflict(str(told(error.args[0]))) from error
        return Response(status=204)


def _snapshot(row: Snapshot) -> dict:
    return {"id": row.pk, "name": row.name, "rows": row.rows, "created": row.created}
