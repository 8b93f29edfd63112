"""The verdict on a case: its answer against the whole expected one, and against what is expected place by place."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from actionstudio.apps.replay import judging, verdicts
from actionstudio.apps.replay.suites.models import Case, Outcome
from actionstudio.core import expecting
from actionstudio.core.call import Call
from actionstudio.core.compare import Answer
from actionstudio.core.expecting import Check, Miss
from actionstudio.core.judging import ALL, BROKEN, CHANGED, SAME, Judgement, Promise, Reason, Rules, packed

Verdict = Outcome.Verdict
_HIDDEN = "••••"
VERDICTS = {SAME: Verdict.PASSED, CHANGED: Verdict.CHANGED, BROKEN: Verdict.BROKEN}


@dataclass(frozen=True, slots=True)
class Weighed:
    """``reasons`` are core.judging.Reason as JSON; of a check that missed the kind is "check" and ``op`` stands there,
    of a value that no answer brought it is "extract"."""

    verdict: str
    reasons: list[dict[str, Any]] = field(default_factory=list)
    noise: dict[str, int] = field(default_factory=dict)


def checks(case: Case) -> list[Check]:
    """The checks of a case as values."""
    return [Check(one["on"], one["op"], one.get("value")) for one in case.checks]


def rules(of_project: Rules, own: Mapping[str, Any]) -> Rules:
    """The project's rules and those of one case."""
    mine = Rules(
        ignore=tuple(own.get("ignore", ())),
        unordered=tuple(own.get("unordered", ())),
        tolerance=own.get("tolerance") or 0.0,
    )
    return replace(of_project + mine, kinds=of_project.kinds - frozenset(own.get("off", ())))


def kinds_off(kinds: Iterable[str]) -> list[str]:
    """The kinds of noise that count after all, from those that do not."""
    return sorted(ALL - frozenset(kinds))


def weigh(
    row: Outcome,
    case: Case,
    by: Rules,
    then: Call,
    now: Call,
    promise: Promise | None,
    heard: Answer | None,
    missing: Iterable[str] = (),
) -> Weighed:
    """What became of a case. ``heard`` is the answer before anything was hidden in it: checks ask that, and tell what
    may be seen. ``missing`` are places where a value for later cases was to be."""
    if not row.after:
        return Weighed(Verdict.ERROR)
    shown = judging.answer(row.after)
    found = _whole(row, case, by, then, now, promise, heard)
    reasons = [*found.reasons, *(Reason(BROKEN, "extract", on) for on in missing)]
    data = {**packed(found), "reasons": [asdict(one) for one in reasons]}
    took = row.after["duration_us"] / 1000
    misses = expecting.missed(checks(case), heard or shown, took)
    data["reasons"] += [_reason(one, shown, took) for one in misses]
    weights = {one["verdict"] for one in data["reasons"]}
    verdict = BROKEN if BROKEN in weights else CHANGED if weights else SAME
    return Weighed(VERDICTS[verdict], data["reasons"], data["noise"])


def _whole(
    row: Outcome, case: Case, by: Rules, then: Call, now: Call, promise: Promise | None, heard: Answer | None
) -> Judgement:
    if row.before:
        if row.before.get("typed"):  # whoever writes an answer by hand writes down the headers that matter
            by = replace(by, ignore=(*by.ignore, *_unwritten(row)))
        if heard is not None and judging.unkept(row.after):
            return _unkept(row, by, then, now, promise, heard)
        return verdicts.judged(row, by, then, now, promise)  # type: ignore[arg-type]
    if not case.checks and row.after["status"] >= 400:  # nothing was written down: an answer that is none is not it
        return Judgement(BROKEN, reasons=(Reason(BROKEN, "status", "", "2xx", str(row.after["status"])),))
    return Judgement(SAME)


def _unkept(row: Outcome, by: Rules, then: Call, now: Call, promise: Promise | None, heard: Answer) -> Judgement:
    """By the body as it came, of which nothing is kept: what differs is told by its place, without what stood there."""
    kept = row.after
    row.after = {**kept, "body": base64.b64encode(heard.body).decode(), "cut": False}
    try:
        found = verdicts.judged(row, by, then, now, promise)  # type: ignore[arg-type]
    finally:
        row.after = kept
    plain = (replace(one, was="", now="") if one.kind == "value" else one for one in found.reasons)
    return replace(found, reasons=tuple(plain))


def _unwritten(row: Outcome) -> list[str]:
    written = {name.lower() for name, _value in row.before["headers"]}
    return [f"header:{name.lower()}" for name, _value in row.after["headers"] if name.lower() not in written]


def _reason(miss: Miss, shown: Answer, took: float) -> dict[str, Any]:
    check = miss.check
    hidden = expecting.missed([check], shown, took)
    found = hidden[0].found if hidden else _HIDDEN  # what may be seen does not miss: what was found may not be
    return {
        **asdict(Reason(BROKEN if miss.broken else CHANGED, "check", check.on, expecting.written(check), found)),
        "op": check.op,
    }
