"""Cases that come and go by the dozen: starters of the project's own texts, and files."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.simulator.models import PromptSuite
from actionstudio.apps.simulator.prompt_pages import finding
from actionstudio.apps.simulator.prompts import beginning, telling
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import formats

TYPES = {"csv": "text/csv", "jsonl": "application/jsonl", "bfcl": "application/jsonl", "promptfoo": "application/json"}
SUFFIXES = {"csv": "csv", "jsonl": "jsonl", "bfcl": "bfcl.jsonl", "promptfoo": "promptfoo.json"}
OF = {
    "sentence": lambda: _("what an operation does"),
    "enum": lambda: _("a value of its list"),
    "starter": lambda: _("conversation starter"),
    "nothing": lambda: _("nothing to call"),
}


@login_required
def starters(request, slug: str, suite: str):
    """Cases that the project's own texts suggest; those that are ticked are kept."""
    row = finding.suite(request, slug, suite, change=True)
    found, problems = [], []
    try:
        found = beginning.proposed(row)
        if request.method == "POST":
            wanted = set(request.POST.getlist("pick"))
            chosen = [one for one in found if one.case.utterance in wanted]
            if chosen:
                return _kept(row, beginning.keep(row, chosen))
            problems = [_("Tick the sentences that are to become cases.")]
    except Refused as refused:
        problems = [told(one.message) for one in refused.problems]
    ticked = set(request.POST.getlist("pick")) if request.method == "POST" else None
    context = {
        "project": row.project,
        "nav": "prompts",
        "suite": row,
        "rows": [
            (one, telling.kind(one.case.kind), OF[one.of](), ticked is None or one.case.utterance in ticked)
            for one in found
        ],
        "problems": problems,
    }
    return htmx.page(request, "prompts/starters.html", context, status=422 if problems else 200)


@login_required
def take(request, slug: str, suite: str):
    """Cases of a file: chosen, or put into the field. All of them are kept, or none."""
    row = finding.suite(request, slug, suite, change=True)
    problems, text, kind = [], "", "auto"
    if request.method == "POST":
        kind = request.POST.get("format", "auto")
        try:
            text = _text(request)
            made = beginning.imported(row, text, kind)
            return _kept(row, made, beginning.doubts(row, made))
        except Refused as refused:
            problems = [told(one.message) for one in refused.problems]
    context = {
        "project": row.project,
        "nav": "prompts",
        "suite": row,
        "problems": problems,
        "text": text,
        "kind": kind,
        "kinds": ["auto", *formats.READERS],
        "columns": ", ".join(formats.COLUMNS),
    }
    return htmx.page(request, "prompts/import.html", context, status=422 if problems else 200)


@login_required
def export(request, slug: str, suite: str, form: str):
    """All cases as a file."""
    row = finding.suite(request, slug, suite)
    if form not in formats.WRITERS:
        raise Http404
    name = f"{row.slug}.{SUFFIXES[form]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(beginning.exported(row, form), f"{TYPES[form]}; charset=utf-8", headers=headers)


def _text(request) -> str:
    """The file's text, or what was typed. Raises Refused when the file is no text."""
    sent = request.FILES.get("file")
    if sent is None:
        return request.POST.get("text", "")
    try:
        return sent.read(4 * formats.LONGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Problem("/text", _("This file is no text in UTF-8."), "text")) from None


def _kept(row: PromptSuite, made, doubts=()):
    words = ngettext("%(n)d case was added.", "%(n)d cases were added.", len(made)) % {"n": len(made)}
    unknown = [one.operations[0] for one in doubts if one.code == "gone"]
    if unknown:
        said = _("They speak of operations that ChatGPT does not have: %(names)s.")
        words = f"{words} {said % {'names': ', '.join(unknown[:10])}}"
    where = f"{reverse('simulator:prompt-suite', args=[row.project.slug, row.slug])}#cases"
    return htmx.redirect(where, words, "warn" if doubts else "ok")
