"""What a logged call teaches the contract: each thing that is not declared becomes a proposal to declare it.

Pure: from a contract, an operation, a call and its answer to proposals, each a function from contract to contract.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import orjson

from actionstudio.core.behaviour import Rule
from actionstudio.core.call import Call, Reply
from actionstudio.core.calling import is_json
from actionstudio.core.collections import seeding
from actionstudio.core.contract import Body, Component, Contract, Example, Media, Operation, Parameter, Response
from actionstudio.core.growing import Lack, grown, lacks
from actionstudio.core.problem import Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.rules.making import with_rule
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.forms import FormReader
from actionstudio.core.schemas.infer import infer
from actionstudio.core.schemas.shape import shape_of
from actionstudio.core.specs.readers import guesses, secrets

type JSON = Any
type Schemas = dict[str, JSON]
type Change = Callable[[Operation, Resolver, Schemas], Operation]

MOST = 40  # proposals of one call
LARGEST = 1_000_000  # bytes of a body that is looked into
_NONE: Any = object()

KINDS = (
    "query", "request-body", "request-media", "request-field", "request-type", "request-value", "request-optional",
    "answer-status", "answer-media", "answer-field", "answer-type", "answer-value", "answer-optional",
    "request-example", "example", "rule", "row",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that can be declared. ``kind`` is one of KINDS, ``place`` where ("/maker/city", "limit", "503"),
    ``detail`` as what ("string", "text/plain"). ``id`` names it among those of its call, whoever asks. ``rule`` is the
    rule that would be added."""

    id: str
    kind: str
    place: str
    detail: str
    apply: Callable[[Contract], Contract]
    rule: Rule | None = None


def proposals(
    contract: Contract,
    operation: Operation,
    call: Call,
    reply: Reply | None = None,
    example: Example | None = None,
    rule: Rule | None = None,
    sent: Example | None = None,
) -> tuple[Proposal, ...]:
    """Everything of a call and its answer that the operation does not declare, in the order of the call.

    ``reply`` None: the answer was not the operation's own. ``example`` is the answer's body as an example to keep, with
    a key that no other example of it has, ``rule`` the call and its answer as a rule, ``sent`` the call's body as an
    example; None: not to be kept. Where rows of a collection answer, those in ``example`` can be kept as some of them.
    """
    look = _Look(contract, operation)
    found = [*look.query(call), *look.body(call)]
    if reply is not None:
        found += look.answer(reply)
    del found[MOST - 4 :]
    if sent is not None and call.body:
        found.append(look.sent(call, sent))
    if reply is not None:
        if example is not None:
            found.append(look.example(reply, example))
        if rule is not None:
            found.append(look.rule(reply, rule))
        if example is not None:
            found += look.rows(contract, reply, example.value)
    return tuple(found[:MOST])


def adopted(contract: Contract, chosen: Iterable[Proposal]) -> Contract:
    """The contract with all of these in it."""
    for proposal in chosen:
        contract = proposal.apply(contract)
    return contract


class _Look:
    """One operation of one contract, looked at with a call in hand."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self._resolver = Resolver(contract)
        self._components = self._resolver.components
        self._operation = operation
        self._asked = _asked(contract, self._resolver)

    def query(self, call: Call) -> Iterator[Proposal]:
        declared = [one for one in self._resolver.parameters(self._operation) if one.in_ == "query"]
        sent: dict[str, list[str]] = {}
        for name, value in parse_qsl(call.query[:16_384], keep_blank_values=True):
            sent.setdefault(name, []).append(value)
        for name, values in sent.items():
            secret = secrets.is_secret(name) or secrets.is_query_key(name, values)
            if not name or name.startswith("__") or secret or self._claimed(name, declared):
                continue
            one = guesses.schema([value for value in values if value]) or {"type": "string"}
            schema = {"type": "array", "items": one} if len(values) > 1 else one
            yield self._proposal("query", name, _kind(schema), _query(Parameter(name, schema=schema)))

    def _claimed(self, name: str, declared: Iterable[Parameter]) -> bool:
        """Whether a part of the query belongs to a parameter, maybe as a member of it."""
        for one in declared:
            if name in (one.name, f"{one.name}[]") or name.startswith(f"{one.name}["):
                return True
            shape = shape_of(one.schema, self._components)
            exploded = one.style in (None, "form") and one.explode is not False
            if "object" in shape.kinds and exploded and (name in shape.properties or not shape.properties):
                return True
        return False

    def body(self, call: Call) -> Iterator[Proposal]:
        if not call.body or len(call.body) > LARGEST:
            return
        kind = _plain(call.header("content-type")) or "application/json"
        body = self._resolver.body(self._operation) or Body()
        media = _covering(body.content, kind)
        if media is None:
            what = "request-media" if body.content else "request-body"
            yield self._proposal(what, kind, kind, _request_media(_fresh(kind, _parsed(call.body, kind))))
            return
        value = self._read(call.body, kind, media)
        if value is _NONE or media.schema is None:
            return
        for lack in lacks(value, media.schema, self._components, "request"):
            yield self._lacking("request", lack, _request_schema(media.media_type, lack))

    def answer(self, reply: Reply) -> Iterator[Proposal]:
        if len(reply.body) > LARGEST:
            return
        status, kind = str(reply.status), _plain(reply.header("content-type"))
        response = self._response(status)
        if response is None:
            fresh = (_fresh(kind, _parsed(reply.body, kind)),) if reply.body and kind else ()
            yield self._proposal("answer-status", status, kind, _answer_status(status, fresh))
            return
        media = _covering(response.content, kind)
        if not reply.body or not kind:
            return
        if media is None:
            made = _fresh(kind, _parsed(reply.body, kind))
            yield self._proposal("answer-media", status, kind, _answer_media(response.status, made))
            return
        value = _parsed(reply.body, kind)
        if value is _NONE or media.schema is None:
            return
        for lack in lacks(value, media.schema, self._components, "answer"):
            yield self._lacking("answer", lack, _answer_schema(response.status, media.media_type, lack, self._asked))

    def example(self, reply: Reply, example: Example) -> Proposal:
        """The answer as an example of its response, which is declared along the way where it is not yet."""
        kind = _plain(reply.header("content-type")) or "application/json"
        status = str(reply.status)
        return self._proposal("example", status, example.key, _answer_example(status, kind, example))

    def sent(self, call: Call, example: Example) -> Proposal:
        """The body that was sent as an example of the request, which is declared along the way where it is not yet."""
        kind = _plain(call.header("content-type")) or "application/json"
        return self._proposal("request-example", kind, example.key, _request_example(kind, example))

    def rows(self, contract: Contract, reply: Reply, value: JSON) -> Iterator[Proposal]:
        """The rows of the answer, when a collection answers: its lists begin with them from then on."""
        name, rows = seeding.shown(self._resolver, self._operation, contract.collections, value)
        if not rows or not 200 <= reply.status < 300:
            return

        def apply(contract: Contract) -> Contract:
            made = (seeding.with_rows(one, rows) if one.name == name else one for one in contract.collections)
            return replace(contract, collections=tuple(made))

        yield Proposal(f"row:{name}", "row", name, str(len(rows)), apply)

    def rule(self, reply: Reply, rule: Rule) -> Proposal:
        """This answer for calls like this one; what answered them before answers all others."""

        def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
            return replace(operation, behaviour=with_rule(operation.behaviour, rule))

        return replace(self._proposal("rule", str(reply.status), rule.name, change), rule=rule)

    def _response(self, status: str) -> Response | None:
        return _declared(self._resolver.responses(self._operation), status)

    def _read(self, body: bytes, kind: str, media: Media) -> JSON:
        if kind != "application/x-www-form-urlencoded":
            return _parsed(body, kind)
        try:
            return FormReader(media.schema or {}, self._components, media.extra.get("encoding")).read(body)
        except (Refused, UnicodeDecodeError):
            return _NONE

    def _lacking(self, side: str, lack: Lack, change: Change) -> Proposal:
        return self._proposal(f"{side}-{lack.kind}", refs.pointer(lack.way), _kind(lack.schema), change)

    def _proposal(self, kind: str, place: str, detail: str, change: Change) -> Proposal:
        key = self._operation.method, self._operation.path

        def apply(contract: Contract) -> Contract:
            shared = contract.schemas()
            resolver = Resolver(contract)
            operations = tuple(
                change(one, resolver, shared) if (one.method, one.path) == key else one for one in contract.operations
            )
            components = tuple(Component(one.name, shared[one.name]) for one in contract.components)
            return replace(contract, operations=operations, components=components)

        return Proposal(f"{kind}:{place}", kind, place, detail, apply)


def _query(parameter: Parameter) -> Change:
    def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
        known = any((one.in_, one.name) == ("query", parameter.name) for one in resolver.parameters(operation))
        return operation if known else replace(operation, parameters=(*operation.parameters, parameter))

    return change


def _request_media(media: Media) -> Change:
    def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
        body = resolver.body(operation) or Body()
        return replace(operation, body=replace(body, content=_with(body.content, media), ref=""))

    return change


def _request_schema(media_type: str, lack: Lack) -> Change:
    def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
        body = resolver.body(operation)
        if body is None:
            return operation
        content = _changed(body.content, media_type, lack, shared)
        return operation if content == body.content else replace(operation, body=replace(body, content=content, ref=""))

    return change


def _request_example(kind: str, example: Example) -> Change:
    def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
        body = resolver.body(operation) or Body()
        media = _covering(body.content, kind)
        fresh = media or _fresh(kind, example.value)
        made = replace(fresh, examples=(*_named(fresh.examples), example))
        content = tuple(made if one == media else one for one in body.content) if media else (*body.content, made)
        return replace(operation, body=replace(body, content=content, ref=""))

    return change


def _answer_status(status: str, content: tuple[Media, ...]) -> Change:
    def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
        if any(one.status == status for one in operation.responses):
            return operation
        made = Response(status, guesses.phrase(int(status)), content=content)
        order = sorted((*operation.responses, made), key=lambda one: (not one.status[:1].isdigit(), one.status))
        return replace(operation, responses=tuple(order))

    return change


def _answer_media(status: str, media: Media) -> Change:
    return _on_response(status, lambda one, shared: replace(one, content=_with(one.content, media)))


def _answer_schema(status: str, media_type: str, lack: Lack, asked: Container[str]) -> Change:
    """What answers have more is not put where requests would be offered it, too."""
    return _on_response(
        status, lambda one, shared: replace(one, content=_changed(one.content, media_type, lack, shared, asked))
    )


def _asked(contract: Contract, resolver: Resolver) -> frozenset[str]:
    """The shared schemas that any request may hold."""
    found: list[JSON] = []
    for operation in contract.operations:
        body = resolver.body(operation)
        found += [media.schema for media in (body.content if body else ())]
        for one in resolver.parameters(operation):
            found += [one.schema, *(media.schema for media in one.content)]
    return frozenset(refs.reachable({"allOf": found}, resolver.components))


def _answer_example(status: str, kind: str, example: Example) -> Change:
    def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
        found = _declared(resolver.responses(operation), status)
        if found is None:
            operation = _answer_status(status, (_fresh(kind, example.value),))(operation, resolver, shared)
            found = Response(status)
        return _on_response(found.status, with_example)(operation, resolver, shared)

    def with_example(response: Response, shared: Schemas) -> Response:
        media = _covering(response.content, kind)
        if media is None:
            media = _fresh(kind, example.value)
            response = replace(response, content=(*response.content, media))
        made = replace(media, examples=(*_named(media.examples), example))
        return replace(response, content=tuple(made if one == media else one for one in response.content))

    return change


def _named(examples: tuple[Example, ...]) -> tuple[Example, ...]:
    """Beside a named example the unnamed one needs a name, too (OpenAPI 3.1.0, section 4.8.14.1: one or the other)."""
    taken = {one.key for one in examples}
    name = next(name for number in range(1, len(examples) + 2) if (name := f"example{number}") not in taken)
    return tuple(one if one.key else replace(one, key=name) for one in examples)


def _on_response(status: str, deed: Callable[[Response, Schemas], Response]) -> Change:
    """A change of one response. One that only points to a shared response gets a copy of its own when it differs."""

    def change(operation: Operation, resolver: Resolver, shared: Schemas) -> Operation:
        out = []
        for one in operation.responses:
            if one.status != status:
                out.append(one)
                continue
            found = resolver.response(one)
            made = deed(found, shared)
            out.append(one if made == found else replace(made, status=status, ref=""))
        return replace(operation, responses=tuple(out))

    return change


def _changed(
    content: tuple[Media, ...], media_type: str, lack: Lack, shared: Schemas, spared: Container[str] = ()
) -> tuple[Media, ...]:
    named = [one for one in content if one.media_type == media_type]
    made = {one.media_type: replace(one, schema=_grown(one.schema, lack, shared, spared)) for one in named}
    return tuple(made.get(one.media_type, one) for one in content)


def _grown(schema: JSON, lack: Lack, shared: Schemas, spared: Container[str]) -> JSON:
    """The schema with what it lacked; as it was where another change has taken the place away."""
    try:
        return grown(schema, lack, shared, spared)
    except LookupError:
        return schema


def _with(content: tuple[Media, ...], media: Media) -> tuple[Media, ...]:
    return content if any(one.media_type == media.media_type for one in content) else (*content, media)


def _fresh(kind: str, value: JSON) -> Media:
    """A media type as one body shows it: its schema, and no example: a body may hold what is nobody's business."""
    if value is _NONE or not is_json(kind):
        return Media(kind, {"type": "string"} if kind.startswith("text/") else None)
    schema = refs.rebuild(infer([value]), lambda node: {key: item for key, item in node.items() if key != "required"})
    return Media(kind, schema)


def _declared(responses: Iterable[Response], status: str) -> Response | None:
    declared = {one.status.upper(): one for one in responses}
    return declared.get(status) or declared.get(f"{status[:1]}XX") or declared.get("DEFAULT")


def _covering(content: Iterable[Media], kind: str) -> Media | None:
    """The declared media type that a body's falls under: its own before a range (OpenAPI 3.1.0, section 4.8.13.1)."""
    found = {_plain(one.media_type): one for one in content}
    return found.get(kind) or found.get(f"{kind.partition('/')[0]}/*") or found.get("*/*")


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _parsed(body: bytes, kind: str) -> JSON:
    if not is_json(kind):
        return _NONE
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _NONE


def _kind(schema: JSON) -> str:
    """The type that a schema says, several with commas between them."""
    kinds = schema.get("type", "") if isinstance(schema, dict) else ""
    return kinds if isinstance(kinds, str) else ", ".join(kinds)
