"""The deed: sends one logged call again, as it was or edited, and keeps what came back beside what came back then."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import source
from actionstudio.apps.replay import judging, rehiding, sending, standing_in, verdicts
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.exporting import HOP, came_by
from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.hiding import Masks, keeps_bodies
from actionstudio.core.judging import Promise
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.app import OWN_HOST, frontdoor
from actionstudio.runtime.visit import ANY_KEY

# Whose credential: the one the call had (by reference), or none; else a key's id, or a person (assuming.PREFIX and sub)
SAME, NOBODY = "same", "none"


@dataclass(frozen=True, slots=True)
class Sent:
    """A call ready to be sent, what could not be sent with it because the log hides it, and the headers in which a
    refused credential has a stand-in."""

    call: Call
    withheld: tuple[str, ...] = ()
    stood_in: tuple[str, ...] = ()


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
    if "body" not in (overrides or {}) and nothing_kept(exchange):
        words = _("The log kept nothing of the body of this call. Press Edit and resend, and type the body in.")
        raise Refused(Problem("/overrides/body", words, "unkept"))
    to = sending.target(target, project)
    original = logged(exchange, refused=refused(to, credential, typed, overrides or {}))
    call = edited(original.call, overrides or {})
    row = prepared(project, exchange, original, call, to, credential, typed, whole="body" in (overrides or {}))
    row.author = by
    row.ignore = remembered(project, exchange)
    send(row, call, to, typed, twice)
    check(row, call, to)
    judge(row)
    row.save()
    return row


def prepared(
    project: Project,
    exchange: Exchange,
    original: Sent,
    call: Call,
    to: sending.Target,
    credential: str = SAME,
    typed: tuple[str, str] | None = None,
    *,
    whole: bool = False,
) -> Replay:
    """A replay about to be sent: ``call`` in place of ``original``, and what is different about it. Not kept yet.

    ``whole``: the body is another one, so that it does not matter whether the log kept all of it.
    """
    address = address_of(project, exchange.address)
    masks = masks_for(project, address, exchange.operation_id, call)
    carried = NOBODY if to.base or (to.ours and _brought(address, call, typed)) else credential
    facts: dict[str, Any] = {
        "edited": edits(original.call, call),
        **_carried(project, exchange, carried),
    }
    sent = {name for name, _text in call.headers} | ({typed[0].lower()} if typed else set())
    meant = _credentials(address) if facts["key_id"] or facts.get("as") else frozenset()
    facts |= {
        "withheld": [name for name in original.withheld if name not in sent | meant],
        "stood_in": {
            name: text for name in original.stood_in if (text := call.header(name)) == original.call.header(name)
        },
        "cut": not whole and exchange.lacks("request") == "cut",
        "unkept": bool(call.body) and not keeps_bodies(masks),
        "masked": is_masked(call.body.decode("utf-8", "replace")) or is_masked(f"{call.path}?{call.query}"),
        "typed": typed[0].lower() if typed else "",
        "address": address,
        "revision": exchange.revision,
    }
    return Replay(
        project=project,
        exchange_id=exchange.pk,
        operation_id=exchange.operation_id,
        target=str(to),
        call=kept(call, masks),
        edited=bool(facts["edited"]),
        facts=facts,
        before=before_of(exchange, to, masks),
    )


def send(
    row: Replay,
    call: Call,
    to: sending.Target,
    typed: tuple[str, str] | None,
    twice: bool = False,
    hidden: sending.Hidden | None = None,
) -> None:
    """Sends what was prepared and fills in what came back, or why nothing did. ``hidden`` are further secrets in it."""
    address, key_id = row.facts["address"], row.facts["key_id"]
    masks = masks_for(row.project, address, row.operation_id, call)
    person = row.facts.get("as")
    token = assuming.token(row.project, **person) if person else None
    if typed:
        call = Call(call.method, call.path, call.query, (*call.headers, (typed[0].lower(), typed[1])), call.body)
    if to.base:
        call, row.facts["translated"] = sending.outward(address, call)
    elif to.upstream:
        call = sending.unmasked(call)
    try:
        base = row.before.get("base", OWN_HOST)
        row.after, row.result_exchange_id = sending.send(address, call, to, key_id, masks, token, typed, hidden, base)
        if twice:
            row.again, _id = sending.send(address, call, to, key_id, masks, token, typed, hidden, base)
    except sending.Unreachable as error:
        row.error = str(error)


def again(row: Replay, by=None, twice: bool = False) -> Replay:
    """Sends what a replay sent once more, as a replay of its own. Works when the logged call is gone, too."""
    if row.facts.get("unkept"):
        words = _("The body of this call was not kept, so it cannot be sent again. Type it in anew: Edit and resend.")
        raise Refused(Problem("", words, "unkept"))
    to, call = sending.target(row.target, row.project), call_of(row)
    masks = masks_for(row.project, row.facts["address"], row.operation_id, call)
    copy = Replay(
        project=row.project,
        exchange_id=row.exchange_id,
        operation_id=row.operation_id,
        author=by,
        target=row.target,
        call=rehiding.message(row.call, masks, "request"),
        edited=row.edited,
        facts={**verdicts.untold(row.facts), "typed": ""},
        ignore=row.ignore,
        before=rehiding.message(row.before, masks, "response"),
    )
    gone = [row.facts.get("typed"), *_unsent(row.call, call)]
    copy.facts["withheld"] = list(dict.fromkeys([*row.facts["withheld"], *filter(None, gone)]))
    send(copy, call, to, None, twice)
    check(copy, call, to)
    judge(copy)
    copy.save()
    return copy


def logged(exchange: Exchange, refused: bool = False) -> Sent:
    """The logged call as it can be sent again: without connection headers, and without credentials that the log hides.
    Other values that it hides keep their marks.

    ``refused``: a credential that was refused comes along as one that is refused alike.
    """
    stands_in = refused and exchange.auth in standing_in.REFUSED
    headers: list[tuple[str, str]] = []
    withheld, stood_in = [], []
    for name, value in exchange.headers_in:
        if is_masked(value) and not stands_in:
            withheld.append(name)
        elif is_masked(value):
            stood_in.append(name)
            headers.append((name, standing_in.value(value, exchange.decided.get("guard", ""))))
        elif name not in HOP:
            headers.append((name, value))
    pairs = []
    for pair in exchange.query.split("&") if exchange.query else ():
        if is_masked(pair) and not stands_in and _is_secret(pair, exchange.address):
            withheld.append(f"?{pair.partition('=')[0]}")
        else:
            pairs.append(pair)
    call = Call(exchange.method, exchange.path, "&".join(pairs), tuple(headers), bytes(exchange.request_body))
    return Sent(call, tuple(withheld), tuple(stood_in))


def refused(to: sending.Target, credential: str, typed: tuple[str, str] | None, parts: Mapping[str, Any]) -> bool:
    """Whether refused credentials have stand-ins: nobody has chosen or written another one, and the guard is ours."""
    return to.ours and credential == SAME and typed is None and "headers" not in parts


def edited(call: Call, overrides: Mapping[str, Any]) -> Call:
    """The call with what a person wrote in place of its method, path, query, headers (pairs) or body (bytes)."""
    headers = overrides.get("headers")
    return Call(
        str(overrides.get("method", call.method)).upper(),
        overrides.get("path", call.path),
        overrides.get("query", call.query),
        tuple((name.lower(), value) for name, value in headers) if headers is not None else call.headers,
        overrides.get("body", call.body),
    )


def nothing_kept(exchange: Exchange) -> bool:
    """Whether a call brought a body of which the log kept nothing."""
    return exchange.request_size > 0 and not exchange.request_body


def edits(old: Call, new: Call) -> list[str]:
    """What was changed by hand: method, path, query, body, header:name."""
    found = [name for name in ("method", "path", "query", "body") if getattr(old, name) != getattr(new, name)]
    before, after = _gathered(old), _gathered(new)
    return found + [f"header:{name}" for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def check(row: Replay, call: Call, to: sending.Target) -> None:
    """Holds an answer from elsewhere to the contract that our own address has, as the log does with its answers."""
    program = frontdoor().registry.current(row.facts["address"]) if not to.ours and row.facts["address"] else None
    served = program.router.find(call.method, call.path)[0] if program is not None else None
    if program is not None and served is not None:
        verdicts.check(row, Promise(program.hosted.contract, served.operation))


def judge(row: Replay) -> None:
    """Whether the answer is the same, and in how many places it is not; noise does not count."""
    if row.after:
        row.changes, _noise = judging.counted(row, judging.difference(row))
        row.same = judging.settled(row) and not row.changes and not judging.departs(row)
        verdicts.retell(row)


def call_of(row: Replay) -> Call:
    """The call as a replay keeps it; what is masked in its headers is not sent again, unless it was a stand-in."""
    kept, stood_in = row.call, row.facts.get("stood_in") or {}
    headers = [(name, stood_in.get(name, value)) for name, value in kept["headers"]]
    headers = [(name, value) for name, value in headers if not is_masked(value)]
    return Call(kept["method"], kept["path"], kept["query"], tuple(headers), base64.b64decode(kept["body"]))


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
    judge(row)
    row.save(update_fields=["ignore", "same", "changes", "facts"])


def _unsent(kept: Mapping[str, Any], call: Call) -> list[str]:
    sent = {name for name, _text in call.headers}
    return [name for name, text in kept["headers"] if is_masked(text) and name not in sent]


def _credentials(address: str) -> frozenset[str]:
    """The names under which a caller brings a credential at an address."""
    program = frontdoor().registry.current(address) if address else None
    return program.credentials if program is not None else frozenset()


def _is_secret(pair: str, address: str) -> bool:
    """Whether a query's part is hidden for its name, which is that of a credential, whatever stands there."""
    return is_masked(redaction.query(f"{pair.partition('=')[0]}=whatever-stands-there", _credentials(address)))


def _brought(address: str, call: Call, typed: tuple[str, str] | None) -> bool:
    """Whether a credential was written for the call, or typed in: then it goes with that one, as from everybody."""
    names = {name for name, _text in call.headers} | ({typed[0].lower()} if typed else set())
    return not names.isdisjoint(_credentials(address))


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
    if exchange.auth == "revoked":
        return {"key_id": exchange.key_id}
    return {"key_id": (exchange.key_id or ANY_KEY) if exchange.auth == "ok" else None}


def address_of(project: Project, name: str = "") -> str:
    """The address of then when it is still the project's, else its first one."""
    names = list(project.addresses.values_list("name", flat=True))
    return name if name in names or not names else names[0]


def masks_of(project: Project, address: str | None = None) -> frozenset[str]:
    """What the log hides for this project: its own names, and those under which its credentials travel at an address
    (None: its first one)."""
    address = address_of(project) if address is None else address
    program = frontdoor().registry.current(address) if address else None
    return source.masks_of(project) | (program.masks if program else frozenset())


def masks_for(project: Project, address: str, operation_id: str, call: Call) -> frozenset[str]:
    """The same for a call of an operation, whose bodies may not be kept: that of the logged call, or the one that an
    edited call arrives at."""
    masks = masks_of(project, address)
    if isinstance(masks, Masks) and masks.bodyless:
        program = frontdoor().registry.current(address) if address else None
        found = program.router.find(call.method, call.path)[0] if program is not None else None
        for name in (operation_id, found.name if found is not None else ""):
            masks = masks.of_operation(name)
    return masks


def kept(call: Call, masks: frozenset[str]) -> dict:
    """The call as a replay keeps it: masked as in the log."""
    made = hidden(call, masks)
    return {
        "method": made.method,
        "path": made.path,
        "query": made.query,
        "headers": [list(pair) for pair in made.headers],
        "body": base64.b64encode(made.body if keeps_bodies(masks) else b"").decode(),
    }


def hidden(call: Call, masks: frozenset[str]) -> Call:
    """The call without what the log hides."""
    return Call(
        call.method,
        redaction.path(call.path, masks),
        redaction.query(call.query, masks),
        tuple(redaction.headers(call.headers, masks, "request")),
        redaction.body(call.body, call.header("content-type"), masks, "request"),
    )


def before_of(exchange: Exchange, to: sending.Target, masks: frozenset[str] = frozenset()) -> dict:
    """The logged answer as a replay keeps it: without what the log would hide by now, or not keep at all."""
    body = bytes(exchange.response_body)
    program = frontdoor().registry.current(exchange.address) if exchange.address else None
    told = {
        "status": exchange.status,
        "headers": sending.theirs(exchange.headers_out) if to.base else exchange.headers_out,
        "body": base64.b64encode(body).decode(),
        "size": exchange.response_size,
        "duration_us": exchange.duration_us,
        "cut": exchange.lacks("response") == "cut",
        "revision": exchange.revision,
        "violations": len(exchange.found),
        "at": exchange.at.isoformat(),
        "base": came_by(exchange, program.hosted.base_urls) if program else OWN_HOST,  # an answer may say where it is
    }
    return rehiding.message(told, masks, "response") or told


def _gathered(call: Call) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, value in call.headers:
        out[name] = f"{out[name]}, {value}" if name in out else value
    return out
