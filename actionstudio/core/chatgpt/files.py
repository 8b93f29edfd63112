"""Files of a call: those that the model hands on as links, and those that an answer brings back.

Sources: docs/chatgpt-rules.md, FILE-01 to FILE-05. Into a call: POST only, an argument ``openaiFileIdRefs`` declared as
a list of texts; the model writes ids, ChatGPT sends ``{name, id, mime_type, download_link}`` with links of five
minutes. Back: ``openaiFileResponse`` at the top of a JSON answer.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message as Headers
from typing import Any
from urllib.parse import unquote, urlsplit

from actionstudio.core.importer.message import ImportedOperation
from actionstudio.core.limits import FILE_BYTES, FILES
from actionstudio.core.schemas.refs import resolve
from actionstudio.core.words import said

type JSON = Any

ARGUMENT, ANSWER = "openaiFileIdRefs", "openaiFileResponse"
LINK_SECONDS = 300
FETCH_SECONDS = 10.0
HINT = (
    "File IDs are in the form of file-abc123 when coming from DALL-E or file-service or in the form "
    "/mnt/data/filename.csv when coming from the python tool"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that a call may hand on."""

    id: str
    name: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that an answer brings. ``url`` is where it is to be fetched ("" when it came along), ``problem`` why
    ChatGPT would not take it ("" when it would)."""

    name: str = ""
    mime_type: str = ""
    content: bytes = field(default=b"", repr=False)
    url: str = ""
    problem: str = ""


def takes(operation: ImportedOperation) -> bool:
    """Whether an operation's call hands files on (FILE-01)."""
    found = next((one for one in operation.arguments if one.name == ARGUMENT and one.in_ == "body"), None)
    return operation.method == "POST" and _are_texts(found.schema if found is not None else None)


def _are_texts(schema: JSON) -> bool:
    """Whether a schema is that of a list of texts, as the argument has to be declared."""
    if not isinstance(schema, dict) or schema.get("type") != "array":
        return False
    items = schema.get("items")
    return isinstance(items, dict) and items.get("type") == "string"


def arrive(schema: JSON, components: Mapping[str, JSON]) -> bool:
    """Whether files arrive in bodies of this schema: declared as a list of texts, and sent as objects (FILE-01)."""
    found = resolve(schema, components)
    properties = found.get("properties") if isinstance(found, dict) else None
    return isinstance(properties, dict) and _are_texts(resolve(properties.get(ARGUMENT), components))


def as_declared(body: JSON) -> JSON:
    """A body that arrived, with the id of each file in its place, as schemas describe it: for validation."""
    given = body.get(ARGUMENT) if isinstance(body, dict) else None
    if not isinstance(given, list):
        return body
    return {**body, ARGUMENT: [_id_of(one) for one in given]}


def _id_of(one: JSON) -> JSON:
    whole = isinstance(one, dict) and isinstance(one.get("id"), str) and "download_link" in one
    return one["id"] if whole else one


def described(text: str) -> str:
    """The description of the argument as the model sees it (FILE-02, from an echoed prompt)."""
    return f"{text or 'None'}. {HINT}"


def references(given: JSON, known: Mapping[str, Sent], link: Callable[[Sent], str]) -> list[JSON]:
    """What is sent for the ids that the model wrote: ten at most; an id that nobody knows goes as it is (FILE-03)."""
    ids = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    return [_reference(known[one], link) if one in known else one for one in ids[:FILES]]


def _reference(one: Sent, link: Callable[[Sent], str]) -> JSON:
    return {"name": one.name, "id": one.id, "mime_type": one.mime_type, "download_link": link(one)}


def split(body: bytes) -> tuple[str, list[Returned]]:
    """An answer without its files, as the model is told it, and the files (FILE-04).

    The files' contents do not count as characters of the answer: they could not be 10 MB otherwise (our conclusion).
    """
    text = body.decode("utf-8", "replace")
    if ANSWER not in text:
        return text, []
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text, []
    if not isinstance(value, dict) or ANSWER not in value:
        return text, []
    found = returned(value[ANSWER])
    value[ANSWER] = [_mention(one) for one in found]
    return json.dumps(value, ensure_ascii=False), found


def _mention(one: Returned) -> JSON:
    if one.url:
        return one.url
    return {"name": one.name, "mime_type": one.mime_type}


def returned(value: JSON) -> list[Returned]:
    """The files of ``openaiFileResponse``, those that are not taken with the reason."""
    if not isinstance(value, list):
        return [Returned(problem=said("“%(name)s” must be a list.", name=ANSWER))]
    late = said("An answer brings at most %(most)s files.", most=FILES)
    found = [_one(item) for item in value[:FILES]]
    return [*found, *(Returned(_name_of(item), problem=late) for item in value[FILES : FILES * 2])]


def _name_of(item: JSON) -> str:
    name = item.get("name") if isinstance(item, dict) else item
    return name[:300] if isinstance(name, str) else ""


def _one(item: JSON) -> Returned:
    if isinstance(item, str):
        good = urlsplit(item).scheme in ("http", "https") if "://" in item[:10] else False
        return Returned(url=item, problem="" if good else said("This is neither a URL nor a file."))
    if not isinstance(item, dict):
        return Returned(problem=said("A file is an object with name, mime_type and content, or a URL."))
    name, kind, content = (item.get(key) for key in ("name", "mime_type", "content"))
    for key, one in (("name", name), ("mime_type", kind), ("content", content)):
        if not isinstance(one, str) or not one:
            return Returned(_name_of(item), problem=said("The file has no “%(key)s”.", key=key))
    try:
        data = base64.b64decode(str(content), validate=True)
    except (binascii.Error, ValueError):
        return Returned(str(name), str(kind), problem=said("Its “content” is not base64."))
    return judged(Returned(str(name), str(kind), data))


def judged(one: Returned) -> Returned:
    """The file, without its content and with the reason where ChatGPT would not take it."""
    if one.mime_type.partition("/")[0].strip().lower() in ("image", "video"):
        return Returned(one.name, one.mime_type, url=one.url, problem=said("Images and videos are not taken."))
    if len(one.content) > FILE_BYTES:
        most = FILE_BYTES // 1_000_000
        return Returned(one.name, one.mime_type, url=one.url, problem=said("It has more than %(most)s MB.", most=most))
    return one


def fetched(url: str, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> Returned:
    """The file that a URL of an answer led to (FILE-05): Content-Type and Content-Disposition must be there."""
    if not 200 <= status < 300:
        return Returned(url=url, problem=said("The link answered %(status)s.", status=status))
    found = {name.lower(): value for name, value in headers}
    for key in ("content-type", "content-disposition"):
        if not found.get(key):
            return Returned(url=url, problem=said("The link's answer has no %(name)s header.", name=key.title()))
    kind = found["content-type"].partition(";")[0].strip()
    return judged(Returned(_filename(found["content-disposition"], url), kind, body, url))


def _filename(disposition: str, url: str) -> str:
    """The name of a Content-Disposition (RFC 6266), else the last part of the URL; never a path."""
    parsed = Headers()
    try:
        parsed["content-disposition"] = disposition
        name = parsed.get_filename() or ""
    except (ValueError, LookupError):
        name = ""
    name = name or unquote(urlsplit(url).path.rpartition("/")[2])
    return re.sub(r"[\x00-\x1f/\\]", "_", name)[:200] or "file"
