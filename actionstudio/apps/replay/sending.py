"""Sends a call again: to the live address, a revision, the upstream or another server. What comes back is JSON."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.publishing import source
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.exporting import HOP
from actionstudio.apps.traffic.masking import MASK
from actionstudio.core.behaviour import Upstream
from actionstudio.core.call import Call
from actionstudio.core.compare import Answer
from actionstudio.core.hiding import Masks, keeps_bodies, of_operation
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime import replies
from actionstudio.runtime.app import OWN_HOST, frontdoor
from actionstudio.runtime.forwarding import answer as answers
from actionstudio.runtime.forwarding.credentials import Secret
from actionstudio.runtime.forwarding.direct import Direct
from actionstudio.runtime.outbound import REDIRECTS, OutboundRefused, fetch
from actionstudio.runtime.ports import Token

LIVE, UPSTREAM = "live", "upstream"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, section 9.2.1; TRACE is nobody's action
TIMEOUT = 45  # seconds: what ChatGPT waits
LONGEST = 10 * 1024 * 1024  # bytes of an answer from another server


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: ``base`` of another server, the project's ``upstream``, or ``revision`` of our own (None: what
    is live)."""

    revision: int | None = None
    base: str = ""
    upstream: bool = False

    @property
    def ours(self) -> bool:
        return not self.base and not self.upstream

    def __str__(self) -> str:
        if self.upstream:
            return UPSTREAM
        return self.base or (f"revision:{self.revision}" if self.revision else LIVE)


class Hidden:
    """Several secrets of one call, found and hidden in whatever comes back. ``names`` are where they stand in it."""

    def __init__(self, texts: Iterable[str], names: Iterable[str]) -> None:
        texts = {*texts}
        self._secrets = [secret(("x", text)) for text in sorted(texts, key=len, reverse=True) if text]
        self.texts = tuple(text for text in texts if text)
        self.names = frozenset(name.lower() for name in names)
        self.heard: Answer | None = None  # the last answer, before anything in it was hidden; never kept

    def hide(self, data: bytes) -> bytes:
        """The bytes without the secrets."""
        for one in self._secrets:
            data = one.hide(data)
        return data

    def hide_text(self, text: str) -> str:
        """The text without them."""
        for one in self._secrets:
            text = one.hide_text(text)
        return text


class Unreachable(Exception):
    """No answer came; the message is for people."""


def target(text: str, project) -> Target:
    """``live``, ``revision:N``, ``upstream`` or a base URL as a Target. Raises Refused."""
    text = text.strip()
    if text in ("", LIVE):
        return Target()
    if text == UPSTREAM:
        if not newest.contract(project).upstreams:
            words = _("This project has no upstream yet: add one under Upstreams, or write a base URL.")
            raise Refused(Problem("/target", words))
        return Target(upstream=True)
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
        message = _(
            "Use live, revision:N, upstream, or a base URL such as https://api.example.com/v1 (no user, no query)."
        )
        raise Refused(Problem("/target", message))
    base = text.rstrip("/")
    return Target() if base.lower() in _own(project) else Target(base=base)


def _own(project) -> set[str]:
    """The base URLs of the project's own addresses: whoever types one means what is live."""
    names = project.addresses.values_list("name", flat=True)
    return {url.rstrip("/").lower() for name in names for url in source.base_urls(name)}


def send(
    address: str,
    call: Call,
    to: Target,
    key_id: int | None,
    masks: frozenset[str],
    token: Token | None = None,
    typed: tuple[str, str] | None = None,
    others: Hidden | None = None,
    base: int = OWN_HOST,
) -> tuple[dict, int | None]:
    """The answer as plain JSON, and the id of its exchange when the call went to us. Raises Unreachable.

    ``key_id`` and ``token`` are what the call counts as carrying at our own address. What goes to another server must
    be ``outward`` already. ``typed`` is the header of the call that stands in nothing that is kept: a server may hand
    back what it was sent. ``others`` are secrets that stand elsewhere in it. ``base`` is by which of our address's base
    URLs it comes: an answer may say where it is, such as a redirect.
    """
    hidden: Secret | Hidden = secret(typed)
    if others is not None:
        hidden, masks = others, Masks.carrying(masks | others.names, others.texts)
    if typed:
        masks |= {typed[0].lower()}
    if to.ours:
        return _ours(address, call, to.revision, key_id, masks, token, hidden, base)
    if to.upstream:
        return _upstream(address, call, key_id, masks, token, hidden), None
    return _theirs(call, to.base, masks, hidden, typed is not None), None


def unsettable(name: str) -> str:
    """Why nobody can set a header, "" when one can: the connection makes these (RFC 9110, sections 7.2 and 7.6.1)."""
    if name.lower() == "host":
        return _("Host follows from where the call goes: choose that under “Send to”.")
    if name.lower() in HOP - {"accept-encoding"}:
        return _("%(name)s is made by the connection itself: leave it out.") % {"name": name}
    return ""


def secret(typed: tuple[str, str] | None) -> Secret:
    """What finds a typed header's value in whatever comes back, and hides it."""
    upstream = Upstream("", secret_in="header", secret_name=typed[0]) if typed else Upstream("")
    return Secret(upstream, typed[1] if typed else "")


def outward(address: str, call: Call) -> tuple[Call, str]:
    """The call as another server knows it, and what was done for it, "" when nothing was.

    A call in the GPT profile's shape becomes the document's: only our own addresses know the other one. Masked parts
    never leave the house: what the log hides is the word "hidden".
    """
    plain = unmasked(call)
    program = frontdoor().registry.current(address) if address else None
    return (plain, "") if program is None else program.in_documents_shape(plain)


def unmasked(call: Call) -> Call:
    """The call with the word "hidden" wherever the log hides something."""
    path, query = (MASK.sub("hidden", text) for text in (call.path, call.query))
    body = MASK.sub("hidden", call.body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return Call(call.method, path, query, call.headers, body)


def theirs(headers: Iterable[Sequence[str]]) -> list[list[str]]:
    """The headers of a logged answer without those that only this studio adds: another server does not send them."""
    added = {*replies.CORS, *replies.SAFETY}
    return [[*pair] for pair in headers if tuple(pair) not in added]


def reply_json(
    status, headers, body: bytes, size: int, duration_us: int, masks: frozenset[str], hidden: Secret | Hidden, **more
) -> dict:
    """An answer as a Replay keeps it: masked as in the log, cut as in the log."""
    if isinstance(hidden, Hidden):
        hidden.heard = Answer(status, tuple(tuple(pair) for pair in headers), body)
    headers = [(name, hidden.hide_text(value)) for name, value in headers]
    whole = hidden.hide(body)
    beginning = whole[: settings.STUDIO_LOG_BODY_LIMIT]
    kept = beginning if keeps_bodies(masks) else b""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return {
        "status": status,
        "headers": [list(pair) for pair in redaction.headers(tuple(headers), masks, "response")],
        "body": base64.b64encode(redaction.body(kept, kind, masks, "response")).decode(),
        "size": size,
        "duration_us": duration_us,
        "cut": len(beginning) < len(whole) or len(body) < size,
        **more,
    }


def _ours(address: str, call: Call, revision, key_id, masks, token, hidden, base) -> tuple[dict, int | None]:
    try:
        answer = frontdoor().call_blocking(
            address, call, source="replay", key_id=key_id, token=token, revision=revision, base=base, masks=masks
        )
    except LookupError:
        raise Unreachable(_("The address “%(name)s” no longer answers.") % {"name": address}) from None
    record, reply = answer.record, answer.reply
    masks = of_operation(masks, record.operation_id)
    made = reply_json(
        reply.status,
        reply.headers,
        reply.body,
        record.response_size,
        record.duration_us,
        masks,
        hidden,
        revision=record.revision,
        violations=len(record.violations),
        auth=record.auth,
        base=base,
    )
    return made, record.id


def _upstream(address: str, call: Call, key_id, masks, token, hidden) -> dict:
    """The answer of the server that the proxy would ask, as the proxy would hand it on."""
    program = frontdoor().registry.current(address) if address else None
    if program is None:
        raise Unreachable(_("The address “%(name)s” no longer answers.") % {"name": address})
    began = time.perf_counter_ns()
    way = Direct(program, call, key_id if token is None else token)
    outcome = way.ask()
    if outcome.answer is None or way.forwarder is None:
        failure = outcome.failure
        raise Unreachable(hidden.hide_text(failure.why if failure else ""))
    answer, _hidden = answers.without_secret(answers.plain(outcome.answer), way.forwarder.secret)
    made, _held = answers.prepared(answer, call.method, {})
    took = (time.perf_counter_ns() - began) // 1000
    url = _kept_url(outcome.trail[-1].get("url", "") if outcome.trail else "", masks)
    return reply_json(made.status, made.headers, made.body, made.size, took, masks, hidden, url=url)


def _theirs(call: Call, base: str, masks, hidden, careful: bool) -> dict:
    """A redirect of a call that may change something, or that bears a typed credential, is an answer like any other:
    nobody agreed to the server that it names."""
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
            redirects=0 if careful or call.method not in SAFE else REDIRECTS,
        )
    except OutboundRefused as error:
        raise Unreachable(hidden.hide_text(str(error))) from None
    url = _kept_url(got.url, masks)
    return reply_json(got.status, got.headers, got.body, len(got.body), got.duration_us, masks, hidden, url=url)


def _kept_url(text: str, masks: frozenset[str]) -> str:
    where, mark, query = text.partition("?")
    return redaction.path(where, masks) + mark + redaction.query(query, masks)
