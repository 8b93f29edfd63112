"""A model behind HTTP: asked through the one door to other servers, heard while it speaks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain

import orjson

from actionstudio.apps.simulator.providers import events, faults
from actionstudio.apps.simulator.providers.dialect import JSON, Dialect, Gathering, NotThisProtocol
from actionstudio.apps.simulator.providers.faults import Fault
from actionstudio.apps.simulator.providers.provider import Event, Prompt, Reply, Text, Usage
from actionstudio.apps.simulator.providers.target import Target
from actionstudio.runtime import outbound
from actionstudio.runtime.outbound import Arriving, OutboundRefused

LONGEST_TURN = 600.0  # seconds of one answer, however busily it comes
ERROR_BYTES = 64 * 1024
LEFT_OUT = 4  # members that one request may lose


class Remote:
    """A Provider. The same object may serve many threads: what a turn needs lives in the turn."""

    def __init__(self, target: Target, dialect: Dialect) -> None:
        self.label = target.label
        self._target = target
        self._dialect = dialect

    def stream(self, prompt: Prompt, stopped: Callable[[], bool] = bool) -> Iterator[Event]:
        """See ``Provider``. Members that a server does not want are left out: ``Reply.why["left_out"]`` names them."""
        body = self._dialect.request(self._target, prompt)
        left_out: list[str] = []
        while True:
            try:
                yield from self._once(body, left_out, stopped)
                return
            except Fault as fault:
                name = self._unwanted(fault, body) if len(left_out) < LEFT_OUT else ""
                if not name:
                    raise fault.told(self._target, prompt.language) from None
                left_out.append(name)
                value = body.pop(name)
                if name == "stream":
                    body.pop("stream_options", None)
                if other := self._dialect.else_named.get(name):
                    body[other] = value

    def _unwanted(self, fault: Fault, body: dict[str, JSON]) -> str:
        """The optional member of the request that an error is about, "" when it is about something else."""
        if fault.code != "bad-request":
            return ""
        present = [name for name in self._dialect.optional if name in body]
        if fault.param:
            return fault.param if fault.param in present else ""
        said = fault.said.lower()
        return next((name for name in present if name in said), "")

    def _once(self, body: dict[str, JSON], left_out: list[str], stopped: Callable[[], bool]) -> Iterator[Event]:
        began = time.monotonic()
        gathered = self._dialect.gathering()
        heard = {"status": 0, "streamed": False}
        try:
            with self._sent(body, stopped) as answer:
                heard["status"] = answer.status
                if not 200 <= answer.status < 300:
                    raise faults.of_answer(answer.status, answer.headers, answer.rest(ERROR_BYTES), self._target)
                for text in self._said(answer, gathered, heard, stopped):
                    yield Text(text)
            was_stopped = stopped() and not gathered.complete
        except OutboundRefused as refused:
            if refused.reason != "stopped":
                raise faults.of_refusal(refused) from None
            was_stopped = True
        except NotThisProtocol:
            raise Fault("not_protocol", "broken", status=heard["status"]) from None
        if not was_stopped and not gathered.complete:
            raise Fault("cut_short" if gathered.text or gathered.wishes() else "empty", "broken")
        yield self._reply(body, left_out, gathered, heard, was_stopped, began)

    def _sent(self, body: dict[str, JSON], stopped: Callable[[], bool]):
        headers = [
            ("Content-Type", "application/json"),
            ("Accept", "text/event-stream, application/json"),
            ("User-Agent", outbound.VIA),
        ]
        if self._target.key:
            headers.append(("Authorization", f"Bearer {self._target.key}"))
        return outbound.arriving(
            "POST",
            self._target.url(self._dialect.path),
            headers,
            orjson.dumps(body),
            timeout=max(LONGEST_TURN, self._target.seconds),
            silence=self._target.seconds,
            allow_private=self._target.private,
            stopped=stopped,
        )

    def _said(
        self, answer: Arriving, gathered: Gathering, heard: dict[str, JSON], stopped: Callable[[], bool]
    ) -> Iterator[str]:
        """The text as it comes, whichever way the server has chosen to send it."""
        start, pieces = _begun(answer.pieces)
        kind = dict(reversed(answer.headers)).get("content-type", "").lower()
        if faults.is_page(kind, start):
            raise Fault("page", "broken", status=answer.status)
        if "event-stream" not in kind and not start.lstrip().startswith((b"data:", b"event:", b":")):
            yield from gathered.whole(_read(b"".join(pieces).decode("utf-8", "replace")))
            return
        heard["streamed"] = True
        try:
            for data in events.data(pieces):
                yield from gathered.event(data if data == "[DONE]" else _read(data))
                if gathered.over or stopped():
                    return
        except events.TooLong:
            raise Fault("large", "broken") from None

    def _reply(
        self,
        body: dict[str, JSON],
        left_out: list[str],
        gathered: Gathering,
        heard: dict[str, JSON],
        was_stopped: bool,
        began: float,
    ) -> Reply:
        target = self._target
        wishes = () if was_stopped else gathered.wishes()  # arguments may end in the middle
        reason = "calls" if wishes and gathered.reason in ("stop", "") else gathered.reason or "stop"
        prompt, completion = gathered.tokens
        said = orjson.loads(target.clean(orjson.dumps(gathered.answer()).decode()))
        return Reply(
            text=target.clean(gathered.text),
            wishes=wishes,
            reason="stopped" if was_stopped else reason,
            usage=Usage(prompt, completion, target.cost(prompt, completion)),
            why={"left_out": left_out} if left_out else {},
            request={"method": "POST", "url": target.url(self._dialect.path), "body": dict(body)},
            response={**heard, "body": said},
            ms=int((time.monotonic() - began) * 1000),
        )


def _begun(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """How a body begins, and all of it."""
    start = b""
    for piece in pieces:
        start += piece
        if len(start.lstrip()) > 5:
            break
    return start, chain([start], pieces)


def _read(text: str) -> JSON:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Fault("not_json", "broken") from None
