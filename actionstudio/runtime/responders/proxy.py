"""Forwards the call to an upstream and hands its answer back; where none comes, another behaviour may stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionstudio.runtime import replies
from actionstudio.runtime.forwarding import answer as answers
from actionstudio.runtime.forwarding import recording
from actionstudio.runtime.forwarding.answer import Answer
from actionstudio.runtime.forwarding.drift import Drift
from actionstudio.runtime.forwarding.forwarder import Failure, Forwarder, Outcome
from actionstudio.runtime.forwarding.recording import Place
from actionstudio.runtime.replies import Prepared

if TYPE_CHECKING:
    from actionstudio.core.behaviour import Proxy
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

UNREACHABLE = "unreachable"


def compile(served: Served, behaviour: Proxy) -> Any:
    """The responder of one operation."""
    from actionstudio.runtime import responders

    way = Forwarder(served, behaviour)
    drift = Drift(served) if behaviour.drift else None
    wanted = frozenset(one.upper() for one in behaviour.fall_back_on)
    otherwise = responders.compile(served, behaviour.otherwise) if wanted else None

    store, full = served.house.store, recording.full(served.operation, behaviour)

    def respond(visit: Visit) -> Prepared:
        if store is not None:
            store.settle()  # what rules have counted: nobody waits for it as long as the upstream takes
        outcome = way.forward(visit)
        because = _because(outcome, wanted)
        if otherwise is not None and because:
            return _instead(otherwise(visit), outcome, because)
        if outcome.failure is not None:
            return _failed(outcome.failure, outcome.trail)
        assert outcome.answer is not None
        return _sent(outcome.answer, outcome, visit)

    def _sent(answer: Answer, outcome: Outcome, visit: Visit) -> Prepared:
        call, upstream = visit.call, way.upstream
        if answer.coding and not answers.accepts(visit.headers.get("accept-encoding", ""), answer.coding):
            answer = answers.plain(answer)
        answer, hidden = answers.without_secret(answer, way.secret)
        violations = drift.found(answer, call.method) if drift is not None else ()
        step = outcome.trail[-1]
        changed = way.changed_back(answer, visit, outcome)
        if isinstance(changed, Failure):
            return _failed(changed, outcome.trail)
        answer = changed
        hosted = served.house.hosted
        if hosted is not None and upstream is not None and not behaviour.request.path:
            bases = tuple(one.url for one in upstream.backends)
            answer = answers.at_ours(answer, outcome.asked, bases, hosted.base_urls[visit.base])
        if hidden:
            step["hidden"] = True
        if behaviour.record and full:
            step["unkept"] = f"{recording.MOST} are there already"
        elif behaviour.record and hosted is not None and step.get("cache") != "hit":
            step["record"] = behaviour.record
            recording.came(Place(hosted.project_id, served.method, served.path))
        said = f"{answer.status}, from the upstream “{behaviour.upstream}”"
        notes = {"response": said + _more(step, outcome, violations, hidden), "trail": outcome.trail}
        made, held = answers.prepared(answer, call.method, notes, violations, served.extra)
        if held:
            step["withheld"] = held
        return made

    return respond


def _more(step: dict[str, Any], outcome: Outcome, violations: Any, hidden: bool) -> str:
    attempts = sum(one["what"] == "upstream" for one in outcome.trail)
    parts = [f"from the cache: {step['cache']}"] if step.get("cache") in ("hit", "revalidated") else []
    parts += [f"at attempt {attempts}"] if attempts > 1 else []
    several = "s" if len(violations) > 1 else ""
    parts += [f"{len(violations)} departure{several} from the document"] if violations else []
    parts += ["its secret stood in the answer and was hidden"] if hidden else []
    return "".join(f"; {part}" for part in parts)


def _because(outcome: Outcome, wanted: frozenset[str]) -> str:
    """Why something else stands in for the upstream; "" when nothing does."""
    failure = outcome.failure
    if failure is not None and not failure.reason:
        return ""
    if failure is not None and UNREACHABLE.upper() in wanted:
        return failure.why
    status = failure.status if failure is not None else outcome.answer.status if outcome.answer is not None else 0
    if str(status) in wanted or f"{str(status)[0]}XX" in wanted:
        return failure.why if failure is not None else f"the upstream answered {status}"
    return ""


def _instead(reply: Prepared, outcome: Outcome, because: str) -> Prepared:
    notes = reply.notes
    trail = [*outcome.trail, {"what": "fallback", "because": because}, *notes.get("trail", ())]
    return reply.with_notes({"response": f"{because}; instead: {notes.get('response', '')}", "trail": trail})


def _failed(failure: Failure, trail: list[dict[str, Any]]) -> Prepared:
    said = {"response": f"{failure.status}, {failure.why}", "trail": trail}
    return replies.problem(failure.status, failure.title, failure.detail, failure.headers, said)
