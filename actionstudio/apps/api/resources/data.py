"""What the log holds of a project: bounds, rules, hiding in the past, deleting, and a person's data."""

from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import data_shapes as shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.api.resources.end_users import find
from actionstudio.apps.oauth import belongings
from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.traffic import pruning, storing
from actionstudio.apps.traffic.keeping import archiving, changing, deleting, previewing, rehiding, selections
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.hiding import Masks
from actionstudio.core.problem import Problem, Refused

LATEST = 5
SELECTIONS = ("q", "before", "conversation", "user", "pick")


def shown(project: Project) -> dict[str, Any]:
    """Everything, as the API has it."""
    amount, oldest = storing.amount(project.pk), pruning.oldest(project.pk)
    return {
        **{name: getattr(project, name) for name in (*changing.BOUNDS, "keep_bodies", "bodyless")},
        "rules": [changing.plain(rule) for rule in changing.of(project)],
        "stored": {
            "requests": amount.calls,
            "bytes": amount.bytes,
            "oldest": Exchange(pk=oldest).at if oldest < 1 << 63 else None,
        },
        "work": [work(job) for job in deleting.of(project)[:LATEST]],
    }


def work(job: Job) -> dict[str, Any]:
    """A job on the log."""
    hides = job.kind.startswith(rehiding.__name__)
    told = job.result if hides else {}
    return {
        "id": job.pk,
        "kind": "hide" if hides else "delete",
        "state": job.state,
        "done": told.get("looked", job.done),
        "changed": told.get("changed", 0),
        "error": job.error,
        "created": job.created,
        "finished": job.finished,
    }


class DataOne(Resource):
    """How the log keeps what it holds."""

    @extend_schema(operation_id="data_read", responses=shapes.DataShape)
    def get(self, request, slug):
        """Bounds, rules, what is stored, and the latest work on it."""
        return Response(shown(self.project()))

    @extend_schema(operation_id="data_update", request=shapes.DataPatch, responses=shapes.DataShape)
    def patch(self, request, slug):
        """Changes it; it holds for the next call. Bounds are seen to once a day, or by ``studio_prune``."""
        project = self.changeable()
        wish = self.read(shapes.DataPatch)
        if "rules" in wish:
            wish["hiding"] = [changing.plain(rule) for rule in changing.rules(wish.pop("rules"), "/rules")]
        if "bodyless" in wish:
            known = set(project.operations.values_list("operation_id", flat=True)) | {*project.bodyless}
            if strange := [name for name in wish["bodyless"] if name not in known]:
                raise Refused(
                    Problem("/bodyless", _("This project has no operation “%(name)s”.") % {"name": strange[0]})
                )
        changing.keep(project, **wish)
        return Response(shown(project))


class DataPreview(Resource):
    """What rules would hide."""

    @extend_schema(operation_id="data_preview", request=shapes.PreviewAsk, responses=shapes.PreviewShape)
    def post(self, request, slug):
        """Looks at the newest requests; nothing is written."""
        project = self.project()
        rules = changing.rules(self.read(shapes.PreviewAsk)["rules"], "/rules")
        wanted = Masks.of(map(str.lower, project.masks), rules, project.keep_bodies, project.bodyless)
        made = previewing.preview(project, wanted)
        results = [
            {
                "id": row.public_id,
                "places": [{"place": one.label, "before": one.before, "after": one.after} for one in places],
            }
            for row, places in made.shown
        ]
        return Response({"looked": made.looked, "hit": made.hit, "results": results})


class DataHide(Resource):
    """Hiding in the past."""

    @extend_schema(operation_id="data_hide", request=None, responses={202: shapes.WorkShape})
    def post(self, request, slug):
        """Writes every stored request anew with today's names and rules. What is hidden cannot be brought back."""
        return Response(work(rehiding.start(self.changeable(), by=request.user)), 202)


class DataWork(Resource):
    """One such work."""

    @extend_schema(operation_id="data_work_read", responses=shapes.WorkShape)
    def get(self, request, slug, job_id):
        """How far it is."""
        return Response(work(_job(self.project(), job_id)))

    @extend_schema(operation_id="data_work_cancel", responses={204: None})
    def delete(self, request, slug, job_id):
        """Stops it; what it has done is done."""
        jobs.cancel(_job(self.changeable(), job_id))
        return Response(status=204)


class UserData(Resource):
    """All that is held of an end user."""

    @extend_schema(operation_id="end_user_data_read", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request, slug, sub):
        """Account, apps, browsers, keys without their texts, sign-ins, conversations, requests: JSON files in a ZIP."""
        name = f'attachment; filename="{slug}-{sub}.zip"'
        body = belongings.archive(find(self.project(), sub))
        return StreamingHttpResponse(body, content_type="application/zip", headers={"Content-Disposition": name})

    @extend_schema(operation_id="end_user_data_delete", responses={202: shapes.WorkShape})
    def delete(self, request, slug, sub):
        """Begins to delete their requests, with the replays made of them. The account stays."""
        return Response(work(belongings.delete_calls(find(self.changeable(), sub), by=request.user)), 202)


class ChatGPTUserData(Resource):
    """All that the log has of a user of ChatGPT, who needs no account here."""

    @extend_schema(operation_id="chatgpt_user_data_read", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request, slug, user):
        """Conversations and requests made for the user of this ``openai-ephemeral-user-id``: JSON files in a ZIP."""
        project = self.project()
        _known(project, user)
        body = archiving.of_user(project, user)
        name = f'attachment; filename="{slug}-user.zip"'
        return StreamingHttpResponse(body, content_type="application/zip", headers={"Content-Disposition": name})

    @extend_schema(operation_id="chatgpt_user_data_delete", responses={202: shapes.WorkShape})
    def delete(self, request, slug, user):
        """Begins to delete their requests, with the replays made of them."""
        project = self.changeable()
        _known(project, user)
        return Response(work(deleting.start(project, {"user": user}, by=request.user)), 202)


def _known(project: Project, user: str) -> None:
    if next(selections.ids(project, {"user": user}, selections.newest(project)), None) is None:
        raise Http404(_("No request here was made for this user of ChatGPT."))


def delete(project: Project, params, by) -> Response:
    """Deletes logged requests by one selection; only with ``confirm=yes``. Raises Refused with what it would do."""
    wanted = selections.read({name: value for name, value in params.items() if name != "confirm"})
    if params.get("confirm") != "yes":
        outlook = deleting.outlook(project, wanted)
        words = _("This would delete %(number)s for good, with the replays made of them. Add confirm=yes.")
        raise Refused(Problem("?confirm", words % {"number": deleting.words(outlook.number, outlook.more)}, "unsure"))
    return Response(work(deleting.start(project, wanted, by)), 202)


def _job(project: Project, job_id) -> Job:
    found = deleting.of(project).filter(pk=job_id).first()
    if found is None:
        raise Http404(_("There is no such work."))
    return found
