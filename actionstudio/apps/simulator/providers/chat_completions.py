"""Chat Completions: OpenAI's older protocol, which most other servers speak too.

https://platform.openai.com/docs/api-reference/chat: the request and its answer, and the chunks of a stream."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from actionstudio.apps.simulator.providers import faults
from actionstudio.apps.simulator.providers.dialect import Dialect, NotThisProtocol, number, text_of
from actionstudio.apps.simulator.providers.provider import Prompt, Said, Wish
from actionstudio.apps.simulator.providers.target import Target

type JSON = Any
REASONS = {
    "stop": "stop",
    "tool_calls": "calls",
    "function_call": "calls",
    "length": "length",
    "content_filter": "filter",
}


def request(target: Target, prompt: Prompt) -> dict[str, JSON]:
    """The body of POST /chat/completions."""
    system = [{"role": "system", "content": prompt.instructions}] if prompt.instructions else []
    body: dict[str, JSON] = {"model": target.model, "messages": [*system, *map(_message, prompt.messages)]}
    if prompt.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
            }
            for tool in prompt.tools
        ]
    temperature = target.options.get("temperature") if prompt.temperature is None else prompt.temperature
    given = {"temperature": temperature, "seed": prompt.seed, "max_tokens": target.options.get("max_tokens")}
    body |= {name: value for name, value in given.items() if value is not None}
    if target.options.get("stream", True):
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body


def _message(said: Said) -> JSON:
    if said.role == "tool":
        return {"role": "tool", "tool_call_id": said.answers, "content": said.whole}
    if not said.wishes:
        return {"role": said.role, "content": said.whole}
    calls = [
        {"id": wish.id, "type": "function", "function": {"name": wish.name, "arguments": wish.arguments or "{}"}}
        for wish in said.wishes
    ]
    return {"role": "assistant", "content": said.text or None, "tool_calls": calls}


class Call:
    """A call that comes together out of deltas."""

    __slots__ = ("arguments", "id", "name")

    def __init__(self) -> None:
        self.id, self.name, self.arguments = "", "", ""

    def take(self, delta: Mapping[str, JSON]) -> None:
        """More of it. Id and name come once, or again and again, or (of a few servers) in pieces."""
        function = delta.get("function")
        function = function if isinstance(function, Mapping) else {}
        self.id = self.id or text_of(delta.get("id"))
        name = text_of(function.get("name"))
        self.name += "" if name == self.name else name
        arguments = function.get("arguments")
        if isinstance(arguments, Mapping):
            arguments = orjson.dumps(arguments).decode()  # as some local servers have it
        self.arguments += text_of(arguments)


class Gathering:
    """An answer of Chat Completions. See ``dialect.Gathering``."""

    def __init__(self) -> None:
        self.over = self.complete = False
        self.text = ""
        self.reason = ""
        self.tokens: tuple[int | None, int | None] = (None, None)
        self._calls: list[Call] = []
        self._at: dict[int | None, Call] = {}  # by the index that the server last named them by
        self._said: dict[str, JSON] = {}  # id, model … of the answer
        self._usage: JSON = None

    def event(self, event: JSON) -> Iterator[str]:
        if event == "[DONE]":
            self.over = True
            self.complete = self.complete or bool(self.text or self._calls)
            return
        choice = self._opened(event)
        yield from self._heard(choice, "delta")

    def whole(self, answer: JSON) -> Iterator[str]:
        choice = self._opened(answer)
        if not choice:
            raise NotThisProtocol
        self.over = self.complete = True
        yield from self._heard(choice, "message")

    def _opened(self, answer: JSON) -> Mapping[str, JSON]:
        """The first choice of a chunk or an answer, {} for a chunk with the usage alone."""
        if not isinstance(answer, Mapping):
            raise NotThisProtocol
        if answer.get("error"):
            raise faults.of_event(answer["error"])
        choices = answer.get("choices")
        if not isinstance(choices, list):
            raise NotThisProtocol
        for name in ("id", "created", "model", "system_fingerprint", "service_tier"):
            if answer.get(name) is not None:
                self._said[name] = answer[name]
        if isinstance(usage := answer.get("usage"), Mapping):
            self._usage = dict(usage)
            self.tokens = number(usage.get("prompt_tokens")), number(usage.get("completion_tokens"))
        return next((choice for choice in choices if isinstance(choice, Mapping) and not choice.get("index")), {})

    def _heard(self, choice: Mapping[str, JSON], where: str) -> Iterator[str]:
        said = choice.get(where)
        if isinstance(said, Mapping):
            text = text_of(said.get("content")) or text_of(said.get("refusal"))
            if text:
                self.text += text
                yield text
            calls = said.get("tool_calls")
            for place, call in enumerate(calls if isinstance(calls, list) else ()):
                if isinstance(call, Mapping):
                    self._call(call, place if where == "message" else number(call.get("index"))).take(call)
        if finish := text_of(choice.get("finish_reason")):
            self.reason, self.complete = REASONS.get(finish, "stop"), True

    def _call(self, delta: Mapping[str, JSON], index: int | None) -> Call:
        """The call that a delta belongs to. Where a server gives no index, or one and the same to all, the id tells;
        what has neither belongs to the last call."""
        new = text_of(delta.get("id"))
        last = self._calls[-1] if self._calls else None
        found = self._at.get(index, last) if index is not None or not new else None
        if index is not None and index not in self._at:
            found = None
        if found is None or (new and found.id not in ("", new)):
            found = next((call for call in self._calls if new and call.id == new), None)
        if found is None:
            found = Call()
            self._calls.append(found)
        if index is not None:
            self._at[index] = found
        return found

    def wishes(self) -> tuple[Wish, ...]:
        for call in self._calls:
            call.id = call.id or f"call_{secrets.token_hex(12)}"
        return tuple(Wish(call.id, call.name, call.arguments) for call in self._calls if call.name)

    def answer(self) -> JSON:
        message: dict[str, JSON] = {"role": "assistant", "content": self.text or None}
        if calls := self.wishes():
            message["tool_calls"] = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
                for call in calls
            ]
        finish = next((name for name, reason in REASONS.items() if reason == self.reason), None)
        return {
            **self._said,
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": self._usage,
        }


DIALECT = Dialect(
    "chat/completions",
    request,
    Gathering,
    ("stream_options", "seed", "temperature", "max_tokens", "stream"),
    {"max_tokens": "max_completion_tokens"},
)
