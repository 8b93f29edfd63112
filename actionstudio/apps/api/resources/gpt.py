"""ChatGPT's side: its import simulated, the repairs of the GPT profile, and any text checked without a project."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import gpt_shapes, shapes
from actionstudio.apps.api.problems import Unreadable
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.design import newest
from actionstudio.apps.gpt import checking, repairing, simulating
from actionstudio.apps.library import importing
from actionstudio.apps.web.telling import told
from actionstudio.core.importer import Import
from actionstudio.core.importer.message import Message
from actionstudio.core.importer.profile import applicable
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import typescript

LINE = ("text", "level", "layer", "rule", "pointer", "explanation", "confidence", "cause", "repair")
REPAIR = ("code", "title", "about", "count", "shapes", "review")


def line(message: Message) -> dict[str, str]:
    """A line of the editor as the API shows it; its explanation in the reader's language."""
    found = {name: getattr(message, name) for name in LINE}
    texts = {"explanation": told(message.explanation)}
    return {**found, **texts, **({"text": told(message.text)} if message.layer == "silent" else {})}


def outcome(imported: Import) -> dict[str, Any]:
    """The messages and operations of an import."""
    return {
        "fatal": imported.fatal,
        "messages": [line(message) for message in imported.messages],
        "silent": [line(message) for message in imported.silent],
        "more": imported.more,
        "operations": simulating.operations(imported),
    }


def whole(imported: Import) -> dict[str, Any]:
    """The same with what the model then sees."""
    text = imported.namespace
    return {**outcome(imported), "typescript": text, "characters": len(text), "tokens": typescript.tokens(text)}


def given(wish: dict[str, Any]) -> bytes:
    """The text of a wish, or what its link leads to. Raises Unreadable when there is nothing behind the link."""
    try:
        return importing.fetched(wish["url"]) if wish.get("url") else wish["source"].encode()
    except Refused as refused:
        raise Unreadable(refused) from refused


class ChatGptImport(Resource):
    """What ChatGPT's editor says when it imports a document."""

    asks = {"GET": ("profile",), "POST": ("profile",)}
    WHICH = OpenApiParameter("profile", str, enum=[*simulating.PROFILES], description="Of the project's own document.")

    @extend_schema(operation_id="chatgpt_import_read", parameters=[WHICH], responses=gpt_shapes.ChatGptImportShape)
    def get(self, request, slug):
        """Of the document at the project's address, or with ``profile=full`` of the whole one."""
        return Response(whole(self._own(self.project())))

    @extend_schema(
        operation_id="chatgpt_import",
        parameters=[WHICH],
        request=shapes.SourceShape,
        responses=gpt_shapes.ChatGptImportShape,
    )
    def post(self, request, slug):
        """Of any text or of what a link leads to; without either, of the project's own document."""
        project = self.project()
        if request.data in ({}, None):
            return Response(whole(self._own(project)))
        return Response(whole(checking.imported(given(self.read(shapes.SourceShape)))))

    def _own(self, project) -> Import:
        profile = self.request.query_params.get("profile", "gpt")
        if profile not in simulating.PROFILES:
            message = _("There is no profile “%(name)s”. There are: %(names)s.")
            filled = message % {"name": profile, "names": ", ".join(simulating.PROFILES)}
            raise Refused(Problem("?profile", filled, "unknown-profile"))
        return simulating.served(newest.contract(project), simulating.address_of(project), profile)


class Repair(Resource):
    """The repairs of the GPT profile."""

    @extend_schema(operation_id="repair_read", responses=gpt_shapes.RepairsShape)
    def get(self, request, slug):
        """The repairs that would change something, and those that are on."""
        contract = newest.contract(self.project())
        on = [
            {
                "code": item.repair.code,
                "title": told(item.repair.title),
                "about": item.repair.about,
                "count": item.count,
                "shapes": item.shapes,
                "review": sum(note.review for note in item.notes),
                "options": contract.repairs[item.repair.code],
            }
            for item in repairing.active(contract)
        ]
        apply = [{name: told(getattr(item, name)) for name in REPAIR} for item in applicable(contract)]
        return Response({"applicable": apply, "active": on})

    @extend_schema(operation_id="repair", request=gpt_shapes.RepairPost, responses=gpt_shapes.RepairDoneShape)
    def post(self, request, slug):
        """Switches repairs on, or takes them back, as one revision."""
        project = self.changeable()
        wish = self.read(gpt_shapes.RepairPost)
        if "undo" in wish:
            return Response(_done(project, repairing.undo(project, wish["undo"], request.user), undone=True))
        codes = None if wish["codes"] == "all" else wish["codes"]
        return Response(_done(project, repairing.apply(project, codes, wish.get("options"), request.user)))

    @extend_schema(operation_id="repair_undo", responses=gpt_shapes.RepairDoneShape)
    def delete(self, request, slug):
        """Takes back every repair that is on, as one revision."""
        project = self.changeable()
        return Response(_done(project, repairing.undo(project, None, request.user), undone=True))


def _done(project, done: repairing.Done, undone: bool = False) -> dict[str, Any]:
    left = simulating.served(done.contract, simulating.address_of(project)).messages
    notes = [
        {"code": note.code, "pointer": note.pointer, "message": told(note.message), "review": note.review}
        for note in done.notes
    ]
    return {
        "revision": done.revision.number if done.revision else None,
        "applied": [] if undone else list(done.codes),
        "undone": list(done.codes) if undone else [],
        "notes": notes,
        "remaining": [line(message) for message in left],
    }


class Check(Resource):
    """Any document, without a project."""

    @extend_schema(operation_id="check", request=shapes.SourceShape, responses=gpt_shapes.CheckedShape)
    def post(self, request):
        """What ChatGPT says to a text, and what would be left to say after the repairs. Nothing is kept.

        A text in another format than OpenAPI is judged by the document made of it.
        """
        found = checking.check(given(self.read(shapes.SourceShape)))
        after = None
        if found.after is not None:
            after = {**outcome(found.after), "applied": [item.code for item in found.repairs]}
        problems = [{"pointer": p.pointer, "code": p.code, "message": told(p.message)} for p in found.problems]
        about = {
            "format": told(found.format),
            "converted": found.made is not None,
            "as_it_is": outcome(found.imported) if found.made is not None else None,
        }
        return Response({**whole(found.first), **about, "after": after, "problems": problems})
