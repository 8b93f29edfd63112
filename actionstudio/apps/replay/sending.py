"""Sends a call again: to the live address, a revision, or another server; what comes back is plain JSON."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.exporting import HOP
from actionstudio.apps.traffic.masking import MASK
from actionstudio.core.call import Call
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.outbound import OutboundRefused, fetch
from actionstudio.runtime.ports import Token

LIVE = "live"
TIMEOUT = 45  # seconds: what ChatGPT waits
LONGEST = 10 * 1024 * 1024  # bytes of an answer from another server


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: ``base`` of another server, or ``revision`` of our own (None: what is live)."""

    revision: int | None = None
    base: str = ""

    @property
    def ours(self) -> bool:
        return not self.base

    def __str__(self) -> str:
        return self.base or (f"revision:{self.revision}" if self.revision else LIVE)


class Unreachable(Exception):
    """No answer came; the message is for people."""


def target(text: str, project) -> Target:
    """``live``, ``revision:N`` or a base URL as a Target. Raises Refused."""
    text = text.strip()
    if text in ("", LIVE):
        return Target()
    if found := re.fullmatch(r"revision:(\d{1,9})", text):
        if not project.revisions.filter(number=int(found[1])).exists():
            raise Refused(Problem("/target", _("This project has no version %(n)s.") % {"n": found[1]}))
        return Target(revision=int(found[1]))
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.username or parts.fragment or parts.query:
        message = _("Use live, revision:N, or a base URL such as https://api.example.com/v1 (no user, no query).")
        raise Refused(Problem("/target", message))
    return Target(base=text.rstrip("/"))


def send(
    address: str, call: Call, to: Target, key_id: int | None, masks: frozenset[str], token: Token | None = None
) -> tuple[dict, int | None]:
    """The answer as plain JSON, and the id of its exchange when the call went to us. Raises Unreachable.

    ``key_id`` and ``token`` are what the call counts as carrying at our own address. What goes to another server must
    be ``outward`` already.
    """
    if to.ours:
        return _ours(address, call, to.revision, key_id, masks, token)
    return _theirs(call, to.base, masks), None


def outward(address: str, call: Call) -> tuple[Call, str]:
    """The call as another server knows it, and what was done for it, "" when nothing was.

    A call in the GPT profile's shape becomes the document's: only our own addresses know the other one. Masked parts
    never leave the house: what the log hides is the word "hidden".
    """
    path, query = (MASK.sub("hidden", text) for text in (call.path, call.query))
    body = MASK.sub("hidden", call.body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    plain = Call(call.method, path, query, call.headers, body)
    program = frontdoor().registry.current(address) if address else None
    return (plain, "") if program is None else program.in_documents_shape(plain)


def reply_json(status, headers, body: bytes, size: int, duration_us: int, masks: frozenset[str], **more) -> dict:
    """An answer as a Replay keeps it: masked as in the log, cut as in the log."""
    kept = body[: settings.STUDIO_LOG_BODY_LIMIT]
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return {
        "status": status,
        "headers": [list(pair) for pair in redaction.headers(tuple(headers), masks)],
        "body": base64.b64encode(redaction.body(kept, kind, masks)).decode(),
        "size": size,
        "duration_us": duration_us,
        "cut": len(kept) < size,
        **more,
    }


def _ours(address: str, call: Call, revision, key_id, masks, token) -> tuple[dict, int | None]:
    try:
        answer = frontdoor().call_blocking(
            address, call, source="replay", key_id=key_id, token=token, revision=revision
        )
    except LookupError:
        raise Unreachable(_("The address “%(name)s” no longer answers.") % {"name": address}) from None
    record, reply = answer.record, answer.reply
    made = reply_json(
        reply.status,
        reply.headers,
        reply.body,
        record.response_size,
        record.duration_us,
        masks,
        revision=record.revision,
        violations=len(record.violations),
        auth=record.auth,
    )
    return made, record.id


def _theirs(call: Call, base: str, masks) -> dict:
    url = base + quote(call.path, safe="/%:@!$&'()*+,;=~-._")
    if call.query:
        url += "?" + quote(call.query, safe="/%:@!$&'()*+,;=~-._?")
    headers = tuple((name, value) for name, value in call.headers if name not in HOP)
    try:
        got = fetch(
            call.method,
            url,
            headers,
            call.body,
            timeout=TIMEOUT,
            max_bytes=LONGEST,
            allow_private=private_allowed(),
        )
    except OutboundRefused as error:
        raise Unreachable(str(error)) from None
    where, mark, query = got.url.partition("?")
    url = where + mark + redaction.query(query, masks)
    return reply_json(got.status, got.headers, got.body, len(got.body), got.duration_us, masks, url=url)
