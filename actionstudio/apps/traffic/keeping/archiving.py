"""All that the log has of somebody as a ZIP file of JSON files, piece by piece, however much it is."""

from __future__ import annotations

import base64
import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic.keeping import selections
from actionstudio.apps.traffic.models import Conversation, DebugText, Exchange
from actionstudio.core.problem import Problem, Refused

AT_ONCE = 20  # calls with their bodies


def of_user(project: Project, name: str) -> Iterator[bytes]:
    """What the log has of one user of ChatGPT, as ChatGPT names them. Raises Refused where it has nothing."""
    found = selections.ids(project, {"user": name}, selections.newest(project))
    first = next(found, None)
    if first is None:
        words = _("No request here was made for this user of ChatGPT. Their id stands on each of their calls.")
        raise Refused(Problem("/user", words, "unknown"))
    talks = Conversation.objects.filter(project_id=project.pk, user_id=name).order_by("first_id")
    small = {"conversations": told(project.pk, talks), "known_by": {"chatgpt_users": [name]}}
    return archive(project.pk, small, itertools.chain([first], found))


def archive(project_id: int, small: Mapping[str, Any], found: Iterable[int]) -> Iterator[bytes]:
    """A file of each of ``small``, and one of the calls of those ids."""
    out = _Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, value in small.items():
            file.writestr(f"{name}.json", _json(value))
            yield out.taken()
        with file.open("requests.json", "w", force_zip64=True) as entry:
            entry.write(b"[")
            for number, row in enumerate(_rows(project_id, found)):
                entry.write((b",\n" if number else b"\n") + _json(call(row)))
                yield out.taken()
            entry.write(b"\n]\n")
        yield out.taken()
    yield out.taken()


def told(project_id: int, talks: Iterable[Conversation]) -> list[dict[str, Any]]:
    """Conversations, each with the text that was pasted for it."""
    talks = [*talks]
    pasted = DebugText.objects.filter(project_id=project_id, key__in=[one.key for one in talks])
    texts = dict(pasted.values_list("key", "text"))
    names = ("key", "conversation_id", "gpt_id", "user_id", "calls", "failed", "refused")
    return [{**fields(one, *names), "pasted": texts.get(one.key, "")} for one in talks]


def _rows(project_id: int, found: Iterable[int]) -> Iterator[Exchange]:
    part: list[int] = []
    for pk in found:
        part.append(pk)
        if len(part) == AT_ONCE:
            yield from Exchange.objects.filter(project_id=project_id, pk__in=part).order_by("-pk")
            part = []
    yield from Exchange.objects.filter(project_id=project_id, pk__in=part).order_by("-pk")


def call(row: Exchange) -> dict[str, Any]:
    """A call as the file has it: what the log keeps, hidden what it hides."""
    plain = (
        "method",
        "path",
        "query",
        "status",
        "operation_id",
        "source",
        "client",
        "gpt_id",
        "conversation_id",
        "user_id",
        "duration_us",
    )
    return {
        "id": row.public_id,
        "at": row.at,
        **fields(row, *plain),
        "request": {"headers": row.headers_in, **_body(bytes(row.request_body))},
        "response": {"headers": row.headers_out, **_body(bytes(row.response_body))},
    }


def _body(data: bytes) -> dict[str, str]:
    try:
        return {"body": data.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(data).decode()}


def fields(row: Any, *names: str) -> dict[str, Any]:
    """These fields of a row."""
    return {name: getattr(row, name) for name in names}


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2)


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, datetime) else dict(value) if isinstance(value, Mapping) else str(value)
    )


class _Pipe(io.RawIOBase):
    """What is written and not taken yet; nothing is kept beyond that."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)
