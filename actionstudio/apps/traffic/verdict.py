"""What happened to a call and why, in plain words, from what the data plane decided about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic import callbacks, legs
from actionstudio.apps.traffic.models import Exchange
from actionstudio.runtime import straying
from actionstudio.runtime.pacing import HUNG_UP


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation: where ("body.name"), what, and whether request or answer."""

    where: str
    message: str
    side: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind`` is ok, warn or bad; ``head`` the short answer; ``sentences`` the reasons."""

    kind: str
    head: str
    sentences: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def verdict(row: Exchange) -> Verdict:
    """The verdict on one logged call."""
    findings = [_finding(item) for item in row.found]
    sent = [item for item in findings if item.side != "response"]
    kind, head = _head(row, sent, len(findings) - len(sent))
    return Verdict(kind, head, list(_sentences(row)), findings)


def brief(row: Exchange) -> tuple[str, str]:
    """The verdict's kind and head alone: without the sentences, which ask the database whose key it was."""
    wrong = sum(item.get("side") == "response" for item in row.found)
    return _head(row, [_finding(item) for item in row.found if item.get("side") != "response"], wrong)


def timings(row: Exchange) -> list[tuple[str, int]]:
    """The stages of the call with the microseconds each took."""
    return [(str(name), int(us)) for name, us in orjson.loads(row.timings)]


def _head(row: Exchange, sent: list[Finding], wrong_answers: int) -> tuple[str, str]:
    if row.auth in AUTH_HEADS and row.status in (401, 403):
        strayed = row.auth == "missing" and straying.place_of(row.headers_in, row.query)
        return "warn", _("The credential came in the wrong place.") if strayed else AUTH_HEADS[row.auth]()
    if row.kind == "document":
        return ("ok", _("Served a document.")) if row.status < 400 else ("warn", _("The document was not served."))
    if row.kind == "callback":
        return _of_callback(row)
    if row.kind == "oauth":
        return legs.head(row)
    if "gate" in row.decided:
        return "bad", _("Refused before it was read.")
    if not row.operation_id and row.status == 404:
        return "warn", _("No endpoint has this path.")
    if not row.operation_id and row.status == 405:
        return "warn", _("The path is known, the method is not.")
    around = _of_around(row)
    if around:
        return "warn", around
    if sent and row.status >= 400:
        return "warn", _("Refused: the request does not fit the contract.")
    if sent:
        return "warn", _("Answered, though the request does not fit the contract.")
    if wrong_answers:
        return "warn", _("Answered, but the answer does not fit the contract.")
    if row.status >= 500:
        return "bad", _("Answered with an error of the server.")
    if row.status >= 400:
        return "warn", _("Answered with an error of the caller.")
    return "ok", _("Matches the contract.")


def _of_around(row: Exchange) -> str:
    """What the builder asked for around the answer, where that says more than the status; "" for nothing."""
    trail = row.decided.get("trail")
    steps = [step for step in trail if isinstance(step, dict)] if isinstance(trail, list) else []
    if row.status == HUNG_UP and row.decided.get("wait"):
        return _("The caller hung up while the answer waited on purpose.")
    if any(step.get("what") == "limit" and step.get("allowed") is False for step in steps):
        return _("Refused: more calls than the rate limit allows.")
    if any(step.get("what") == "fault" for step in steps):
        return _("Misbehaved on purpose, as this mock was told to.")
    return ""


def _of_callback(row: Exchange) -> tuple[str, str]:
    if not row.status:
        return "bad", _("The callback got no answer.")
    if row.status >= 300:
        return "warn", _("The callback was sent, but not accepted.")
    return "ok", _("The callback was sent.")


AUTH_HEADS = {
    "missing": lambda: _("No credential was sent."),
    "wrong": lambda: _("The credential is not one of this project's."),
    "revoked": lambda: _("The key was revoked."),
    "expired": lambda: _("The token has expired."),
    "scope": lambda: _("The token does not have the scope that this endpoint asks for."),
}


def _sentences(row: Exchange) -> Iterator[str]:
    decided = row.decided
    if row.kind == "callback":
        if why := callbacks.error_of(row):
            yield _("The reason: %(reason)s.") % {"reason": why}
        return
    if row.operation_id and row.revision:
        words = _("Endpoint %(name)s of version %(number)s answered.")
        yield words % {"name": row.operation_id, "number": row.revision}
    if gate := decided.get("gate"):
        yield _("The reason: %(reason)s.") % {"reason": gate}
    if row.auth in AUTH_HEADS and decided.get("guard"):
        yield f"{_sentence(decided['guard'])}"
    elif row.auth == "ok":
        yield from _credential(row, decided)


def _credential(row: Exchange, decided: dict) -> Iterator[str]:
    """Whose key it was; a name says more than the id in the row."""
    if not row.key_id or row.key_id < 0:
        if decided.get("guard"):
            yield _("Credential: %(why)s.") % {"why": decided["guard"]}
        return
    name = Key.objects.filter(pk=row.key_id).values_list("name", flat=True).first()
    known, gone = _("The caller used the key “%(name)s”."), _("The caller's key is deleted now.")
    yield known % {"name": name} if name else gone


def translated(row: Exchange) -> str:
    """How a call in the shape that ChatGPT knows was made one of the document's shape; "" when it was not."""
    return str(row.decided.get("translation") or "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…", "!", "?")) else ".")


def _finding(item: dict) -> Finding:
    where = ".".join(str(step) for step in item.get("location", ()))
    return Finding(where, str(item.get("message", "")), item.get("side", "request"))


def summary(count: int) -> str:
    """How many violations, in words."""
    return ngettext("%(n)s violation", "%(n)s violations", count) % {"n": count}
