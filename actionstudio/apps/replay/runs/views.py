"""A new run, its page while it goes on and afterwards, its end, and once more."""

import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.replay import sending, verdicts, wording
from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.replay.runs import closing, counting, grouping, previewing, reaching, selecting, starting
from actionstudio.apps.replay.runs import options as wishes
from actionstudio.apps.replay.runs.forms import RunForm, initial
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused

PAGE = 50
TELLING = 20  # calls whose pace tells how long the others take
STATES = ("refused", "skipped", "unknown", "failed")
HIDDEN = ("q", "conversation", "status", "method", "op", "source", "kind", "from", "to", "run", "only")


@login_required
def new(request, slug: str):
    """What would be sent, where to and how; posted with ``go``, it is. A POST without it only brings a selection."""
    project = access.changeable(request, slug)
    params = request.POST if request.method == "POST" else request.GET
    selection, problems = None, []
    try:
        selection = selecting.read(project, params)
    except Refused as refused:
        problems = [told(one.message) for one in refused.problems]
    earlier = _run(project, params.get("run", ""))
    bound = params if "go" in params or "look" in params else None
    first = initial(earlier, params.get("target", ""))
    form = RunForm(bound, project=project, selection=selection, initial=first)
    risks = []
    good = form.is_valid()  # also of a look: it tells what is wrong, and goes by what is right
    if "go" in request.POST and selection is not None and good:
        try:
            run = _start(request, project, form, earlier)
            return htmx.redirect(reverse("replay:run", args=[slug, run.pk]))
        except reaching.Unconfirmed as unconfirmed:
            risks = unconfirmed.risks
            form.add_error("confirm", _("Look at what would be sent, and tick this to send it."))
        except Refused as refused:
            problems += [told(one.message) for one in refused.problems]
    context = {
        "project": project,
        "nav": "replays",
        "form": form,
        "selection": selection,
        "problems": problems,
        "kept": _kept(params),
        "earlier": earlier,
        **_before(project, selection, form, risks),
    }
    return htmx.page(request, "replay/new.html", context, part="form", status=422 if form.errors or problems else 200)


@login_required
def run(request, slug: str, pk: int):
    """How far it is, what changed, and what became of each call."""
    project = access.viewable(request, slug)
    row = closing.look(get_object_or_404(Run.objects.select_related("job", "author", "parent"), pk=pk, project=project))
    counts = counting.of_run(row)
    groups = [{**one, "sentence": wording.change(one), "place": n} for n, one in enumerate(grouping.listed(row), 1)]
    context = {
        "project": project,
        "nav": "replays",
        "run": row,
        "counts": counts,
        "groups": groups,
        "chips": _chips(request, counts),
        "chosen": next((one for one in groups if str(one["number"]) == request.GET.get("group", "")), None),
        "took": _took(row),
        "rest": _rest(row, counts),
        **_items(request, row),
    }
    return htmx.page(request, "replay/run.html", context, part="run")


@login_required
@require_POST
def cancel(request, slug: str, pk: int):
    """No further call leaves."""
    project = access.changeable(request, slug)
    closing.cancel(get_object_or_404(Run.objects.select_related("job"), pk=pk, project=project))
    return htmx.redirect(reverse("replay:run", args=[slug, pk]))


@login_required
@require_POST
def again(request, slug: str, pk: int):
    """The same calls in the same way, or ``only`` some. What has to be typed in or confirmed leads to the form."""
    project = access.changeable(request, slug)
    earlier = get_object_or_404(Run, pk=pk, project=project)
    selection = selecting.of_run(project, str(pk), request.POST.get("only", ""))
    options = wishes.read(earlier.options)
    form = f"{reverse('replay:new', args=[slug])}?{selection.text}"
    if options.typed:
        return htmx.redirect(form)
    try:
        made = starting.start(project, selection, earlier.target, options, request.user, parent=earlier)
    except reaching.Unconfirmed:
        return htmx.redirect(form)
    except Refused as refused:
        words = "; ".join(str(told(one.message)) for one in refused.problems)
        return htmx.redirect(reverse("replay:run", args=[slug, pk]), words, "bad")
    return htmx.redirect(reverse("replay:run", args=[slug, made.pk]))


def _took(row: Run) -> datetime.timedelta:
    """From its first call to its end, or until now."""
    return (row.finished or timezone.now()) - row.begun if row.begun else datetime.timedelta()


def _rest(row: Run, counts: counting.Counts) -> datetime.timedelta | None:
    """How long it will go on, by the pace so far; None while that says little."""
    telling = not row.over and counts.ended >= TELLING and counts.left
    return _took(row) / counts.ended * counts.left if telling else None


def _start(request, project, form: RunForm, earlier: Run | None) -> Run:
    data = form.cleaned_data
    return starting.start(
        project,
        form.selection,
        data["to"],
        data["options"],
        request.user,
        typed=data["typed"][1] if data["typed"] else "",
        confirmed=data["confirm"],
        parent=earlier,
    )


def _before(project, selection, form: RunForm, risks) -> dict:
    """What would happen: the first calls, what ChatGPT would refuse, and what has to be confirmed."""
    if selection is None or not selection.calls:
        return {"risks": risks}
    options, text = Options(), form.initial["target"]
    if form.is_bound:
        options = form.cleaned_data.get("options", options)
        text = form.cleaned_data.get("to", sending.LIVE)
    try:
        to = sending.target(form.initial["base"] if text == "base" else text, project)
    except Refused:
        to = sending.Target()
    checked = previewing.check(project, selection.calls, to, options)
    return {
        "first": previewing.first(project, selection.calls, to, options),
        "checked": checked,
        "leaving": len(selection) - (0 if options.send_refused else checked.refused),
        "risks": risks or reaching.risks(reaching.contract(project, to), to, selection.calls),
        "to": str(to),
    }


def _kept(params) -> list[tuple[str, str]]:
    """The fields that say what is selected, for the form to bring along."""
    picks = [("pick", one) for one in params.getlist("pick")]
    return picks or [(name, params[name]) for name in HIDDEN if params.get(name)]


def _run(project, pk: str) -> Run | None:
    known = pk.isascii() and pk.isdecimal() and len(pk) < 18
    return Run.objects.filter(project=project, pk=int(pk)).first() if known else None


def _chips(request, counts: counting.Counts) -> list[dict]:
    """All, the verdicts, and how calls ended that got none."""
    labels = {
        "": _("All"),
        "broken": _("Broken"),
        "changed": _("Changed"),
        "same": _("Same"),
        "uncompared": _("Not comparable"),
        "refused": _("Refused"),
        "skipped": _("Skipped"),
        "unknown": _("Unknown"),
        "failed": _("No answer"),
    }
    numbers = {"": counts.ended, **counts.verdicts, **{name: counts.states.get(name, 0) for name in STATES}}
    asked = request.GET.get("only", "")
    return [
        {"name": name, "label": label, "count": numbers.get(name, 0), "on": asked == name}
        for name, label in labels.items()
        if not name or numbers.get(name) or asked == name
    ]


def _items(request, row: Run) -> dict:
    """A page of the calls that have come to an end, in their order."""
    only, group, after = (request.GET.get(name, "") for name in ("only", "group", "after"))
    items = Item.objects.filter(run=row).exclude(state__in=(Item.State.READY, Item.State.SENT))
    if only in counting.VERDICTS:
        items = items.filter(verdict=only)
    elif only in STATES:
        items = items.filter(state=only)
    elif only:
        raise Http404(_("There is no such outcome."))
    if group.isascii() and group.isdecimal():
        items = items.filter(groups__contains=f" {int(group[:6])} ")
    if after.isascii() and after.isdecimal():
        items = items.filter(n__gt=int(after[:9]))
    found = list(items.order_by("n")[: PAGE + 1])
    facts = dict(Replay.objects.filter(pk__in=[one.replay_id for one in found]).values_list("pk", "facts"))
    for item in found:
        item.sentences, item.noise = _told(row, item, facts.get(item.replay_id, {}))
    more = found[PAGE - 1].n if len(found) > PAGE else None
    return {"items": found[:PAGE], "next": more, "after": after, "only": only, "group": group}


def _told(row: Run, item: Item, facts: dict) -> tuple[list[str], int]:
    """What changed in one call, by its own values, and how much of what differs is noise. Of a replay that does not say
    so, its groups tell, without the values: those are of another call."""
    if item.verdict == verdicts.UNCOMPARED:
        return [_("The body was not kept, so the answers cannot be compared.")], facts.get("noise", 0)
    if "reasons" in facts:
        return [wording.change(one) for one in facts["reasons"]], facts.get("noise", 0)
    groups = [row.groups[number] for number in _numbers(item) if number < len(row.groups)]
    plain = [{**one, "was": "", "now": ""} if one["kind"] in ("value", "header") else one for one in groups]
    return [wording.change(one) for one in plain[:3]], 0


def _numbers(item: Item) -> list[int]:
    return [int(number) for number in item.groups.split()]
