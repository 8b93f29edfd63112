"""The data plane as an ASGI application: reads the call, lets its program answer, logs, only then sends."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import perf_counter_ns
from typing import Any

from actionstudio.core.call import Call, Reply
from actionstudio.runtime import gate, replies, signing
from actionstudio.runtime.answers import Unmade
from actionstudio.runtime.callbacks import Desk
from actionstudio.runtime.committing import UNKEPT, Committing, failed
from actionstudio.runtime.documents import PATHS
from actionstudio.runtime.journal import Ids, Journal
from actionstudio.runtime.operation import Served
from actionstudio.runtime.pacing import WaitingRoom, planned, sent, unhurried
from actionstudio.runtime.ports import Provider, Record, Sink, Source, Store, Token, Tokens, Unavailable, cut_of
from actionstudio.runtime.program import Program
from actionstudio.runtime.registry import Registry
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.visit import Visit, from_openai

_NO_ADDRESS = replies.problem(404, "There is no such address", "Check the name, or create the project.")
log = logging.getLogger(__name__)
UPSTREAM_CALLS = 128  # at once; each may wait for as long as ChatGPT does
SIGNING = 8  # requests to providers at once: they compute, and wait for the database only
DOMAIN, OWN_HOST, BELOW_LIVE = 0, -2, -1  # which of the address's base URLs was called
_record: Callable[..., Record] = tuple.__new__
_make: Callable[[], Frontdoor] | None = None
_made: Frontdoor | None = None
_making = threading.Lock()


def supply(make: Callable[[], Frontdoor]) -> None:
    """How this process makes its front door (the house hands it its source and its log)."""
    global _make
    _make = make


def frontdoor() -> Frontdoor:
    """The front door of this process: the same registry and the same journal for callers inside and outside."""
    global _made
    if _made is None:
        with _making:
            if _made is None:
                if _make is None:
                    raise RuntimeError("nothing has supplied the front door yet: Django is not set up")
                _made = _make()
    return _made


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller inside the house gets: the reply, and the record as it stands in the log (before masking)."""

    reply: Reply
    record: Record


class Frontdoor:
    """One per process. ``serve`` answers one HTTP request to an address."""

    def __init__(
        self,
        source: Source,
        sink: Sink,
        store: Store | None = None,
        *,
        worker: int | None = None,
        log_body_limit: int = 262_144,
        behind_proxy: bool = False,
        provider: Provider | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        self.registry = Registry(source, store=store, tokens=tokens)
        self._provider = provider
        self.store = store
        self.journal = Journal(sink)
        self._committing = Committing(store, self.journal)
        self._ids = Ids(os.getpid() if worker is None else worker)
        self._cut = log_body_limit
        self._behind_proxy = behind_proxy
        self._source = source
        self.waiting = WaitingRoom()
        self.callbacks = Desk(self._ids.next, self.journal.write, log_body_limit)
        self._upstreams = ThreadPoolExecutor(UPSTREAM_CALLS, thread_name_prefix="upstream")
        self._signing = ThreadPoolExecutor(SIGNING, thread_name_prefix="sign-in")

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.waiting.stopping = False
        self.callbacks.again()
        self.journal.start(loop)

    def hurry(self) -> None:
        """The server is about to stop: answers that wait on purpose leave now. Only in the event loop."""
        self.waiting.hurry()

    async def stop(self) -> None:
        self.hurry()
        for record in self.callbacks.stop():
            await self.journal.add(record)
        await self.journal.stop()
        self.registry.close()

    async def ready(self) -> bool:
        """Whether contracts can be read (an address that cannot exist is asked for)."""
        try:
            await asyncio.wait_for(self.registry.program("-"), 5)
        except Exception:
            return False
        return True

    async def serve(
        self, address: str, scope: dict[str, Any], receive: Callable, send: Callable, base: int = OWN_HOST
    ) -> None:
        """Answers one request. The answer leaves when its record is durable."""
        began = perf_counter_ns()
        program = self.registry.fresh(address)
        if program is None:
            program = await self.registry.program(address)
            if program is None:
                await send(_NO_ADDRESS.start)
                await send(_NO_ADDRESS.finish if scope["method"] != "HEAD" else _NO_ADDRESS.head_finish)
                return
        raw = scope["headers"]
        call = Call(
            scope["method"],
            gate.path_of(scope, base == BELOW_LIVE),
            scope["query_string"].decode("latin-1"),
            tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]),
        )
        visit = Visit(call, base)
        client = self._client((scope.get("client") or ("",))[0], visit)
        record = None
        try:
            headers = visit.headers
            if "content-length" in headers or "transfer-encoding" in headers or len(headers) != len(raw):
                gate.host_of(raw)
                if gate.has_body(raw):
                    call.body = await gate.read_body(raw, receive)
            elif len(raw) > gate.MOST_HEADERS:
                gate.host_of(raw)
            if call.path in PATHS:
                await self._document(program, visit)
            elif self._provider is not None and signing.provides(program.hosted.contract, call.path):
                deed = partial(signing.answer, self._provider, program.hosted, visit, client)
                await asyncio.get_running_loop().run_in_executor(self._signing, deed)
            else:
                served = program.route(visit)
                if served is not None:
                    if not served.ready:
                        await asyncio.get_running_loop().run_in_executor(None, served.compile)
                    record = await self._finish(program, served, visit, began, client)
        except gate.Rejected as error:
            refuse(visit, error)
        except Exception:
            failed(visit)
        tidy(visit)
        keep = partial(self._keep, program, visit, began, client, record)
        if visit.reply.pace is not None and record is None and self._committing.pending(visit.operation):
            record = self._sealed(program, visit, began, client)
            if record is not None:
                visit.reply = await self.journal.add(record, visit.reply, UNKEPT)
                keep = partial(self._keep, program, visit, began, client, record)
        if visit.reply.pace is not None:
            reply = visit.reply
            await self.waiting.leave(visit, scope, receive, send, keep)
        else:
            reply = await keep()
            await send(reply.start)
            await send(reply.finish if call.method != "HEAD" else reply.head_finish)
        if visit.jobs and reply is not UNKEPT:
            self.callbacks.start(visit.jobs, visit.id)

    async def _keep(self, program: Program, visit: Visit, began: int, client: str, record: Record | None) -> Prepared:
        """The answer to send when the call is in the log (if it is for it), where ``record`` may be already."""
        if record is None and visit.logged:
            instead = UNKEPT if self._committing.pending(visit.operation) else None
            return await self.journal.add(self.record(program, visit, began, client), visit.reply, instead)
        return visit.reply

    def _sealed(self, program: Program, visit: Visit, began: int, client: str) -> Record | None:
        """The record of a visit that has changed something. None when it can be made after its answer has waited."""
        tidy(visit)
        if visit.reply.pace is not None:
            if not self._committing.lasting():
                return None
            began -= planned(visit)
        return self.record(program, visit, began, client)

    def _unhurried(self, program: Program, visit: Visit, began: int, source: str, masks: frozenset[str]) -> Record:
        """The record of a visit whose answer does not wait."""
        made = self.record(program, visit, began - unhurried(visit), "", source)
        return made._replace(masks=made.masks | masks)

    def quick(
        self,
        address: str,
        call: Call,
        peer: str,
        done: Callable[[Prepared], None],
        error: gate.Rejected | None = None,
    ) -> bool:
        """Answers a call to an address's own host at once; ``done(reply)`` follows when the log has it.

        False, with nothing done, when something would have to be waited for: then ``serve`` answers it. ``error`` is
        what the server found wrong with the call.
        """
        began = perf_counter_ns()
        program = self.registry.fresh(address)
        if program is None or call.path in PATHS:
            return False
        if self._provider is not None and signing.provides(program.hosted.contract, call.path):
            return False
        visit = Visit(call)
        if error is not None:
            refuse(visit, error)
        else:
            try:
                served = program.route(visit)
                if served is not None:
                    if not served.ready or served.paced or served.caller or self._committing.elsewhere(served):
                        return False
                    self._committing.here(program, served, visit)
            except Unmade:
                return False
            except Exception:
                failed(visit)
        record = self.record(program, visit, began, self._client(peer, visit))
        self.journal.then(record, done, visit.reply, UNKEPT if self._committing.pending(visit.operation) else None)
        return True

    async def _finish(self, program: Program, served: Served, visit: Visit, began: int, client: str) -> Record | None:
        """Guard, read and respond, in the event loop or beside it. The record, when it was written there."""
        if not self._committing.elsewhere(served):
            try:
                self._committing.here(program, served, visit)
                return None
            except Unmade:
                pass
        pool = self._upstreams if served.remote else None
        seal = partial(self._sealed, program, visit, began, client)
        deed = partial(self._committing.apart, program, served, visit, seal)
        return await asyncio.get_running_loop().run_in_executor(pool, deed)

    def _client(self, peer: str, visit: Visit) -> str:
        """Who called: the other end of the connection, or whom our own proxy names last."""
        if self._behind_proxy:
            forwarded = visit.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
            if forwarded:
                return forwarded[:64]
        return peer

    async def _document(self, program: Program, visit: Visit) -> None:
        """Documents of large projects take seconds to make: never in the event loop."""
        wanted = program.other_revision(visit)
        if wanted is None and program.documents.has(visit):
            program.answer(visit)
            return
        deed = partial(self._document_now, program, visit, wanted)
        await asyncio.get_running_loop().run_in_executor(None, deed)

    def _document_now(self, program: Program, visit: Visit, wanted: int | None) -> None:
        if wanted is None:
            program.answer(visit)
            return
        hosted = None if program.keeps(wanted) else self._source.load(program.hosted.address, wanted)
        program.document_of(visit, wanted, hosted)

    def call_blocking(
        self,
        address: str,
        call: Call,
        *,
        source: str = "replay",
        key_id: int | None = None,
        token: Token | None = None,
        revision: int | None = None,
        base: int = OWN_HOST,
        masks: frozenset[str] = frozenset(),
        caller: str = "",
    ) -> Answer:
        """The same way for a caller inside the house, from a thread. Raises LookupError for an unknown address.

        ``key_id`` lets the call count as carrying that issued key (-1: any good credential) without knowing its text;
        ``token`` that token, as if its end user had signed in. ``base`` is which of the address's base URLs is called,
        ``masks`` are more names to hide, ``caller`` is what the provider counts tries by. No answer waits here.
        """
        began = perf_counter_ns()
        program = self.registry.current(address) if revision is None else self.registry.at(address, revision)
        if program is None:
            raise LookupError(address)
        visit = Visit(call, base, key_id if token is None else token)
        seal = partial(self._unhurried, program, visit, began, source, masks)
        if (record := self._answered(program, visit, seal, caller)) is None:
            record = seal()
            self.journal.write(record)
        if visit.jobs:
            self.callbacks.start(visit.jobs, visit.id)
        return Answer(Reply(visit.reply.status, visit.reply.headers, sent(visit.reply, call.method)), record)

    def _answered(self, program: Program, visit: Visit, seal: Callable[[], Record], caller: str) -> Record | None:
        """Gives a caller inside the house its reply; the record, when it is written already."""
        wanted = program.other_revision(visit)
        if wanted is not None:
            self._document_now(program, visit, wanted)
            return None
        if self._provider is not None and signing.provides(program.hosted.contract, visit.call.path):
            signing.answer(self._provider, program.hosted, visit, caller)
            return None
        served = program.route(visit)
        if served is None:
            return None
        if not served.ready:
            served.compile()
        try:
            return self._committing.apart(program, served, visit, seal)
        except Unavailable:
            failed(visit)
            return None

    def record(self, program: Program, visit: Visit, began: int, client: str, source: str = "") -> Record:
        """The row of the log."""
        call, reply, hosted, headers = visit.call, visit.reply, program.hosted, visit.headers
        body, answered, size = call.body, reply.body, reply.size
        if call.method == "HEAD" or reply.pace is not None:
            answered = sent(reply, call.method)
            size = len(answered)
        if reply.shown is not None and size == reply.size:
            answered = reply.shown
        most = self._cut
        cut = cut_of(body, answered, most)
        gpt = headers.get("openai-gpt-id", "")
        if not source:
            source = "gpt" if gpt or from_openai(headers) else "client"
        operation = visit.operation
        visit.id = self._ids.next()
        if visit.after:
            visit.jobs = self.callbacks.admit(program, visit)
        values = (
            visit.id,
            hosted.project_id,
            hosted.address,
            hosted.revision,
            source,
            visit.kind,
            call.method,
            call.path,
            call.query,
            reply.status,
            operation.name if operation is not None else "",
            (perf_counter_ns() - began) // 1000,
            visit.stamps,
            call.headers,
            body[:most],
            len(call.body),
            reply.headers,
            answered[:most],
            size,
            visit.violations + reply.violations,
            visit.decisions or reply.notes,
            visit.auth,
            visit.key_id,
            client,
            gpt,
            headers.get("openai-conversation-id", ""),
            headers.get("openai-ephemeral-user-id", ""),
            visit.sign_in,
            cut,
            program.masks if visit.kind != "oauth" else program.masks | signing.MASKS,
        )
        return _record(Record, values)  # a named tuple's own constructor takes three times as long


def tidy(visit: Visit) -> None:
    """Below /live/ an address shares its host with the pages: no cookies from there, but those of its own provider."""
    if (
        visit.base == BELOW_LIVE
        and visit.kind != "oauth"
        and any(name == "set-cookie" for name, _ in visit.reply.headers)
    ):
        visit.reply = replies.without_cookies(visit.reply)


def refuse(visit: Visit, error: gate.Rejected) -> None:
    """The outer guard's answer, as a visit that ends there."""
    visit.kind = "refused"
    visit.reply = replies.problem(
        error.status, error.detail[:1].upper() + error.detail[1:], notes={"gate": error.detail}
    )
