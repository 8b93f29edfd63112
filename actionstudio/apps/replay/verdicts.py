"""The verdict on a replay: same, changed or broken, by the project's rules and what the contract promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.apps.replay import judging
from actionstudio.apps.replay.models import Replay
from actionstudio.core.call import Call
from actionstudio.core.compare import ABSENT, loads
from actionstudio.core.judging import BROKEN, CHANGED, SAME, Judgement, Promise, Rules, judge, noise_between

TOLD = 3  # reasons that pages tell
ECHOES = 200  # places that are kept of what an answer only said back
UNCOMPARED = "uncompared"  # nothing differs, as far as anything was kept to compare
ALL = (BROKEN, CHANGED, UNCOMPARED, SAME)


def judged(
    row: Replay, rules: Rules, then: Call | None = None, now: Call | None = None, promise: Promise | None = None
) -> Judgement:
    """What became of the answer. ``then`` is the logged request and ``now`` what was sent."""
    if not row.after:
        return judge(judging.answer(row.before), None, rules)
    before, after, beginnings = judging.answers(row)
    noisy = noise_between(after, judging.answer(row.again)) if row.again else ()
    counts = (row.before.get("violations") or 0, row.after.get("violations") or 0)
    return judge(
        before,
        after,
        rules,
        noisy,
        sent=then,
        resent=now,
        promise=promise if judging.comparable(row) else None,
        violations=counts,
        beginnings=beginnings,
    )


def check(row: Replay, promise: Promise | None) -> None:
    """Holds an answer from elsewhere to the contract; of our own answers the log has said what is wrong with them."""
    if not row.after or "violations" in row.after or promise is None:
        return
    answer = judging.answer(row.after)
    if promise.at(answer.status) is not None and loads(answer.body) is not ABSENT:
        row.after["violations"] = len(promise.violations(answer))


def tell(row: Replay, found: Judgement) -> None:
    """Writes a verdict into its replay, so that a run, its pages and the lists say and count the same."""
    verdict = named(row, found)
    row.same = verdict == SAME
    row.changes = judging.counted(row, found.difference)[0]
    row.facts["verdict"] = verdict
    row.facts["reasons"] = [
        {"kind": one.kind, "path": one.path, "was": one.was, "now": one.now, "verdict": one.verdict}
        for one in found.reasons[:TOLD]
    ]
    row.facts["noise"] = len(found.noise)
    row.facts["echoes"] = [one.path for one in found.noise if one.kind == "echo"][:ECHOES]


def named(row: Replay, found: Judgement) -> str:
    """The verdict as a run counts it (ALL)."""
    open_ = bool(row.after) and not judging.settled(row) and found.verdict == SAME
    return UNCOMPARED if open_ else found.verdict


def untold(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What was different about a request, without the verdict on its answer."""
    return {name: value for name, value in facts.items() if name not in ("verdict", "reasons", "noise", "echoes")}


def retell(row: Replay) -> None:
    """The verdict of a run's replay after its page has left places out, or has taken them in again."""
    if "verdict" in row.facts:
        rest = BROKEN if breaking(row) else CHANGED if row.changes or judging.comparable(row) else UNCOMPARED
        row.facts["verdict"] = SAME if row.same else rest


def breaking(row: Replay) -> list[dict[str, Any]]:
    """What of the told reasons makes the answer a broken one, without what is ignored by now."""
    told = row.facts.get("reasons") or ()
    return [one for one in told if one.get("verdict") == BROKEN and _place(one) not in row.ignore]


def _place(reason: Mapping[str, Any]) -> str:
    kind = reason["kind"]
    return "status" if kind == "status" else f"header:{reason['path']}" if kind.startswith("header") else reason["path"]
