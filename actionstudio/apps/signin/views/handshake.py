"""The sign-in test: the sign-ins of a project, one of them step by step, its repairs, and failures on purpose."""

import datetime
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import faults, repairing
from actionstudio.apps.oauth.models import SignIn
from actionstudio.apps.projects import access
from actionstudio.apps.publishing.source import first_url
from actionstudio.apps.signin import drawing, judging, legs, steps, values
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.views import find
from actionstudio.apps.web import htmx
from actionstudio.core.auth import OAuth
from actionstudio.core.problem import Refused

PAGE = 25
JUST = datetime.timedelta(minutes=1)  # within which a sign-in that is not the newest is still said to go on


@login_required
@require_safe
def handshake(request, slug: str):
    """All sign-ins, newest first, and what to do to see one. htmx asks for part ``live`` again and again."""
    project = access.viewable(request, slug)
    before = request.GET.get("before", "")
    before = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    mine = project.sign_ins.defer("legs").select_related("client", "user")
    found = list((mine.filter(pk__lt=before) if before else mine)[: PAGE + 1])
    refused = steps.refused(project.pk, [run.key for run in found[:PAGE]])
    seen = f"{found[0].pk}.{found[0].updated.timestamp()}.{len(refused)}" if found else "0"
    if htmx.wants_part(request) and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    contract, client = newest.contract(project), values.first_client(project)
    pasted = values.of(project, client, contract.auth)
    context = {
        "project": project,
        "nav": "handshake",
        "rows": [{"run": run, "badge": judging.brief(run, run.key in refused), **_words(run)} for run in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "before": before,
        "seen": seen,
        "going": _newest_going(found) if not before else None,
        "came": any(not run.emulator for run in found),  # somebody but the emulator: the first steps are done
        "signs_in": isinstance(contract.auth, OAuth) and contract.auth.ours,
        "elsewhere": isinstance(contract.auth, OAuth),
        "client": client,
        "values": pasted,
        "again": values.again(None, client, pasted, contract),
        **_failures(project),
    }
    return htmx.page(request, "signin/handshakes.html", context, part="live")


@login_required
@require_safe
def run(request, slug: str, key: str):
    """One sign-in step by step. htmx asks for part ``run``: again and again, and when a step is chosen."""
    project = access.viewable(request, slug)
    row = _run(project, key)
    logged = steps.rows(project.pk, key)
    seen = f"{logged[-1].pk if logged else 0}.{row.updated.timestamp()}"
    if htmx.wants_part(request) and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"project": project, "nav": "handshake", "seen": seen, **_picture(project, row, logged, request)}
    return htmx.page(request, "signin/handshake.html", context, part="run")


@login_required
@require_POST
def repair(request, slug: str, key: str):
    """Does a repair of a failed step and goes back to it."""
    project = access.changeable(request, slug)
    row = _run(project, key)
    made = _steps(row, steps.rows(project.pk, key))
    step = next((one for one in made if one.name == request.POST.get("step", "")), None)
    back = reverse("signin:handshake-run", args=[slug, key])
    if step is None or step.leg is None:
        return htmx.redirect(back, _("This step is not there any more."), "bad")
    try:
        done = repairing.run(request.POST.get("repair", ""), judging.case(project, row, step), request.user)
    except Refused as refused:
        return htmx.redirect(f"{back}?step={step.name}", str(refused), "bad")
    here = f"{back}?step={step.name}&repaired={request.POST['repair']}"
    return htmx.redirect(here, _("%(done)s Run the sign-in again.") % {"done": done})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fail(request, slug: str):
    """Switches a one-shot failure on (``kind``), takes one back (``back``), or does a deed now (``deed``). There is no
    page to get: the failures stand on the sign-in test."""
    project = access.changeable(request, slug)
    if request.method != "POST":
        return redirect("signin:handshake", slug)
    key = request.POST.get("key", "")
    page = reverse("signin:handshake-run", args=[slug, _run(project, key).key]) if key else None
    page = page or reverse("signin:handshake", args=[slug])
    back = request.POST.get("back", "")
    if back.isascii() and back.isdigit() and len(back) < 19:
        gone = faults.take_back(project, int(back))
        return htmx.redirect(
            page, _("Taken back.") if gone else _("It has happened already."), "ok" if gone else "info"
        )
    if deed := faults.RUN.get(request.POST.get("deed", "")):
        gone = deed(project, key)
        words = _deeds(gone)[request.POST["deed"]] % {"n": gone}
        return htmx.redirect(page, words if gone else _("There is no living token."), "ok" if gone else "warn")
    try:
        faults.set_fault(project, request.POST.get("kind", ""))
    except Refused as refused:
        return htmx.redirect(page, str(refused), "bad")
    return htmx.redirect(page, _("It waits for the next sign-in."))


def _deeds(gone: int) -> dict[str, str]:
    return {
        "revoke-now": ngettext("%(n)d token was revoked.", "%(n)d tokens were revoked.", gone),
        "expire-now": ngettext("%(n)d token has expired now.", "%(n)d tokens have expired now.", gone),
    }


@login_required
@require_safe
def told(request, slug: str, public_id: str):
    """What a logged call was in its sign-in, as a part of its page in the log."""
    project = access.viewable(request, slug)
    row = find(project, public_id)
    found = project.sign_ins.filter(key=row.run).first() if row is not None and row.run else None
    if row is None or found is None:
        return HttpResponse()
    made = _steps(found, steps.rows(project.pk, found.key))
    step = steps.of_row(made, row)
    context = {"project": project, "run": found, "step": step, "badge": judging.badge(found, made), **_words(found)}
    context["told"] = judging.told(project, found, made, step, first_url(project)) if step else None
    return render(request, "signin/told.html", context)


def _run(project, key: str) -> SignIn:
    found = project.sign_ins.filter(key=key).select_related("client", "user").first()
    if found is None:
        raise Http404(_("There is no such sign-in."))
    return found


def _steps(row: SignIn, logged: list[Exchange]) -> list[steps.Step]:
    told = steps.joined(row.legs, logged) if row.legs else steps.of_rows(logged)
    over = bool(row.emulator) and row.outcome == SignIn.Outcome.PASSED
    return steps.steps(told, ours=not row.emulator, over=over)


def _picture(project, row: SignIn, logged: list[Exchange], request) -> dict:
    made = _steps(row, logged)
    step = steps.chosen(made, request.GET.get("step", ""))
    repaired = request.GET.get("repaired", "")
    test = values.is_test(row.client)
    client = row.client if row.client is not None and not test else values.first_client(project)
    contract = newest.contract(project)
    pasted = values.of(project, client, contract.auth)
    return {
        "run": row,
        "steps": made,
        "badge": judging.badge(row, made),
        "drawing": drawing.draw(made, _heads(pasted.base, row)),
        "step": step,
        "picked": request.GET.get("step", ""),
        "told": judging.told(project, row, made, step, pasted.base, repaired) if step else None,
        "repaired": repaired,
        "leg": _whole(project, step),
        "going": _going(row),
        "client": client,
        "values": pasted,
        "again": values.again(row, row.client or client, pasted, contract),
        "test": test or bool(row.emulator.get("setup", {}).get("made")),
        **_words(row),
        **_failures(project),
    }


def _whole(project, step: steps.Step | None) -> legs.Leg | None:
    """The chosen step's leg with its bodies."""
    if step is None or step.leg is None or not step.leg.get("exchange"):
        return step.leg if step else None
    row = Exchange.objects.filter(project_id=project.pk, pk=Exchange.private_id(step.leg["exchange"])).first()
    return steps.whole(row, step.name) if row else step.leg


def _heads(base: str, row: SignIn) -> dict[str, tuple[str, str]]:
    callback = row.client.uris[0] if row.client is not None and row.client.uris else ""
    name = str(row.client) if row.client is not None else ""
    ours = not row.emulator or not row.emulator.get("setup", {}).get("authorization_url")
    url = base if ours else row.emulator["setup"]["authorization_url"]
    return {
        "client": (judging.who(row), name if name != judging.who(row) else urlsplit(callback).netloc),
        "provider": (_("The address"), urlsplit(url).netloc),
        "browser": (_("Browser"), str(row.user) if row.user is not None else _("nobody yet")),
    }


def _words(row: SignIn) -> dict:
    title = legs.TITLES.get(row.step.removesuffix("-again"), ("",))[0]
    return {"who": judging.who(row), "last": title, "emulated": bool(row.emulator)}


def _going(row: SignIn) -> bool:
    return row.outcome == SignIn.Outcome.WAITING and not judging.stale(row)


def _newest_going(found: list[SignIn]) -> dict | None:
    """The sign-in that is going on: the newest, or one of which something was just heard."""
    heard = timezone.now() - JUST
    mine = (run for place, run in enumerate(found[:PAGE]) if _going(run) and (place == 0 or run.updated > heard))
    run = next(mine, None)
    return {"run": run, **_words(run)} if run is not None else None


def _failures(project) -> dict:
    waiting = [{"row": one, "kind": faults.KINDS.get(one.kind)} for one in faults.waiting(project)]
    spares = project.clients.filter(faults.STRANGE).exists()
    told = {"kinds": faults.KINDS.values(), "deeds": faults.DEEDS.values(), "spares": spares}
    return {**told, "waiting": waiting, "now": timezone.now()}
