"""What became of cases, in words: of one, and of many that show the same change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.replay import wording
from actionstudio.apps.replay.suites.models import Outcome

Verdict = Outcome.Verdict
MOST = 20  # sentences of one case that are shown


@dataclass(slots=True)
class Told:
    """A change and the cases that show it."""

    sentence: str
    verdict: str
    operation: str = ""
    rows: list[Outcome] = field(default_factory=list)


def sentences(outcome: Outcome) -> list[str]:
    """Why an outcome is what it is: what broke first."""
    reasons = sorted(outcome.reasons, key=lambda one: one["verdict"] != "broken")
    told = [sentence(one) for one in reasons[:MOST]]
    if outcome.reason:
        told.insert(0, outcome.reason)
    return told


def refusal(outcome: Outcome) -> str:
    """That ChatGPT would not make a call that was sent all the same, as a sentence; "" when it would."""
    if not outcome.refusal:
        return ""
    return _("ChatGPT would refuse to send this call: %(why)s") % {"why": outcome.refusal}


def sentence(one: Mapping[str, Any]) -> str:
    """One reason as a sentence."""
    if one["kind"] == "check":
        return _check(one)
    if one["kind"] == "extract":
        return _("Nothing stands at %(path)s that later cases could use.") % {"path": one["path"]}
    return wording.change(one)


def grouped(outcomes: Iterable[Outcome]) -> list[Told]:
    """What went wrong in a run, by what it was: what broke first, then what most cases show."""
    found: dict[tuple[str, str, str], Told] = {}
    for row in outcomes:
        if row.verdict in (Verdict.PASSED, Verdict.SKIPPED, ""):
            continue
        reasons = row.reasons or [None]
        for one in reasons[:MOST]:
            text = sentence(one) if one else row.reason or _("No answer came.")
            weight = one["verdict"] if one else row.verdict
            operation = row.operation_id if one else ""  # a cause of its own is the same whatever was called
            told = found.setdefault((weight, operation, text), Told(text, weight, operation))
            if row not in told.rows:
                told.rows.append(row)
    heaviest = (Verdict.BROKEN, Verdict.ERROR, Verdict.REFUSED)
    return sorted(found.values(), key=lambda told: (told.verdict not in heaviest, -len(told.rows)))


def verdict(code: str) -> str:
    """A verdict's name."""
    return (
        {
            Verdict.PASSED: _("passed"),
            Verdict.CHANGED: _("changed"),
            Verdict.BROKEN: _("broken"),
            Verdict.REFUSED: _("refused"),
            Verdict.ERROR: _("error"),
            Verdict.SKIPPED: _("skipped"),
        }.get(Verdict(code), code)
        if code in Verdict.values
        else _("waiting")
    )


def _check(one: Mapping[str, Any]) -> str:
    places = {"status": _("the status"), "time": _("the time in milliseconds")}
    on = places.get(one["path"], one["path"])
    if one["path"].startswith("header:"):
        on = _("the header %(name)s") % {"name": one["path"][7:]}
    template = CHECKS[one["op"]]()
    return template % {"on": on, "wanted": one["was"], "found": one["now"] or _("nothing")}


CHECKS = {
    "equals": lambda: _("Expected %(on)s to be %(wanted)s; found %(found)s."),
    "type": lambda: _("Expected %(on)s to be of the type %(wanted)s; found %(found)s."),
    "exists": lambda: _("Expected %(on)s to be there; found %(found)s."),
    "absent": lambda: _("Expected %(on)s not to be there; found %(found)s."),
    "matches": lambda: _("Expected %(on)s to match %(wanted)s; found %(found)s."),
    "range": lambda: _("Expected %(on)s to be in %(wanted)s; found %(found)s."),
}
