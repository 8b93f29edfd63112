"""The steps of a sign-in: its legs in the order in which they have to come, those that were seen and those awaited.

Legs have the shape of legs.py. A leg that came again (a wrong password, a second try) is one step, shown as it came
last. What follows the first refresh are steps of their own, in the order of time.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db.models import Max
from django.utils import timezone

from actionstudio.apps.oauth import codes
from actionstudio.apps.signin.legs import TITLES, Leg, of_exchange
from actionstudio.apps.traffic import legs as told
from actionstudio.apps.traffic.models import Exchange

FIRST = ("challenge", "resource", "metadata", "register")  # shown when seen
EXPECTED = ("authorize", "login", "signed-in", "consent", "allowed", "callback", "token", "answer", "call")
LATER = ("refresh", "answer-again", "call-again", "userinfo", "introspect", "revoke")  # shown when seen
ORDER = (*FIRST, *EXPECTED, *LATER)
# As people follow it: who speaks, who listens. The API has the address's lane.
LANES = {
    "authorize": ("client", "provider"),
    "login": ("provider", "browser"),
    "signup": ("browser", "provider"),
    "signed-in": ("browser", "provider"),
    "consent": ("provider", "browser"),
    "allowed": ("browser", "provider"),
    "callback": ("provider", "client"),
    "answer": ("provider", "client"),
    "answer-again": ("provider", "client"),
}
AWAITED = {
    "authorize": "GET /oauth/authorize",
    "login": "GET /oauth/authorize",
    "signed-in": "POST /oauth/login",
    "consent": "GET /oauth/authorize",
    "allowed": "POST /oauth/authorize",
    "token": "POST /oauth/token",
    "answer": "application/json",
}
OPENING = ("authorize", "login")  # which come again after others have: they are shown as they came first
DONE, FAILED, WAITING, ODD = "done", "failed", "waiting", "odd"
STATES = {"ok": DONE, "failed": FAILED, "waiting": DONE, "odd": ODD}
BEGINNING, END = 200, 50  # rows of a run that are looked at: its first and its newest
SEEN = 5  # requests of one step that are linked
STALE = datetime.timedelta(minutes=15)  # after which a sign-in that waits is not going on any more
REFUSED = ("missing", "wrong", "revoked", "expired", "scope")  # what a call's token was when it was answered 401 or 403
ENDING = (codes.CODE_USED, codes.REFRESH_REUSED)  # after which all tokens of a sign-in are revoked
BODIES = ("request_body", "response_body")


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow. ``name`` is its kind, with ``-again`` after a refresh; ``leg`` is None while it is awaited.

    ``seen`` are the public ids of its requests in the log, the newest first; ``tries`` how often it came.
    """

    name: str
    number: int
    title: str
    sender: str
    receiver: str
    state: str
    line: str
    leg: Leg | None = None
    seen: tuple[str, ...] = ()
    tries: int = 0


@dataclass
class _Group:
    legs: list[Leg] = field(default_factory=list)


def rows(project_id: int, key: str) -> list[Exchange]:
    """The logged calls of a run, oldest first, without their bodies: its first and its newest ones."""
    mine = Exchange.objects.filter(project_id=project_id, sign_in=key).exclude(sign_in="").defer(*BODIES)
    found = list(mine.order_by("pk")[:BEGINNING])
    if len(found) == BEGINNING:
        found += [row for row in reversed(mine.order_by("-pk")[:END]) if row.pk > found[-1].pk]
    for row in found:
        row.request_body = row.response_body = b""
    return found


def refused(project_id: int, keys: Collection[str]) -> set[str]:
    """Those of these runs of which a refused call of the API was the last that was heard, for two queries."""
    mine = Exchange.objects.filter(sign_in__in=keys).exclude(sign_in="").order_by()
    last = [row["last"] for row in mine.values("sign_in").annotate(last=Max("pk"))]
    found = Exchange.objects.filter(pk__in=last, project_id=project_id, auth__in=REFUSED).exclude(kind="oauth")
    return set(found.order_by().values_list("sign_in", flat=True))


def of_rows(logged: Iterable[Exchange]) -> list[Leg]:
    """The legs of which logged calls told, in their order; what follows from them is added."""
    return [leg for row in logged for leg in _legs(row)]


def joined(kept: Sequence[Leg], logged: Sequence[Exchange]) -> list[Leg]:
    """All legs of an emulated run, in the order of time. What the emulator asked of an address of ours stands in the
    log as well (source ``try``): it is told as the emulator saw it, with what the provider knew of it."""
    known: dict[str, list[Leg]] = {}
    for leg in of_rows(row for row in logged if row.source == "try"):
        known.setdefault(leg["kind"], []).append(leg)
    legs = []
    for leg in kept:
        mine = known.get(leg["kind"])
        legs.append(_with(leg, mine.pop(0)) if mine else leg)
    others = of_rows(row for row in logged if row.source != "try")
    return sorted([*legs, *others], key=lambda leg: leg["at"])


def _with(leg: Leg, known: Leg) -> Leg:
    facts = {**leg["facts"], **known["facts"]}
    code = known["code"] or leg["code"]
    return leg | {"facts": facts, "code": code, "logged": known["exchange"]}


def whole(row: Exchange, name: str) -> Leg:
    """One leg of a logged call, with its bodies."""
    kind = name.removesuffix("-again")
    mine = [leg for leg in _legs(row) if leg["kind"] == kind]
    return mine[-1] if mine else of_exchange(row)


def steps(found: Sequence[Leg], ours: bool = True, over: bool = False) -> list[Step]:
    """All steps. ``ours``: at the project's own provider, whose paths are known before they are called. ``over``:
    whoever plays the client has done all that it meant to, so nothing more is awaited."""
    groups = _grouped(found)
    seen = [ORDER.index(name) for name in groups if name in EXPECTED]
    furthest = len(ORDER) if over else max(seen, default=-1)
    awaited = (name for place, name in enumerate(ORDER) if name in EXPECTED and place > furthest)
    later = sorted((name for name in LATER if name in groups), key=lambda name: groups[name].legs[-1]["at"])
    names = {*groups, *awaited} - {*LATER}
    ordered = [*(name for name in ORDER if name in names), *later]
    bent = _bent(found)
    return [_step(name, number, groups.get(name), ours, bent) for number, name in enumerate(ordered, 1)]


def of_row(made: Sequence[Step], row: Exchange) -> Step | None:
    """The step that a logged call is, with its own leg even where a later try took its place."""
    mine = [step for step in made if row.public_id in step.seen]
    asked = [step for step in mine if step.state == FAILED or step.name.partition("-")[0] not in ("answer", "callback")]
    step = next(reversed(asked or mine), None)
    if step is None:
        return None
    leg = whole(row, step.name)
    return replace(step, leg=leg, state=STATES.get(leg["outcome"], DONE), tries=1, seen=(row.public_id,))


def stopped(made: Sequence[Step]) -> Step | None:
    """The step at which it ended in failure, None when it did not: the newest of all, or what made that one fail. An
    error that goes back to the client tells of what was asked, a token that died of what revoked it."""
    seen = sorted(
        (step for step in made if step.leg), key=lambda step: (step.leg["at"] if step.leg else "", step.number)
    )
    if not seen:
        return None
    newest = seen[-1]
    if newest.name == "callback" and len(seen) > 1 and seen[-2].name == "authorize" and seen[-2].state == FAILED:
        return seen[-2]
    return (ended(made, newest) or newest) if newest.state == FAILED else None


def unchecked(made: Sequence[Step]) -> Step | None:
    """The way back with a state that was wrong on purpose, if the client exchanged its code all the same, and not one
    that it got at a second try."""
    back = next((step for step in made if step.name == "callback" and step.leg), None)
    if back is None or back.leg is None or back.leg["facts"].get("fault") != "wrong-state":
        return None
    since = back.leg["at"]
    return back if any(step.name == "token" and step.leg and step.leg["at"] >= since for step in made) else None


def ended(made: Sequence[Step], call: Step) -> Step | None:
    """The step that revoked the token of a refused call, as when a code was used twice; None when none is known."""
    if not is_call(call) or call.leg is None or call.leg["code"] != "revoked":
        return None
    ends = [step for step in made if step.leg and step.state == FAILED and step.leg["code"] in ENDING]
    return next((step for step in reversed(ends) if step.leg and step.leg["at"] <= call.leg["at"]), None)


def is_call(step: Step) -> bool:
    """Whether it is a call of the API, which comes when the sign-in has done what it was for."""
    return step.name in ("call", "call-again")


def chosen(made: Sequence[Step], name: str) -> Step | None:
    """The step of that name; without one the one that decides, else the newest that was seen, else the first."""
    for step in made:
        if step.name == name:
            return step
    seen = [step for step in made if step.leg is not None]
    return unchecked(made) or stopped(made) or (seen[-1] if seen else made[0] if made else None)


def _legs(row: Exchange) -> list[Leg]:
    base = of_exchange(row)
    if row.kind != "oauth":
        refused = row.auth in REFUSED
        facts = {"guard": str(row.decided.get("guard", "")), **(row.decided.get("signed_in") or {})} if refused else {}
        code = row.auth if refused else ""
        return [base | {"kind": "call", "outcome": "failed" if refused else "ok", "code": code, "facts": facts}]
    found = [_told(base, one) for one in told.told(row)]
    kinds = {leg["kind"] for leg in found}
    went = not any(leg["outcome"] == "failed" for leg in found)
    if kinds & {"token", "refresh"} and "answer" not in kinds and row.status < 400 and went:
        found.append(base | {"kind": "answer", "code": "", "facts": {}})
    if "callback" not in kinds and returns(row):
        found.append(base | {"kind": "callback", "outcome": "ok", "code": "", "facts": _returned(row)})
    fault = told.noted(row).get("fault")
    if fault and found:  # it struck at the end of what the request told
        found[-1]["facts"] = {**found[-1]["facts"], "fault": fault}
    return found


def _told(base: Leg, one: dict[str, Any]) -> Leg:
    kind = one.get("leg") if one.get("leg") in TITLES else "page"
    facts = {name: value for name, value in one.items() if name not in ("leg", "outcome", "code", "legs", "auth")}
    return base | {"kind": kind, "outcome": one.get("outcome") or "ok", "code": one.get("code") or "", "facts": facts}


def returns(row: Exchange) -> bool:
    """Whether an answer sends the browser back to the client: with a code, or with an error."""
    asked = _back(row)
    return "code" in asked or "error" in asked


def _returned(row: Exchange) -> dict[str, str]:
    """The error that goes back to the client, as a fact; {} when none does."""
    error = _back(row).get("error")
    return {"error": error[0]} if error else {}


def _back(row: Exchange) -> dict[str, list[str]]:
    where = _header(row.headers_out, "location")
    return parse_qs(urlsplit(where).query) if 300 <= row.status < 400 and "://" in where else {}


def _bent(found: Iterable[Leg]) -> str:
    """The failure on purpose of the way back that counts: the one whose code was exchanged, else the newest. Who sent
    it knows of it, not who got it."""
    fault = ""
    for leg in found:
        if leg["kind"] == "callback" and leg.get("exchange"):
            fault = str(leg["facts"].get("fault", ""))
        elif leg["kind"] == "token" and fault:
            break
    return fault


def _grouped(found: Sequence[Leg]) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    refreshed = False
    for leg in found:
        kind = leg["kind"]
        refreshed = refreshed or kind == "refresh"
        name = f"{kind}-again" if refreshed and kind in ("answer", "call") else kind
        groups.setdefault(name, _Group()).legs.append(leg)
    return groups


def _step(name: str, number: int, group: _Group | None, ours: bool, bent: str) -> Step:
    kind = name.removesuffix("-again")
    title, sender, receiver = TITLES[kind]
    sender, receiver = LANES.get(name, tuple("provider" if lane == "api" else lane for lane in (sender, receiver)))
    if group is None:
        return Step(name, number, str(title), sender, receiver, WAITING, AWAITED.get(name, "") if ours else "")
    leg = group.legs[-1] if kind not in OPENING or group.legs[-1]["outcome"] == "failed" else group.legs[0]
    if kind == "callback" and bent:
        leg = leg | {"facts": {**leg["facts"], "fault": bent}}
    ids = [one.get("exchange") or one.get("logged") for one in reversed(group.legs)]
    seen = tuple(dict.fromkeys(one for one in ids if one))[:SEEN]
    state = STATES.get(leg["outcome"], DONE)
    return Step(name, number, str(title), sender, receiver, state, _line(kind, leg), leg, seen, len(group.legs))


def _line(kind: str, leg: Leg) -> str:
    """What was sent, when, and what came back, in one line."""
    request, response = leg["request"], leg.get("response")
    status = str(response["status"]) if response else ""
    at = timezone.localtime(datetime.datetime.fromisoformat(leg["at"])).strftime("%H:%M:%S")
    if kind == "answer":
        head = f"{status} {_header(response['headers'], 'content-type').partition(';')[0]}" if response else ""
        return _joined(head, at, leg["code"])
    if kind == "callback" and response and _header(response["headers"], "location"):
        where = urlsplit(_header(response["headers"], "location"))
        return _joined(f"{status} {where.netloc}{_short(where.path)}", at, leg["code"])
    path = urlsplit(request["url"]).path if kind != "call" else _path(request["url"])
    return _joined(f"{request['method']} {_short(path)}", at, f"{status} {leg['code']}".strip())


def _path(url: str) -> str:
    path = urlsplit(url).path
    return "/" + path.split("/", 3)[3] if path.startswith("/live/") and path.count("/") > 2 else path


def _short(path: str) -> str:
    return path if len(path) <= 26 else f"{path[:8]}…{path[-16:]}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _header(pairs: Iterable[Sequence[str]], name: str) -> str:
    return next((value for key, value in pairs if key.lower() == name), "")
