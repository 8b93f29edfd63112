"""What the overview says about a project: its addresses, whether ChatGPT can take it, the first steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core import limits
from actionstudio.core.contract import Contract
from actionstudio.core.lint import Finding, check, pressing

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
    fix: str = ""  # the repair that would mend it
    url: str = ""  # where it is mended
    code: str = ""  # the rule that says so


@dataclass
class Readiness:
    """The checklist and how much of it is fine; ``more`` counts what is not shown."""

    items: list[Item]
    passed: int
    total: int
    more: int = 0

    @property
    def open(self) -> int:
        """How many things are to be looked at."""
        return self.total - self.passed

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


def verdict(contract: Contract, findings: Iterable[Finding] | None = None) -> Verdict:
    """How many things are wrong, and how many are to be looked at; ``findings`` are those of the checks, if at hand."""
    found = pressing(check(contract) if findings is None else findings)
    errors = sum(finding.level in _BAD for finding in found)
    return Verdict(errors, len(found) - errors + (not contract.operations))


def unset(project: Project, contract: Contract) -> list[tuple[str, str]]:
    """The upstreams that cannot be asked yet: their names, and the secret that they lack ("": a server)."""
    wanted = [one for one in contract.upstreams if one.secret or not one.backends]
    kept = set(project.secrets.values_list("name", flat=True)) if wanted else set()
    lacks = [(one.name, one.secret if one.backends else "") for one in wanted]
    return [(name, secret) for name, secret in lacks if secret not in kept]


def places(project: Project) -> list[Place]:
    """The project's addresses, the primary one first."""
    rows = project.addresses.select_related("pinned")
    return [Place(row, base_urls(row.name, row.domain)) for row in rows]


def readiness(
    contract: Contract, findings: Iterable[Finding], place: Callable[[Finding], str] = lambda _finding: ""
) -> Readiness:
    """What stands between this contract and ChatGPT, by what the checks found. ``place`` names where it is mended."""
    found = pressing(findings)
    wrong = [finding for finding in found if finding.level in _BAD]
    items = [*_summary(contract, wrong)]
    rest = sorted(found, key=lambda finding: finding.level not in _BAD)
    items += [Item("e" if f.level in _BAD else "w", f.message, f.fix, place(f), f.code) for f in rest[:SHOWN]]
    fine = sum(item.kind == "o" for item in items)
    return Readiness(items, fine, fine + len(rest), more=max(0, len(rest) - SHOWN))


def _summary(contract: Contract, wrong: list) -> list[Item]:
    """The good news first, as far as it is true."""
    items = []
    if not any(finding.level == "fatal" for finding in wrong):
        items.append(Item("o", _("ChatGPT can read the OpenAPI 3.1 document")))
    offered = sum(op.exposed for op in contract.operations)
    if 0 < offered <= limits.OPERATIONS and not any(finding.level == "drops-op" for finding in wrong):
        text = ngettext(
            "%(n)s operation is offered; ChatGPT takes up to %(most)s",
            "%(n)s operations are offered; ChatGPT takes up to %(most)s",
            offered,
        )
        items.append(Item("o", text % {"n": offered, "most": limits.OPERATIONS}))
    elif not contract.operations:
        items.append(Item("w", _("There is no endpoint yet; ChatGPT needs at least one.")))
    if contract.privacy:
        items.append(Item("o", _("The privacy policy is written")))
    return items
