"""A sample of an answer in JSON -> Contract with one GET operation that answers it, its schema inferred."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.infer import infer
from actionstudio.core.specs.readers import openapi, secrets
from actionstudio.core.specs.readers.counting import Counted
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.specs.readers.report import Report, check_depth
from actionstudio.core.words import said

type JSON = Any

_SINGLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}")
_KINDS = ("object", "@type", "resourceType")  # where answers of many APIs say what they are
_LISTS = frozenset(("list", "collection", "object", "page"))  # that say no more than that there are several, or one
_BESIDE = re.compile(  # what stands beside the list in an answer of many pages, as secrets.plain() writes it
    r"(total|count|page|paging|pagination|next|prev|has|per)[a-z]*|[a-z]*(count|cursor|token|id)|size|length|limit|offset"
    r"|start|skip|first|last|links|meta|metadata|self|href|url|object|kind|type|etag|ok|success|status|code|message"
    r"|errors?|version|apiversion"
)


def claims(doc: JSON) -> bool:
    """Whether this can be an answer: an object or a list with something in it, and no document of another kind."""
    if isinstance(doc, list):
        return bool(doc)
    return isinstance(doc, dict) and bool(doc) and not openapi.stranger(doc)


def read(doc: JSON) -> Report:
    """One operation that answers ``doc``. Raises Refused when there is nothing in it."""
    if not isinstance(doc, dict | list) or not doc:
        message = said("A sample answer is a JSON object or a list with something in it.")
        raise Refused(Problem("", message, "no-sample"))
    check_depth(doc)
    notes = Notes()
    counted = Counted()
    counted.value(doc)
    example: JSON = secrets.cleaned(doc)
    if example != doc:
        message = said("What looked like a credential in the sample was replaced by %(stars)s.", stars=secrets.HIDDEN)
        notes.add("", message, "credential")
    name = _name(doc)
    message = said(
        "The path was made up: GET /%(name)s. Change it, and add parameters, on the endpoint's page.", name=name
    )
    notes.add("", message, "path-made")
    answer = {"schema": infer([example]), "example": example}
    operation = {
        "operationId": f"get_{name}",
        "summary": f"GET /{name}",
        "responses": {"200": {"description": "OK", "content": {"application/json": answer}}},
    }
    made = {
        "openapi": "3.1.0",
        "info": {"title": name.replace("_", " ").capitalize(), "version": "1.0.0"},
        "paths": {f"/{name}": {"get": operation}},
    }
    report = openapi.read(made)
    return dataclasses.replace(
        report, format="JSON", problems=(*notes.problems, *report.problems), secrets=counted.count
    )


def _name(doc: JSON) -> str:
    """A name for what the sample is: what the answer says it is, or its list when the rest only counts and turns pages,
    or the only thing in it; else ``items`` for a list and ``item`` for an object. A list among other data is a part of
    the whole and no name for it."""
    if isinstance(doc, list):
        return "items"
    said_to_be = next((doc[key] for key in _KINDS if isinstance(doc.get(key), str)), "")
    if _SINGLE.fullmatch(said_to_be) and said_to_be.lower() not in _LISTS:
        return _as_name(said_to_be)
    telling = [key for key in doc if not _BESIDE.fullmatch(secrets.plain(key)) and not secrets.is_secret(key)]
    if len(telling) == 1 and isinstance(doc[telling[0]], list | dict) and _SINGLE.fullmatch(telling[0]):
        return _as_name(telling[0])
    return "item"


def _as_name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
