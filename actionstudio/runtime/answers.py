"""The declared responses of one operation, compiled: which one, in which media type, with which body and headers.

Bodies that depend only on the contract are made once and validated then; a violation rides with the answer into the
log, it never keeps the answer back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

import orjson

from actionstudio.core.contract import Example, Header, Media, Response
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError, Violation, compile_validator
from actionstudio.core.schemas.wire import write_parameter
from actionstudio.runtime import encoding, replies
from actionstudio.runtime.negotiation import choose, is_json
from actionstudio.runtime.replies import Prepared

_KEPT = 64
_HEAVY = 100  # shared schemas
_UNMADE = object()
_making = threading.Lock()


class Unmade(Exception):
    """What this answer needs has yet to be compiled, which in a large document takes too long for the event loop."""


def slowly() -> None:
    """Raises Unmade when this is the event loop's own thread: the caller asks again from another one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise Unmade


class Choice:
    """One media type of one response. ``declared`` is its schema with what answers do not show (writeOnly)."""

    __slots__ = ("_components", "_kept", "_sampler", "_validator", "declared", "examples", "media_type", "schema")

    def __init__(self, media: Media, components: Mapping[str, Any], schema: Any) -> None:
        self.media_type = media.media_type
        self.schema = schema
        self.declared = media.schema
        self._components = components
        self._sampler: Any = _UNMADE
        self._validator: Any = _UNMADE
        self._kept = False
        self.examples = tuple(example for example in media.examples if "externalValue" not in example.extra)

    def example(self, key: str | None) -> Example | None:
        """The example of that key; None asks for the first."""
        if key is None:
            return self.examples[0] if self.examples else None
        return next((example for example in self.examples if example.key == key), None)

    def generated(self, seed: int | str) -> Any:
        """A valid value made from the schema; {} for JSON and "" for the rest when there is no usable schema."""
        sampler = self._sampler
        if sampler is _UNMADE:
            slowly()
            with _making:
                sampler = self._sampler
                if sampler is _UNMADE:
                    sampler = self._sampler = self._compile(compile_sampler)
        if sampler is None:
            return {} if is_json(self.media_type) else ""
        return sampler.sample(seed)

    def body(self, value: Any) -> bytes:
        return encoding.body(self.media_type, value, self.schema, self._components)

    def settled(self, value: Any) -> Any:
        """An example of a JSON answer written as JSON text is that JSON, unless the schema wants the text."""
        if not isinstance(value, str) or not is_json(self.media_type) or value.strip()[:1] not in ("{", "["):
            return value
        try:
            parsed = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
        checker = self.validator()
        return value if checker is not None and checker.ok(value) else parsed

    def validator(self) -> Any:
        checker = self._validator
        if checker is _UNMADE:
            if self.schema is not None:
                slowly()
            checker = self._validator = self._compile(compile_validator)
        return checker

    def forget(self) -> None:
        """What checks and makes values of a schema with hundreds of others behind it weighs megabytes: once the answer
        is made it goes."""
        if self.schema is not None and not self._kept and len(refs.reachable(self.schema, self._components)) > _HEAVY:
            self._sampler = self._validator = _UNMADE

    def warm(self) -> None:
        """Compiles what answers may need and keeps it: an answer that counts or changes something is never begun
        twice, so it must not be Unmade half-way."""
        self._kept = True
        self._sampler, self._validator = self._compile(compile_sampler), self._compile(compile_validator)

    def violations(self, value: Any) -> tuple[dict[str, Any], ...]:
        """What is wrong with a body of ours. Only what schemas speak about is checked: JSON, and texts."""
        checker = self.validator()
        if checker is None or not (is_json(self.media_type) or isinstance(value, str)) or checker.ok(value):
            return ()
        return tuple(noted(found, "body", "response") for found in checker.violations(value))

    def _compile(self, compiler: Any) -> Any:
        if self.schema is None:
            return None
        try:
            return compiler(self.schema, self._components)
        except (SchemaError, Unsatisfiable, RecursionError):
            return None


class Answer:
    """One declared response."""

    def __init__(self, response: Response, choices: list[Choice], headers: list[tuple[Header, Any]]) -> None:
        self.status = response.status
        self.choices = choices
        self.offered = [choice.media_type for choice in choices]
        self._headers = headers
        self._made: dict[tuple, Prepared] = {}
        self._head: list[tuple[str, str]] | None = None

    @property
    def code(self) -> int:
        """The status to send when nobody asks for another: 2XX is 200, default 200."""
        if self.status.isdigit():
            return int(self.status)
        return int(self.status[0]) * 100 if self.status[:1].isdigit() else 200

    def accepts(self, accept: str) -> int | None:
        """The index of the choice for an Accept header; None when there is none the caller can read."""
        return choose(accept, self.offered)

    def has_example(self, key: str) -> bool:
        return any(choice.example(key) is not None for choice in self.choices)

    def static(self, code: int, index: int, key: str | None, seed: int, extra: tuple[tuple[str, str], ...]) -> Prepared:
        """An answer from the examples, else generated once: made on first use and kept."""
        place = (code, index, key, seed, extra)
        made = self._made.get(place)
        if made is None:
            made = self._static(code, index, key, seed, extra)
            if len(self._made) < _KEPT:
                self._made[place] = made
        return made

    def _static(self, code: int, index: int, key: str | None, seed: int, extra: tuple) -> Prepared:
        if not self.choices:
            return self._prepared(code, "", b"", extra, "no body", ())
        choice = self.choices[index]
        example = choice.example(key)
        if example is None:
            made = self.generated(code, index, seed, extra, checked=True)
        else:
            value = choice.settled(example.value)
            said = f"example “{example.key}”" if example.key else "the example"
            made = self._send(code, choice, value, extra, said, choice.violations(value))
        choice.forget()
        return made

    def generated(
        self, code: int, index: int, seed: int | str, extra: tuple[tuple[str, str], ...], checked: bool = False
    ) -> Prepared:
        """An answer made from the schema. The sampler checks its values, so only static ones are checked again."""
        if not self.choices:
            return self._prepared(code, "", b"", extra, "no body", ())
        choice = self.choices[index]
        value = choice.generated(seed)
        return self._send(code, choice, value, extra, "generated", choice.violations(value) if checked else ())

    @property
    def header_names(self) -> list[str]:
        """The names of the declared headers, in lower case."""
        return [header.name.lower() for header, _ in self._headers]

    def filled(
        self,
        code: int,
        index: int,
        value: Any,
        extra: tuple[tuple[str, str], ...],
        said: str,
        notes: Mapping[str, Any],
        without: frozenset[str] = frozenset(),
    ) -> Prepared:
        """An answer with a value of the caller's, checked against the schema. ``extra`` headers stand in the place of
        declared ones of the same name; those in ``without`` (lower case) are not filled from the document."""
        choice = self.choices[index]
        kind = encoding.content_type(choice.media_type, value)
        without |= {name.lower() for name, _ in extra}
        head = tuple(pair for pair in self.head() if pair[0].lower() not in without)
        words = f"{self.status}, {kind}, {said}"
        body, found = choice.body(value), choice.violations(value)
        return replies.mock(code, kind, body, (*head, *extra), {"response": words, **notes}, found)

    def _send(self, code: int, choice: Choice, value: Any, extra: tuple, said: str, violations: tuple) -> Prepared:
        kind = encoding.content_type(choice.media_type, value)
        return self._prepared(code, kind, choice.body(value), extra, said, violations)

    def _prepared(
        self, code: int, kind: str, body: bytes, extra: tuple, said: str, violations: tuple[dict[str, Any], ...]
    ) -> Prepared:
        words = f"{self.status}{f', {kind}' if kind else ''}, {said}"
        return replies.mock(code, kind, body, (*self.head(), *extra), {"response": words}, violations)

    def head(self) -> list[tuple[str, str]]:
        """The declared headers with their values."""
        if self._head is None:
            self._head = [pair for header, schema in self._headers for pair in _filled(header, schema)]
        return self._head


def _filled(header: Header, made: Any) -> list[tuple[str, str]]:
    """A declared header with its example's value, else one made from its schema; an optional one without either is
    left out."""
    if header.name.lower() == "content-type":
        return []
    if header.examples:
        value = header.examples[0].value
    else:
        value = made()
    if value is None:
        return []
    style, explode = header.extra.get("style"), header.extra.get("explode")
    text = value if isinstance(value, str) else write_parameter(header.name, "header", style, explode, value)
    return [(header.name, str(text))]


def header_maker(header: Header, components: Mapping[str, Any]) -> Any:
    """Makes the value of a declared header from its schema."""

    def made() -> Any:
        schema = header.schema
        if schema is None:
            return "" if header.required else None
        try:
            return compile_sampler(schema, components).sample(header.name)
        except (SchemaError, Unsatisfiable, RecursionError):
            return None

    return made


def noted(found: Violation, place: str, side: str, name: str = "") -> dict[str, Any]:
    """A violation as the log keeps it and problem+json tells it."""
    start = (place, name) if name else (place,)
    return {
        "location": [*start, *found.location],
        "severity": "error",
        "code": found.code,
        "message": found.message,
        "side": side,
    }


def departed(location: list[str], code: str, message: str) -> Mapping[str, Any]:
    """An answer that is not as declared, apart from its schema."""
    return {"location": location, "severity": "warning", "code": code, "message": message, "side": "response"}


def undeclared_media(kind: str) -> Mapping[str, Any]:
    said = f"{kind} is not declared" if kind else "the answer names no media type"
    return departed(["header", "Content-Type"], "undeclared-media-type", said)


class Answers:
    """All declared responses of an operation."""

    def __init__(self, answers: list[Answer]) -> None:
        self.by_status = {answer.status.lower(): answer for answer in answers}
        codes = sorted(answer for answer in self.by_status if answer.isdigit())
        good = [code for code in codes if code.startswith("2")]
        first = good[:1] + [key for key in ("2xx", "default") if key in self.by_status] + codes[:1]
        first = first or list(self.by_status)[:1]
        self.usual: Answer | None = self.by_status[first[0]] if first else None

    def warm(self) -> None:
        for answer in self.by_status.values():
            for choice in answer.choices:
                choice.warm()

    def of(self, code: str) -> Answer | None:
        """The response for a status: its own, else its range, else ``default``."""
        return self.by_status.get(code.lower()) or self.by_status.get(f"{code[:1]}xx") or self.by_status.get("default")

    def failure(self, *codes: str) -> tuple[Answer | None, int]:
        """The declared response for a refused call: the first of ``codes``, else 4XX, else default; and its status."""
        for code in codes:
            if code in self.by_status:
                return self.by_status[code], int(code)
        answer = self.by_status.get("4xx") or self.by_status.get("default")
        return answer, int(codes[0])
