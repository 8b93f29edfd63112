"""What the model wrote becomes a call, or ChatGPT's refusal of it before anything is sent.

Sources: docs/chatgpt-rules.md, RT-03 to RT-05, RT-07, RT-12. All arguments are one flat object; lists in the query are
repeated keys; an argument that the imported document does not declare ends the call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.core.call import Call
from actionstudio.core.calling import NOTHING, Content, call_of
from actionstudio.core.contract import Parameter
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import ImportedOperation
from actionstudio.core.limits import PAYLOAD
from actionstudio.core.sendable import Refusal
from actionstudio.core.words import said

type JSON = Any

_LONE = re.compile("[\ud800-\udfff]")  # half a character: JSON can write it, a URL cannot


@dataclass(frozen=True, slots=True)
class Made:
    """A call that ChatGPT would make. ``call`` is relative to the server and has no headers yet."""

    call: Call
    operation: ImportedOperation
    arguments: Mapping[str, JSON]


def made(imported: Import, operation_id: str, text: str) -> Made | Refusal:
    """The call of that operation with these arguments, ``text`` as the model wrote it. Never raises.

    Refusal.code: fatal, gone, dropped, syntax, unknown, unfillable, too-large (core/sendable.py).
    """
    found = operation(imported, operation_id)
    if isinstance(found, Refusal):
        return found
    arguments = read(text, imported.server + found.path)
    if isinstance(arguments, Refusal):
        return arguments
    refusal = _undeclared(arguments, found) or _unfillable(arguments, found)
    if refusal is not None:
        return refusal
    call = written(found, arguments)
    return _too_large(call) or Made(call, found, arguments)


def operation(imported: Import, operation_id: str) -> ImportedOperation | Refusal:
    """The operation as ChatGPT has it after the import, or why it has none."""
    if imported.fatal:
        first = next((one for one in imported.messages if one.level == "fatal"), None)
        detail = said("ChatGPT refuses this document as a whole: no call of it would be made.")
        if first is None:
            return Refusal("fatal", "", detail, "C")
        return Refusal(
            "fatal", first.text, said("%(what)s %(why)s", what=detail, why=first.explanation), first.confidence
        )
    found = next((op for op in imported.operations if op.operation_id == operation_id and operation_id), None)
    if found is None:
        message = said("There is no operation called %(name)s.", name=operation_id)
        return Refusal("gone", message, said("The imported document has no such operation."), "A")
    if found.kept:
        return found
    lines = [one for one in (*imported.messages, *imported.silent) if one.level == "drops-op"]
    first = next((one for one in lines if f"{one.pointer}/".startswith(f"{found.pointer}/")), None)
    if first is None:
        message = said("ChatGPT's import does not take the operation %(name)s.", name=operation_id)
        return Refusal("dropped", message, said("See the import page for what it makes of the document."), "E")
    return Refusal("dropped", first.text, first.explanation, first.confidence)


def read(text: str, url: str) -> dict[str, JSON] | Refusal:
    """The arguments as an object (RT-04). A model that leaves them out means none."""
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _unread(str(error) or "maximum recursion depth exceeded", url, "C")
    if not isinstance(value, dict):
        return _unread("the arguments are not an object", url, "E")
    return value


def _unread(why: str, url: str, sure: str) -> Refusal:
    message = f"ApiSyntaxError: Could not parse API call kwargs as JSON: exception={why} url={url}"
    detail = said("What the model wrote is no JSON object. ChatGPT refuses it, and sends nothing.")
    return Refusal("syntax", message, detail, sure)


def _undeclared(arguments: Mapping[str, JSON], found: ImportedOperation) -> Refusal | None:
    declared = {one.name for one in found.arguments}
    unknown = tuple(name for name in arguments if name not in declared)
    if not unknown:
        return None
    told = unknown[0] if len(unknown) == 1 else repr(unknown)
    detail = said("ChatGPT refuses an argument that the imported document does not declare, and sends nothing.")
    return Refusal("unknown", f"UnrecognizedKwargsError: {told}", detail, "C", unknown)


def _unfillable(arguments: Mapping[str, JSON], found: ImportedOperation) -> Refusal | None:
    """A path without its value has no address; nobody has reported what ChatGPT says then."""
    paths = [one.name for one in found.arguments if one.in_ == "path"]
    empty = tuple(name for name in paths if arguments.get(name) in (None, ""))
    if not empty:
        return None
    message = said("The path %(path)s needs a value for %(names)s.", path=found.path, names=", ".join(empty))
    return Refusal("unfillable", message, said("Without it there is no address to send the call to."), "E", empty)


def written(found: ImportedOperation, arguments: Mapping[str, JSON]) -> Call:
    """The call of these arguments: path, query (lists as repeated keys, RT-12), and all else as one JSON body.

    A value null in the query is left out: a query cannot say it. Without a declared body field there is no body.
    """
    given = [
        (Parameter(one.name, one.in_, one.required, schema=one.schema), _plain(arguments[one.name]))
        for one in found.arguments
        if one.in_ != "body" and arguments.get(one.name) is not None
    ]
    fields = [one.name for one in found.arguments if one.in_ == "body"]
    body = {name: arguments[name] for name in arguments if name in fields}
    return call_of(found.method, found.path, given, _content(body) if fields else NOTHING)


def with_body(call: Call, fields: Mapping[str, JSON]) -> Call:
    """The call with some fields of its body said otherwise, such as ids of files by the files."""
    content = _content({**json.loads(call.body or b"{}"), **fields})
    return Call(call.method, call.path, call.query, call.headers, content.body)


def _content(body: Mapping[str, JSON]) -> Content:
    """As aiohttp writes JSON, which ChatGPT's error names show it to use (RT-06): that it does so here is our guess."""
    return Content("application/json", json.dumps(body).encode())


def _too_large(call: Call) -> Refusal | None:
    if len(call.body) < PAYLOAD or len(call.body.decode()) < PAYLOAD:
        return None
    message = said("The request has %(most)s characters or more.", most=PAYLOAD)
    return Refusal("too-large", message, said("ChatGPT sends less than 100,000 characters."), "A")


def _plain(value: JSON) -> JSON:
    """A value of the path or the query without halves of characters."""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    return value
