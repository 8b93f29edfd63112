"""The checks: all findings by what they do, for one target, each with its place, its cure and a way to waive it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import inspecting, waiving
from actionstudio.apps.design.placing import places_to_mend
from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web import htmx
from actionstudio.apps.web.marks import LEVELS, TARGETS, Mark
from actionstudio.apps.web.rules import Page
from actionstudio.core.contract import Waiver
from actionstudio.core.importer.profile import REPAIRS
from actionstudio.core.lint import RULES, Finding, covers, open_ones
from actionstudio.core.lint.look import place_of
from actionstudio.core.problem import Refused

SHOWN = 5  # findings of one rule, until one asks for all of them
A_PAGE = 100


@dataclass(frozen=True)
class Row:
    """One finding as the page shows it. ``tried`` is a reason that was refused."""

    finding: Finding
    place: str
    url: str
    tried: str | None = None


@dataclass(frozen=True)
class Group:
    """The findings of one rule at one level; ``more`` are not shown."""

    page: Page
    mark: Mark
    rows: list[Row]
    count: int
    fix: dict[str, str] | None = None
    tried: str | None = None

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def checks(request, slug: str):
    """``?target=`` is one of lint.TARGETS, ``?code=`` shows all findings of one rule, page by page."""
    project = access.changeable(request, slug)
    target = request.GET.get("target", "gpt")
    target = target if target in TARGETS else "gpt"
    if request.method == "POST":
        return _deed(request, project, target)
    return _page(request, project, target)


def _deed(request, project: Project, target: str):
    """Waive a finding, or take that back."""
    wish = Waiver(*(request.POST.get(name, "") for name in ("code", "pointer", "reason")))
    try:
        if request.POST.get("deed") == "take-back":
            waiving.take_back(project, wish.code, wish.pointer, request.user)
            message = _("It counts again.")
        else:
            waiving.waive(project, wish, request.user)
            message = _("Waived. It is kept below, with your reason.")
    except Refused as refused:
        return _page(request, project, target, wish, refused)
    return htmx.redirect(_url(project, target, request.GET.get("code", "")), message)


def _url(project: Project, target: str, code: str = "") -> str:
    query = {name: value for name, value in (("target", target), ("code", code)) if value and value != "gpt"}
    return reverse("design:checks", args=[project.slug]) + (f"?{urlencode(query)}" if query else "")


def _page(request, project: Project, target: str, wish: Waiver | None = None, refused: Refused | None = None):
    found = inspecting.findings(project, target)
    code = request.GET.get("code", "")
    code = code if code in RULES else ""
    counted = open_ones(found)
    shown = [one for one in counted if one.code == code] if code else counted
    pages = Paginator(shown, A_PAGE).get_page(request.GET.get("page")) if code else None
    place = places_to_mend(project)
    context: dict[str, Any] = {
        "nav": "checks",
        "project": project,
        "target": target,
        "tabs": [(name, label, _url(project, name)) for name, label in TARGETS.items()],
        "here": _url(project, target, code),
        "code": code,
        "all": _url(project, target),
        "groups": _groups(project, list(pages) if pages is not None else shown, place, wish, A_PAGE if code else SHOWN),
        "total": len(counted),
        "pages": pages,
        "waived": _waived(project, found, place),
        "problems": refused.problems if refused else (),
    }
    return htmx.page(request, "design/checks.html", context, status=422 if refused else 200)


def _groups(project: Project, findings: list[Finding], place, wish: Waiver | None, most: int) -> list[Group]:
    """By level and rule, in the order in which they come: the worst first."""
    out = []
    for level, one_level in groupby(findings, key=lambda one: one.level):
        by_rule: dict[str, list[Finding]] = {}
        for one in one_level:
            by_rule.setdefault(one.code, []).append(one)
        for code, ones in by_rule.items():
            rows = [
                Row(one, place_of(one.pointer), place(one), _tried(wish, one.code, one.pointer)) for one in ones[:most]
            ]
            fix = next((one.fix for one in ones if one.fix), "")
            everywhere = _tried(wish, code, "") if all(row.tried is None for row in rows) else None
            out.append(Group(Page(RULES[code]), LEVELS[level], rows, len(ones), _fix(project, fix), everywhere))
    return out


def _row(one: Finding, place: Callable[[Finding], str], wish: Waiver | None) -> Row:
    return Row(one, place_of(one.pointer), place(one), _tried(wish, one.code, one.pointer))


def _tried(wish: Waiver | None, code: str, pointer: str) -> str | None:
    return wish.reason if wish is not None and (wish.code, wish.pointer) == (code, pointer) else None


def _fix(project: Project, code: str) -> dict[str, str] | None:
    """The repair's words and where it is seen before it is done."""
    if code not in REPAIRS:
        return None
    try:
        page = "gpt:choose" if REPAIRS[code].chooses else "gpt:repair"
        return {"title": REPAIRS[code].title, "url": f"{reverse(page, args=[project.slug])}?code={code}"}
    except NoReverseMatch:
        return None


def _waived(project: Project, found: tuple[Finding, ...], place) -> list[dict[str, Any]]:
    """Every waiver with how many findings of this target it is about."""
    return [
        {
            "waiver": waiver,
            "page": Page(RULES[waiver.code]) if waiver.code in RULES else None,
            "place": place_of(waiver.pointer) if waiver.pointer else _("Everywhere"),
            "count": sum(covers(waiver, one) for one in found),
            "url": place(Finding(waiver.code, "", waiver.pointer, "")) if waiver.pointer else "",
        }
        for waiver in waiving.waivers(project)
    ]
