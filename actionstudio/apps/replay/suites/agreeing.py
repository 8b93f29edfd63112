"""What a suite's calls may change on servers that are not ours, and that a person has agreed to it, host by host."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from actionstudio.apps.replay import sending
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.suites.models import Suite


def open_risks(suite: Suite, target: str = "") -> list[reaching.Risk]:
    """What still has to be agreed to before the cases that are switched on leave. Raises Refused."""
    to = sending.target(target or suite.target, suite.project)
    cases = suite.cases.filter(enabled=True).only("name", "operation_id", "method", "path")
    found = reaching.risks(reaching.contract(suite.project, to), to, cases, named=lambda case: case.name)
    return [risk for risk in found if risk.host not in suite.agreed]


def agree(suite: Suite, risks: Iterable[reaching.Risk]) -> None:
    """The suite may change something on these hosts from now on, whoever or whatever runs it."""
    with transaction.atomic():
        row = Suite.objects.select_for_update().only("agreed").get(pk=suite.pk)
        suite.agreed = sorted({*row.agreed, *(risk.host for risk in risks)})
        Suite.objects.filter(pk=suite.pk).update(agreed=suite.agreed)
