"""One cell of the confusion matrix: its cases, both descriptions side by side, changed in place, and asked again."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.simulator.models import PromptOutcome, PromptRun
from actionstudio.apps.simulator.prompt_pages import describing, finding, tables
from actionstudio.apps.simulator.prompts import offering, results, starting, telling
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.limits import OPERATION_TEXT
from actionstudio.core.problem import Refused
from actionstudio.core.prompting import fields, hints
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.prompting.scoring import NO_CALL

CASES = 100  # that the page shows


@login_required
def cell(request, slug: str, suite: str, pk: int):
    """Why it was called where the other was expected. A post changes descriptions, and may ask again at once."""
    posted = request.method == "POST"
    run = finding.run(request, slug, suite, pk, change=posted)
    expected, called = (request.GET.get(name, "")[:300] for name in ("expected", "called"))
    model = _model(run, request.GET.get("model", "0"))
    names = tuple(dict.fromkeys(name for name in (expected, called) if name != NO_CALL))
    problems: dict[str, str] = {}
    if posted:
        try:
            return _changed(request, run, names)
        except Refused as refused:
            problems = {one.pointer.strip("/"): told(one.message) for one in refused.problems}
    live, trouble = _live(run)
    typed = dict(zip(request.POST.getlist("operation"), request.POST.getlist("text"), strict=False)) if posted else {}
    then = {one.operation: one for one in run.sheets}
    sides = describing.sides(run.suite.project, names, live, then, typed)
    rows = results.cell(run, expected, called, model)
    context = {
        "project": run.suite.project,
        "nav": "prompts",
        "suite": run.suite,
        "run": run,
        "model": run.asks[model]["label"],
        "expected": tables.named(expected),
        "called": tables.named(called),
        "right": expected == called,
        "rows": [_told(one) for one in rows[:CASES]],
        "count": len(rows),
        "sides": [replace(one, error=problems.get(one.operation, "")) for one in sides],
        "common": hints.shared(*(live.get(name) or then[name] for name in names)) if len(sides) == 2 else (),
        "most": OPERATION_TEXT,
        "trouble": trouble or problems.get("", ""),
        "wrong": bool(problems),
        "touched": len(starting.affected(run, names)) if names else 0,
        "changes": _changes(run, live),
        "editable": any(one.text is not None for one in sides),
    }
    return htmx.page(request, "prompts/cell.html", context, status=422 if problems else 200)


def _changed(request, run: PromptRun, names: tuple[str, ...]):
    """Writes what was typed, then asks again or comes back. Raises Refused when nothing was written."""
    project = run.suite.project
    lists = [request.POST.getlist(name) for name in ("operation", "was", "text")]
    texts = {name: (was, text) for name, was, text in zip(*lists, strict=False) if name in names}
    changed = describing.change(project, texts, request.user)
    if request.POST.get("go") == "ask":
        try:
            made = starting.again(run, request.user)
        except Refused as refused:
            words = _("Saved. Not asked: %(why)s") if changed else _("Nothing was changed. Not asked: %(why)s")
            return htmx.redirect(request.get_full_path(), words % {"why": told(refused.problems[0].message)}, "warn")
        return htmx.redirect(reverse("simulator:prompt-run", args=[project.slug, run.suite.slug, made.pk]))
    words = ngettext("%(n)d description is saved and served.", "%(n)d descriptions are saved and served.", changed)
    return htmx.redirect(request.get_full_path(), words % {"n": changed} if changed else _("Nothing was changed."))


def _live(run: PromptRun) -> tuple[dict[str, Sheet], str]:
    """What models would be offered now, or why nothing."""
    try:
        return {one.operation: one for one in offering.of(run.suite.project, run.suite.gpt).sheets}, ""
    except Refused as refused:
        return {}, told(refused.problems[0].message)


def _changes(run: PromptRun, live: dict[str, Sheet]) -> list[fields.Change]:
    """What has changed since the run, in what models read."""
    return fields.changes(run.sheets, live.values()) if live else []


def _told(one: PromptOutcome) -> PromptOutcome:
    one.kind_told, one.sentences = telling.kind(one.kind), telling.sentences(one)[:2]
    one.said = one.value.utterance
    return one


def _model(run: PromptRun, text: str) -> int:
    """The model of the address; else 404."""
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) < len(run.asks)):
        raise Http404
    return int(text)
