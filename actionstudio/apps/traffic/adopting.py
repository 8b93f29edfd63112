"""From a logged call to the definition: what it lacks is added as one revision, or a new endpoint is drafted of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.design import drafting, load, scoping, store
from actionstudio.apps.design import state as states
from actionstudio.apps.design.desk import OperationDesk
from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Draft
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.apps.traffic import bodies
from actionstudio.apps.traffic.exporting import HOP
from actionstudio.apps.traffic.masking import is_masked, without_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core import sketching
from actionstudio.core.adopting import Proposal, adopted, proposals
from actionstudio.core.behaviour import Rule
from actionstudio.core.call import Call, Reply
from actionstudio.core.contract import Contract, Example, Media, Operation
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.rules.making import rule_from_exchange
from actionstudio.core.specs.readers.secrets import HIDDEN
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.router import Router, base_paths


@dataclass(frozen=True, slots=True)
class Offer:
    """What a logged call offers to add: the contract as it is, the operation, and the proposals."""

    contract: Contract
    operation: Operation | None
    proposals: tuple[Proposal, ...]

    def chosen(self, ids: Iterable[str]) -> list[Proposal]:
        """The proposals of those ids, in their own order. Raises Refused for one that is not there."""
        wanted = list(ids)
        known = {one.id for one in self.proposals}
        unknown = [one for one in wanted if one not in known]
        if unknown:
            words = _("This call proposes no “%(id)s”; it may be declared by now.") % {"id": unknown[0][:80]}
            raise Refused(Problem("/proposals", words, "unknown"))
        return [one for one in self.proposals if one.id in wanted]

    def sides(self, chosen: Iterable[Proposal]) -> tuple[Contract, Contract]:
        """Before and after the chosen ones: of both only the operation, and the shared schemas that differ."""
        after = adopted(self.contract, chosen)
        old, new = self.contract.schemas(), after.schemas()
        differing = {name for name in new if old.get(name) != new[name]}
        return _part(self.contract, self.operation, differing), _part(after, self.operation, differing)


def _part(contract: Contract, operation: Operation | None, names: set[str]) -> Contract:
    key = (operation.method, operation.path) if operation else None
    operations = tuple(one for one in contract.operations if (one.method, one.path) == key)
    return replace(contract, operations=operations, components=tuple(c for c in contract.components if c.name in names))


def offer(project: Project, row: Exchange) -> Offer:
    """What a logged call offers to the definition as it is now. Raises Refused for a callback."""
    refuse_callback(row)
    contract = load.contract(project)
    operation = next((op for op in contract.operations if row.operation_id in _names(op)), None)
    if operation is None or row.kind == "document":
        return Offer(contract, None, ())
    answered = row.kind == "mock"
    reply = Reply(row.status, _pairs(row.headers_out), bytes(row.response_body)) if answered and whole(row) else None
    if reply is None:
        return Offer(contract, operation, proposals(contract, operation, call_of(row)))
    example, rule, sent = _example(operation, row), _rule(contract, operation, row, reply), _sent(operation, row)
    return Offer(contract, operation, proposals(contract, operation, call_of(row), reply, example, rule, sent))


def refuse_callback(row: Exchange) -> None:
    """Raises Refused for what the mock has sent by itself: it shows nothing about how the endpoint is called."""
    if row.kind == "callback":
        words = _("This is a callback: the mock sent it. Only calls of an endpoint can be added to the definition.")
        raise Refused(Problem("", words, "callback"))


def _names(op: Operation) -> tuple[str, str]:
    return op.operation_id, f"{op.method} {op.path}"


def whole(row: Exchange) -> bool:
    """Whether the log has all of the answer's body."""
    return not row.lacks("response")


def _pairs(headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in headers)


def call_of(row: Exchange) -> Call:
    """The call in the document's own shape, without what the log hides."""
    query = "&".join(pair for pair in row.query.split("&") if not is_masked(pair))
    body = b"" if row.lacks("request") else bytes(row.request_body)
    call = Call(row.method, row.path, query, _pairs(row.headers_in), body)
    program = frontdoor().registry.current(row.address) if row.decided.get("translation") else None
    return call if program is None else program.in_documents_shape(call)[0]


def _example(operation: Operation, row: Exchange) -> Example | None:
    """The answer as an example with a key of its own; None when it has no body, or what it had is hidden."""
    body = bodies.of(row, "response")
    if body.kind not in ("json", "text"):
        return None
    value = without_masked(body.value if body.kind == "json" else body.text)
    if value is None and body.value is not None:
        return None
    return _kept(row, value, (media for response in operation.responses for media in response.content))


def _sent(operation: Operation, row: Exchange) -> Example | None:
    """The body that was sent in the document's own shape, as an example; None when that is no JSON or is hidden."""
    call = call_of(row)
    body = bodies.read(list(call.headers), call.body, len(call.body))
    value = without_masked(body.value) if body.kind == "json" else None
    return None if value is None else _kept(row, value, operation.body.content if operation.body else ())


def _kept(row: Exchange, value: Any, media: Iterable[Media]) -> Example:
    """A value as an example whose key none of those has."""
    taken = {one.key for each in media for one in each.examples}
    number, key = 2, f"logged{row.at:%m%d}"
    while key in taken:
        number, key = number + 1, f"logged{row.at:%m%d}_{number}"
    return Example(key, value, _("From the log, %(id)s") % {"id": row.public_id})


def _rule(contract: Contract, operation: Operation, row: Exchange, reply: Reply) -> Rule | None:
    """The call and its answer as a rule; None when the answer is no text, too long, or hidden in part."""
    if not reply.body or is_masked(reply.body.decode("utf-8", "replace")):
        return None
    router = Router([(operation.method, operation.path, operation)], base_paths(contract.servers))
    call = call_of(row)
    program = frontdoor().registry.current(row.address)
    try:
        return rule_from_exchange(call, reply, router.find(call.method, call.path)[1], program.masks if program else ())
    except Refused:
        return None


def adopt(project: Project, row: Exchange, ids: Iterable[str], by=None) -> Revision | None:
    """Adds the chosen proposals as one revision; None when nothing differed. Raises Refused."""
    note = _("From the log, %(id)s") % {"id": row.public_id}
    with editing(project, by, note) as edit:
        found = offer(project, row)
        chosen = found.chosen(ids)
        if not chosen:
            raise Refused(Problem("/proposals", _("Choose what is to be added."), "required"))
        store.contract(project, adopted(found.contract, chosen))
    return edit.revision


def label(proposal: Proposal) -> str:
    """A proposal in the reader's words."""
    told = {"place": proposal.place or "/", "detail": proposal.detail or _("anything")}
    return LABELS[proposal.kind]() % told


LABELS: dict[str, Callable[[], str]] = {
    "query": lambda: _("Declare the query parameter “%(place)s” (%(detail)s)"),
    "request-body": lambda: _("Declare a request body in %(detail)s"),
    "request-media": lambda: _("Take request bodies in %(detail)s, too"),
    "request-field": lambda: _("Declare the field %(place)s of the request body (%(detail)s)"),
    "request-type": lambda: _("Let %(place)s of the request body be %(detail)s, too"),
    "request-value": lambda: _("Let %(place)s of the request body have this value, too"),
    "request-optional": lambda: _("Do not require %(place)s of the request body"),
    "answer-status": lambda: _("Declare the answer %(place)s"),
    "answer-media": lambda: _("Declare another media type of the answer %(place)s"),
    "answer-field": lambda: _("Declare the field %(place)s of the answer (%(detail)s)"),
    "answer-type": lambda: _("Let %(place)s of the answer be %(detail)s, too"),
    "answer-value": lambda: _("Let %(place)s of the answer have this value, too"),
    "answer-optional": lambda: _("Do not promise %(place)s in the answer"),
    "request-example": lambda: _("Keep the body that was sent as the example “%(detail)s” of the request"),
    "example": lambda: _("Keep the answer as the example “%(detail)s” of %(place)s"),
    "row": lambda: _("Let the lists of the collection “%(place)s” begin with the rows of the answer, too (%(detail)s)"),
    "rule": lambda: _("Give calls like this one this answer, by a rule: %(detail)s"),
}


class Occupied(Exception):
    """There is a draft of a new endpoint already; it is not overwritten unasked."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.target)
        self.draft = draft


def sketch(project: Project, row: Exchange) -> Operation:
    """The operation that a call nobody answers suggests. What the log hides is no example of anything.

    Raises Refused for a callback.
    """
    refuse_callback(row)
    rows = list(project.operations.values_list("path", "operation_id"))
    document = project.document
    servers = load.part(document, (), {}).servers
    base = next((one.rstrip("/") for one in base_paths(servers) if row.path.startswith(one.rstrip("/") + "/")), "")
    pairs = [pair.partition("=")[0] + "=" if is_masked(pair) else pair for pair in row.query.split("&")]
    headers = tuple(pair for pair in _pairs(row.headers_in) if pair[0] not in HOP and not is_masked(pair[1]))
    call = Call(row.method, row.path, "&".join(pairs), headers, bytes(row.request_body))
    made = sketching.sketched(call, [path for path, _name in rows], {name for _path, name in rows}, base)
    return sketching.without_examples(made, _hidden)


def _hidden(value: Any) -> bool:
    return isinstance(value, str) and (is_masked(value) or HIDDEN in value)


def draft(project: Project, row: Exchange, by, force: bool = False) -> None:
    """Makes the unsaved draft of a new endpoint of a logged call. Raises Occupied when there is one with changes."""
    desk = OperationDesk(project, None)
    state = scoping.add(states.of(replace(sketch(project, row), summary="")), desk.auth)
    with transaction.atomic():
        kept = project.drafts.select_for_update().filter(target=desk.target).first()
        if kept is not None and not kept.clean and kept.state != desk.saved and not force:
            raise Occupied(kept)
        if kept is None:
            kept = Draft(project=project, target=desk.target, state=desk.saved, rev=0)
        kept.author, kept.stamp, kept.tab, kept.seq, kept.clean = by, desk.stamp, "", 0, False
        kept.save()
        drafting.keep(kept, state, "from-the-log")
