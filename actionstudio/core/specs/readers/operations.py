"""The paths of an OpenAPI 3.1 document -> operations of a contract (OpenAPI 3.1.0, sections 4.8.8 to 4.8.10)."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from actionstudio.core.contract import Operation, Parameter
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs import pointers
from actionstudio.core.specs.grammar import VERBS
from actionstudio.core.specs.readers import parts
from actionstudio.core.specs.readers.notes import Notes, flag, kind_of, listing, text
from actionstudio.core.words import said

type JSON = Any

CONSEQUENTIAL = "x-openai-isConsequential"
_TEMPLATES = re.compile(r"(?:[^{}]|\{[^{}/]+\})*")
_NAMES = re.compile(r"\{([^{}/]+)\}")
LONGEST_PATH, LONGEST_ID = 2000, 500


class Paths:
    """The ``paths`` of one document, read. ``items`` keeps what stands beside the methods, ``aside`` the extensions."""

    def __init__(self, document: dict[str, JSON], notes: Notes) -> None:
        self.document = document
        self.notes = notes
        self.operations: list[Operation] = []
        self.items: dict[str, JSON] = {}
        self.aside: dict[str, JSON] = {}
        self.found = 0
        self._ids: set[str] = set()
        for path, item in document["paths"].items():
            if path.startswith("x-"):
                self.aside[path] = item
            else:
                self._item(path, item)
        self.operations = _renamed(self.operations, notes)

    def _item(self, path: str, raw: JSON) -> None:
        at = f"/paths/{escape(path)}"
        item = self._followed(raw, at)
        if item is None:
            return
        verbs = [key for key in item if key.lower() in VERBS]
        self.found += len(verbs) + self._of_tomorrow(item, at)
        fault = path_fault(path)
        if fault:
            message = said("%(fault)s It was left out, with all that stands under it.", fault=fault)
            self.notes.add(at, message, "path")
            return
        seen: set[str] = set()
        for verb in verbs:
            made = self._operation(verb.upper(), path, item[verb], f"{at}/{verb}")
            if made is not None and verb.lower() not in seen:
                seen.add(verb.lower())
                self.operations.append(made)
        beside = {key: value for key, value in item.items() if key not in verbs}
        if beside or not verbs:
            self.items[path] = beside

    def _of_tomorrow(self, item: dict[str, JSON], at: str) -> int:
        """Counts and tells operations that only OpenAPI 3.2 knows (section 4.9.1); they stay beside the methods."""
        more = item.get("additionalOperations")
        names = [f"{at}/query"] if isinstance(item.get("query"), dict) else []
        names += [f"{at}/additionalOperations/{escape(name)}" for name in (more if isinstance(more, dict) else ())]
        for where in names:
            message = said(
                "%(method)s is a method that only OpenAPI 3.2 knows: it stays in the document, but neither the mock "
                "nor ChatGPT calls it.",
                method=where.rpartition("/")[2].upper(),
            )
            self.notes.add(where, message, "openapi-3.2")
        return len(names)

    def _followed(self, raw: JSON, at: str) -> dict[str, JSON] | None:
        """A path item, its own ``$ref`` taken in. None when there is nothing to read."""
        if raw is None:
            return {}
        ref = parts.reference(raw)
        if ref:
            target = pointers.find(self.document, ref)
            if not isinstance(target, dict) or parts.reference(target):
                message = said("“%(ref)s” could not be followed; the path was left out.", ref=ref)
                self.notes.add(at, message, "unresolved-ref")
                return None
            return {**target, **{key: value for key, value in raw.items() if key != "$ref"}}
        if not isinstance(raw, dict):
            message = said("A path must hold an object, not %(kind)s; it was left out.", kind=kind_of(raw))
            self.notes.add(at, message, "not-an-object")
            return None
        return raw

    def _operation(self, method: str, path: str, raw: JSON, at: str) -> Operation | None:
        if not isinstance(raw, dict):
            message = said(
                "%(op)s must be an object, not %(kind)s; it was left out.", op=f"{method} {path}", kind=kind_of(raw)
            )
            self.notes.add(at, message, "not-an-object")
            return None
        notes, rest = self.notes, dict(raw)
        name = text(rest, "operationId", notes, at)
        if len(name) > LONGEST_ID:
            message = said("An operation's name has at most %(most)s characters; left out.", most=LONGEST_ID)
            notes.add(f"{at}/operationId", message, "long")
            name = ""
        summary, description = text(rest, "summary", notes, at), text(rest, "description", notes, at)
        answers, aside = parts.responses(rest.pop("responses", None), notes, f"{at}/responses")
        made = Operation(
            method,
            path,
            name,
            summary,
            description,
            parts.tags(rest, notes, at),
            flag(rest, "deprecated", notes, at) or False,
            flag(rest, CONSEQUENTIAL, notes, at),
            parameters=self._parameters(listing(rest, "parameters", notes, at), f"{at}/parameters"),
            body=parts.body(rest.pop("requestBody", None), notes, f"{at}/requestBody"),
            responses=answers,
            security=parts.security(rest, notes, at),
        )
        return dataclasses.replace(made, extra={**rest, "responses": aside} if aside else rest)

    def _parameters(self, raw: list[JSON], at: str) -> tuple[Parameter, ...]:
        """The parameters; one that only points to a component also bears that one's name and place."""
        found = []
        for made in parts.parameters(raw, self.notes, at):
            if made.ref:
                target = pointers.follow(self.document, made.ref)
                if (
                    isinstance(target, dict)
                    and isinstance(target.get("name"), str)
                    and target.get("in") in parts.PLACES
                ):
                    made = dataclasses.replace(made, name=target["name"], in_=target["in"])
            found.append(made)
        return tuple(found)


def path_fault(path: str) -> str:
    """Why no operation can live under ``path``, in plain words with the cure; "" when it can."""
    if not path.startswith("/"):
        return said("The path “%(path)s” must begin with a slash: write “/%(path)s”.", path=path)
    if "//" in path:
        cure = re.sub("/{2,}", "/", path)
        return said(
            "The path “%(path)s” has two slashes in a row, which servers fold into one: write “%(cure)s”.",
            path=path,
            cure=cure,
        )
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        return said("The path “%(path)s” holds a control character.", path=repr(path))
    if len(path) > LONGEST_PATH:
        return said("A path has at most %(most)s characters; “%(path)s…” is longer.", most=LONGEST_PATH, path=path[:60])
    if not _TEMPLATES.fullmatch(path):
        return said(
            "The braces in “%(path)s” do not match: a path parameter is written like “/items/{item_id}”.", path=path
        )
    names = _NAMES.findall(path)
    if len(set(names)) < len(names):
        return said("The path “%(path)s” uses one parameter name twice; each needs a name of its own.", path=path)
    return ""


def _renamed(operations: list[Operation], notes: Notes) -> list[Operation]:
    """The operations, each name once: a second one of the same name gets ``_2``, and so on."""
    taken = {op.operation_id for op in operations}
    used: dict[str, int] = {}
    out = []
    for op in operations:
        name = op.operation_id
        if name and name in used:
            number = used[name]
            while f"{name}_{number}" in taken:
                number += 1
            fresh = f"{name}_{number}"
            message = said(
                "Two operations are called “%(name)s”; %(op)s was renamed to “%(fresh)s”.",
                name=name,
                op=f"{op.method} {op.path}",
                fresh=fresh,
            )
            notes.add(f"{op.pointer}/operationId", message, "duplicate-operation-id")
            taken.add(fresh)
            used[name] = number + 1  # the next one need not try the same numbers again
            op = dataclasses.replace(op, operation_id=fresh)
        used.setdefault(op.operation_id, 2)
        out.append(op)
    return out
