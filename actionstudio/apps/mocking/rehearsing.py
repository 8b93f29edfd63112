"""A rehearsal: what the draft of an answer would say to the last calls. Nothing is sent, kept or counted.

The draft is compiled as any contract is and asked with a store that forgets: collections have the rows they have
now. Other servers are not called, and what stands around the answer (latency, limits, faults) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design.answer_desk import AnswerDesk
from actionstudio.apps.mocking import rows
from actionstudio.apps.mocking.trying import Credential, Trial, Wish
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import walking, why
from actionstudio.apps.traffic.exporting import HOP
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.masking import is_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.behaviour import Around, Behaviour, Proxy, Rules, Template
from actionstudio.core.call import Call
from actionstudio.core.contract import Operation
from actionstudio.core.problem import Refused
from actionstudio.runtime.committing import failed
from actionstudio.runtime.memory import MemoryStore
from actionstudio.runtime.ports import Hosted, Unavailable
from actionstudio.runtime.program import Program
from actionstudio.runtime.visit import ANY_KEY, Visit

LATEST = 5
LONGEST = 1500  # characters of an answer that are shown
TOLD = ("rules", "template", "collection", "pairing", "fault")  # entries of a trail that stand here


@dataclass
class Rehearsed:
    """One call and what the draft would answer. ``row`` is the logged call, None for one made from the definition."""

    line: str
    status: int
    body: str
    steps: list[why.Step] = field(default_factory=list)
    row: Exchange | None = None
    cut: bool = False
    json: bool = True


def rehearse(desk: AnswerDesk) -> list[Rehearsed]:
    """The draft's answers to the last calls of the operation; to one made from the definition when there are none.

    A draft that is wrong answers nothing.
    """
    draft = desk.draft
    reading = desk.read(draft.state if draft else desk.saved)
    if reading.problems:
        return []
    op = replace(desk.operation, behaviour=offline(reading.behaviour), around=Around())
    stage = _Stage(desk.project, replace(desk.contract, operations=(op,)), op)
    latest = _latest(desk.project, op)
    if latest:
        return [stage.play(_call(row), row) for row in latest]
    call = stage.example(desk.project)
    return [stage.play(call)] if call else []


def offline(behaviour: Behaviour) -> Behaviour:
    """The same without other servers: what would be forwarded says so instead."""
    if isinstance(behaviour, Proxy):
        words = _("Forwarded to “%(name)s”: not called in a rehearsal.") % {"name": behaviour.upstream}
        return Template("200", "text/plain; charset=utf-8", words.replace("{", "("))
    if isinstance(behaviour, Rules):
        rules = tuple(replace(rule, answer=offline(rule.answer)) for rule in behaviour.rules)
        return replace(behaviour, rules=rules, otherwise=offline(behaviour.otherwise))
    return behaviour


class _Stage:
    """A program of one operation, in memory."""

    def __init__(self, project: Project, contract: Any, op: Operation) -> None:
        hosted = Hosted("rehearsal", project.pk, project.slug, 0, 0, 0, contract, ("http://rehearsal.invalid",))
        self.program = Program(hosted, MemoryStore(begin=rows.store().read))
        self.project, self.op = project, op

    def play(self, call: Call, row: Exchange | None = None) -> Rehearsed:
        visit = Visit(call, assume=ANY_KEY)
        try:
            self.program.answer(visit)
        except Unavailable:  # nobody can read the rows just now
            failed(visit)
        reply = visit.reply
        text, is_json = _text(bytes(reply.body))
        line = f"{call.path}?{call.query}" if call.query else call.path
        steps, cut = self._steps(visit, call), len(text) > LONGEST
        return Rehearsed(line, reply.status, text[:LONGEST], steps, row, cut, is_json)

    def _steps(self, visit: Visit, call: Call) -> list[why.Step]:
        decisions = {**visit.decisions, "trail": [e for e in visit.decisions.get("trail", ()) if e["what"] in TOLD]}
        for stage in ("route", "guard", "response"):
            decisions.pop(stage, None)
        if str(decisions.get("validation", "")) in ("strict", "report", "off"):
            del decisions["validation"]
        made = Exchange(project_id=self.project.pk, method=call.method, path=call.path, status=visit.reply.status)
        made.kind, made.auth = visit.kind, visit.auth
        made.decisions = json.dumps(decisions, default=str)
        made.violations = json.dumps(list(visit.violations), default=str)
        about = why.About(self.project, made)
        about.__dict__.update(operation=self.op, ref="")
        return why.steps(self.project, made, about)

    def example(self, project: Project) -> Call | None:
        """A call as the definition's examples have it; None when it cannot be made."""
        address = project.addresses.first()
        served = self.program.router.find(self.op.method, self.op.path)[0]
        if address is None or served is None:
            return None
        if not served.ready:
            served.compile()
        trial = Trial(project, address, served)
        try:
            return trial.call(trial.filled("example"), Wish(), Credential())
        except Refused:
            return None


def _latest(project: Project, op: Operation) -> Sequence[Exchange]:
    """The newest calls that reached the operation, whole."""
    name = op.operation_id or f"{op.method} {op.path}"
    found = [row.pk for row in walking.page(project.pk, Filter(op=name, kind="mock"), size=LATEST).rows]
    whole = {row.pk: row for row in Exchange.objects.filter(pk__in=found)}
    return [whole[pk] for pk in found if pk in whole]


def _call(row: Exchange) -> Call:
    """A logged call without what belonged to its connection; what the log hides stays hidden."""
    headers = tuple((name, value) for name, value in row.headers_in if name not in HOP and not is_masked(value))
    return Call(row.method, row.path, row.query, headers, bytes(row.request_body))


def _text(body: bytes) -> tuple[str, bool]:
    """A body as it is shown, and whether it is JSON."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False), True
    except ValueError:
        return body.decode("utf-8", "replace"), False
