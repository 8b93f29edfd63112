"""What the checks find in a project's newest version, remembered: no page judges a large document anew."""

from collections import OrderedDict

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.contract import Contract
from actionstudio.core.lint import Finding, check

KEPT, FINDINGS = 64, 100_000  # lists in memory, and findings in all; a revision never changes, so they stay true
_known: OrderedDict[tuple[int, str, str], tuple[Finding, ...]] = OrderedDict()


def findings(project: Project, target: str = "gpt") -> tuple[Finding, ...]:
    """All that the checks find for ``target`` (lint.TARGETS), waived ones too. Two queries at most."""
    newest = project.revisions.order_by("-number").values_list("pk", flat=True).first()
    return judged(newest, target, _address(project) if target == "plugin" else "") if newest else ()


def judged(
    revision: int, target: str = "gpt", base_url: str = "", contract: Contract | None = None
) -> tuple[Finding, ...]:
    """The findings of one revision. Its ``contract`` is read when nobody has asked yet, and it is not at hand."""
    key = (revision, target, base_url)
    found = _known.get(key)
    if found is None:
        contract = contract or Revision.objects.get(pk=revision).contract()
        found = _known[key] = tuple(check(contract, target=target, base_url=base_url))
        _forget()
    return found


def _forget() -> None:
    """The oldest lists go; the newest stays however long it is."""
    while len(_known) > KEPT or (len(_known) > 1 and sum(map(len, [*_known.values()])) > FINDINGS):
        _known.popitem(last=False)


def _address(project: Project) -> str:
    """Where the project answers: plugins are bound to their domain."""
    address = project.addresses.first()
    return base_urls(address.name, address.domain)[0] if address else ""
