"""What a document says and the model never gets: the difference between a contract and its namespace, by kind.

The model sees the operations' names, one text each, the arguments with their types and top-level descriptions, and the
shape of the 200 (core/specs/typescript.py; rules TS-05 to TS-10 in docs/chatgpt-rules.md). All else is listed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.arguments import Encode, Move, Step
from actionstudio.core.contract import Contract, Media, Operation, Parameter
from actionstudio.core.importer.repair import Place
from actionstudio.core.lint.look import Look
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs import gpt, told, typescript
from actionstudio.core.words import Said, said

type JSON = Any
type Found = tuple[str, str, str]  # kind, pointer, what is lost there

SHOWN = 40  # places that a loss names; all of them are counted
KINDS: dict[str, tuple[Said, Said]] = {
    "operations": (said("Hidden operations"), said("Endpoints that are hidden from GPT or have a method it lacks.")),
    "parameters": (said("Header and cookie parameters"), said("ChatGPT sends none of its own.")),
    "bodies": (said("Bodies that are not JSON"), said("The model can fill in JSON only.")),
    "descriptions": (
        said("Descriptions inside schemas"),
        said("Only the arguments at the top are described. Say what matters in them, or in the operation's text."),
    ),
    "answers": (said("Shapes of answers"), said("Only a 200 that is a JSON object is shown; of all else: any.")),
    "answer-texts": (said("Descriptions of answers"), said("Texts and headers of answers, errors among them.")),
    "formats": (said("Formats"), said("An email or a date is a string to the model; say so in its description.")),
    "limits": (said("Limits and patterns"), said("Lengths, ranges and patterns: say in words what must be kept.")),
    "defaults": (said("Defaults inside objects"), said("Only the arguments at the top show theirs.")),
    "examples": (said("Examples"), said("Put one into the description where the model needs it.")),
    "summaries": (
        said("Summaries beside a description"),
        said("The description is shown; which comes first is a guess."),
    ),
    "marks": (said("Titles and marks"), said("Titles of schemas, deprecated, readOnly, writeOnly, discriminators.")),
    "about": (said("About the document"), said("Title, version, description, links: nothing of it is shown.")),
    "tags": (said("Tags"), said("Operations come without their groups.")),
    "security": (said("Sign-in"), said("Credentials are ChatGPT's business; the model knows nothing of them.")),
    "paths": (said("Paths and methods"), said("The model calls operations by name alone.")),
}
_LIMITS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
)  # fmt: skip
_MARKS = ("title", "deprecated", "readOnly", "writeOnly", "discriminator", "externalDocs", "xml")
_PLAIN = {
    "type",
    "properties",
    "required",
    "items",
    "$ref",
    "enum",
    "const",
} | refs.LISTS  # nothing in these is ever lost
_ABOUT = ("summary", "termsOfService", "contact", "license")


@dataclass(frozen=True, slots=True)
class Where:
    """One place: its pointer in the whole document, and the beginning of what is lost there."""

    pointer: str
    text: str


@dataclass(slots=True)
class Loss:
    """Everything of one kind (KINDS): how often, and the first SHOWN places."""

    kind: str
    count: int = 0
    places: list[Where] = field(default_factory=list)

    @property
    def title(self) -> Said:
        """What is lost, in a few words."""
        return KINDS[self.kind][0]

    @property
    def why(self) -> Said:
        """Why, or what to do about it."""
        return KINDS[self.kind][1]


def lost(contract: Contract, steps: Mapping[Place, tuple[Step, ...]] | None = None) -> list[Loss]:
    """The losses of a contract in the order of KINDS. ``steps`` (core/arguments.py) are the GPT profile's by operation:
    what they bring to the model after all is not lost."""
    losses = {kind: Loss(kind) for kind in KINDS}
    for kind, pointer, text in _Search(contract, steps or {}).everything():
        loss = losses[kind]
        loss.count += 1
        if len(loss.places) < SHOWN:
            loss.places.append(Where(pointer, _brief(text)))
    return [loss for loss in losses.values() if loss.count]


def _brief(text: str) -> str:
    words = " ".join(text[:200].split())
    return words if len(words) <= 100 else words[:99] + "…"


class _Search:
    def __init__(self, contract: Contract, steps: Mapping[Place, tuple[Step, ...]]) -> None:
        self.contract = contract
        self.steps = steps
        self.look = Look(contract)
        self.resolver = self.look.resolver
        self.told = told.pointers(self.look)

    def everything(self) -> Iterator[Found]:
        yield from self.about()
        for op in self.contract.operations:
            if not op.exposed or op.method not in gpt.VERBS:
                yield "operations", op.pointer, f"{op.method} {op.path}"
        for op in self.look.operations:
            yield from self.operation(op)
            yield from self.asked(op)
            yield from self.answered(op)
            yield from self.schemas(self.of(op))
        yield from self.schemas(self.look.shared(self.look.used))

    def about(self) -> Iterator[Found]:
        contract = self.contract
        info = contract.extra.get("info")
        info = info if isinstance(info, dict) else {}
        texts = {"title": contract.title, "version": contract.version, "description": contract.description}
        for name, value in {**texts, **{name: info.get(name) for name in _ABOUT}}.items():
            if value:
                yield "about", f"/info/{name}", value if isinstance(value, str) else name
        if "externalDocs" in contract.extra:
            yield "about", "/externalDocs", "externalDocs"
        for index, tag in enumerate(contract.tags):
            yield "tags", f"/tags/{index}", str(tag.get("name", ""))

    def operation(self, op: Operation) -> Iterator[Found]:
        yield "paths", op.pointer, f"{op.method} {op.path}"
        if op.summary.strip() and op.description.strip():
            yield "summaries", f"{op.pointer}/summary", op.summary
        if op.deprecated:
            yield "marks", f"{op.pointer}/deprecated", "deprecated"
        if op.tags:
            yield "tags", f"{op.pointer}/tags", ", ".join(op.tags)
        if "externalDocs" in op.extra:
            yield "marks", f"{op.pointer}/externalDocs", "externalDocs"
        if self.resolver.security(op):
            names = (name for item in self.resolver.security(op) for name in item)
            yield "security", f"{op.pointer}/security", ", ".join(dict.fromkeys(names))

    def asked(self, op: Operation) -> Iterator[Found]:
        steps = self.steps.get((op.method, op.path), ())
        brought = {(step.in_, step.to) for step in steps if isinstance(step, Move)}
        for pointer, parameter in self.look.parameters(op):
            if parameter.in_ in ("header", "cookie") and (parameter.in_, parameter.name) not in brought:
                yield "parameters", pointer, parameter.name
            yield from self.examples(pointer, parameter)
            if parameter.deprecated:
                yield "marks", f"{pointer}/deprecated", parameter.name
        body = self.resolver.body(op)
        if body is None:
            return
        if body.description.strip():
            yield "descriptions", f"{op.pointer}/requestBody/description", body.description
        taken = typescript.json_media(body.content)
        for media in body.content:
            at = f"{op.pointer}/requestBody/content/{escape(media.media_type)}"
            if media is not taken and not any(isinstance(step, Encode) for step in steps):
                yield "bodies", at, media.media_type
            yield from self.examples(at, media)

    def answered(self, op: Operation) -> Iterator[Found]:
        for response in self.resolver.responses(op):
            at = f"{op.pointer}/responses/{response.status}"
            if response.description.strip():
                yield "answer-texts", f"{at}/description", response.description
            for header in response.headers:
                yield "answer-texts", f"{at}/headers/{escape(header.name)}", header.name
            shown = typescript.result_media(self.resolver, response)
            for media in response.content:
                inside = f"{at}/content/{escape(media.media_type)}"
                if media.schema is not None and media is not shown:
                    yield "answers", f"{inside}/schema", f"{response.status} {media.media_type}"
                yield from self.examples(inside, media)

    def examples(self, pointer: str, holder: Parameter | Media) -> Iterator[Found]:
        for example in holder.examples:
            at = f"{pointer}/examples/{escape(example.key)}" if example.key else f"{pointer}/example"
            yield "examples", at, example.summary or _value(example.value)

    def of(self, op: Operation) -> Iterator[tuple[str, JSON]]:
        """The schemas that stand in an operation itself, unless it shares them with others."""
        yield from self.look.asked(op)
        yield from self.look.answered(op)

    def schemas(self, found: Iterator[tuple[str, JSON]]) -> Iterator[Found]:
        for pointer, node in self.look.nodes(found):
            if set(node) <= _PLAIN:
                continue
            text = node.get("description")
            if isinstance(text, str) and text.strip() and f"{pointer}/description" not in self.told:
                yield "descriptions", f"{pointer}/description", text
            if isinstance(node.get("format"), str):
                yield "formats", f"{pointer}/format", node["format"]
            for name in _LIMITS:
                if name in node:
                    yield "limits", f"{pointer}/{name}", f"{name} {_value(node[name])}"
            if "default" in node and f"{pointer}/default" not in self.told:
                yield "defaults", f"{pointer}/default", _value(node["default"])
            for name in ("example", "examples"):
                if name in node:
                    yield "examples", f"{pointer}/{name}", _value(node[name])
            for name in _MARKS:
                if node.get(name):
                    yield "marks", f"{pointer}/{name}", f"{name} {_value(node[name])}"


def _value(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
