"""A strict OpenAI-compatible server on loopback: it holds every request against the published schema (the types of the
``openai`` package) and what the API demands besides, and streams its answers in whatever pieces a test wants."""

from __future__ import annotations

import functools
import http.server
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
from openai.types.chat import ChatCompletion, ChatCompletionChunk, completion_create_params
from openai.types.responses import Response, ResponseStreamEvent, response_create_params
from pydantic import TypeAdapter

KEY = "sk-test-4f1c9e2b7a6d5c3e8f90abcd1234WXYZ"
MODELS = ("gpt-test", "gpt-other")
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
EVENT = TypeAdapter(ResponseStreamEvent)


@dataclass
class Turn:
    """What the model says: a text in these words, then calls (name, arguments), or an answer of HTTP as it stands."""

    words: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    finish: str = ""
    tokens: tuple[int, int] = (120, 30)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None  # as it stands, instead of all this
    cut_after: int | None = None  # events, then the connection ends
    pause: float = 0.0  # seconds before each event
    mute: float = 0.0  # seconds before anything


@functools.cache
def validator(name: str, streaming: bool) -> jsonschema_rs.Validator:
    """The published schema of a request, closed: a member that it does not know is refused."""
    kind = {
        ("chat/completions", True): completion_create_params.CompletionCreateParamsStreaming,
        ("chat/completions", False): completion_create_params.CompletionCreateParamsNonStreaming,
        ("responses", True): response_create_params.ResponseCreateParamsStreaming,
        ("responses", False): response_create_params.ResponseCreateParamsNonStreaming,
    }[name, streaming]
    return jsonschema_rs.validator_for(_closed(TypeAdapter(kind).json_schema()))


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _closed(value) for key, value in node.items()}
    if made.get("type") == "object" and isinstance(made.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    return made


def faults(name: str, body: Any) -> str:
    """Why the API would refuse a request, "" when it would not."""
    if not isinstance(body, dict):
        return "We could not parse the JSON body of your request."
    streaming = body.get("stream") is True
    for error in validator(name, streaming).iter_errors(body):
        return f"Invalid value at {'/'.join(map(str, error.instance_path))}: {str(error.message)[:300]}"
    if "stream_options" in body and not streaming:
        return "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    functions = [tool.get("function", tool) for tool in body.get("tools", [])]
    for function in functions:
        if not NAME.match(function["name"]):
            return f"Invalid 'tools[].function.name': {function['name']!r}"
        if function["parameters"].get("type") != "object":
            return f"Invalid schema for function {function['name']!r}: schema must be of type 'object'"
        jsonschema_rs.validator_for(function["parameters"])
    return _unanswered(body) if name == "chat/completions" else _unmatched(body)


def _unanswered(body: dict[str, Any]) -> str:
    """Every call of the assistant is answered by a message of its own, right after it."""
    waiting: set[str] = set()
    for message in body["messages"]:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
            waiting.discard(message["tool_call_id"])
            continue
        if waiting:
            return f"The following tool_call_ids did not have response messages: {', '.join(sorted(waiting))}"
        waiting = {call["id"] for call in message.get("tool_calls", ())}
    return f"tool_call_ids did not have response messages: {', '.join(sorted(waiting))}" if waiting else ""


def _unmatched(body: dict[str, Any]) -> str:
    calls = {item["call_id"] for item in body["input"] if item.get("type") == "function_call"}
    answered = {item["call_id"] for item in body["input"] if item.get("type") == "function_call_output"}
    for lost in sorted(calls - answered):
        return f"No tool output found for function call {lost}."
    for lost in sorted(answered - calls):
        return f"No tool call found for function call output with call_id {lost}."
    return ""


def chat_answer(turn: Turn) -> dict[str, Any]:
    calls = [
        {"id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for at, (name, arguments) in enumerate(turn.calls)
    ]
    message = {"role": "assistant", "content": "".join(turn.words) or None, "refusal": None, "annotations": []}
    finish = turn.finish or ("tool_calls" if calls else "stop")
    choice = {"index": 0, "message": message | ({"tool_calls": calls} if calls else {}), "finish_reason": finish}
    made = {**_head("chat.completion"), "choices": [{**choice, "logprobs": None}], "usage": _usage(turn)}
    ChatCompletion.model_validate(made, strict=True)
    return made


def chat_events(turn: Turn, with_usage: bool) -> Iterator[Any]:
    """The chunks of a stream in the order in which OpenAI sends them; "[DONE]" at the end."""
    yield _chunk({"role": "assistant", "content": "" if turn.words else None, "refusal": None})
    for word in turn.words:
        yield _chunk({"content": word})
    for at, (name, arguments) in enumerate(turn.calls):
        call = {"index": at, "id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": ""}}
        yield _chunk({"tool_calls": [call]})
        for piece in pieces(arguments, 5):
            yield _chunk({"tool_calls": [{"index": at, "function": {"arguments": piece}}]})
    yield _chunk({}, turn.finish or ("tool_calls" if turn.calls else "stop"))
    if with_usage:
        yield {**_head("chat.completion.chunk"), "choices": [], "usage": _usage(turn)}
    yield "[DONE]"


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    made = {**_head("chat.completion.chunk"), "choices": [choice], "usage": None}
    ChatCompletionChunk.model_validate(made, strict=True)
    return made


def _head(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1_790_000_000, "model": MODELS[0], "service_tier": "default"}


def _usage(turn: Turn) -> dict[str, int]:
    into, out = turn.tokens
    return {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out}


def response_answer(turn: Turn, status: str = "completed", *, empty: bool = False) -> dict[str, Any]:
    into, out = turn.tokens
    usage = {
        "input_tokens": into,
        "output_tokens": out,
        "total_tokens": into + out,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    reason = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(turn.finish)
    made = {
        "id": "resp_1", "object": "response", "created_at": 1_790_000_000, "model": MODELS[0],
        "status": "incomplete" if reason and not empty else status, "error": None, "instructions": None, "metadata": {},
        "incomplete_details": {"reason": reason} if reason and not empty else None,
        "output": [] if empty else [_item(turn, at) for at in range(_items(turn))],
        "parallel_tool_calls": True, "temperature": 1.0, "top_p": 1.0, "tool_choice": "auto", "tools": [],
        "usage": None if empty else usage,
    }  # fmt: skip
    Response.model_validate(made)
    return made


def _items(turn: Turn) -> int:
    return bool(turn.words) + len(turn.calls)


def _item(turn: Turn, at: int, *, done: bool = True) -> dict[str, Any]:
    state = "completed" if done else "in_progress"
    if turn.words and at == 0:
        part = {"type": "output_text", "text": "".join(turn.words), "annotations": [], "logprobs": []}
        content = [part] if done else []
        return {"type": "message", "id": "msg_1", "role": "assistant", "status": state, "content": content}
    number = at - bool(turn.words)
    name, arguments = turn.calls[number]
    text = arguments if done else ""
    call = {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}"}
    return {**call, "name": name, "arguments": text, "status": state}


def response_events(turn: Turn) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(_response_events(turn)):
        made = {"sequence_number": number, **event}
        EVENT.validate_python(made)
        yield made


def _response_events(turn: Turn) -> Iterator[dict[str, Any]]:
    begun = response_answer(turn, "in_progress", empty=True)
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    for at in range(_items(turn)):
        item = _item(turn, at)
        place = {"output_index": at, "item_id": item["id"]}
        yield {"type": "response.output_item.added", "output_index": at, "item": _item(turn, at, done=False)}
        if item["type"] == "message":
            inside = {**place, "content_index": 0}
            empty = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
            yield {"type": "response.content_part.added", **inside, "part": empty}
            for word in turn.words:
                yield {"type": "response.output_text.delta", **inside, "delta": word, "logprobs": []}
            text = "".join(turn.words)
            yield {"type": "response.output_text.done", **inside, "text": text, "logprobs": []}
            yield {"type": "response.content_part.done", **inside, "part": item["content"][0]}
        else:
            for piece in pieces(item["arguments"], 5):
                yield {"type": "response.function_call_arguments.delta", **place, "delta": piece}
            whole = {"arguments": item["arguments"], "name": item["name"]}
            yield {"type": "response.function_call_arguments.done", **place, **whole}
        yield {"type": "response.output_item.done", "output_index": at, "item": item}
    last = response_answer(turn)
    yield {"type": f"response.{last['status']}", "response": last}


def pieces(text: Any, size: int) -> list[Any]:
    return [text[at : at + size] for at in range(0, len(text), size)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        if self.path == "/v1/models" and self._let_in():
            owned = [{"id": name, "object": "model", "created": 1, "owned_by": "test"} for name in MODELS]
            self._json(200, {"object": "list", "data": owned})
        elif self.path != "/v1/models":
            self._error(404, "Not found", "invalid_request_error")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = self.path.removeprefix("/v1/")
        if name not in ("chat/completions", "responses"):
            return self._error(404, f"Invalid URL (POST {self.path})", "invalid_request_error")
        if not self._let_in():
            return None
        body = json.loads(raw)
        self.server.asked.append(body)
        if why := faults(name, body):
            self.server.refused.append(why)
            return self._error(400, why, "invalid_request_error")
        if body["model"] not in MODELS:
            told = f"The model `{body['model']}` does not exist or you do not have access to it."
            return self._error(404, told, "invalid_request_error", "model_not_found", param=None)
        for param in sorted(self.server.unknown & body.keys()):
            return self._error(400, f"Unsupported parameter: '{param}'.", "invalid_request_error", param=param)
        return self._answer(name, body, self.server.turn())

    def _let_in(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        self._error(401, f"Incorrect API key provided: {given}.", "invalid_request_error", "invalid_api_key")
        return False

    def _answer(self, name: str, body: dict[str, Any], turn: Turn) -> None:
        if turn.mute and self.server.closing.wait(turn.mute):
            return
        if turn.body is not None:
            return self._raw(turn.status, turn.body, turn.headers)
        if not body.get("stream"):
            return self._json(200, chat_answer(turn) if name == "chat/completions" else response_answer(turn))
        with_usage = body.get("stream_options", {}).get("include_usage", False)
        chat = name == "chat/completions"
        self._stream(chat_events(turn, with_usage) if chat else response_events(turn), turn)

    def _stream(self, events: Iterator[Any], turn: Turn) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for number, event in enumerate(events):
                if number == turn.cut_after:
                    self.close_connection = True
                    return
                if turn.pause:
                    self.server.hurry.wait(turn.pause)
                if self.server.closing.is_set():
                    return
                for piece in self.server.cut(_sse(event)):
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                    self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.server.left.set()

    def _error(self, status: int, message: str, kind: str, code: str | None = None, param: str | None = None) -> None:
        self._json(status, {"error": {"message": message, "type": kind, "param": param, "code": code}})

    def _json(self, status: int, value: Any) -> None:
        self._raw(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


def _sse(event: Any) -> bytes:
    if isinstance(event, str):
        return f"data: {event}\n\n".encode()
    named = f"event: {event['type']}\n" if "type" in event else ""
    return f"{named}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


class Server(http.server.ThreadingHTTPServer):
    """``turns`` are said one after the other, the last one again and again. ``asked`` are the bodies that came,
    ``refused`` why some were refused. ``unknown`` are members that it does not support. ``cut`` cuts a stream. Once
    ``hurry`` is set no stream pauses any more."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.turns: list[Turn] = [Turn(("Hello", "."))]
        self.asked: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.unknown: set[str] = set()
        self.cut: Callable[[bytes], list[bytes]] = lambda data: [data]
        self.closing, self.left, self.hurry = threading.Event(), threading.Event(), threading.Event()
        self._lock = threading.Lock()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # who asked may leave
            super().handle_error(request, address)

    def turn(self) -> Turn:
        with self._lock:
            return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.closing.set()
        server.hurry.set()
        server.shutdown()
        server.server_close()
        time.sleep(0)
