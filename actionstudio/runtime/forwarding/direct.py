"""A call from inside the house to the server that an operation is forwarded to, whatever the operation answers now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from actionstudio.core.behaviour import Proxy, inside
from actionstudio.core.call import Call
from actionstudio.runtime.forwarding.forwarder import Failure, Forwarder, Outcome
from actionstudio.runtime.visit import Visit

if TYPE_CHECKING:
    from actionstudio.core.contract import Contract, Operation
    from actionstudio.runtime.ports import Token
    from actionstudio.runtime.program import Program


class Direct:
    """The way to the upstream behind one call. ``forwarder`` hides its secret in what comes back."""

    def __init__(self, program: Program, call: Call, assume: int | Token | None = None) -> None:
        self.visit = Visit(call, assume=assume)
        self.forwarder: Forwarder | None = None
        served = program.route(self.visit)
        if served is None:
            return
        if not served.ready:
            served.compile()
        way = proxied(program.hosted.contract, served.operation)
        if way is not None:  # nothing is kept, taken from a cache, or sent twice: this is one call
            self.forwarder = Forwarder(served, replace(way, cache=False, retries=0, record="", timeout=45))
            if served.translator is not None:
                served.translator.translate(self.visit)
            verdict = served.guard(self.visit)  # whose call it counts as; whether it may is the upstream's to say
            self.visit.key_id, self.visit.token = verdict.key_id, verdict.token

    def ask(self) -> Outcome:
        """Sends the call the way the proxy would, with the builder's changes and the upstream's secret."""
        if self.forwarder is None:
            why = "no upstream stands behind this call"
            return Outcome(failure=Failure(502, "Bad gateway", "No upstream stands behind this call.", why, ""))
        outcome = self.forwarder.forward(self.visit)
        if outcome.answer is not None:
            changed = self.forwarder.changed_back(outcome.answer, self.visit, outcome)
            if isinstance(changed, Failure):
                return Outcome(failure=changed, trail=outcome.trail)
            outcome.answer = changed
        return outcome


def proxied(contract: Contract, operation: Operation) -> Proxy | None:
    """How an operation is forwarded: as it says itself, else to the contract's only upstream. None: that is open."""
    own = next((one for one in inside(operation.behaviour) if isinstance(one, Proxy)), None)
    if own is None and len(contract.upstreams) == 1:
        return Proxy(contract.upstreams[0].name)
    return own


def hosts(contract: Contract, operation: Operation) -> list[str]:
    """The base URLs that a call of an operation may reach when it is forwarded."""
    way = proxied(contract, operation)
    found = [one for one in contract.upstreams if way is not None and one.name == way.upstream]
    return [backend.url for one in found for backend in one.backends]
