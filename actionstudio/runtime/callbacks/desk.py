"""Where callbacks wait and leave from: few at a time, each once, through the one door to other servers.

Bounds, per process: so many of one call, so many a minute and so many waiting for one project, so many waiting at all;
each has one deadline for the whole exchange, and of its answer so much is read. What was tried is in the log as a call
of its own; what was not tried stands in the call's trail, with the reason.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from actionstudio.runtime.callbacks.planning import Message, Planned, Unsent
from actionstudio.runtime.outbound import Fetched, OutboundRefused, fetch
from actionstudio.runtime.ports import Hosted, Record, cut_of

if TYPE_CHECKING:
    from actionstudio.runtime.program import Program
    from actionstudio.runtime.visit import Visit

PER_CALL = 5
PER_MINUTE = 60  # of one project
WAITING_EACH, WAITING = 100, 500
MOST_HELD = 64 * 1024 * 1024  # bytes of the calls and answers that those that wait will read
TOGETHER = 8
SECONDS = 10.0
LARGEST = 256 * 1024  # of an answer to a callback
IDLE = 30.0  # seconds after which a thread without work ends
AGENT = "Action-Studio-Callback"
log = logging.getLogger(__name__)


class Job(NamedTuple):
    """A callback that was let in: what the log says of it belongs to its call."""

    planned: Planned
    hosted: Hosted
    masks: frozenset[str]
    operation: str
    headers: dict[str, str]  # of the call: its conversation and user
    weight: int = 0  # bytes that it keeps in memory


class Desk:
    """The callbacks of one process. ``ids`` gives the log's row ids; ``write`` keeps a record, from any thread."""

    def __init__(self, ids: Callable[[], int], write: Callable[[Record], None], cut: int) -> None:
        self._ids, self._write, self._cut = ids, write, cut
        self._turn = threading.Condition()
        self._queue: list[tuple[float, int, Job, int]] = []
        self._number = 0
        self._threads = 0
        self._free = 0
        self._stopped = False
        self._held = 0
        self._waiting: dict[int, int] = defaultdict(int)
        self._minutes: dict[int, deque[float]] = {}

    def admit(self, program: Program, visit: Visit) -> tuple[Job, ...]:
        """Takes in what a call planned, and notes in its trail what becomes of each."""
        jobs, trail = [], []
        name = visit.operation.name if visit.operation is not None else ""
        weight = len(visit.call.body) + visit.reply.size
        for index, one in enumerate(visit.after):
            sending = one.sending
            entry = {"what": "callback", "name": sending.name, "method": sending.method, "url": shown(one.url)}
            error = one.error or (f"a call sends up to {PER_CALL} callbacks" if index >= PER_CALL else "")
            error = error or _refusal(one.url, program.hosted) or self._busy(program.hosted.project_id, weight)
            trail.append({**entry, **({"error": error} if error else {"delay": sending.delay})})
            if not error:
                jobs.append(Job(one, program.hosted, program.masks, name, visit.headers, weight))
        known = visit.decisions
        visit.decisions = {**known, "trail": [*known.get("trail", ()), *trail]}
        return tuple(jobs)

    def _busy(self, project: int, weight: int) -> str:
        """Why this project may not send another one now; "" when it may."""
        now = time.monotonic()
        with self._turn:
            minute = self._minutes.setdefault(project, deque())
            while minute and minute[0] < now - 60:
                minute.popleft()
            if len(minute) >= PER_MINUTE:
                return f"the project has sent {PER_MINUTE} callbacks within a minute"
            if self._waiting[project] >= WAITING_EACH or len(self._queue) >= WAITING or self._held + weight > MOST_HELD:
                return "too many callbacks are waiting"
        return ""

    def start(self, jobs: tuple[Job, ...], call: int) -> None:
        """Lets them leave, each after its delay. ``call`` is the log's id of the call they belong to."""
        with self._turn:
            for job in jobs if not self._stopped else ():
                self._number += 1
                now, project = time.monotonic(), job.hosted.project_id
                due = now + job.planned.sending.delay
                self._minutes.setdefault(project, deque()).append(now)
                self._waiting[project] += 1
                self._held += job.weight
                heapq.heappush(self._queue, (due, self._number, job, call))
                if self._free < len(self._queue) and self._threads < TOGETHER:
                    self._threads += 1
                    threading.Thread(target=self._work, name="callback", daemon=True).start()
            self._turn.notify_all()

    def stop(self) -> list[Record]:
        """The server stops: nothing more leaves. Returns what the log shall say of those that still waited."""
        with self._turn:
            self._stopped = True
            left, self._queue = self._queue, []
            self._turn.notify_all()
        return [
            self._record(job, call, Message((), b"", {}), "the server was stopped before") for *_, job, call in left
        ]

    def again(self) -> None:
        """The server runs (again)."""
        self._stopped = False

    def _work(self) -> None:
        while True:
            taken = self._next()
            if taken is None:
                return
            job, call = taken
            try:
                self._write(self._sent(job, call))
            except Exception:
                log.exception("the callback %s could not be sent", job.planned.sending.name)
            with self._turn:
                self._waiting[job.hosted.project_id] -= 1
                self._held -= job.weight

    def _next(self) -> tuple[Job, int] | None:
        """The next that is due; None when there was nothing to do for long, or the server stops."""
        idle = time.monotonic() + IDLE
        with self._turn:
            self._free += 1
            try:
                while not self._stopped:
                    now = time.monotonic()
                    if self._queue and self._queue[0][0] <= now:
                        _, _, job, call = heapq.heappop(self._queue)
                        return job, call
                    if not self._queue and now >= idle:
                        break
                    self._turn.wait((self._queue[0][0] if self._queue else idle) - now)
                self._threads -= 1
                return None
            finally:
                self._free -= 1

    def _sent(self, job: Job, call: int) -> Record:
        one = job.planned
        message = Message((), b"", {})
        try:
            message = one.message()
            headers = (("user-agent", AGENT), *message.headers)
            private = bool(job.hosted.extra.get("private"))
            answer = fetch(
                one.sending.method, one.url, headers, message.body,
                timeout=SECONDS, max_bytes=LARGEST, allow_private=private, redirects=0,
            )  # fmt: skip
        except (Unsent, OutboundRefused) as error:
            return self._record(job, call, message, str(error))
        return self._record(job, call, message, answer)

    def _record(self, job: Job, call: int, message: Message, came: Fetched | str) -> Record:
        one, hosted, answer = job.planned, job.hosted, came if isinstance(came, Fetched) else None
        where, _, query = one.url.partition("?")
        took = answer.duration_us if answer is not None else 0
        entry = {"what": "callback", "name": one.sending.name, "url": shown(one.url), **message.trail}
        entry |= {"error": came} if answer is None else {"status": answer.status, "us": took}
        told = (
            f"callback “{one.sending.name}”, {f'not sent: {came}' if answer is None else f'answered {answer.status}'}"
        )
        body = answer.body if answer is not None else b""
        return Record(
            id=self._ids(), project_id=hosted.project_id, address=hosted.address, revision=hosted.revision,
            source="client", kind="callback", method=one.sending.method, path=where.partition("#")[0], query=query,
            status=answer.status if answer is not None else 0, operation_id=job.operation, duration_us=took,
            timings=(("send", took),), request_headers=(("user-agent", AGENT), *message.headers),
            request_body=message.body[: self._cut], request_size=len(message.body),
            response_headers=answer.headers if answer is not None else (), response_body=body[: self._cut],
            response_size=len(body), violations=(),
            decisions={"call": call, "response": told, "trail": [entry]}, auth="none", key_id=None, client="",
            gpt_id=job.headers.get("openai-gpt-id", ""),
            conversation_id=job.headers.get("openai-conversation-id", ""),
            user_id=job.headers.get("openai-ephemeral-user-id", ""), cut=cut_of(message.body, body, self._cut),
            masks=job.masks,
        )  # fmt: skip


def shown(url: str) -> str:
    """A URL for the log's trail: what stands behind the question mark may be a secret."""
    where, mark, _ = url.partition("?")
    return where[:500] + (mark and "?…")


def _refusal(url: str, hosted: Hosted) -> str:
    """Why this URL is not called, as far as its text tells; names are looked at when it is (runtime/outbound.py)."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return "its URL cannot be used"
    if parts.scheme not in ("http", "https") or not host:
        return f"“{shown(url)[:100]}” is no http:// or https:// URL"
    if hosted.extra.get("private"):
        return ""
    for base in hosted.base_urls:
        own = (urlsplit(base).hostname or "").lower()
        parent = own.partition(".")[2] if own.startswith(f"{hosted.address}.") else ""
        if host == own or (parent and (host == parent or host.endswith("." + parent))):
            return f"{host} is the studio itself"
    return ""
