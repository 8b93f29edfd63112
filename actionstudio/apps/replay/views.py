"""Replay a logged call, edit and resend it, see what differs, and the list of all replays."""

import re
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.replay import ignoring, judging, picturing, replaying, verdicts, wording
from actionstudio.apps.replay.forms import ResendForm, TargetForm, initial
from actionstudio.apps.replay.models import IgnoreRule, Replay
from actionstudio.apps.replay.runs import counting
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.views import find, gone
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.judging import turned
from actionstudio.core.problem import Refused

PAGE = 50
LATEST = 20
LISTED = ("before", "after", "again", "packed")  # large columns that lists leave in the database


@login_required
def replays(request, slug: str):
    """Runs and single replays of the project, or the replays of one call (``of``), newest first."""
    project = access.viewable(request, slug)
    rows, of_id = project.replays.defer(*LISTED).select_related("author"), request.GET.get("of", "")
    rows = rows.filter(exchange_id=_private_id(of_id)) if of_id else rows.filter(run=None)
    found, older = _before(rows, request.GET.get("before", ""))
    runs, older_runs = ([], None) if of_id else _before(_runs(project), request.GET.get("runs", ""), LATEST)
    counts = counting.of(runs)
    for run in runs:
        run.told = counts[run.pk]
    context = {"project": project, "nav": "replays", "rows": found, "older": older, "of": of_id}
    context |= {"runs": runs, "older_runs": older_runs, "paged": "before" in request.GET or "runs" in request.GET}
    return render(request, "replay/list.html", context)


def _runs(project):
    return project.runs.defer("groups", "options", "left_out", "sealed").select_related("author")


def _before(rows, text: str, size: int = PAGE) -> tuple[list, int | None]:
    """The newest rows before an id, and the id to go on before."""
    if text.isascii() and text.isdecimal() and len(text) < 19:
        rows = rows.filter(pk__lt=int(text))
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


@login_required
def of(request, slug: str, public_id: str):
    """The replays of one call, as a part of its page."""
    project = access.viewable(request, slug)
    pk = _private_id(public_id)
    rows = project.replays.filter(exchange_id=pk).defer(*LISTED).select_related("author")[:LATEST]
    made_by = project.replays.filter(result_exchange_id=pk).only("exchange_id", "run_id").first()
    context = {"project": project, "rows": rows, "id": public_id, "made_by": made_by}
    if made_by:
        context["original"] = Exchange(pk=made_by.exchange_id).public_id
    return render(request, "replay/of.html", context)


@login_required
@require_POST
def send(request, slug: str, public_id: str):
    """Replay: as it was, against the live address (or the posted ``target``)."""
    project = access.changeable(request, slug)
    exchange = find(project, public_id)
    if exchange is None:
        return gone(request, project, public_id)
    twice = bool(request.POST.get("twice"))
    try:
        row = replaying.replay(project, exchange, request.POST.get("target", "live"), by=request.user, twice=twice)
    except Refused as refused:
        return htmx.redirect(reverse("traffic:exchange", args=[slug, public_id]), str(refused), "bad")
    return htmx.redirect(_url(row))


@login_required
def edit(request, slug: str, public_id: str):
    """Edit and resend. ``from`` begins with what an earlier replay sent."""
    project = access.changeable(request, slug)
    exchange = find(project, public_id)
    if exchange is None:
        return gone(request, project, public_id)
    logged = replaying.logged(exchange)
    call = _earlier(project, request.GET.get("from", "")) or logged.call
    form = ResendForm(request.POST or None, project=project, exchange=exchange, initial=initial(call))
    if form.is_valid():
        data = form.cleaned_data
        row = replaying.replay(
            project,
            exchange,
            data["to"],
            form.overrides(logged.call),
            by=request.user,
            twice=data["twice"],
            credential=data["credential"] or replaying.SAME,
            typed=data["typed"],
        )
        return htmx.redirect(_url(row))
    context = {"project": project, "nav": "requests", "r": exchange, "form": form, "withheld": logged.withheld}
    return htmx.page(request, "replay/edit.html", context, part="form", status=422 if form.errors else 200)


@login_required
def result(request, slug: str, pk: int):
    """What came back, beside what came back then."""
    project = access.viewable(request, slug)
    row = get_object_or_404(Replay.objects.select_related("author"), pk=pk, project=project)
    logged = Exchange.objects.filter(pk=row.exchange_id, project_id=project.pk).first()
    context = {
        "project": project,
        "nav": "replays",
        "row": row,
        "logged_id": Exchange(pk=row.exchange_id).public_id,
        "logged": logged,
        "result_id": Exchange(pk=row.result_exchange_id).public_id if row.result_exchange_id else "",
        "facts": judging.facts(row),
        "made": rules_made(request, project),
        "revisions": judging.revisions(row),
        "forms": TargetForm(project=project, exchange=logged or Exchange(), initial={"target": row.target}),
    }
    if row.after:
        context |= _judged(row)
    return htmx.page(request, "replay/result.html", context, part="judged")


@login_required
@require_POST
def again(request, slug: str, pk: int):
    """The same call once more, or twice."""
    project = access.changeable(request, slug)
    row = get_object_or_404(Replay, pk=pk, project=project)
    try:
        made = replaying.again(row, by=request.user, twice=bool(request.POST.get("twice")))
    except Refused as refused:
        return htmx.redirect(_url(row), str(refused), "bad")
    return htmx.redirect(_url(made))


@login_required
@require_POST
def ignore(request, slug: str, pk: int):
    """Leaves a path out of the verdict (``add``; ``noise`` for all that is noise) or takes it back in (``remove``)."""
    project = access.changeable(request, slug)
    row = get_object_or_404(Replay, pk=pk, project=project)
    if not row.after:
        return HttpResponseBadRequest(_("This replay has no answer to compare."))
    if kept := [place[:300] for place in request.POST.getlist("keep") if place.strip()]:
        return _kept(request, row, kept)
    paths = [path for path in row.ignore if path != request.POST.get("remove")]
    paths += request.POST.getlist("add") + (judging.noise(row) if request.POST.get("noise") else [])
    replaying.ignore(row, paths)
    return htmx.redirect(_url(row))


def _kept(request, row: Replay, places: list[str]):
    """Places that do not count in the answers of this operation from now on, and in this one."""
    try:
        made = ignoring.adopt(row.project, row.operation_id, row.call["path"], places, request.user)
    except Refused as refused:
        return htmx.redirect(_url(row), str(told(refused.problems[0].message)), "bad")
    replaying.ignore(row, row.ignore)
    return htmx.redirect(f"{_url(row)}?{rules_query(made)}")


def rules_query(made: list[IgnoreRule]) -> str:
    """How the next page is told which rules were made."""
    return urlencode([("rule", one.pk) for one in made])


def rules_made(request, project) -> list[IgnoreRule]:
    """The rules that the page before has made, to tell them with a way back."""
    asked = [int(one) for one in request.GET.getlist("rule")[:20] if re.fullmatch(r"[0-9]{1,18}", one)]
    return list(IgnoreRule.objects.filter(project=project, pk__in=asked)) if asked else []


def _judged(row: Replay) -> dict:
    """The comparison, as the page shows it."""
    difference = judging.difference(row)
    noise = judging.noise(row)
    listed = judging.lines(row, difference)
    return {
        "difference": difference,
        "why": [wording.change(one) for one in verdicts.breaking(row)],
        "comparable": judging.comparable(row),
        "shaky": judging.counted(row, difference)[1],
        "body_changes": judging.body_changes(row, difference),
        "lines": listed[:1] if turned(difference) else listed[: picturing.MOST_CHANGES],
        "along": listed[1 : picturing.MOST_CHANGES] if turned(difference) else (),
        "more_lines": max(0, len(listed) - picturing.MOST_CHANGES),
        "noise": [pattern for pattern in noise if pattern not in row.ignore],
        "noise_known": noise,
        "diff": picturing.diff(row),
        "ran_twice": row.again is not None,
    }


def _earlier(project, pk: str):
    row = project.replays.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 18 else None
    return replaying.call_of(row) if row else None


def _private_id(public_id: str) -> int:
    try:
        pk = Exchange.private_id(public_id)
    except ValueError:
        raise Http404(_("No such request.")) from None
    return min(pk, (1 << 63) - 1)


def _url(row: Replay) -> str:
    return reverse("replay:result", args=[row.project.slug, row.pk])
