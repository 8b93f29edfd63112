"""Files of a call, both ways: kept for a day, handed on as links of five minutes, and taken out of an answer."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.calling.sending import Got, Line
from actionstudio.apps.simulator.models import Chat, File
from actionstudio.apps.web.telling import told
from actionstudio.core.chatgpt import arguments, files
from actionstudio.core.chatgpt.headers import AGENT
from actionstudio.core.limits import FILE_BYTES, FILES, SECONDS
from actionstudio.core.problem import Problem, Refused

type JSON = Any

DAYS = 1  # for which a file is kept
MOST = 256 * 1024 * 1024  # bytes of a project's files
_SALT = "simulator file"
_ASKED = (("user-agent", AGENT), ("accept", "*/*"))


@dataclass(frozen=True, slots=True)
class Given:
    """A file that somebody attaches."""

    name: str
    mime_type: str
    content: bytes = field(repr=False)


def uploaded(sent: Sequence[UploadedFile]) -> list[Given]:
    """The files of a form. Raises Refused for too many, and, before it is read, for one that is too big."""
    _few(len(sent))
    if any((one.size or 0) > FILE_BYTES for one in sent):
        raise _big()
    return [Given(_named(one.name or ""), one.content_type or "", one.read()) for one in sent]


def _named(name: str) -> str:
    """A file's name as it is: in forms browsers write a quotation mark as %22 (HTML, multipart/form-data)."""
    return name.replace("%22", '"')


def attach(chat: Chat, given: Sequence[Given], before: Sequence[JSON] = ()) -> list[JSON]:
    """Keeps what is attached to something that is said in a chat, as its message tells of it: {key, name, mime_type,
    size}; ``before`` are those that it has already. Raises Refused."""
    _few(len(given) + len(before))
    rows = [keep(chat.gpt.project, one.name, one.mime_type, one.content, chat.user, chat=chat) for one in given]
    names = ("key", "name", "mime_type", "size")
    return [*before, *({name: getattr(row, name) for name in names} for row in rows)]


def keep(
    project: Project,
    name: str,
    mime_type: str,
    content: bytes,
    user: Any = None,
    *,
    brought: bool = False,
    chat: Chat | None = None,
) -> File:
    """A file that calls of the project may hand on, for a day. Raises Refused for one that is too big."""
    if len(content) > FILE_BYTES:
        raise _big()
    name = name.replace("\0", "").rpartition("/")[2][:200] or "file"
    kind = mime_type.replace("\0", "").partition(";")[0].strip()[:120] or "application/octet-stream"
    row = File.objects.create(
        project=project, chat=chat, name=name, mime_type=kind, content=content, size=len(content), user=user,
        brought=brought,
    )  # fmt: skip
    _make_room(project)
    return row


def _make_room(project: Project) -> None:
    """The oldest files of a project go when it has more than MOST bytes of them."""
    sizes = File.objects.filter(project=project).values_list("pk", "size")
    whole, gone = 0, []
    for pk, size in sizes:  # the newest first
        whole += size
        if whole > MOST:
            gone.append(pk)
    File.objects.filter(pk__in=gone).delete()


def _few(number: int) -> None:
    if number > FILES:
        raise Refused(Problem("/files", _("Choose at most %(n)s files.") % {"n": FILES}, "many"))


def _big() -> Refused:
    words = _("The file has more than %(n)s MB. Choose a smaller one.") % {"n": FILE_BYTES // 1_000_000}
    return Refused(Problem("/files", words, "too-large"))


def give(chat: Chat, brought: Iterable[Mapping[str, JSON]]) -> None:
    """What a call of a chat brought goes with the chat."""
    if keys := [one["key"] for one in brought if one["key"]]:
        File.objects.filter(project=chat.gpt.project_id, key__in=keys).update(chat=chat)


def prune() -> int:
    """Removes the files of days past. Returns how many."""
    return File.objects.filter(created__lt=timezone.now() - datetime.timedelta(days=DAYS)).delete()[0]


def link(key: str, name: str) -> str:
    """Where anybody can fetch the file for the next five minutes."""
    token = signing.TimestampSigner(salt=_SALT).sign(key)
    return settings.STUDIO_PUBLIC_URL + reverse("simulator:file-link", args=[token, name])


def linked(token: str) -> File | None:
    """The file of a link, None when it has expired or is none."""
    try:
        key = signing.TimestampSigner(salt=_SALT).unsign(token, max_age=files.LINK_SECONDS)
    except signing.BadSignature:
        return None
    return File.objects.filter(key=key).first()


def download(row: File) -> HttpResponse:
    """The file itself. Never shown by a browser on the studio's own origin, whatever it is: a download, and without any
    rights."""
    answer = HttpResponse(bytes(row.content), content_type=row.mime_type)
    answer["content-disposition"] = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    answer["x-content-type-options"] = "nosniff"
    answer["content-security-policy"] = "sandbox; default-src 'none'"
    answer["cache-control"] = "private, no-store"
    return answer


def known(project: Project, ids: Iterable[str]) -> dict[str, files.Sent]:
    """The project's files of these ids."""
    rows = File.objects.filter(project=project, key__in=[*ids][: FILES * 2]).values_list("key", "name", "mime_type")
    return {key: files.Sent(key, name, kind) for key, name, kind in rows}


def handed_on(
    project: Project, made: arguments.Made, attached: Mapping[str, files.Sent] | None = None
) -> arguments.Made:
    """The call with links in the place of the ids that the model wrote (FILE-01). ``attached`` instead of the project's
    files."""
    given = made.arguments.get(files.ARGUMENT)
    if not files.takes(made.operation) or not isinstance(given, list):
        return made
    ids = [one for one in given if isinstance(one, str)]
    found = known(project, ids) if attached is None else attached
    sent = files.references(given, found, lambda one: link(one.id, one.name))
    call = arguments.with_body(made.call, {files.ARGUMENT: sent})
    return arguments.Made(call, made.operation, made.arguments)


def taken(
    project: Project, line: Line, got: Got, clock: Callable[[], float] = time.monotonic
) -> tuple[str, tuple[Mapping[str, JSON], ...]]:
    """An answer as the model is told it, and the files it brought: those behind links are fetched, one after the other,
    each in ten seconds (FILE-05) and all within the time of a call."""
    text, found = files.split(got.body) if 200 <= got.status < 300 else (got.body.decode("utf-8", "replace"), [])
    until = clock() + SECONDS
    fetched = [_fetched(line, one, until - clock()) if one.url and not one.problem else one for one in found]
    return text, tuple(_kept(project, one) for one in fetched)


def _fetched(line: Line, one: files.Returned, left: float) -> files.Returned:
    seconds = min(files.FETCH_SECONDS, left)
    if seconds <= 0:
        return files.Returned(url=one.url, problem=_("There was no time left to fetch it."))
    got = line.send("GET", one.url, _ASKED, seconds=seconds)
    if got.error == "time":
        return files.Returned(url=one.url, problem=_("The link did not answer within ten seconds."))
    if got.error:
        why = got.detail or got.error
        return files.Returned(url=one.url, problem=_("The link could not be fetched: %(why)s") % {"why": why})
    return files.fetched(one.url, got.status, got.headers, got.body)


def _kept(project: Project, one: files.Returned) -> Mapping[str, JSON]:
    """A file as it is shown; the content of one that ChatGPT would take is kept for a day."""
    row = None if one.problem else keep(project, one.name, one.mime_type, one.content, brought=True)
    return {
        "key": row.key if row else "",
        "name": one.name,
        "mime_type": one.mime_type,
        "size": len(one.content),
        "url": one.url,
        "problem": told(one.problem),
    }
