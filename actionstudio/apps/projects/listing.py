"""The list of projects, a page at a time, in a constant number of queries."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.projects.models import Project

PAGE = 20
SIGN_IN = {
    "none": (_("None"), "globe"),
    "declared": (_("As declared"), "file-code-2"),
    "api_key": (_("API key"), "key-round"),
    "service_http": (_("Service token"), "shield"),
    "user_http": (_("Key per person"), "users"),
    "oauth": (_("OAuth"), "users"),
}


@dataclass
class Row:
    """What the list shows of one project."""

    project: Project
    endpoints: int = 0
    newest: int = 0
    pinned: int | None = None
    sign_in: str = ""
    icon: str = "globe"
    logo: str = ""  # the digest of its image


@dataclass
class Listing:
    """One page of rows; ``after`` is the key of the next page, or ""."""

    rows: list[Row]
    after: str

    @property
    def ids(self) -> str:
        """What the parts of later apps are asked about: the ids with commas between them."""
        return ",".join(str(row.project.pk) for row in self.rows)


def page(projects: QuerySet[Project], q: str = "", after: str = "") -> Listing:
    """The projects that match ``q``, newest change first, beginning behind ``after``."""
    for word in q.split()[:8]:
        projects = projects.filter(Q(name__icontains=word) | Q(slug__icontains=word) | Q(description__icontains=word))
    if key := _read_key(after):
        moment, pk = key
        projects = projects.filter(Q(updated__lt=moment) | Q(updated=moment, pk__lt=pk))
    found = list(projects.order_by("-updated", "-pk")[: PAGE + 1])
    rows = _rows(found[:PAGE])
    return Listing(rows, _key(found[PAGE - 1]) if len(found) > PAGE else "")


def _rows(projects: list[Project]) -> list[Row]:
    these = Project.objects.filter(pk__in=[project.pk for project in projects]).order_by()
    endpoints = dict(these.annotate(n=Count("operations")).values_list("pk", "n"))
    newest = dict(these.annotate(n=Max("revisions__number")).values_list("pk", "n"))
    pinned = dict(these.filter(addresses__primary=True).values_list("pk", "addresses__pinned__number"))
    facts = {pk: (auth, logo) for pk, auth, logo in these.values_list("pk", "document__auth", "document__logo")}
    return [_row(p, endpoints[p.pk], newest[p.pk] or 0, pinned.get(p.pk), *facts[p.pk]) for p in projects]


def _row(project: Project, endpoints: int, newest: int, pinned: int | None, auth: dict | None, logo: str | None) -> Row:
    sign_in, icon = SIGN_IN.get((auth or {}).get("kind", "none"), SIGN_IN["none"])
    return Row(project, endpoints, newest, pinned, sign_in, icon, logo or "")


def _key(project: Project) -> str:
    return f"{project.updated.isoformat()}_{project.pk}"


def _read_key(text: str) -> tuple[datetime.datetime, int] | None:
    moment, _sep, pk = text.rpartition("_")
    try:
        at = datetime.datetime.fromisoformat(moment)
        return (at, int(pk)) if at.tzinfo and abs(int(pk)) < 2**63 else None
    except (ValueError, OverflowError):
        return None
