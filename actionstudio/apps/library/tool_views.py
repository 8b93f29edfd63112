"""The project as function tools of OpenAI's API: per operation, whether strict mode takes it, and why not."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from actionstudio.apps.design import newest
from actionstudio.apps.library import exporting
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.arguments import Encode, Move, Parse, Rename, Step, Unwrap
from actionstudio.core.specs import openapi, tools
from actionstudio.core.words import said

SHAPES = (("openai-tools", "Chat Completions", tools.chat), ("openai-responses-tools", "Responses", tools.responses))
OPENED = 30  # tools whose text stands on the page; the file has all


@dataclass
class Row:
    """One tool on the page: its text as it is exported, and what happens to a call of it on its way."""

    tool: tools.Tool
    text: str
    steps: list[str]


@login_required
@require_safe
def tool_list(request, slug: str):
    """Every operation that a GPT gets, as a tool; ``?as=`` and ``?strict=`` choose the shape."""
    project = access.viewable(request, slug)
    chosen = request.GET.get("as", "")
    name, _title, emit = next((shape for shape in SHAPES if shape[0] == chosen), SHAPES[0])
    strictly = request.GET.get("strict") != "0"
    found = tools.tools(newest.contract(project))
    texts = [openapi.to_json(one).decode() for one in emit(found[:OPENED], strictly=strictly)]
    texts += [""] * (len(found) - len(texts))
    rows = [Row(tool, text, [_said(step) for step in tool.steps]) for tool, text in zip(found, texts, strict=True)]
    context = {
        "nav": "settings",
        "project": project,
        "rows": rows,
        "shapes": [(key, title) for key, title, _emit in SHAPES],
        "shape": name,
        "strictly": strictly,
        "ready": sum(tool.strict.schema is not None for tool in found),
        "size": sum(map(len, texts)),
        "server": exporting.server(project),
    }
    return htmx.page(request, "library/tools.html", context)


def _said(step: Step) -> str:
    """What our address does to a call before the document's own shape is reached."""
    match step:
        case Unwrap():
            return said("The body is the value of “%(key)s” alone.", key=step.key)
        case Move() if step.in_ == "cookie":
            return said("“%(name)s” of the query becomes the cookie %(to)s.", name=step.name, to=step.to)
        case Move():
            return said("“%(name)s” of the query becomes the header %(to)s.", name=step.name, to=step.to)
        case Rename():
            return said("“%(name)s” is called %(to)s.", name=step.name, to=step.to)
        case Parse():
            return said("The text “%(name)s” in the body is read as JSON.", name=".".join(step.path))
        case Encode():
            return said("The body is sent as %(type)s.", type=step.media_type)
    raise AssertionError(step)
