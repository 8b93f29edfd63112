"""What one address does with a call, compiled from its contract: route > guard > read > respond, in this order.

A call in the shape of the GPT profile is first led back to the document's own (runtime/translate.py).

The order stands here and nowhere else. Replays, the console and other callers inside the house take the same way.
"""

from __future__ import annotations

from collections import OrderedDict
from time import perf_counter_ns
from typing import Any
from urllib.parse import parse_qsl

from actionstudio.core.call import Call
from actionstudio.core.gather import gathered
from actionstudio.runtime import jar, nearness, replies
from actionstudio.runtime.documents import PATHS, Documents
from actionstudio.runtime.guard import Keyring, put_back
from actionstudio.runtime.operation import House, Served, where
from actionstudio.runtime.ports import Hosted, Store
from actionstudio.runtime.reader import Outcome
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.router import Router, base_paths
from actionstudio.runtime.tokens import Wallet
from actionstudio.runtime.verdict import Verdict
from actionstudio.runtime.visit import Visit

_REVISIONS = 4
_DECIDED = 32
_SHOWN = 900  # characters of the Studio-Violations header


class Program:
    """One address. ``route`` finds who answers, ``finish`` answers; ``answer`` does both."""

    def __init__(self, hosted: Hosted, store: Store | None = None, wallet: Wallet | None = None) -> None:
        self.hosted = hosted
        contract = gathered(hosted.contract)
        keyring = Keyring(hosted.keys, hosted.extra.get("revoked", ()))
        house = House(contract, keyring, hosted.contract, hosted, store, wallet)
        served = [Served(operation, house) for operation in contract.operations]
        self.router = Router([(one.method, one.path, one) for one in served], base_paths(contract.servers))
        self.documents = Documents(hosted)
        self.credentials = house.credentials | {"authorization"}  # names under which a caller brings one
        self.masks = hosted.masks | house.credentials
        self._revisions: OrderedDict[int, Documents] = OrderedDict()

    def answer(self, visit: Visit) -> None:
        """Gives the visit its reply."""
        served = self.route(visit)
        if served is not None:
            if not served.ready:
                served.compile()
            self.finish(served, visit)

    def route(self, visit: Visit) -> Served | None:
        """The operation that answers; None when the visit has its reply already: a document, or nobody is there."""
        if "cookie" in visit.headers:
            jar.withhold(visit, self.hosted.address)
        call = visit.call
        if call.path in PATHS:
            self.documents.answer(visit)
            return None
        served, values, allowed = self.router.find(call.method, call.path)
        if served is None:
            self._nobody(visit, allowed)
            return None
        if call.method == "OPTIONS" and _preflight(visit):
            _options(visit, tuple(self.router.routes[served.path].methods))
            return None
        visit.operation, visit.values = served, values
        return served

    def finish(self, served: Served, visit: Visit) -> None:
        """Guard, read, respond."""
        if served.translator is None:
            self._finish(served, visit)
            return
        call, headers = visit.call, visit.headers
        visit.translation = served.translator.translate(visit)
        try:
            self._finish(served, visit)
        finally:  # the log keeps the call as it came
            visit.call, visit.headers = call, headers
        if visit.translation is not None:
            visit.decisions = {**visit.decisions, "translation": visit.translation.sentence}

    def in_documents_shape(self, call: Call) -> tuple[Call, str]:
        """The call as the whole document describes it, for servers that know that one alone, and in words what was
        done with it; the call itself and "" when it has no other shape."""
        served = self.router.find(call.method, call.path)[0]
        if served is None:
            return call, ""
        if not served.ready:
            served.compile()
        visit, told = Visit(call), []
        if served.translator is not None:
            translation = served.translator.translate(visit)
            told += [translation.sentence] if translation else []
        moved = None if served.accepted is None else put_back(visit.call, served.accepted)
        if moved is not None:
            visit.call = moved
            told.append(f"the key goes in the {served.accepted.asked['in']}")
        return visit.call, "; ".join(told)

    def _finish(self, served: Served, visit: Visit) -> None:
        began = perf_counter_ns()
        verdict = served.guard(visit)
        visit.auth, visit.key_id = verdict.outcome, verdict.key_id
        if verdict.token is not None:
            visit.token, visit.sign_in = verdict.token, verdict.token.sign_in
        guarded = perf_counter_ns()
        if verdict.refused:
            visit.kind = "refused"
            visit.reply = served.denied(visit, verdict)
            self._decide(visit, served, verdict, None)
            visit.stamps = (("guard", (guarded - began) // 1000),)
            return
        visit.stamps = (("guard", (guarded - began) // 1000),)
        if served.around is None:
            self._decide(visit, served, verdict, self._answer(served, visit))
            self._plan(served, visit)
            return
        read: list[Outcome | None] = []

        def inner() -> Prepared:
            read.append(self._answer(served, visit))
            return visit.reply

        visit.reply = served.around.answer(visit, inner)
        self._decide(visit, served, verdict, read[0] if read else None, bool(read))
        self._plan(served, visit)

    def _plan(self, served: Served, visit: Visit) -> None:
        """What is called back when this answer has left, while the call still has the document's shape."""
        if served.caller is not None:
            visit.after = served.caller.plan(served, visit)

    def _answer(self, served: Served, visit: Visit) -> Outcome | None:
        """Read and respond; returns what is wrong with the call, None for nothing."""
        began = perf_counter_ns()
        outcome = served.read(visit)
        read = perf_counter_ns()
        if outcome is not None:
            visit.violations = outcome.found
        if outcome is not None and served.mode == "strict":
            visit.kind = "refused"
            visit.reply = served.invalid(visit, outcome)
        else:
            reply = served.respond(visit)
            visit.reply = reply if outcome is None else _reporting(reply, outcome)
        visit.stamps += (("read", (read - began) // 1000), ("respond", (perf_counter_ns() - read) // 1000))
        return outcome

    def _decide(
        self, visit: Visit, served: Served, verdict: Verdict, outcome: Outcome | None, reached: bool = True
    ) -> None:
        """Why this answer: one sentence a stage. What is said of the usual answer is made once. ``reached``: whether
        the call was read at all."""
        reply = visit.reply
        if outcome is not None:
            said = f"{served.mode}: {len(outcome.found)} violation{'s' if len(outcome.found) > 1 else ''}"
            visit.decisions = _sentences(served, verdict, said, reply)
            if served.mode == "strict":
                visit.decisions["near_misses"] = nearness.invalid(served, visit.call, outcome.found)
            return
        if not reached:
            visit.decisions = _sentences(served, verdict, "not reached", reply)
            return
        if served.remote and verdict.outcome in ("none", "open", "ok"):  # answers of an upstream may be large
            visit.decisions = _sentences(served, verdict, served.mode, reply)
            return
        key = (id(verdict), id(reply))
        known = served.decided.get(key)
        if known is None or known[0] is not verdict or known[1] is not reply:
            denied = verdict.refused
            said = "not reached" if denied else served.mode
            if len(served.decided) >= _DECIDED:
                served.decided.clear()
            told = _sentences(served, verdict, said, reply)
            if denied:
                told["near_misses"] = nearness.denied(served, verdict.sentence)
            known = served.decided[key] = (verdict, reply, told)
        visit.decisions = known[2]

    def _nobody(self, visit: Visit, allowed: tuple[str, ...]) -> None:
        call = visit.call
        if allowed and call.method == "OPTIONS":
            _options(visit, allowed)
            return
        near = self.router.near(call)
        if allowed:
            ways = ", ".join(_with_options(allowed))
            detail = f"{call.path} answers {ways}, not {call.method}."
            reply = replies.problem(405, "Method not allowed", detail, (("allow", ways),), near_misses=near)
            words = f"the path is known, the method {call.method} is not; it answers {ways}"
            visit.refuse(reply, route=words, near_misses=near)
            return
        detail = f"No operation has the path {call.path}."
        reply = replies.problem(404, "No such path", detail, near_misses=near)
        visit.refuse(reply, route="no operation has this path", near_misses=near)

    def other_revision(self, visit: Visit) -> int | None:
        """The number in ``?revision=N`` of a document's URL, when it is not the one served anyway."""
        call = visit.call
        if "revision=" not in call.query or call.path not in PATHS:
            return None
        number = dict(parse_qsl(call.query)).get("revision", "")
        if not number.isdigit() or len(number) > 9 or int(number) == self.hosted.revision:
            return None
        return int(number)

    def document_of(self, visit: Visit, number: int, hosted: Hosted | None) -> None:
        """Answers with a document of another revision."""
        documents = self._revisions.get(number)
        if documents is None:
            if hosted is None:
                reply = replies.problem(404, "No such revision", f"This project has no revision {number}.")
                visit.refuse(reply, route=f"there is no revision {number}")
                return
            documents = self._revisions[number] = Documents(hosted)
            while len(self._revisions) > _REVISIONS:
                self._revisions.popitem(last=False)
        documents.answer(visit)

    def keeps(self, number: int) -> bool:
        """Whether the documents of another revision are at hand."""
        return number in self._revisions


def _sentences(served: Served, verdict: Verdict, validation: str, reply: Prepared | None) -> dict[str, Any]:
    notes = reply.notes if reply else {}
    told: dict[str, Any] = {"route": served.said, "guard": verdict.sentence, "validation": validation}
    told["response"] = notes.get("response", "")
    if verdict.token is not None:
        token = verdict.token
        told["signed_in"] = {"user": token.user, "who": token.who, "app": token.app, "scopes": sorted(token.scopes)}
    return {**told, "trail": notes["trail"]} if "trail" in notes else told


def compile(hosted: Hosted, store: Store | None = None, wallet: Wallet | None = None) -> Program:
    """The program of one address. Operations are compiled when they are first called."""
    return Program(hosted, store, wallet)


def _preflight(visit: Visit) -> bool:
    """Whether a browser asks for leave (Fetch standard, CORS-preflight request)."""
    return "access-control-request-method" in visit.headers and "origin" in visit.headers


def _with_options(methods: tuple[str, ...]) -> list[str]:
    known = list(dict.fromkeys(methods))
    if "GET" in known and "HEAD" not in known:
        known.append("HEAD")
    return known if "OPTIONS" in known else [*known, "OPTIONS"]


def _options(visit: Visit, methods: tuple[str, ...]) -> None:
    """Which methods a path answers; any origin may call, never with the browser's own credentials."""
    ways = ", ".join(_with_options(methods))
    asked = visit.headers.get("access-control-request-headers", "")
    headers = [("allow", ways), ("access-control-allow-methods", ways), ("access-control-max-age", "600")]
    if asked:
        headers += replies.allowed([("access-control-allow-headers", asked)])[0]
        headers.append(("vary", "Access-Control-Request-Headers"))
    visit.reply = Prepared(204, (*headers, *replies.CORS, *replies.SAFETY))
    visit.decisions = {"route": "OPTIONS is answered for every path", "response": f"204, {ways}"}


def _reporting(reply: Prepared, outcome: Outcome) -> Prepared:
    """The normal answer, with what was wrong with the call in a header."""
    words = "; ".join(f"{where(found)} {found['message']}" for found in outcome.found)
    plain: Any = "".join(c if " " <= c <= "~" else "?" for c in words)[:_SHOWN].strip()
    return reply.with_headers(("studio-violations", plain))
