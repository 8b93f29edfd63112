"""Record: what upstreams answered becomes examples or rules of its operation, a few seconds later, from the log.

Many answers make one version. The log has no secrets any more, so that none gets into the project; equal answers are
kept once, and after MOST of them an operation keeps no more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from actionstudio.apps.design import load, store
from actionstudio.apps.design.editing import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.traffic import adopting
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.core.behaviour import Behaviour, Proxy, Rule, Rules, Template
from actionstudio.core.call import Call, Reply
from actionstudio.core.contract import Contract, Example, Operation, Parameter
from actionstudio.core.problem import Refused
from actionstudio.core.rules import making
from actionstudio.core.schemas.coerce import compile_parameter
from actionstudio.runtime.forwarding.recording import LOGGED, MOST, Place
from actionstudio.runtime.router import Router, base_paths

SECONDS = 2.0  # that pass until answers are kept together
LOOKED = 50  # calls at once
log = logging.getLogger(__name__)
_waiting: dict[Place, int] = {}  # since which id of the log
_lock = threading.Lock()
_timer: threading.Timer | None = None


def noticed(place: Place) -> None:
    """An answer came; it is kept together with those of the next moment."""
    global _timer
    with _lock:
        _waiting.setdefault(place, int((time.time() - 60) * 1000) << SHIFT)
        if _timer is None:
            _timer = threading.Timer(SECONDS, _later)
            _timer.daemon = True
            _timer.start()


def _later() -> None:
    global _timer
    with _lock:
        places, _timer = dict(_waiting), None
        _waiting.clear()
    try:
        for place, since in places.items():
            keep(place, since)
    except Exception:
        log.exception("recorded answers could not be kept")
    finally:
        connections.close_all()


def keep(place: Place, since: int) -> Revision | None:
    """Keeps what the operation's upstream answered since that id of the log, as one version; None: nothing is new."""
    project = Project.objects.filter(pk=place.project_id).first()
    if project is None:
        return None
    with editing(project, None) as edit:
        kept = 0
        for row in _rows(project, place):
            if row.id >= since and _keep(project, place, row):
                kept += 1
        edit.note = _("Recorded %(n)s answers") % {"n": kept} if kept != 1 else _("Recorded an answer")
    return edit.revision


def _rows(project: Project, place: Place) -> list[Exchange]:
    """The newest calls that the upstream answered, the oldest of them first."""
    operation = _find(load.contract(project), place)
    if operation is None:
        return []
    name = operation.operation_id or f"{operation.method} {operation.path}"
    rows = Exchange.objects.using(settings.LOG_DATABASE).filter(project_id=project.pk, operation_id=name, kind="mock")
    newest = rows.order_by("-id")[:LOOKED]
    return [row for row in reversed(newest) if any(step.get("record") for step in row.decided.get("trail", ()))]


def _find(contract: Contract, place: Place) -> Operation | None:
    return next((op for op in contract.operations if (op.method, op.path) == (place.method, place.path)), None)


def _keep(project: Project, place: Place, row: Exchange) -> bool:
    contract = load.contract(project)
    operation = _find(contract, place)
    if operation is None:
        return False
    how = next((step["record"] for step in row.decided["trail"] if step.get("record")), "")
    after = _as_rule(contract, operation, row) if how == "rules" else _as_example(project, operation, row)
    if after is None or after == contract:
        return False
    store.contract(project, after)
    return True


def _as_example(project: Project, operation: Operation, row: Exchange) -> Contract | None:
    """The contract with the answer as an example of its response, and the call's parameters as examples of that key,
    so that the same call finds it when the mock answers (named pairing)."""
    offer = adopting.offer(project, row)
    chosen = [one for one in offer.proposals if one.kind == "example"]
    if not chosen:
        return None
    key = chosen[0].detail
    after = chosen[0].apply(offer.contract)
    changed = next(op for op in after.operations if (op.method, op.path) == (operation.method, operation.path))
    value = next(one.value for one in _examples(changed) if one.key == key)
    before = _examples(operation)
    if any(one.value == value for one in before) or len([one for one in before if _is_logged(one)]) >= MOST:
        return None
    paired = replace(changed, parameters=tuple(_paired(changed, after, key, row)))
    return replace(after, operations=tuple(paired if op is changed else op for op in after.operations))


def _examples(operation: Operation) -> list[Example]:
    return [one for response in operation.responses for media in response.content for one in media.examples]


def _is_logged(example: Example) -> bool:
    return example.key.startswith(LOGGED)


def _paired(operation: Operation, contract: Contract, key: str, row: Exchange) -> Iterable[Parameter]:
    call = adopting.call_of(row)
    path = _values(operation, contract, call)
    pairs = parse_qsl(call.query, keep_blank_values=True)
    for parameter in operation.parameters:
        raw = {"path": path.get(parameter.name), "query": pairs}.get(parameter.in_)
        if raw is None or parameter.schema is None or any(one.extra for one in parameter.examples):
            yield parameter
            continue
        reader = compile_parameter(
            parameter.name, parameter.in_, parameter.schema, contract.schemas(), parameter.style, parameter.explode
        )
        present, value = reader.read(raw)
        named = all(one.key for one in parameter.examples)
        yield (
            replace(parameter, examples=(*parameter.examples, Example(key, value))) if present and named else parameter
        )


def _values(operation: Operation, contract: Contract, call: Call) -> dict[str, str]:
    router = Router([(operation.method, operation.path, operation)], base_paths(contract.servers))
    return dict(router.find(operation.method, call.path)[1] or {})


def _as_rule(contract: Contract, operation: Operation, row: Exchange) -> Contract | None:
    """The contract whose proxy has, in what stands in for it, a rule that gives a call like this one this answer."""
    if not adopting.whole(row):
        return None
    call = adopting.call_of(row)
    headers = tuple((name.lower(), value) for name, value in row.headers_out)
    reply = Reply(row.status, headers, bytes(row.response_body))
    try:
        rule = making.rule_from_exchange(call, reply, _values(operation, contract, call))
        behaviour = _with_rule(operation.behaviour, rule)
    except Refused:
        return None
    changed = replace(operation, behaviour=behaviour)
    return replace(contract, operations=tuple(changed if op is operation else op for op in contract.operations))


def _with_rule(behaviour: Behaviour, rule: Rule) -> Behaviour:
    """The rule in every proxy that records rules, wherever it stands."""
    if isinstance(behaviour, Proxy):
        there = behaviour.otherwise
        full = isinstance(there, Rules) and sum(isinstance(one.answer, Template) for one in there.rules) >= MOST
        if behaviour.record != "rules" or full:
            return behaviour
        return replace(behaviour, otherwise=making.with_rule(there, rule))
    if isinstance(behaviour, Rules):
        rules = tuple(replace(one, answer=_with_rule(one.answer, rule)) for one in behaviour.rules)
        return replace(behaviour, rules=rules, otherwise=_with_rule(behaviour.otherwise, rule))
    return behaviour
