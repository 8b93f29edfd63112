"""A project's own rules on a call that is about to be logged, or was long ago: what they hide, and bodies not kept.

What a rule hides in a body is looked for in whatever quotes the call: its violations, and why it was answered so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actionstudio.apps.traffic import redaction
from actionstudio.core.hiding import Masks
from actionstudio.core.hiding.masks import gathered, lost, without
from actionstudio.runtime.ports import Record

# What the pages steer by stays as it is
_OURS = frozenset(("route", "oauth", "signed_in", "call", "guard", "gate"))
_STEERING = frozenset(("code", "severity", "side", "location"))
_QUOTING = "trail"  # holds whole bodies


def ruled(record: Record, masks: Masks) -> Record:
    """The record without what the rules hide. Its masks are a plain set then: what is always hidden is still to do."""
    if masks.texts:
        record = _carried(record, masks.texts)
    found: set[str] = {*masks.texts}
    sent, answered = record.request_body, record.response_body
    decisions: Mapping[str, Any] = record.decisions
    if not masks.keeps(record.operation_id):
        found |= gathered(sent) | gathered(answered)
        sent = answered = b""
        decisions = {name: value for name, value in decisions.items() if name != _QUOTING}
    sent = _body(sent, record.request_headers, masks, "request", found)
    answered = _body(answered, record.response_headers, masks, "response", found)
    return record._replace(
        path=masks.line(record.path, found),
        query=masks.line(redaction.query(record.query, masks.names("request", "line")), found),
        request_headers=_headers(record.request_headers, masks, "request", found),
        response_headers=_headers(record.response_headers, masks, "response", found),
        request_body=sent,
        response_body=answered,
        violations=[_violation(one, masks, found) for one in record.violations],
        decisions={name: value if name in _OURS else masks.told(value, found) for name, value in decisions.items()},
        masks=frozenset(masks),
    )


def _carried(record: Record, texts: Sequence[str]) -> Record:
    """The record without the secrets that its call carried."""

    def plain(data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape")
        return without(text, texts).encode("utf-8", "surrogateescape")

    def pairs(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(name, without(value, texts)) for name, value in headers]

    return record._replace(
        path=without(record.path, texts),
        query=without(record.query, texts),
        request_headers=pairs(record.request_headers),
        response_headers=pairs(record.response_headers),
        request_body=plain(record.request_body),
        response_body=plain(record.response_body),
    )


def _body(data: bytes, headers: Sequence[tuple[str, str]], masks: Masks, side: str, found: set[str]) -> bytes:
    if not data:
        return data
    kind = next((value for name, value in headers if name == "content-type"), "")
    hidden = redaction.body(data, kind, masks, side)
    found |= lost(data, hidden)
    return hidden


def _headers(pairs: Sequence[tuple[str, str]], masks: Masks, side: str, found: set[str]) -> Sequence[tuple[str, str]]:
    hidden = redaction.headers(pairs, masks.names(side, "headers"))
    return [(name, masks.text(value, side, "headers", found)) for name, value in hidden]


def _violation(one: Mapping[str, Any], masks: Masks, found: set[str]) -> dict[str, Any]:
    return {name: value if name in _STEERING else masks.told(value, found) for name, value in one.items()}
