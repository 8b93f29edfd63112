"""Swagger 2.0 (OpenAPI Specification 2.0, 2014) -> Contract, by way of the OpenAPI 3.0 document that says the same.

Everything that OpenAPI 3 can say is carried over; what it cannot say stays as an extension or is told. Pointers of
what was noticed are those of the Swagger document.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs.grammar import VERBS
from actionstudio.core.specs.readers import openapi, swagger2_security
from actionstudio.core.specs.readers.notes import Notes, kind_of
from actionstudio.core.specs.readers.origins import Origins
from actionstudio.core.specs.readers.report import Report, check_depth
from actionstudio.core.specs.readers.swagger2_parts import Parts
from actionstudio.core.words import said

type JSON = Any

_OWN = (
    "swagger", "info", "host", "basePath", "schemes", "consumes", "produces", "paths", "definitions", "parameters",
    "responses", "securityDefinitions", "security", "tags",
)  # fmt: skip
_DEFAULT = ("application/json",)


def claims(doc: JSON) -> bool:
    """Whether this says that it is a Swagger document."""
    return isinstance(doc, dict) and "swagger" in doc


def read(doc: JSON) -> Report:
    """The contract that a Swagger 2.0 document describes. Raises Refused when there is nothing to work with."""
    version = _version(doc)
    notes, origins = Notes(), Origins()
    made = _Document(doc, notes, origins).document()
    try:
        report = openapi.read(made)
    except Refused as refused:
        raise Refused(*notes.problems, *(origins.back(problem) for problem in refused.problems)) from None
    problems = dict.fromkeys((*notes.problems, *(origins.back(problem) for problem in report.problems)))
    return dataclasses.replace(report, format=f"Swagger {version}", problems=tuple(problems))


def _version(doc: JSON) -> str:
    if not claims(doc):
        message = said("This is not a Swagger document: the line “swagger: '2.0'” is missing.")
        raise Refused(Problem("", message, "not-swagger"))
    version = str(doc["swagger"])[:10]
    if version not in ("2.0", "2"):
        message = said(
            "Swagger %(version)s is not read; 2.0 is, and OpenAPI 3. Convert it first, or write “swagger: '2.0'” if "
            "it is that.",
            version=version,
        )
        raise Refused(Problem("/swagger", message, "swagger-version"))
    check_depth(doc)
    return "2.0"


class _Document:
    """One Swagger document, on its way to OpenAPI 3.0."""

    def __init__(self, doc: dict[str, JSON], notes: Notes, origins: Origins) -> None:
        self.doc, self.notes, self.origins = doc, notes, origins
        self.consumes = self._types(doc, "consumes", "") or _DEFAULT
        self.produces = self._types(doc, "produces", "") or _DEFAULT
        self.parts = Parts(doc, notes, origins)

    def document(self) -> dict[str, JSON]:
        """The whole of it."""
        doc = self.doc
        out: dict[str, JSON] = {"openapi": "3.0.3", "info": doc.get("info", {})}
        servers = self._servers(doc, "")
        if servers:
            out["servers"] = servers
        out |= {key: doc[key] for key in ("tags", "security") if key in doc}
        if "paths" in doc:
            paths = doc["paths"]
            out["paths"] = (
                {path: self._path(path, item) for path, item in paths.items()} if isinstance(paths, dict) else paths
            )
        components = self._components()
        if components:
            out["components"] = components
        return out | {key: value for key, value in doc.items() if key not in _OWN}

    def _types(self, holder: dict[str, JSON], key: str, at: str) -> tuple[str, ...]:
        """``consumes`` or ``produces``: media types, each once. Some write a single text."""
        raw = holder.get(key)
        raw = [raw] if isinstance(raw, str) else raw
        if raw is None:
            return ()
        if not isinstance(raw, list):
            message = said("“%(key)s” must be a list, not %(kind)s; it was left out.", key=key, kind=kind_of(raw))
            self.notes.add(f"{at}/{key}", message, "not-a-list")
            return ()
        return tuple(dict.fromkeys(item for item in raw if isinstance(item, str) and item))

    def _servers(self, holder: dict[str, JSON], at: str) -> list[JSON]:
        """Host, base path and schemes as URLs. Without a host the base path is relative to where the document is."""
        self.origins.note("/servers", "/host")
        host, base = self.doc.get("host"), self.doc.get("basePath")
        base = base if isinstance(base, str) else ""
        base = f"/{base.strip('/')}" if base.strip("/") else ""
        if not isinstance(host, str) or not host.strip():
            return [{"url": base}] if base else []
        host = host.strip().rstrip("/")
        if "://" in host:
            message = said("“host” is a name without “https://”; it was read as one.")
            self.notes.add("/host", message, "host")
            host = host.partition("://")[2]
        schemes = self._types(holder, "schemes", at)
        if not schemes:
            message = said("The document names no scheme; https was taken. Write “schemes: [https]”.")
            self.notes.add("/schemes", message, "schemes")
        known = [scheme.lower() for scheme in schemes if scheme.lower() in ("http", "https")]
        known.sort(key=lambda scheme: scheme != "https")
        if schemes and len(known) < len(schemes):
            message = said("Only http and https are called; other schemes were left out.")
            self.notes.add(f"{at}/schemes", message, "schemes")
        return [{"url": f"{scheme}://{host}{base}"} for scheme in dict.fromkeys(known or ["https"])]

    def _path(self, path: str, item: JSON) -> JSON:
        if path.startswith("x-") or not isinstance(item, dict):
            return item
        at = f"/paths/{escape(path)}"
        shared = item.get("parameters")
        plain, payload = self.parts.parameters(shared, f"{at}/parameters", f"{at}/parameters")
        out: dict[str, JSON] = {}
        for key, value in item.items():
            if key == "parameters":
                if plain:
                    out[key] = plain
            elif key.lower() in VERBS:
                out[key] = self._operation(value, payload, f"{at}/{key}")
            else:
                out[key] = value
        return out

    def _operation(self, raw: JSON, shared: list[tuple[JSON, str]], at: str) -> JSON:
        if not isinstance(raw, dict):
            return raw
        out = {
            key: value
            for key, value in raw.items()
            if key not in ("consumes", "produces", "schemes", "parameters", "responses")
        }
        consumes = self._types(raw, "consumes", at) or self.consumes
        produces = self._types(raw, "produces", at) or self.produces
        plain, payload = self.parts.parameters(raw.get("parameters"), f"{at}/parameters", f"{at}/parameters")
        if plain:
            out["parameters"] = plain
        body = self.parts.body(_overridden(shared, payload), consumes, f"{at}/requestBody", at)
        if body is not None:
            out["requestBody"] = body
        if "responses" in raw:
            out["responses"] = self.parts.responses(raw["responses"], produces, f"{at}/responses")
        if "schemes" in raw and self._types(raw, "schemes", at) != self._types(self.doc, "schemes", ""):
            servers = self._servers(raw, at)
            if servers:
                out["servers"] = servers
        return out

    def _components(self) -> dict[str, JSON]:
        schemes = swagger2_security.schemes(self.doc.get("securityDefinitions"), self.notes)
        found = {
            "schemas": self.parts.schemas(),
            "parameters": self.parts.shared_parameters(),
            "requestBodies": self.parts.shared_bodies(self.consumes),
            "responses": self.parts.shared_responses(self.produces),
            "securitySchemes": schemes,
        }
        self.origins.note("/components/securitySchemes", "/securityDefinitions")
        return {kind: values for kind, values in found.items() if values}


def _overridden(shared: list[tuple[JSON, str]], own: list[tuple[JSON, str]]) -> list[tuple[JSON, str]]:
    """The body and form parameters of the path, those of the operation in their place."""
    named = [(item.get("in"), item.get("name")) for item, _at in own]
    whole = any(item.get("in") == "body" for item, _at in own)
    kept = [
        (item, at)
        for item, at in shared
        if (item.get("in"), item.get("name")) not in named and not (whole and item.get("in") == "body")
    ]
    return [*kept, *own]
