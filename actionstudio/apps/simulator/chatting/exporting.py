"""A chat as a file: JSON (all branches, whole), Markdown (what is shown, for people), HAR (the calls of all branches).

What a call carried in secret was hidden before it was kept, so no file has it.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.utils.translation import gettext as _

from actionstudio import __version__
from actionstudio.apps.simulator.chatting import branching
from actionstudio.apps.simulator.models import Chat, Message

Role = Message.Role
type JSON = Any


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    code: str
    title: str
    suffix: str
    content_type: str
    write: Callable[[Chat], str]


def message(one: Message) -> dict[str, JSON]:
    """A message as JSON, for files and programs."""
    return {
        "id": one.pk,
        "parent": one.parent_id,
        "role": one.role,
        "state": one.state,
        "text": one.text,
        "data": one.data,
        "usage": one.usage,
        "created": one.created.isoformat(),
    }


def whole(chat: Chat) -> str:
    """Everything: all messages of all branches in the order in which they came, and what the model was asked with."""
    told = {
        "format": "action-studio-chat",
        "version": 1,
        "chat": {
            "key": chat.key,
            "conversation": chat.conversation,
            "title": chat.title,
            "gpt": chat.gpt.name,
            "model": chat.endpoint.model if chat.endpoint else None,
            "mode": chat.mode,
            "created": chat.created.isoformat(),
            "tip": chat.tip_id,
        },
        "sheets": {sheet.digest: sheet.body for sheet in chat.sheets.all()},
        "messages": [message(one) for one in Message.objects.filter(chat=chat)],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def markdown(chat: Chat) -> str:
    """What is shown, as a text that reads well where Markdown is not drawn."""
    parts = [f"# {chat.title or chat.gpt.name}", f"{chat.gpt.name} · {chat.created:%Y-%m-%d %H:%M} UTC"]
    for one in branching.shown(chat):
        parts += filter(None, _DRAWN[one.role](one))
    return "\n\n".join(parts) + "\n"


def har(chat: Chat) -> str:
    """The calls of all branches, in the order in which they were made, as an HTTP Archive
    (http://www.softwareishard.com/blog/har-12-spec/)."""
    creator = {"name": "Action Studio", "version": __version__}
    shown = {one.pk for one in branching.shown(chat)}
    calls = Message.objects.filter(chat=chat, role=Role.CALL)
    entries = [_entry(one, tried, one.pk in shown) for one, tried in _tries(calls) if tried["status"]]
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": entries}}, ensure_ascii=False)


def _user(one: Message) -> Iterator[str]:
    yield f"## {_('You')}"
    yield one.text
    yield _files(one)


def _files(one: Message) -> str:
    """The names of its files, a line each."""
    found = one.data.get("files") or ()
    lines = (f"- {file['name'] or file.get('url', '')} ({file['mime_type']}, {file['size']} B)" for file in found)
    return "\n".join(lines)


def _assistant(one: Message) -> Iterator[str]:
    if one.text.strip():
        yield f"## {one.data.get('model') or _('Model')}"
        yield one.text
    if error := one.data.get("error"):
        yield f"> {error.get('message') or _('This answer was interrupted.')}"


def _call(one: Message) -> Iterator[str]:
    data = one.data
    yield f"### {data.get('operation', '')} · {data.get('domain', '')}"
    yield _fenced("json", data.get("arguments", ""))
    if data.get("choice"):
        yield _("Choice: %(choice)s") % {"choice": data["choice"]}
    if refusal := data.get("refusal"):
        yield f"> {refusal['message']}"
    for tried in data.get("attempts", ()):
        words = f"`{tried['method']} {tried['url']}` → {tried['status'] or tried['error']}, {tried['ms']} ms"
        yield f"{words} ({tried['exchange']})" if tried["exchange"] else words
    if data.get("told"):
        yield _("The model was told:")
        yield _fenced("", data["told"])
    yield _files(one)


def _notice(one: Message) -> Iterator[str]:
    yield f"> {one.data.get('code', '')}"


_DRAWN: dict[str, Callable[[Message], Iterator[str]]] = {
    Role.USER: _user,
    Role.ASSISTANT: _assistant,
    Role.CALL: _call,
    Role.NOTICE: _notice,
}


def _fenced(kind: str, text: str) -> str:
    """A block of code whose fence is longer than any in the text (CommonMark, section 4.5)."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{text}\n{fence}"


def _tries(messages: Iterable[Message]) -> Iterator[tuple[Message, dict[str, JSON]]]:
    for one in messages:
        for tried in one.data.get("attempts", ()) if one.role == Role.CALL else ():
            yield one, tried


def _entry(one: Message, tried: dict[str, JSON], shown: bool) -> dict[str, JSON]:
    kind = next((value for name, value in tried["request_headers"] if name.lower() == "content-type"), "")
    got = dict(tried["response_headers"])
    request = {
        "method": tried["method"],
        "url": tried["url"],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(tried["request_headers"]),
        "queryString": _pairs(parse_qsl(urlsplit(tried["url"]).query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(tried["request_body"].encode()),
    }
    if tried["request_body"]:
        request["postData"] = {"mimeType": kind, "text": tried["request_body"]}
    size = len(tried["response_body"].encode())
    return {
        "startedDateTime": one.updated.astimezone(datetime.UTC).isoformat(timespec="milliseconds"),
        "time": tried["ms"],
        "request": request,
        "response": {
            "status": tried["status"],
            "statusText": HTTPStatus(tried["status"]).phrase if tried["status"] in iter(HTTPStatus) else "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(tried["response_headers"]),
            "content": {"size": size, "mimeType": got.get("content-type", ""), "text": tried["response_body"]},
            "redirectURL": got.get("location", ""),
            "headersSize": -1,
            "bodySize": size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": tried["ms"], "receive": 0},
        "_id": tried["exchange"],
        "_operationId": one.data.get("operation", ""),
        "_source": "simulator",
        "_shown": shown,
        **({} if shown else {"comment": _("On a branch of the chat that is not shown")}),
    }


def _pairs(pairs: Iterable[Iterable[str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


FORMATS = {
    one.code: one
    for one in (
        Format("json", "JSON", "json", "application/json", whole),
        Format("markdown", "Markdown", "md", "text/markdown; charset=utf-8", markdown),
        Format("har", "HAR", "har", "application/json", har),
    )
}
