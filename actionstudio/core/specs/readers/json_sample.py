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
    """A name for what the sample is: its only list or object, or ``items`` and ``item``."""
    if isinstance(doc, list):
        return "items"
    inner = [key for key, value in doc.items() if isinstance(value, list | dict) and _SINGLE.fullmatch(key)]
    lists = [key for key in inner if isinstance(doc[key], list)]
    for keys in (lists, inner if len(doc) == 1 else []):
        if len(keys) == 1:
            return re.sub(r"[^a-z0-9]+", "_", keys[0].lower()).strip("_")
    return "item"
