"""Logged calls become cases: the answer is the expected one, what the log hides becomes variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import judging, replaying, sending
from actionstudio.apps.replay.suites import playing, variables
from actionstudio.apps.replay.suites.models import Case, Suite
from actionstudio.apps.replay.suites.playing import GOOD
from actionstudio.apps.traffic.masking import MASK, is_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core import filling
from actionstudio.core.call import Call
from actionstudio.core.compare import ABSENT, json_path, loads
from actionstudio.core.hiding import keeps_bodies, of_operation
from actionstudio.core.judging import ALL, KINDS
from actionstudio.core.judging.kinds import Spot, kind_of
from actionstudio.core.problem import Problem, Refused

MOST = 500  # cases of one suite
MOST_SUITES = 200  # of one project
AT_ONCE = 200  # calls that are saved in one go
SHOWN = 3  # places that are named of each kind of noise
UNWANTED = frozenset({"user-agent", "accept-encoding", "x-forwarded-for", "x-forwarded-proto", "x-real-ip"})


@dataclass
class Proposal:
    """A case that is not kept yet. ``hidden`` are the variables that stand for what the log hides, ``noise`` places of
    its answer by the kind of noise that they are likely to be. ``elsewhere`` are the variables that only another server
    needs: at our own address the credential goes by reference."""

    case: Case
    hidden: list[str] = field(default_factory=list)
    noise: dict[str, list[str]] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)


def calls(project: Project, ids: Sequence[int]) -> list[Exchange]:
    """The logged calls, whole, in their order."""
    return list(Exchange.objects.filter(project_id=project.pk, pk__in=ids[:AT_ONCE]).order_by("pk"))


def proposed(project: Project, exchanges: Iterable[Exchange]) -> tuple[list[Proposal], list[Exchange]]:
    """Cases of these calls, and the calls that cannot be one: the log kept only the beginning of what was sent, or
    would keep nothing of it by now."""
    names, masks = playing.credential_headers(newest.contract(project)), replaying.masks_of(project)
    made, cut = [], []
    for one in exchanges:
        kept = of_operation(masks, one.operation_id)
        unkept = bool(one.request_body) and not keeps_bodies(kept)
        if unkept or one.lacks("request"):
            cut.append(one)
        else:
            made.append(proposal(one, names, kept))
    return made, cut


def proposal(
    exchange: Exchange,
    credential_headers: Collection[str] = ("authorization",),
    masks: frozenset[str] = frozenset(),
) -> Proposal:
    """A case of one call. ``credential_headers`` are those in which its credential may stand. Of an answer whose body
    is not kept (``masks``) the status is expected, and no more."""
    credential = credential_of(exchange)
    call, hidden = _with_variables(exchange)
    spare = credential_headers if credential != replaying.NOBODY else ()
    answer = replaying.before_of(exchange, sending.Target(), masks)
    whole = not judging.unkept(answer)
    case = Case(
        name=(exchange.operation_id or f"{exchange.method} {exchange.path}")[:160],
        operation_id=exchange.operation_id if exchange.kind == "mock" else "",
        method=call.method,
        path=call.path,
        query=call.query,
        headers=[list(pair) for pair in call.headers],
        body=call.body,
        credential=credential,
        answer=answer if whole else None,
        whole=whole,
        checks=[] if whole else [{"on": "status", "op": "equals", "value": exchange.status}],
        rules=_masked_rules(exchange),
        source=exchange.pk,
        conversation=exchange.conversation_id[:120],
    )
    elsewhere = [name for name in hidden if name in spare_of(call, spare)]
    return Proposal(case, hidden, noise(bytes(exchange.response_body)) if whole else {}, elsewhere)


def public_id(case: Case) -> str:
    """The id of the logged call that a case was made of."""
    return Exchange(pk=case.source).public_id if case.source else ""


def credential_of(exchange: Exchange) -> str:
    """The credential of a logged call, by reference."""
    if person := assuming.logged(exchange.decided, exchange.auth):
        return f"{assuming.PREFIX}{person['sub']}"
    if exchange.auth != "ok":
        return replaying.NOBODY
    return str(exchange.key_id) if exchange.key_id and exchange.key_id > 0 else GOOD


def noise(body: bytes) -> dict[str, list[str]]:
    """Kinds of noise by what stands in an answer: a few places of each."""
    found: dict[str, list[str]] = {}
    document = loads(body)
    for way, value in _leaves(document) if document is not ABSENT else ():
        name = next((step for step in reversed(way) if isinstance(step, str)), "")
        code = kind_of(value, value, Spot(name), ALL)
        path = re.sub(r"\[\d+\]", "[*]", json_path(way))
        if code and path not in found.setdefault(code, []) and len(found[code]) < SHOWN:
            found[code].append(path)
    return found


def create(project: Project, name: str, by=None, **fields: Any) -> Suite:
    """A new suite. Raises Refused."""
    name = " ".join(name.split())
    if not name:
        raise Refused(Problem("/name", _("Give the suite a name, such as “Orders”."), "name"))
    if project.suites.count() >= MOST_SUITES:
        raise Refused(Problem("/name", _("A project has at most %(n)d suites.") % {"n": MOST_SUITES}, "many"))
    return Suite.objects.create(project=project, name=name[:120], slug=free_slug(project, name), author=by, **fields)


def free_slug(project: Project, name: str) -> str:
    """A slug for a suite of that name that no other has."""
    wanted = slugify(name)[:50] or "suite"
    if wanted in RESERVED:
        wanted = f"{wanted}-suite"
    taken = set(project.suites.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbers = (f"{wanted}-{n}" for n in range(2, MOST_SUITES + 3))
    return wanted if wanted not in taken else next(one for one in numbers if one not in taken)


RESERVED = frozenset({"add", "new"})  # pages beside those of suites


def add(suite: Suite, proposals: Iterable[Proposal], off: Iterable[str] = ()) -> list[Case]:
    """Keeps proposals as cases of a suite, at its end. ``off`` are kinds of noise that count all the same.

    What the log hides becomes secret variables without a value. Raises Refused.
    """
    proposals, off = list(proposals), sorted(set(off) & set(KINDS))
    with transaction.atomic():
        Suite.objects.select_for_update().get(pk=suite.pk)
        if suite.cases.count() + len(proposals) > MOST:
            raise Refused(Problem("", _("A suite has at most %(n)d cases.") % {"n": MOST}, "many"))
        last = suite.cases.aggregate(n=Max("position"))["n"] or 0
        names = set(suite.cases.values_list("name", flat=True))
        for number, one in enumerate(proposals, last + 1):
            one.case.suite, one.case.position = suite, number
            one.case.name = free_name(one.case.name, names)
            if off:
                one.case.rules = {**one.case.rules, "off": off}
        made = Case.objects.bulk_create([one.case for one in proposals])
        wanted = {name for one in proposals for name in one.hidden}
        known = {one["name"] for one in suite.variables}
        new = [{"name": name, "secret": True, "value": ""} for name in sorted(wanted - known)]
        if new:
            variables.keep(suite, [*suite.variables, *new])
    return made


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it when it is taken; it is afterwards."""
    made, n = name, 1
    while made in taken:
        n += 1
        made = f"{name[:150]} {n}"
    taken.add(made)
    return made


def spare_of(call: Call, headers: Collection[str]) -> set[str]:
    """The variables of a call that stand in these headers and nowhere else."""
    inside = [value for name, value in call.headers if name in headers]
    rest = replace(call, headers=tuple((name, value) for name, value in call.headers if name not in headers))
    return {name for value in inside for name in filling.PLACE.findall(value)} - set(filling.names(rest))


def _with_variables(exchange: Exchange) -> tuple[Call, list[str]]:
    """The logged request with a variable wherever the log hides something, and their names."""
    names: list[str] = []

    def variable(name: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:50] or "secret"
        plain = plain if plain[0].isalpha() else f"v_{plain}"
        names.append(plain)
        return "{{" + plain + "}}"

    headers = []
    for name, value in replaying.logged(exchange).call.headers:
        if name not in UNWANTED:
            headers.append((name, value))
    for name, value in exchange.headers_in:
        if is_masked(value) and name.lower() != "cookie":
            headers.append((name.lower(), MASK.sub(lambda _at, name=name: variable(name), value)))
    query = "&".join(_pair(pair, variable) for pair in exchange.query.split("&")) if exchange.query else ""
    path = MASK.sub(lambda _at: variable("part"), exchange.path)
    call = Call(exchange.method, path, query, tuple(headers), _body(bytes(exchange.request_body), variable))
    return call, list(dict.fromkeys(names))


def _pair(pair: str, variable: Callable[[str], str]) -> str:
    name, _mark, value = pair.partition("=")
    return f"{name}={variable(name)}" if is_masked(value) else pair


def _body(body: bytes, variable: Callable[[str], str]) -> bytes:
    text = body.decode("utf-8", "surrogateescape")
    if not is_masked(text):
        return body
    document = loads(body)
    if document is ABSENT:
        return MASK.sub(lambda _at: variable("body"), text).encode("utf-8", "surrogateescape")
    return orjson.dumps(_unmasked(document, "body", variable))


def _unmasked(value: Any, name: str, variable: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _unmasked(item, key, variable) for key, item in value.items()}
    if isinstance(value, list):
        return [_unmasked(item, name, variable) for item in value]
    return MASK.sub(lambda _at: variable(name), value) if isinstance(value, str) else value


def _masked_rules(exchange: Exchange) -> dict[str, list[str]]:
    """What the log hides in an answer is another text each time, and nobody knows it: it does not count."""
    document = loads(bytes(exchange.response_body))
    paths = [
        re.sub(r"\[\d+\]", "[*]", json_path(way))
        for way, value in (_leaves(document) if document is not ABSENT else ())
        if isinstance(value, str) and is_masked(value)
    ]
    paths += [f"header:{name.lower()}" for name, value in exchange.headers_out if is_masked(value)]
    return {"ignore": list(dict.fromkeys(paths))[:100]} if paths else {}


def _leaves(value: Any, way: tuple = (), most: int = 5_000) -> Iterator[tuple[tuple, Any]]:
    stack = [(way, value)]
    while stack and most:
        way, value = stack.pop()
        most -= 1
        if isinstance(value, dict):
            stack += [((*way, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            stack += [((*way, number), item) for number, item in enumerate(value)]
        else:
            yield way, value
