"""Parts of the log: the live tail, panels for other pages, branches of a JSON tree, and files to take away."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.library import steps as first
from actionstudio.apps.projects import access
from actionstudio.apps.traffic import bodies, charting, exporting, listing, tailing, walking
from actionstudio.apps.traffic.exporting import selecting
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.views import find
from actionstudio.apps.web import streams
from actionstudio.core.problem import Refused

LATEST = 8


@login_required
def tail(request, slug: str):
    """New rows as they come: a stream under ASGI, one finite answer under WSGI (an endless one holds a thread)."""
    project = access.viewable(request, slug)
    filter = Filter.read(request.GET)
    after = _number(request.headers.get("Last-Event-ID", "")) or _number(request.GET.get("after", "")) or 0
    seen = tailing.Tail(project.pk, filter, after)
    draw = _drawer(project, filter)
    return streams.answer(request, lambda: tailing.stream(seen, draw), lambda: tailing.once(seen, draw))


@login_required
def counts(request, slug: str):
    """How many each status chip would show by now, by its status ("" is all); as JSON. Empty where none are counted."""
    project = access.viewable(request, slug)
    chips, _total = listing.status_chips(project, Filter.read(request.GET))
    answer = JsonResponse({chip["value"]: chip["count"] for chip in chips if chip["count"]})
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
def latest(request, slug: str):
    """The newest calls, for the overview."""
    project = access.viewable(request, slug)
    page = walking.page(project.pk, Filter(), size=LATEST)
    return render(request, "traffic/parts.html#latest", {"project": project, "rows": page.rows})


@login_required
def stats(request, slug: str):
    """The last 24 hours: ``as=cards`` (numbers) or ``as=histogram``."""
    project = access.viewable(request, slug)
    shape = request.GET.get("as", "cards")
    if shape not in ("cards", "histogram"):
        raise Http404
    day = charting.day(project.pk)
    picture = charting.histogram(project.pk, Filter(), walking.newest(project.pk)) if shape == "histogram" else None
    context = {"project": project, "day": day, "histogram": picture}
    return render(request, f"traffic/parts.html#{shape}", context)


@login_required
def steps(request, slug: str):
    """The first steps with what the log knows of them. When all are done they are not shown again."""
    project = access.viewable(request, slug)
    calls = Exchange.objects.filter(project_id=project.pk)
    found = first.of(project, called=calls.filter(kind="mock").exists(), connected=calls.filter(source="gpt").exists())
    if found.done:
        first.leave(project)
        return HttpResponse()
    return render(request, "library/steps.html", {"project": project, "steps": found})


@login_required
def briefs(request):
    """The last 24 hours of the projects ``?ids=1,2,…``, for their rows in the list of projects."""
    projects = access.named(request)
    days = charting.days([project.pk for project in projects])
    rows = [{"project": project, "day": days[project.pk]} for project in projects]
    return render(request, "traffic/parts.html#briefs", {"rows": rows})


@login_required
def tree(request, slug: str, public_id: str, side: str):
    """What lies below one place of a large JSON body."""
    row = _exchange(request, slug, public_id)
    pointer, start = request.GET.get("at", ""), _number(request.GET.get("from", "")) or 0
    body = _body(row, side)
    try:
        level = bodies.level(body.value, pointer, start)
    except LookupError:
        raise Http404(_("This body has no such place.")) from None
    context = {"level": level, "pointer": pointer, "r": row, "side": {"name": side}, "slug": slug}
    return render(request, "traffic/tree.html", context)


@login_required
def download(request, slug: str, public_id: str, side: str):
    """A body as a file. Never shown by the browser: it is somebody else's content."""
    row = _exchange(request, slug, public_id)
    body = _body(row, side)
    content = bytes(row.request_body if side == "request" else row.response_body)
    return _file(content, f"{row.public_id}-{side}.{body.suffix}", "application/octet-stream")


@login_required
def exchange_har(request, slug: str, public_id: str):
    """One call as a HAR file."""
    row = _exchange(request, slug, public_id)
    return _file("".join(exporting.har([row])), f"{row.public_id}.har", "application/json")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request, slug: str, form: str = "har"):
    """Calls as a file of another tool (exporting.FORMATS): those of ``pick``, or the newest of the filter, as many as
    the file may hold. For a question that cannot be read, the page that says what is wrong with it."""
    project = access.viewable(request, slug)
    made = exporting.FORMATS.get(form)
    if made is None:
        names = ", ".join(exporting.FORMATS)
        raise Http404(_("There is no export “%(name)s”; there are: %(names)s.") % {"name": form[:40], "names": names})
    asked = request.POST if request.method == "POST" else request.GET
    picks = asked.getlist("pick")
    try:
        rows = selecting.chosen(project, picks, Filter.read(asked), made.newest_first)
    except Refused as refused:
        if picks:
            raise Http404(str(refused)) from None
        return render(request, "traffic/log.html", listing.context(request, project, asked), status=400)
    return _file("".join(made.write(rows)), f"{project.slug}.{made.suffix}", made.content_type)


@login_required
def exchange_export(request, slug: str, public_id: str, form: str):
    """One call as a file of another tool."""
    row = _exchange(request, slug, public_id)
    made = exporting.FORMATS.get(form)
    if made is None:
        raise Http404(_("There is no such export."))
    return _file("".join(made.write([row])), f"{row.public_id}.{made.suffix}", made.content_type)


def _drawer(project, filter: Filter):
    """Draws rows in the reader's language and time zone, which a stream would otherwise have lost."""
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def draw(rows) -> str:
        with translation.override(language), timezone.override(zone):
            context = {"project": project, "rows": rows, "qs": filter.query()}
            return render_to_string("traffic/tail.html", context)

    return draw


def _exchange(request, slug: str, public_id: str) -> Exchange:
    row = find(access.viewable(request, slug), public_id)
    if row is None:
        raise Http404(_("No such request."))
    return row


def _body(row: Exchange, side: str) -> bodies.Body:
    if side not in ("request", "response"):
        raise Http404
    return bodies.of(row, side)


def _file(content, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
