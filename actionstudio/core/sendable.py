"""Would ChatGPT still make this call? A logged call against the import of another contract, before anything is sent.

ChatGPT's model fills in one flat object of arguments; its runtime refuses a name that was not imported, and never asks
the server (docs/chatgpt-rules.md, RT-03 to RT-07). Only what is known of that is claimed here: a missing argument or
one of another type is nowhere reported to be refused, so it is not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actionstudio.core import flatten
from actionstudio.core.call import Call
from actionstudio.core.calling import NOTHING, call_of, content_of
from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import Argument, ImportedOperation, Message
from actionstudio.core.importer.profile import Profile, profile
from actionstudio.core.importer.serving import served
from actionstudio.core.schemas.coerce import compile_parameter
from actionstudio.core.words import said

type JSON = Any

SERVER = "https://action.example"  # any address that ChatGPT takes will do
LARGEST = 100_000  # characters; a request "must be less than" that (RT-07)
_BODY = "application/json"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call would not leave ChatGPT.

    ``code``: fatal (nothing is imported), nowhere (no operation has this method and path), gone, hidden, dropped (the
    import drops the operation), syntax, unknown (an argument that is not declared), unfillable (a path without its
    value), too-large. ``message`` is ChatGPT's own
    text where one is known, ``detail`` ours. ``confidence`` as in docs/chatgpt-rules.md (A documentation … E our
    conclusion). ``names`` are the arguments it is about.
    """

    code: str
    message: str
    detail: str
    confidence: str = "C"
    names: tuple[str, ...] = ()


class Sender:
    """Asks of many calls whether ChatGPT would make them against one contract. What depends on it is done once.

    ``then`` is the contract that the calls were made against, when it is at hand: it names the values of a path that
    has moved since. ``base`` is where the contract is served.
    """

    def __init__(self, contract: Contract, then: Contract | None = None, base: str = SERVER) -> None:
        self._imported: Import = served(contract, base)
        self._profile: Profile = profile(contract)
        self._operations = {op.operation_id or f"{op.method} {op.path}": op for op in contract.operations}
        self._then = {op.operation_id: op for op in then.operations if op.operation_id} if then is not None else {}
        self._places = {(op.method, op.path): op for op in self._imported.operations}
        self._shapes: dict[str, flatten.Shape] = {}
        self._bases = flatten.bases(contract)

    def name_of(self, call: Call) -> str:
        """The operation that has the method and the path of ``call``, "" for none: of a call that was answered by no
        operation, this is the one that ChatGPT would have to make it by."""
        for path in flatten.without_base(call.path, self._bases):
            for method, template, name in self._routes:
                if method == call.method and template.read(path) is not None:
                    return name
        return ""

    def refusal(self, call: Call, operation_id: str) -> Refusal | None:
        """Why ChatGPT would not make ``call`` of the operation that the log or ``name_of`` names; None: it would. Never
        raises."""
        found = self._found(operation_id)
        if isinstance(found, Refusal):
            return found
        return self._read(call, operation_id, found)[1]

    def translated(self, call: Call, operation_id: str) -> Call | None:
        """The call as ChatGPT would make it now: the same object when nothing has moved, None when it makes none."""
        found = self._found(operation_id)
        if isinstance(found, Refusal):
            return None
        arguments, refusal = self._read(call, operation_id, found)
        if refusal is not None:
            return None
        placed = {name: one.place for name, one in arguments.items()}
        stays = call.method == found.method and self._shape(operation_id, found).matches(call.path)
        if stays and all(placed.get(one.name, one.in_) == one.in_ for one in found.arguments):
            return call
        return self._made(call, found, arguments)

    def arguments(self, call: Call, operation_id: str) -> dict[str, JSON] | Refusal:
        """The flat object that the model has filled in for ``call``, texts of its path and query in the types that the
        imported document declares; names that it does not declare are left out. Or why ChatGPT makes no such call."""
        found = self._found(operation_id)
        if isinstance(found, Refusal):
            return found
        given, refusal = self._read(call, operation_id, found)
        if refusal is not None and not given:
            return refusal
        return {one.name: self._value(one, given[one.name]) for one in found.arguments if one.name in given}

    def _value(self, declared: Argument, value: flatten.Value) -> JSON:
        if not value.text:
            return value.value
        pairs = [(declared.name, text) for text in value.texts]
        present, made = compile_parameter(declared.name, "query", declared.schema or {}, self._imported.schemas).read(
            pairs
        )
        return made if present else value.value

    def _found(self, operation_id: str) -> ImportedOperation | Refusal:
        """The operation as ChatGPT has it, or why it has it not."""
        imported = self._imported
        if imported.fatal:
            first = next((one for one in imported.messages if one.level == "fatal"), None)
            detail = said("ChatGPT refuses this document as a whole: no call of it would be made.")
            return Refusal("fatal", first.text if first else "", detail, first.confidence if first else "C")
        if not operation_id:
            message = said("No operation has this method and path: ChatGPT has no action to send the call by.")
            return Refusal("nowhere", message, said("ChatGPT calls the operations that it has imported."), "A")
        op = self._operations.get(operation_id)
        if op is None:
            message = said("There is no operation called %(name)s any more.", name=operation_id)
            return Refusal("gone", message, said("ChatGPT has no such action after an import."), "A")
        if not op.exposed:
            message = said("The operation %(name)s is not offered to ChatGPT.", name=operation_id)
            return Refusal(
                "hidden", message, said("Offer it to ChatGPT again, or replay the call against the API."), "A"
            )
        found = self._places.get(self._profile.place(op.method, op.path))
        return found if found is not None and found.kept else self._dropped(op, found)

    def _dropped(self, op: Operation, found: ImportedOperation | None) -> Refusal:
        lines = self._lines(found.pointer) if found is not None else []
        if not lines:
            message = said("ChatGPT's import does not take the operation %(name)s.", name=op.operation_id)
            return Refusal("dropped", message, said("See the import page for what it makes of the document."), "E")
        first = lines[0]
        return Refusal("dropped", first.text, first.explanation, first.confidence)

    def _lines(self, pointer: str) -> list[Message]:
        """What the import says of an operation that it drops: the cause first."""
        said_of = (*self._imported.messages, *self._imported.silent)
        return [
            one
            for one in said_of
            if one.level == "drops-op" and (one.pointer == pointer or one.pointer.startswith(f"{pointer}/"))
        ]

    @cached_property
    def _routes(self) -> list[tuple[str, flatten.Template, str]]:
        """Method, path and name of every operation, as it is and as the profile has it; literal text comes first."""
        places = {
            (*place, name)
            for name, op in self._operations.items()
            for place in ((op.method, op.path), self._profile.place(op.method, op.path))
        }
        ordered = sorted(places, key=lambda one: (["{" in part for part in one[1].split("/")], one))
        return [(method, flatten.Template(path), name) for method, path, name in ordered]

    def _shape(self, operation_id: str, found: ImportedOperation) -> flatten.Shape:
        if operation_id not in self._shapes:
            op = self._operations[operation_id]
            steps = self._profile.steps.get((op.method, op.path), ())
            then = self._then.get(operation_id)
            paths = [found.path, op.path, *([then.path] if then is not None else [])]
            self._shapes[operation_id] = flatten.Shape(found, steps, paths, self._bases)
        return self._shapes[operation_id]

    def _read(
        self, call: Call, operation_id: str, found: ImportedOperation
    ) -> tuple[dict[str, flatten.Value], Refusal | None]:
        """The call's arguments, and why it would not be made with them."""
        shape = self._shape(operation_id, found)
        try:
            arguments = shape.arguments(call)
        except json.JSONDecodeError as error:
            text = f"ApiSyntaxError: Could not parse API call kwargs as JSON: exception={error}"
            detail = said("The body is no JSON. ChatGPT refuses what its model writes then, and sends nothing.")
            return {}, Refusal("syntax", text, detail, "C")
        return arguments, _refused(arguments, found, call)

    def _made(self, call: Call, found: ImportedOperation, arguments: Mapping[str, flatten.Value]) -> Call:
        schemas = self._imported.schemas
        given = [
            (Parameter(one.name, one.in_, one.required, schema=one.schema), _typed(arguments[one.name], one, schemas))
            for one in found.arguments
            if one.in_ != "body" and one.name in arguments
        ]
        fields = {
            one.name: _typed(arguments[one.name], one, schemas)
            for one in found.arguments
            if one.in_ == "body" and one.name in arguments
        }
        content = content_of(_BODY, fields) if fields else NOTHING
        kept = tuple(pair for pair in call.headers if pair[0] not in ("content-type", "content-length"))
        return call_of(found.method, found.path, given, content, kept)


def refusal(contract: Contract, call: Call, operation_id: str) -> Refusal | None:
    """Why ChatGPT would not make this logged call against ``contract``; None: it would. Of many calls: Sender."""
    return Sender(contract).refusal(call, operation_id)


def translated(contract: Contract, call: Call, operation_id: str) -> Call | None:
    """The call as ChatGPT would make it against ``contract``: see :meth:`Sender.translated`."""
    return Sender(contract).translated(call, operation_id)


def _refused(arguments: Mapping[str, flatten.Value], found: ImportedOperation, call: Call) -> Refusal | None:
    declared = {one.name for one in found.arguments}
    unknown = tuple(name for name in arguments if name not in declared)
    if unknown:
        told = unknown[0] if len(unknown) == 1 else repr(unknown)
        detail = said("ChatGPT refuses an argument that the imported document does not declare, and sends nothing.")
        return Refusal("unknown", f"UnrecognizedKwargsError: {told}", detail, "C", unknown)
    empty = tuple(one.name for one in found.arguments if one.in_ == "path" and one.name not in arguments)
    if empty:
        message = said("The path %(path)s needs a value for %(names)s.", path=found.path, names=", ".join(empty))
        detail = said("The call was made without one, so there is no address to send it to.")
        return Refusal("unfillable", message, detail, "E", empty)
    if len(call.body) >= LARGEST and len(call.body.decode("utf-8", "replace")) >= LARGEST:
        message = said("The request has %(most)s characters or more.", most=LARGEST)
        return Refusal("too-large", message, said("ChatGPT sends less than 100,000 characters."), "A")
    return None


def _typed(value: flatten.Value, declared: Argument, schemas: Mapping[str, JSON]) -> JSON:
    """A text of the path or the query as the type that a body has it in."""
    if not value.text or declared.in_ != "body":
        return value.value
    pairs = [(declared.name, text) for text in value.texts]
    present, made = compile_parameter(declared.name, "query", declared.schema or {}, schemas).read(pairs)
    return made if present else value.value
