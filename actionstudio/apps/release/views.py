"""Versions: the list, two of them compared, restoring; and the addresses that serve them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.design import comparing, editing
from actionstudio.apps.projects import access
from actionstudio.apps.publishing.models import Address, Revision
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.release import addressing
from actionstudio.apps.release.forms import AddressForm, NewAddressForm
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused

PAGE = 30
PINNABLE = 100


@login_required
def versions(request, slug: str):
    """Every save, newest first: who, when, what changed, and what is live."""
    project = access.viewable(request, slug)
    rows = project.revisions.defer("content").select_related("author")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 10:
        rows = rows.filter(number__lt=int(before))
    found = list(rows[: PAGE + 1])
    context = {
        "nav": "versions",
        "project": project,
        "revisions": found[:PAGE],
        "before": found[PAGE - 1].number if len(found) > PAGE else None,
        "newest": project.revisions.values_list("number", flat=True).first() or 0,
        "pins": _pins(project),
    }
    return htmx.page(request, "release/versions.html", context)


def _pins(project) -> dict[int, list[str]]:
    """The addresses pinned to each number."""
    pins: dict[int, list[str]] = {}
    for name, number in project.addresses.exclude(pinned=None).values_list("name", "pinned__number"):
        pins.setdefault(number, []).append(name)
    return pins


@login_required
def compare(request, slug: str, a: int, b: int):
    """What differs between two versions: as a list, and side by side."""
    project = access.viewable(request, slug)
    old = get_object_or_404(Revision, project=project, number=a)
    new = get_object_or_404(Revision, project=project, number=b)
    diff = comparing.compare(old.contract(), new.contract())
    context = {"nav": "versions", "project": project, "old": old, "new": new, "diff": diff}
    return htmx.page(request, "release/compare.html", context)


@login_required
def compare_chosen(request, slug: str):
    """From the list's two choices to their comparison."""
    project = access.viewable(request, slug)
    chosen = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(number.isdecimal() and number.isascii() and len(number) < 10 for number in chosen):
        raise Http404(_("Choose two versions."))
    return htmx.redirect(reverse("release:compare", args=[project.slug, *sorted(map(int, chosen))]))


@login_required
@require_POST
def restore(request, slug: str, number: int):
    """Makes an old version the newest again, as a new one."""
    project = access.changeable(request, slug)
    try:
        revision = editing.restore(project, number, by=request.user)
    except Revision.DoesNotExist as error:
        raise Http404(_("There is no such version.")) from error
    back = reverse("release:versions", args=[project.slug])
    if revision is None:
        return htmx.redirect(back, _("v%(n)s says the same as now; nothing changed.") % {"n": number}, "info")
    return htmx.redirect(back, _("v%(old)s is restored, live as v%(new)s.") % {"old": number, "new": revision.number})


@login_required
def addresses(request, slug: str):
    """Where the project answers, and which version it serves there."""
    project = access.changeable(request, slug)
    adding = NewAddressForm(request.POST if request.POST.get("deed") == "add" else None)
    if adding.is_valid():
        try:
            made = addressing.add(project, adding.cleaned_data["name"])
            return _back(project, _("“%(name)s” answers now.") % {"name": made.name})
        except Refused as refused:
            adding.add_problems(refused)
    return _addresses_page(request, project, adding=adding)


@login_required
@require_POST
def address(request, slug: str, pk: int):
    """Pins, binds or removes one address."""
    project = access.changeable(request, slug)
    row = get_object_or_404(Address.objects.select_related("pinned", "project"), pk=pk, project=project)
    form = AddressForm.of(row, _numbers(project), request.POST)
    try:
        if request.POST.get("deed") == "remove":
            addressing.remove(row)
            return _back(project, _("“%(name)s” no longer answers.") % {"name": row.name})
        if form.is_valid():
            addressing.change(row, **form.cleaned_data)
            return _back(project, _("Saved. The address serves it now."))
    except Refused as refused:
        form.is_valid()
        form.add_problems(refused)
    return _addresses_page(request, project, adding=NewAddressForm(), wrong={row.pk: form})


def _addresses_page(request, project, adding, wrong=None):
    wrong = wrong or {}
    numbers = _numbers(project)
    rows = [
        (row, base_urls(row.name, row.domain), wrong.get(row.pk) or AddressForm.of(row, numbers))
        for row in project.addresses.select_related("pinned")
    ]
    context = {"nav": "settings", "project": project, "rows": rows, "adding": adding}
    status = 422 if adding.errors or wrong else 200
    return htmx.page(request, "release/addresses.html", context, status=status)


def _numbers(project) -> list[int]:
    return list(project.revisions.values_list("number", flat=True)[:PINNABLE])


def _back(project, message: str):
    return htmx.redirect(reverse("release:addresses", args=[project.slug]), message)
