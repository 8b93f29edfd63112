"""The deed: sends one logged call again, as it was or edited, and keeps what came back beside what came back then."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import judging, sending
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.exporting import HOP
from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.visit import ANY_KEY

# Whose credential: the one the call had (by reference), or none; else a key's id, or a person (assuming.PREFIX and sub)
SAME, NOBODY = "same", "none"


@dataclass(frozen=True, slots=True)
class Sent:
    """A call ready to be sent, and what could not be sent with it because the log hides it."""

    call: Call
    withheld: tuple[str, ...] = ()


def replay(
    project: Project,
    exchange: Exchange,
    target: str = sending.LIVE,
    overrides: Mapping[str, Any] | None = None,
    by=None,
    twice: bool = False,
    credential: str = SAME,
    typed: tuple[str, str] | None = None,
) -> Replay:
    """Sends ``exchange`` again. Raises Refused for a target that cannot be.

    ``overrides`` may hold method, path, query, headers (pairs) and body (bytes). ``credential`` is "same", "none", the
    id of one of the project's keys, or a person who signs in. ``typed`` is a header for this one run: it is sent and
    never kept.
    """
    if exchange.kind == "callback":
        raise Refused(Problem("", _("A callback is made by the mock itself: replay the call that it followed.")))
    to = sending.target(target, project)
    original = logged(exchange)
    call = _edited(original.call, overrides or {})
    facts: dict[str, Any] = {
        "edited": edits(original.call, call),
        "withheld": [name for name in original.withheld if not (typed and typed[0].lower() == name)],
        "cut": len(exchange.request_body) < exchange.request_size and "body" not in (overrides or {}),
        "masked_body": is_masked(call.body.decode("utf-8", "replace")) or is_masked(call.query),
        **(_carried(project, exchange, credential) if to.ours else {"key_id": None}),
        "typed": typed[0].lower() if typed else "",
        "address": _address(project, exchange.address),
        "revision": exchange.revision,
    }
    row = Replay(
        project=project,
        exchange_id=exchange.pk,
        operation_id=exchange.operation_id,
        author=by,
        target=str(to),
        call=_kept(call, _masks(project, facts["address"])),
        edited=bool(facts["edited"]),
        facts=facts,
        ignore=remembered(project, exchange),
        before=_before(exchange),
    )
    return _run(row, call, to, typed, twice)


def again(row: Replay, by=None, twice: bool = False) -> Replay:
    """Sends what a replay sent once more, as a replay of its own. Works when the logged call is gone, too."""
    to = sending.target(row.target, row.project)
    copy = Replay(
        project=row.project,
        exchange_id=row.exchange_id,
        operation_id=row.operation_id,
        author=by,
        target=row.target,
        call=row.call,
        edited=row.edited,
        facts={**row.facts, "typed": ""},
        ignore=row.ignore,
        before=row.before,
    )
    if typed := row.facts.get("typed"):
        copy.facts["withheld"] = [*row.facts["withheld"], typed]
    return _run(copy, call_of(row), to, None, twice)


def logged(exchange: Exchange) -> Sent:
    """The logged call as it can be sent again: without connection headers, and without what the log hides."""
    withheld = [name for name, value in exchange.headers_in if is_masked(value)]
    headers = tuple((name, value) for name, value in exchange.headers_in if name not in HOP and not is_masked(value))
    pairs = exchange.query.split("&") if exchange.query else []
    withheld += [f"?{pair.partition('=')[0]}" for pair in pairs if is_masked(pair)]
    query = "&".join(pair for pair in pairs if not is_masked(pair))
    call = Call(exchange.method, exchange.path, query, headers, bytes(exchange.request_body))
    return Sent(call, tuple(withheld))


def edits(old: Call, new: Call) -> list[str]:
    """What was changed by hand: method, path, query, body, header:name."""
    found = [name for name in ("method", "path", "query", "body") if getattr(old, name) != getattr(new, name)]
    before, after = _gathered(old), _gathered(new)
    return found + [f"header:{name}" for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def call_of(row: Replay) -> Call:
    """The call as a replay keeps it; what is masked there is not sent again."""
    kept = row.call
    headers = tuple((name, value) for name, value in kept["headers"] if not is_masked(value))
    return Call(kept["method"], kept["path"], kept["query"], headers, base64.b64decode(kept["body"]))


def remembered(project: Project, exchange: Exchange) -> list[str]:
    """What the last replay of the same operation left out of its verdict."""
    rows = Replay.objects.filter(project=project)
    if exchange.operation_id:
        rows = rows.filter(operation_id=exchange.operation_id)
    else:
        rows = rows.filter(exchange_id=exchange.pk)
    return rows.values_list("ignore", flat=True).first() or []


def ignore(row: Replay, paths: list[str]) -> None:
    """Leaves these paths out of the verdict, and judges anew."""
    row.ignore = list(dict.fromkeys(path.strip()[:300] for path in paths if path.strip()))[:200]
    _judge(row)
    row.save(update_fields=["ignore", "same", "changes"])


def _run(row: Replay, call: Call, to: sending.Target, typed, twice: bool) -> Replay:
    headers = (*call.headers, (typed[0].lower(), typed[1])) if typed else call.headers
    sent = Call(call.method, call.path, call.query, headers, call.body)
    address, key_id, masks = row.facts["address"], row.facts["key_id"], _masks(row.project, row.facts["address"])
    if typed:
        masks |= {typed[0].lower()}
    person = row.facts.get("as")
    token = assuming.token(row.project, **person) if person else None
    if not to.ours:
        sent, row.facts["translated"] = sending.outward(address, sent)
    try:
        row.after, row.result_exchange_id = sending.send(address, sent, to, key_id, masks, token)
        if twice:
            row.again, _id = sending.send(address, sent, to, key_id, masks, token)
    except sending.Unreachable as error:
        row.error = str(error)
    _judge(row)
    row.save()
    return row


def _judge(row: Replay) -> None:
    if row.after:
        difference = judging.difference(row)
        row.same = difference.same
        row.changes = bool(difference.status) + len(difference.headers) + len(difference.body)


def _edited(call: Call, overrides: Mapping[str, Any]) -> Call:
    headers = overrides.get("headers")
    return Call(
        str(overrides.get("method", call.method)).upper(),
        overrides.get("path", call.path),
        overrides.get("query", call.query),
        tuple((name.lower(), value) for name, value in headers) if headers is not None else call.headers,
        overrides.get("body", call.body),
    )


def _carried(project: Project, exchange: Exchange, credential: str) -> dict[str, Any]:
    """The credential by reference, a key or a person: the log holds only masked values."""
    if credential == NOBODY:
        return {"key_id": None}
    if credential.startswith(assuming.PREFIX):
        sub, app = credential.removeprefix(assuming.PREFIX), _("Replay")
        return {"key_id": None, "as": {"sub": sub, "scopes": None, "app": app}}
    if credential != SAME:
        return {"key_id": project.keys.filter(pk=int(credential)).values_list("pk", flat=True).first()}
    if person := assuming.logged(exchange.decided, exchange.auth):
        return {"key_id": None, "as": person}
    return {"key_id": (exchange.key_id or ANY_KEY) if exchange.auth == "ok" else None}


def _address(project: Project, name: str) -> str:
    """The address of then when it is still the project's, else its first one."""
    names = list(project.addresses.values_list("name", flat=True))
    return name if name in names or not names else names[0]


def _masks(project: Project, address: str) -> frozenset[str]:
    """What the log hides for this project: its own names, and those under which its credentials travel."""
    program = frontdoor().registry.current(address) if address else None
    return frozenset(str(name).lower() for name in project.masks) | (program.masks if program else frozenset())


def _kept(call: Call, masks: frozenset[str]) -> dict:
    kind = call.header("content-type")
    return {
        "method": call.method,
        "path": redaction.issued(call.path),
        "query": redaction.query(call.query, masks),
        "headers": [list(pair) for pair in redaction.headers(call.headers, masks)],
        "body": base64.b64encode(redaction.body(call.body, kind, masks)).decode(),
    }


def _before(exchange: Exchange) -> dict:
    body = bytes(exchange.response_body)
    return {
        "status": exchange.status,
        "headers": exchange.headers_out,
        "body": base64.b64encode(body).decode(),
        "size": exchange.response_size,
        "duration_us": exchange.duration_us,
        "cut": len(body) < exchange.response_size,
        "revision": exchange.revision,
        "violations": len(exchange.found),
        "at": exchange.at.isoformat(),
    }


def _gathered(call: Call) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, value in call.headers:
        out[name] = f"{out[name]}, {value}" if name in out else value
    return out
