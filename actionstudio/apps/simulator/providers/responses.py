"""Responses: OpenAI's newer protocol.

https://platform.openai.com/docs/api-reference/responses: the request and its answer, and the events of a stream."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from actionstudio.apps.simulator.providers import faults
from actionstudio.apps.simulator.providers.dialect import Dialect, NotThisProtocol, number, text_of
from actionstudio.apps.simulator.providers.provider import Prompt, Said, Wish
from actionstudio.apps.simulator.providers.target import Target

type JSON = Any
_INCOMPLETE = {"max_output_tokens": "length", "content_filter": "filter"}


def request(target: Target, prompt: Prompt) -> dict[str, JSON]:
    """The body of POST /responses. Nothing is stored there: every request says the whole conversation."""
    body: dict[str, JSON] = {
        "model": target.model,
        "input": [item for said in prompt.messages for item in _items(said)],
        "store": False,
    }
    if prompt.instructions:
        body["instructions"] = prompt.instructions
    if prompt.tools:
        body["tools"] = [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
                "strict": False,
            }
            for tool in prompt.tools
        ]
    temperature = target.options.get("temperature") if prompt.temperature is None else prompt.temperature
    given = {"temperature": temperature, "max_output_tokens": target.options.get("max_tokens")}
    body |= {name: value for name, value in given.items() if value is not None}
    if target.options.get("stream", True):
        body["stream"] = True
    return body


def _items(said: Said) -> list[JSON]:
    if said.role == "tool":
        return [{"type": "function_call_output", "call_id": said.answers, "output": said.whole}]
    text = [{"role": said.role, "content": said.whole}] if said.text or not said.wishes else []
    calls = [
        {"type": "function_call", "call_id": wish.id, "name": wish.name, "arguments": wish.arguments or "{}"}
        for wish in said.wishes
    ]
    return text + calls


class Gathering:
    """An answer of Responses. See ``dialect.Gathering``. What the events say piece by piece stands once more, whole, in
    the last one; both are taken, for not all servers send both."""

    def __init__(self) -> None:
        self.over = self.complete = False
        self.text = ""
        self.reason = ""
        self.tokens: tuple[int | None, int | None] = (None, None)
        self._calls: dict[int, dict[str, str]] = {}
        self._last: JSON = None

    def event(self, event: JSON) -> Iterator[str]:
        if event == "[DONE]":
            self.over = True
            return
        if not isinstance(event, Mapping):
            raise NotThisProtocol
        kind = text_of(event.get("type"))
        if kind in ("error", "response.failed") or (not kind and event.get("error")):
            inside = event.get("response")
            error = inside.get("error") if isinstance(inside, Mapping) else event.get("error") or event
            raise faults.of_event(error)
        if not kind.startswith("response."):
            raise NotThisProtocol
        if kind in ("response.output_text.delta", "response.refusal.delta"):
            yield from self._more(text_of(event.get("delta")))
        elif kind == "response.function_call_arguments.delta":
            self._call(event)["arguments"] += text_of(event.get("delta"))
        elif kind == "response.function_call_arguments.done":
            self._call(event)["arguments"] = text_of(event.get("arguments")) or self._call(event)["arguments"]
        elif kind in ("response.output_item.added", "response.output_item.done"):
            self._item(event.get("item"), number(event.get("output_index")) or 0)
        elif kind in ("response.completed", "response.incomplete"):
            yield from self._closed(event.get("response"))

    def whole(self, answer: JSON) -> Iterator[str]:
        if not isinstance(answer, Mapping) or not isinstance(answer.get("output", answer.get("error")), list | Mapping):
            raise NotThisProtocol
        if answer.get("error"):
            raise faults.of_event(answer["error"])
        yield from self._closed(answer)

    def _more(self, text: str) -> Iterator[str]:
        if text:
            self.text += text
            yield text

    def _call(self, event: Mapping[str, JSON]) -> dict[str, str]:
        at = number(event.get("output_index")) or 0
        return self._calls.setdefault(at, {"id": "", "name": "", "arguments": ""})

    def _item(self, item: JSON, at: int) -> None:
        if not isinstance(item, Mapping) or item.get("type") != "function_call":
            return
        call = self._call({"output_index": at})
        call["id"] = text_of(item.get("call_id")) or call["id"]
        call["name"] = text_of(item.get("name")) or call["name"]
        call["arguments"] = text_of(item.get("arguments")) or call["arguments"]

    def _closed(self, response: JSON) -> Iterator[str]:
        """The end: the whole answer once more, the counts, and why it ended."""
        if not isinstance(response, Mapping):
            raise NotThisProtocol
        self._last = response
        output = response.get("output")
        items = output if isinstance(output, list) else []
        for at, item in enumerate(items):
            self._item(item, at)
        if not self.text:
            yield from self._more("".join(map(_text_of_item, items)))
        if isinstance(usage := response.get("usage"), Mapping):
            self.tokens = number(usage.get("input_tokens")), number(usage.get("output_tokens"))
        details = response.get("incomplete_details")
        why = text_of(details.get("reason")) if isinstance(details, Mapping) else ""
        self.reason = _INCOMPLETE.get(why, "length" if response.get("status") == "incomplete" else "stop")
        self.over = self.complete = True

    def wishes(self) -> tuple[Wish, ...]:
        for call in self._calls.values():
            call["id"] = call["id"] or f"call_{secrets.token_hex(12)}"
        return tuple(Wish(**call) for _, call in sorted(self._calls.items()) if call["name"])

    def answer(self) -> JSON:
        if self._last is not None:
            return self._last
        message = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": self.text}]}]
        calls = [
            {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
            for call in self.wishes()
        ]
        return {"object": "response", "status": "in_progress", "output": [*(message if self.text else ()), *calls]}


def _text_of_item(item: JSON) -> str:
    parts = item.get("content") if isinstance(item, Mapping) and item.get("type") == "message" else None
    if not isinstance(parts, list):
        return ""
    found = [part for part in parts if isinstance(part, Mapping)]
    return "".join(text_of(part.get("text")) or text_of(part.get("refusal")) for part in found)


DIALECT = Dialect("responses", request, Gathering, ("temperature", "max_output_tokens", "store", "stream"), {})
