"""The Requests page and one request beside it (on a phone: a page of its own)."""

import zlib
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import access
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic import bodies, callbacks, charting, exporting, searching, verdict, walking, why
from actionstudio.apps.traffic.filters import Filter, write_time
from actionstudio.apps.traffic.forms import FilterForm
from actionstudio.apps.traffic.masking import hidden_headers
from actionstudio.apps.traffic.models import KIND_NAMES, SHIFT, SOURCE_NAMES, Exchange
from actionstudio.apps.web import htmx
from actionstudio.runtime.app import frontdoor

TABS = ("overview", "timing", "replays")


@login_required
def log(request, slug: str):
    """The list. htmx asks for part ``log`` when a filter changes."""
    project = access.viewable(request, slug)
    return htmx.page(request, "traffic/log.html", list_context(request, project), part="log")


@login_required
def exchange(request, slug: str, public_id: str):
    """The list with one request opened; htmx asks for part ``detail`` when a row is chosen."""
    project = access.viewable(request, slug)
    row = find(project, public_id)
    if row is None:
        return gone(request, project, public_id)
    context = {"project": project, "nav": "requests", **detail_context(request, project, row)}
    if not htmx.wants_part(request):
        context |= list_context(request, project)
    return htmx.page(request, "traffic/log.html", context, part="detail")


def gone(request, project, public_id: str):
    """Says that the log no longer has this request, and why."""
    context = {"project": project, "nav": "requests", "id": public_id, "days": settings.STUDIO_RETENTION_DAYS}
    return render(request, "traffic/gone.html", context, status=404)


def find(project, public_id: str) -> Exchange | None:
    """The project's exchange of that public id; None when retention has removed it. Raises Http404 for a bad id."""
    try:
        pk = Exchange.private_id(public_id)
    except ValueError:
        raise Http404(_("No such request.")) from None
    return Exchange.objects.filter(pk=pk, project_id=project.pk).first() if pk < 1 << 63 else None


def list_context(request, project) -> dict:
    """Everything of the list: rows, chips, histogram, and where the tail begins."""
    filter = Filter.read(request.GET)
    before = request.GET.get("before", "")
    before = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else None
    page = searching.page(project.pk, filter, before)
    newest = page.rows[0].pk if page.rows else None
    rows = project.operations.values_list("operation_id", "method", "path")[:500]
    operations = [name or f"{method} {path}" for name, method, path in rows]
    return {
        "project": project,
        "nav": "requests",
        "filter": filter,
        "form": FilterForm(filter, operations),
        "page": page,
        "days": by_day(page.rows),
        "before": before,
        "searched_to": _at(page.older) if page.older and not page.complete else None,
        "chips": _chips(project, filter),
        "set": _set(filter),
        "histogram": charting.histogram(project.pk, filter, newest),
        "tail_after": newest or walking.newest(project.pk) or 0,
        "tail_key": format(zlib.crc32(filter.query().encode()), "08x"),  # another filter is another stream
        "qs": filter.query(),
        "nothing_yet": not page.rows and not filter and before is None,
        "sample": _sample(project) if not page.rows else "",
        "lost": frontdoor().journal.lost,
    }


def detail_context(request, project, row: Exchange) -> dict:
    """Everything of one request, for the tab that is asked for."""
    filter = Filter.read(request.GET)
    sent = bodies.read(row.headers_in, bytes(row.request_body), row.request_size)
    answered = bodies.read(row.headers_out, bytes(row.response_body), row.response_size)
    tab = request.GET.get("tab")
    shown = verdict.verdict(row)
    about = why.About(project, row)
    return {
        "r": row,
        "tab": tab if tab in TABS else "overview",
        "verdict": shown,
        "why": why.steps(project, row, about),
        "near": why.near(project, row),
        "plain": shown.kind == "ok" and not row.decided.get("trail"),
        "translated": verdict.translated(row),
        "has_endpoint": bool(about.ref),
        "endpoint_ref": about.ref,
        "offers": _offers(about),
        "sides": [
            _side(request, "request", _("Request body"), sent),
            _side(request, "response", _("Response body"), answered),
        ],
        "called_back": callbacks.of(row),
        "followed": callbacks.call_of(row),
        "hidden": hidden_headers(row.headers_in) + hidden_headers(row.headers_out),
        "from_openai": _openai(row),
        "stages": charting.waterfall(verdict.timings(row), row.duration_us),
        "curl": exporting.curl(row),
        "kind_name": KIND_NAMES.get(row.kind, row.kind),
        "qs": filter.query(),
        "and_qs": f"&{filter.query()}" if filter else "",
    }


def _offers(about: why.About) -> dict:
    """What can be made of a call: a new endpoint, an addition to its own, an example, another try."""
    row = about.row
    if row.kind in ("document", "callback"):
        return {}
    if not row.operation_id:
        return {"create": row.status in (404, 405) and "gate" not in row.decided}
    if not about.ref:
        return {}
    tries = about.link("", "mocking:try", about.ref)
    kept = row.kind == "mock" and row.response_body and len(row.response_body) >= row.response_size
    return {"adopt": True, "example": bool(kept), "try": f"{tries[0][1]}?of={row.public_id}" if tries else ""}


def by_day(rows) -> list[tuple[str, list[Exchange]]]:
    """Rows under the day (in the reader's zone) they came on."""
    days: list[tuple] = []
    for row in rows:
        day = timezone.localtime(row.at).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(row)
    return days


def _side(request, name: str, title: str, body: bodies.Body) -> dict:
    view = body.view(request.GET.get(name, ""))
    level = bodies.level(body.value) if view == "tree" and body.large_tree else None
    return {"name": name, "title": title, "body": body, "view": view, "level": level}


def _chips(project, filter: Filter) -> list[dict]:
    """All and the status classes, with how many each would show. A text search is not counted: it reads bodies."""
    asked = [replace(filter, status=status, q="") for status in ("", "2", "3", "4", "5")]
    counts = walking.counts(project.pk, asked) if not filter.q else [None] * len(asked)
    labels = (_("All"), "2xx", "3xx", "4xx", "5xx")
    chips = []
    for label, each, count in zip(labels, asked, counts, strict=True):
        on = filter.status == each.status
        if each.status != "3" or on or (count and count.number):
            chips.append({"label": label, "query": filter.query(status=each.status), "on": on, "count": count})
    return chips


def _set(filter: Filter) -> list[dict]:
    """The filters in force that no other chip shows, each with the query without it."""
    names = {"method": filter.method, "op": filter.op}
    names |= {"source": SOURCE_NAMES.get(filter.source, ""), "kind": KIND_NAMES.get(filter.kind, "")}
    names |= {"since": filter.since and _("from %(time)s") % {"time": _local(filter.since)}}
    names |= {"until": filter.until and _("before %(time)s") % {"time": _local(filter.until)}}
    if filter.status_code:
        names["status"] = filter.status
    empty = {"since": None, "until": None}
    return [{"label": text, "query": filter.query(**{key: empty.get(key, "")})} for key, text in names.items() if text]


def _openai(row: Exchange) -> list[tuple[str, str]]:
    """What ChatGPT says about itself in its headers."""
    return [(name, value) for name, value in row.headers_in if name.startswith("openai-")]


def _sample(project) -> str:
    """A command that makes the first call."""
    address = project.addresses.first()
    return f"curl -i {base_urls(address.name, address.domain)[0]}/openapi.json" if address else ""


def _at(pk: int):
    return Exchange(pk=pk).at


def _local(ms: int) -> str:
    return timezone.localtime(_at(ms << SHIFT)).strftime("%Y-%m-%d %H:%M:%S") if ms else write_time(ms)
