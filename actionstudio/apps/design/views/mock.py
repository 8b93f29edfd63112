"""How one endpoint answers: the page "Answer", where a person who does not program chooses."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import answer_form, answer_fresh, answer_words, drafting
from actionstudio.apps.design.answer_desk import AnswerDesk, Reading
from actionstudio.apps.design.answer_offers import offers
from actionstudio.apps.design.answer_samples import samples
from actionstudio.apps.design.desk import Done, work
from actionstudio.apps.design.problems import Problems
from actionstudio.apps.design.views import switches
from actionstudio.apps.design.views.endpoint import conflicted, find, frame, ref_of, saved_words
from actionstudio.apps.projects import access
from actionstudio.apps.publishing import switching
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.answering import GONE, template_flaws
from actionstudio.core.answering import problems as problems_of
from actionstudio.core.behaviour import Rules, Stateful, Template
from actionstudio.core.collections import family
from actionstudio.core.collections.layout import Layout
from actionstudio.core.deck import PRESETS
from actionstudio.core.resolve import Resolver
from actionstudio.core.rules.words import sentence


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mock(request, slug: str, ref: str):
    project = access.changeable(request, slug)
    desk = AnswerDesk(project, find(project, ref))
    if request.method != "POST":
        draft = desk.draft
        return _show(request, desk, Done(draft.state if draft else desk.saved, draft=draft))
    try:
        done = work(desk, request.POST, request.user)
    except drafting.Conflict as conflict:
        return conflicted(request, desk, conflict.draft)
    if done.late:
        return HttpResponse(status=204)
    if done.edit:
        if not htmx.wants_part(request):
            return htmx.redirect(_url(desk), toast=saved_words(done.edit))
        return htmx.with_toast(_show(request, desk, done), saved_words(done.edit))
    return _show(request, desk, done, status=422 if done.problems and request.POST.get("_op") == "save" else 200)


def _url(desk: AnswerDesk) -> str:
    return reverse("design:mock", args=[desk.project.slug, ref_of(desk.row.operation_id, desk.row.pk)])


def _show(request, desk: AnswerDesk, done: Done, status: int = 200):
    """The page, or the form alone. A draft may be wrong: its problems are shown, nothing is refused."""
    state = done.state
    reading = desk.read(state)
    problems = Problems(done.problems)
    unchosen = answer_fresh.unchosen(state) if status == 200 else set()
    for field, words in reading.problems.items():
        if field not in unchosen:
            problems.add(field, words)
    wrong = problems or reading.problems
    whole, op = desk.contract, desk.row
    offered = offers(whole, desk.operation)
    chosen, chosen_words, _icon = answer_words.WAYS[state["answer"]["kind"]]
    context = {
        **frame(request, desk, done),
        "nav": "endpoints",
        "s": _told(_with_problems(state, problems), reading),
        "op": op,
        "ref": ref_of(desk.row.operation_id, desk.row.pk),
        "errors": problems,
        "warned": answer_fresh.warnings(state, whole, desk.operation) if state["mode"] == "form" else {},
        "bound": isinstance(desk.operation.behaviour, Stateful),
        "problem_count": len(reading.lines) or len(problems),
        "post": _url(desk),
        "definition": reverse("design:endpoint", args=[desk.project.slug, ref_of(desk.row.operation_id, desk.row.pk)]),
        "all_ways": [(kind, *words) for kind, words in answer_words.WAYS.items()],
        "chosen": chosen,
        "chosen_words": chosen_words,
        "collections": _names(whole.collections),
        "upstreams": _names(whole.upstreams),
        "declared_callbacks": _callbacks(desk),
        "offers": offered,
        **_of_template(desk, state, offered),
        "layout": _layout(desk, reading) if not wrong else None,
        "lines": reading.lines,
        "marks": [
            {"line": place.line, "col": place.column, "end": place.end, "sev": "error", "msg": words}
            for place, words in reading.lines
        ],
        "said": chosen if wrong else answer_words.phrase(reading.behaviour),
        "around_said": [] if wrong else answer_words.around(reading.around),
        "left_behind": _left_behind(desk) if state == desk.saved else [],
        "deck": PRESETS.values(),
        "waiting": [(one, switches.title(one)) for one in switching.waiting(desk.project, op.method, op.path)],
    }
    return htmx.page(request, "design/answer.html", context, part="editor", status=status)


def _of_template(desk: AnswerDesk, state: dict, offered: dict[str, list[str]]) -> dict[str, Any]:
    """What the form of a template shows besides its fields: its flaws by line, and what it may use."""
    if state["mode"] != "form" or state["answer"]["kind"] != "template":
        return {}
    shown = state["answer"]["of"]["template"]
    value = Template(shown["status"].strip(), shown["media_type"].strip(), shown["body"])
    flaws = template_flaws(value, desk.contract, desk.operation)
    return {
        "flaws": [{"line": flaw.line, "col": flaw.column, "sev": "error", "msg": told(flaw.message)} for flaw in flaws],
        "body_errors": [told(flaw.message) for flaw in flaws],
        "samples": samples(offered),
    }


def _layout(desk: AnswerDesk, reading: Reading) -> Layout | None:
    """How the answer of a stateful operation holds rows."""
    value = reading.behaviour
    found = [one for one in desk.contract.collections if isinstance(value, Stateful) and one.name == value.collection]
    return family.layout(Resolver(desk.contract), desk.operation, value, found[0]) if found else None


def _left_behind(desk: AnswerDesk) -> list[str]:
    """What of the saved answer the definition has left behind."""
    found = [*problems_of(desk.operation.behaviour, desk.contract, desk.operation)]
    found += problems_of(desk.operation.around, desk.contract, desk.operation)
    return [told(problem.message) for problem in found if problem.code == GONE]


def _names(values) -> list[tuple[str, str]]:
    """Choices of a select; the first one asks to choose."""
    return [("", _("Choose…")), *((value.name, value.name) for value in values)] if values else []


def _callbacks(desk: AnswerDesk) -> list[tuple[str, str]]:
    declared = desk.operation.extra.get("callbacks")
    return [("", _("Choose…")), *((name, name) for name in declared)] if isinstance(declared, dict) and declared else []


def _with_problems(state: dict, problems: Problems) -> dict:
    """The state with, in each row, what is wrong with its fields: rows of pairs show it below themselves."""
    for row in answer_form.rows(state).values():
        prefix = f"{row['k']}."
        found = {name.removeprefix(prefix): words for name, words in problems.items() if name.startswith(prefix)}
        row["bad"], row["errors"] = dict.fromkeys(found, True), list(found.values())
    for rule in _rules(state):
        rule["open"] = rule["open"] or any(row["errors"] for row in answer_form.rows(rule).values())
    return state


def _rules(state: dict) -> list[dict]:
    return state["answer"]["of"]["rules"]["rules"] if state["answer"]["kind"] == "rules" else []


def _told(state: dict, reading: Reading) -> dict:
    """The state with each folded rule in a sentence."""
    said = reading.behaviour.rules if isinstance(reading.behaviour, Rules) else ()
    for shown, rule in zip(_rules(state), said, strict=False):
        if not shown["open"]:
            shown["when"] = "; ".join(str(told(sentence(one))) for one in rule.conditions) or _("always")
            shown["then"] = answer_words.phrase(rule.answer)
    return state
