"""Where an upstream's answer departs from the document: noted in the log, the answer itself is served as it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from actionstudio.core.contract import Header
from actionstudio.core.schemas.coerce import compile_parameter
from actionstudio.core.schemas.validate import SchemaError, compile_validator
from actionstudio.runtime.answers import Answer as Declared
from actionstudio.runtime.answers import departed, noted, undeclared_media
from actionstudio.runtime.forwarding.answer import Answer
from actionstudio.runtime.negotiation import find_media, is_json

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served

MOST = 20  # violations of one answer
_LARGEST = 2 * 1024 * 1024  # bytes of a body that is looked at


class Drift:
    """Compares the answers of one operation with its declared responses."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._headers: dict[str, list[tuple[str, bool, Any, Any]]] = {}
        for response in served.house.resolver.responses(served.operation):
            declared = served.house.resolver.headers(response)
            self._headers[response.status.lower()] = [self._header(header) for header in declared]

    def _header(self, header: Header) -> tuple[str, bool, Any, Any]:
        """Name, whether it must be there, what reads its text, what judges the value read."""
        if header.schema is None:
            return header.name, header.required, None, None
        components = self._served.house.answers
        try:
            style, explode = header.extra.get("style"), header.extra.get("explode")
            reader = compile_parameter(header.name, "header", header.schema, components, style, explode)
            return header.name, header.required, reader, compile_validator(header.schema, components)
        except (SchemaError, RecursionError):
            return header.name, header.required, None, None

    def found(self, answer: Answer, method: str) -> tuple[Mapping[str, Any], ...]:
        """A violation for each way in which the answer is not as declared."""
        declared = self._served.answers.of(str(answer.status))
        if declared is None:
            if answer.status == 304 or not self._served.answers.by_status:
                return ()
            return (departed(["status"], "undeclared-status", f"{answer.status} is not declared"),)
        found = [*self._of_headers(answer, declared)]
        if method != "HEAD" and answer.status not in (204, 304):
            found += self._of_body(answer, declared)
        return tuple(found[:MOST])

    def _of_headers(self, answer: Answer, declared: Declared) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for name, required, reader, validator in self._headers.get(declared.status.lower(), ()):
            if name.lower() == "content-type":
                continue
            value = answer.header(name.lower())
            if not value:
                if required:
                    found.append(departed(["header", name], "required", "is declared as required and was not sent"))
            elif validator is not None:
                read = reader.read(value)[1]
                found += [noted(one, "header", "response", name) for one in validator.violations(read)]
        return found

    def _of_body(self, answer: Answer, declared: Declared) -> list[Mapping[str, Any]]:
        kind = answer.header("content-type")
        if not declared.choices:
            return [departed(["body"], "undeclared-body", "a body came where none is declared")] if answer.body else []
        index = find_media(kind, declared.offered) if kind else None
        if index is None:
            if not answer.body:
                return [departed(["body"], "missing", "no body came where one is declared")]
            return [undeclared_media(kind)]
        if answer.read is None or len(answer.read) > _LARGEST:
            return []
        choice = declared.choices[index]
        if not is_json(kind):
            text = answer.read.decode("utf-8", "replace") if kind.lower().startswith("text/") else None
            return [] if text is None else [*choice.violations(text)]
        try:
            value = orjson.loads(answer.read)
        except orjson.JSONDecodeError:
            return [departed(["body"], "not-json", "the body is no JSON although its media type says so")]
        return [*choice.violations(value)]
