"""What the overview says about a project: its addresses, whether ChatGPT can take it, the first steps."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from actionstudio.apps.design.views.endpoint import url_of
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core import limits
from actionstudio.core.contract import Contract
from actionstudio.core.lint import Finding, check, pressing
from actionstudio.core.schemas.refs import unescape

SHOWN = 8
_BAD = ("fatal", "drops-op", "drops-param")
DOCUMENTS = (
    (".well-known/ai-plugin.json", lazy("Plugin manifest")),
    ("privacy", lazy("Privacy policy")),
    ("legal", lazy("Legal information")),
    ("docs", lazy("Reference")),
)


@dataclass
class Place:
    """One address with the URLs under which it answers."""

    address: Address
    urls: tuple[str, ...]

    @property
    def documents(self) -> list[tuple[str, str]]:
        return [(title, f"{self.urls[0]}/{path}") for path, title in DOCUMENTS]


@dataclass
class Item:
    """One line of the checklist: ``kind`` is o (fine), w (look at it) or e (wrong)."""

    kind: str
    text: str
    fix: str = ""
    url: str = ""  # where it is mended


@dataclass
class Readiness:
    """The checklist and how much of it is fine; ``more`` counts what is not shown."""

    items: list[Item]
    passed: int
    total: int
    more: int = 0

    @property
    def level(self) -> str:
        if any(item.kind == "e" for item in self.items):
            return "bad"
        return "ok" if self.passed == self.total else "warn"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The checklist in two numbers."""

    errors: int
    warnings: int


def verdict(contract: Contract) -> Verdict:
    """How many things are wrong, and how many are to be looked at."""
    findings = pressing(check(contract))
    errors = sum(finding.level in _BAD for finding in findings)
    return Verdict(errors, len(findings) - errors + (not contract.operations))


def places(project: Project) -> list[Place]:
    """The project's addresses, the primary one first."""
    rows = project.addresses.select_related("pinned")
    return [Place(row, base_urls(row.name, row.domain)) for row in rows]


def places_to_mend(project: Project) -> Callable[[Finding], str]:
    """Finds the page on which a finding is mended: its endpoint's, its schema's, or the settings."""

    def page(name: str, *args) -> str:
        return reverse(name, args=[project.slug, *args])

    settled = {
        "privacy-generated": page("library:settings", "privacy"),
        "contact-missing": page("library:settings", "general"),
        "several-schemes": page("release:auth"),
    }
    rows = project.operations.values_list("method", "path", "operation_id", "pk")
    known = {(path, method.lower()): url_of(project.slug, name, pk) for method, path, name, pk in rows}

    def find(finding: Finding) -> str:
        steps = [unescape(token) for token in finding.pointer.split("/")[1:]]
        if steps[:1] == ["paths"] and (endpoint := known.get(tuple(steps[1:3]))):
            return endpoint
        if steps[:2] == ["components", "schemas"] and len(steps) > 2:
            return page("design:schemas")
        return settled.get(finding.code) or page("design:endpoints")

    return find


def readiness(contract: Contract, place: Callable[[Finding], str] = lambda _finding: "") -> Readiness:
    """What stands between this contract and ChatGPT. ``place`` names the page on which a finding is mended."""
    findings = pressing(check(contract))
    wrong = [finding for finding in findings if finding.level in _BAD]
    items = [*_summary(contract, wrong)]
    rest = sorted(findings, key=lambda finding: finding.level not in _BAD)
    items += [Item("e" if f.level in _BAD else "w", f.message, f.fix, place(f)) for f in rest[:SHOWN]]
    fine = sum(item.kind == "o" for item in items)
    return Readiness(items, fine, fine + len(rest), more=max(0, len(rest) - SHOWN))


def _summary(contract: Contract, wrong: list) -> list[Item]:
    """The good news first, as far as it is true."""
    items = []
    if not any(finding.level == "fatal" for finding in wrong):
        items.append(Item("o", _("ChatGPT can read the OpenAPI 3.1 document")))
    offered = sum(op.exposed for op in contract.operations)
    if offered and not any(finding.level == "drops-op" for finding in wrong):
        text = ngettext("%(n)s of %(most)s operations used", "%(n)s of %(most)s operations used", offered)
        items.append(Item("o", text % {"n": offered, "most": limits.OPERATIONS}))
    elif not contract.operations:
        items.append(Item("w", _("There is no endpoint yet; ChatGPT needs at least one.")))
    if contract.privacy:
        items.append(Item("o", _("The privacy policy is written")))
    return items
