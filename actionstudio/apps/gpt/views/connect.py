"""Connect to GPT: six checks, what to enter in ChatGPT, the probe of the address, and the light that waits."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionstudio.apps.design import newest
from actionstudio.apps.gpt import calls, probing
from actionstudio.apps.gpt.connecting import Connection
from actionstudio.apps.projects import access
from actionstudio.apps.release import pasting, reach
from actionstudio.apps.web import htmx
from actionstudio.core.auth import NoAuth, OAuth
from actionstudio.core.specs import advice, openapi

LAST = (1 << 63) - 1  # no exchange has a larger number


@login_required
@require_safe
def connect(request, slug: str):
    """The page."""
    project = access.viewable(request, slug)
    contract = newest.contract(project)
    connection = Connection(project, contract)
    fetch = calls.newest_fetch(project)
    checks = connection.checks()
    context = {
        "nav": "connect",
        "project": project,
        "contract": contract,
        "connection": connection,
        "checks": checks,
        "passed": sum(check.kind == "o" for check in checks),
        "dialog": pasting.dialog(contract, connection.url),
        "is_oauth": isinstance(contract.auth, OAuth) and contract.auth.ours,
        "client": connection.client,
        "open": isinstance(contract.auth, NoAuth),
        "instructions": advice.instructions(contract),
        "starters": advice.starters(contract),
        "port": settings.PORT,
        "size": len(openapi.to_yaml(connection.document).encode()),
        "drift": calls.drift(project, fetch) if fetch else None,
        **_light(connection.call, _after(request)),
        **_probed(connection.probe),
    }
    return htmx.page(request, "gpt/connect.html", context)


@login_required
@require_safe
def light(request, slug: str):
    """The waiting light alone."""
    project, after = access.viewable(request, slug), _after(request)
    call = calls.newest_call(project, after, calls.POLLED)
    return render(request, "gpt/connect.html#light", {"project": project, **_light(call, after)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def probe(request, slug: str):
    """POST tries the address ``url``, one of the project's own; GET is the state of the last try."""
    project = access.viewable(request, slug)
    back = reverse("gpt:connect", args=[project.slug])
    if request.method == "POST":
        usable = {one.url for one in reach.of(project) if not one.flaw}
        url = request.POST.get("url", "")
        if url not in usable:
            return htmx.redirect(f"{back}#address", _("ChatGPT cannot use this address; the page says why."), "warn")
        job = probing.begin(project, request.user, url)
    elif not htmx.wants_part(request):
        return htmx.redirect(f"{back}#address")
    else:
        job = probing.newest(project)
    if not htmx.wants_part(request):
        return htmx.redirect(f"{back}#address")
    return render(request, "gpt/connect.html#probed", {"project": project, **_probed(job)})


@login_required
@require_safe
def document(request, slug: str):
    """The document to paste: as it is served at the address that the page gives to ChatGPT."""
    project = access.viewable(request, slug)
    text = openapi.to_yaml(Connection(project, newest.contract(project)).document)
    response = HttpResponse(text, content_type="application/yaml")
    response["Content-Disposition"] = f'attachment; filename="{project.slug}.gpt.yaml"'
    return response


def _after(request) -> int:
    """The exchange after which a call counts as the one that is waited for: 0, or the one that came before."""
    after = request.GET.get("after", "")
    return min(int(after), LAST) if after.isascii() and after.isdigit() and len(after) < 20 else 0


def _light(call, after: int) -> dict:
    """What the light shows: it waits for the first call, or for one after ``after``."""
    return {"call": call if call is not None and call.pk > after else None, "after": after}


def _probed(job) -> dict:
    code = job.result.get("code") if job is not None else None
    return {"probe": job, "result": probing.RESULTS.get(code)}
