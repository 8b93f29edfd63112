"""OpenAPI 3.0, 3.1 (and, as far as it is the same, 3.2) -> Contract.

Everything a document says is kept: what a contract does not model rides in its ``extra``, so that the full profile
written from it says the same again. What cannot be used is left out and told; it never spoils its neighbours.
"""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.contract import Component, Contract, Server
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs import grammar, pointers
from actionstudio.core.specs.readers import parts
from actionstudio.core.specs.readers.auth import auth_of, inherited, saying
from actionstudio.core.specs.readers.notes import Notes, kind_of, listing, mapping, text
from actionstudio.core.specs.readers.operations import Paths
from actionstudio.core.specs.readers.report import Report, check_depth
from actionstudio.core.specs.readers.schemas import tidy
from actionstudio.core.words import said

type JSON = Any

_OWN = ("openapi", "info", "servers", "tags", "security", "paths", "components")
_LONGEST = {"title": 500, "version": 100, "component": 200, "email": 254}


def claims(doc: JSON) -> bool:
    """Whether this says that it is an OpenAPI document."""
    return isinstance(doc, dict) and "openapi" in doc


def read(doc: JSON) -> Report:
    """The contract that an OpenAPI document describes. Raises Refused when there is nothing to work with."""
    version = _version(doc)
    notes = Notes()
    doc = tidy(doc, notes, old=version.startswith("3.0"))
    if not isinstance(doc.get("paths"), dict):
        raise Refused(_no_paths(doc))
    paths = Paths(doc, notes)
    if paths.found and not paths.operations:
        raise Refused(*notes.problems)
    contract = _contract(doc, paths, notes)
    if not paths.found:
        message = said("This document has no operations yet. Add some, or check that “paths” is right.")
        notes.add("/paths", message, "no-operations")
    _check_streams(doc, notes)
    _check_schemas(doc, notes)
    _check_refs(doc, notes)
    _check_circles(contract.schemas(), notes)
    return Report(contract, f"OpenAPI {version}", notes.problems, paths.found, len(paths.operations))


def _contract(doc: dict[str, JSON], paths: Paths, notes: Notes) -> Contract:
    info = dict(mapping(dict(doc), "info", notes, ""))
    title = _cut(text(info, "title", notes, "/info"), "title", notes) or "Untitled"
    version = _cut(text(info, "version", notes, "/info"), "version", notes) or "1.0.0"
    description = text(info, "description", notes, "/info")
    email = _contact(info)
    components = dict(mapping(dict(doc), "components", notes, ""))
    schemas = _schemas(components, notes)
    kinds = {key: value for key, value in components.items() if isinstance(value, dict) or key.startswith("x-")}
    security = parts.security(dict(doc), notes, "")
    extra = {key: value for key, value in doc.items() if key not in _OWN}
    for key, value in (("info", info), ("components", kinds), ("paths", paths.aside)):
        if value:
            extra[key] = value
    auth = auth_of(kinds.get("securitySchemes"), security, paths.operations)
    return Contract(
        title=title,
        version=version,
        description=description,
        servers=_servers(doc, notes),
        operations=saying(paths.operations, inherited(auth, security)),
        components=schemas,
        tags=_tags(doc, notes),
        security=security,
        auth=auth,
        contact_email=email,
        path_items=paths.items,
        extra=extra,
    )


def _version(doc: JSON) -> str:
    """The version of the document. Raises Refused when it is not an OpenAPI 3 document, saying what it is instead."""
    if not isinstance(doc, dict):
        message = said(
            "An OpenAPI document is an object with “openapi”, “info” and “paths”; this is %(kind)s.", kind=kind_of(doc)
        )
        raise Refused(Problem("", message, "not-openapi"))
    if "openapi" not in doc:
        missing = said(
            "This is not an OpenAPI document: it has no “openapi: 3.1.0”, no “info” and no “paths”. With the format "
            "“auto” it is recognised when it is something else that can be read."
        )
        raise Refused(Problem("", stranger(doc) or missing, "not-openapi"))
    version = str(doc["openapi"])
    if not re.match(r"3\.[012](\D|$)", version):
        message = said(
            "OpenAPI %(version)s is not read; the versions 3.0 and 3.1 are. Put “openapi: 3.1.0” if it is that.",
            version=version[:20],
        )
        raise Refused(Problem("/openapi", message, "openapi-version"))
    check_depth(doc)
    return version[:20]


def stranger(doc: dict[str, JSON]) -> str:
    """What a document of no known format seems to be, with the cure; "" when nothing tells."""
    if "asyncapi" in doc:
        return said("This is an AsyncAPI document. A GPT action needs HTTP operations, which OpenAPI describes.")
    if isinstance(doc.get("paths"), dict):
        return said("This document does not say which OpenAPI it is: add “openapi: 3.1.0” as its first line.")
    if "$schema" in doc or ("properties" in doc and doc.get("type") == "object"):
        return said("This is a JSON Schema. It belongs into “components.schemas” of an OpenAPI document.")
    return ""


def _no_paths(doc: dict[str, JSON]) -> Problem:
    if "paths" not in doc:
        message = said(
            "This document has no “paths”, so it describes nothing that could be called. Add “paths:” with operations."
        )
    else:
        message = said(
            "“paths” must be an object with one entry a path, such as “/todos:”; it is %(kind)s.",
            kind=kind_of(doc["paths"]),
        )
    return Problem("/paths", message, "no-paths")


def _cut(value: str, field: str, notes: Notes) -> str:
    if len(value) <= _LONGEST[field]:
        return value
    if field == "title":
        message = said("The title has at most %(most)s characters; it was cut.", most=_LONGEST[field])
    else:
        message = said("The version has at most %(most)s characters; it was cut.", most=_LONGEST[field])
    notes.add(f"/info/{field}", message, "long")
    return value[: _LONGEST[field]]


def _contact(info: dict[str, JSON]) -> str:
    """Takes the contact's e-mail address out of ``info``."""
    contact = info.get("contact")
    contact = contact if isinstance(contact, dict) else {}
    email = contact.get("email")
    if not isinstance(email, str) or not email or len(email) > _LONGEST["email"]:
        return ""
    info["contact"] = {key: value for key, value in contact.items() if key != "email"}
    if not info["contact"]:
        del info["contact"]
    return email


def _servers(doc: dict[str, JSON], notes: Notes) -> tuple[Server, ...]:
    found = []
    for index, raw in enumerate(listing(dict(doc), "servers", notes, "")):
        if not isinstance(raw, dict) or not isinstance(raw.get("url"), str):
            notes.add(f"/servers/{index}", said("A server needs a “url”; this one was left out."), "server-url")
            continue
        rest = dict(raw)
        found.append(Server(rest.pop("url"), text(rest, "description", notes, f"/servers/{index}"), rest))
    return tuple(found)


def _tags(doc: dict[str, JSON], notes: Notes) -> tuple[dict[str, JSON], ...]:
    found = []
    for index, raw in enumerate(listing(dict(doc), "tags", notes, "")):
        if isinstance(raw, str):
            raw = {"name": raw}
        if isinstance(raw, dict) and isinstance(raw.get("name"), str):
            found.append(raw)
        else:
            notes.add(f"/tags/{index}", said("A tag needs a “name”; this one was left out."), "tag-name")
    return tuple(found)


def _schemas(components: dict[str, JSON], notes: Notes) -> tuple[Component, ...]:
    """Takes the shared schemas out of ``components``, and notes kinds that are not objects."""
    found = []
    for name, schema in mapping(components, "schemas", notes, "/components").items():
        if name and len(name) <= _LONGEST["component"]:
            found.append(Component(name, schema))
        else:
            message = said(
                "The name of a shared schema has 1 to %(most)s characters; it was left out.", most=_LONGEST["component"]
            )
            notes.add(f"/components/schemas/{escape(name[:80])}", message, "long")
    for kind, value in components.items():
        if not isinstance(value, dict) and not kind.startswith("x-"):
            message = said("“%(key)s” must be an object, not %(kind)s; left out.", key=kind, kind=kind_of(value))
            notes.add(f"/components/{kind}", message, "not-an-object")
    return tuple(found)


def _check_streams(doc: JSON, notes: Notes) -> None:
    """Notes answers that come item by item (OpenAPI 3.2, section 4.14.2)."""
    for at, kind, node in grammar.walk("document", doc):
        if kind == "media" and isinstance(node, dict) and "itemSchema" in node:
            message = said("“itemSchema” (OpenAPI 3.2) stays in the document; ChatGPT does not read it.")
            notes.add(f"{at}/itemSchema", message, "openapi-3.2")


def _check_schemas(doc: JSON, notes: Notes) -> None:
    """Notes what is not JSON Schema; such a schema is kept as it is."""
    from actionstudio.core.schemas.validate import check_schema

    for at, kind, node in grammar.walk("document", doc):
        if kind == "schema":
            for inner, message in check_schema(node):
                notes.add(at + inner, said("This is not valid JSON Schema: %(fault)s.", fault=message), "schema")


def _check_refs(doc: JSON, notes: Notes) -> None:
    """Notes references that lead nowhere or out of the document, each once."""
    seen: set[str] = set()
    for at, kind, node in grammar.walk("document", doc):
        for holder in refs.walk(node) if kind == "schema" else (node,):
            ref = parts.reference(holder)
            if not ref or ref in seen:
                continue
            seen.add(ref)
            if not pointers.is_local(ref):
                message = said(
                    "“%(ref)s” points outside this document. Nothing is fetched: bundle the document into one file.",
                    ref=ref,
                )
                notes.add(at, message, "external-ref")
            elif pointers.find(doc, ref) is pointers.MISSING:
                message = said("“%(ref)s” points to something that is not in this document.", ref=ref)
                notes.add(at, message, "unresolved-ref")


def _check_circles(schemas: dict[str, JSON], notes: Notes) -> None:
    """Notes shared schemas that contain themselves: the mock copes with them, ChatGPT does not."""
    circle = refs.find_cycle(schemas)
    if circle:
        shown = circle if len(circle) <= 8 else [*circle[:6], "…", circle[-1]]
        message = said(
            "Shared schemas contain each other: %(way)s. They are kept, but ChatGPT refuses them.",
            way=" → ".join(shown),
        )
        notes.add(f"/components/schemas/{escape(circle[0])}", message, "circular-schemas")
