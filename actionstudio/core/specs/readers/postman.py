"""Postman collections (format v2.1.0 and v2.0.0) -> Contract: folders as tags, requests as operations, saved responses
as examples, variables filled in, credentials left out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs.readers import openapi, postman_request, secrets
from actionstudio.core.specs.readers.notes import Notes, listing
from actionstudio.core.specs.readers.origins import Origins
from actionstudio.core.specs.readers.postman_auth import Auths
from actionstudio.core.specs.readers.postman_request import described
from actionstudio.core.specs.readers.report import Report, check_depth
from actionstudio.core.specs.readers.sketch import Sketch
from actionstudio.core.words import said

type JSON = Any

MOST = 5000


def claims(doc: JSON) -> bool:
    """Whether this is a collection, also wrapped as Postman's own API gives it."""
    doc = _unwrapped(doc)
    if not isinstance(doc, dict):
        return False
    info = doc.get("info")
    if isinstance(info, dict) and ("_postman_id" in info or "getpostman" in str(info.get("schema", ""))):
        return True
    return isinstance(info, dict) and isinstance(doc.get("item"), list)


def read(doc: JSON) -> Report:
    """The contract that a collection suggests. Raises Refused when it holds no request."""
    if not claims(doc):
        message = said("This is not a Postman collection (v2.0 or v2.1): it has no “info” and no “item”.")
        raise Refused(Problem("", message, "not-postman"))
    check_depth(doc)
    at = "/collection" if doc is not _unwrapped(doc) else ""
    doc = _unwrapped(doc)
    notes, origins = Notes(), Origins()
    title = doc["info"].get("name")
    sketch = Sketch(title if isinstance(title, str) and title else "Postman", notes, origins, inferring=False)
    auths = Auths(sketch.signs, notes)
    variables = postman_request.Variables(doc.get("variable"))
    found = 0
    for one in _requests(doc, auths, notes, at):
        found += 1
        if found <= MOST:
            call = postman_request.call(one.item, variables, notes, one.at)
            if call is not None:
                sketch.add(dataclasses.replace(call, tags=one.tags, security=one.security))
    if found > MOST:
        notes.add(f"{at}/item", said("Only the first %(most)s requests were read.", most=MOST), "too-many")
    if not found:
        message = said("This collection holds no request. Export it again, as “Collection v2.1”.")
        raise Refused(*notes.problems, Problem(f"{at}/item", message, "no-requests"))
    if variables.unknown:
        message = said(
            "The collection does not say what these variables are: %(names)s. They may stand in an environment; "
            "what they were for was left open.",
            names=", ".join(sorted(variables.unknown)[:20]),
        )
        notes.add(f"{at}/variable", message, "variables")
    made = sketch.document()
    if not made["paths"]:
        raise Refused(*notes.problems)
    made["info"] |= _about(doc["info"])
    tags = _folders(doc)
    if tags:
        made["tags"] = tags
    report = openapi.read(made)
    problems = (*notes.problems, *(origins.back(problem) for problem in report.problems))
    sketch.secrets.collection(doc)
    version = "2.0" if "v2.0" in str(doc["info"].get("schema", "")) else "2.1"
    return dataclasses.replace(
        report,
        format=f"Postman collection {version}",
        problems=problems,
        operations_in=max(found, report.operations_in),
        secrets=sketch.secrets.count,
    )


@dataclass(frozen=True, slots=True)
class _Request:
    """One request with what its folders say about it."""

    item: dict[str, JSON]
    at: str
    tags: tuple[str, ...]
    security: tuple[dict[str, JSON], ...] | None


def _unwrapped(doc: JSON) -> JSON:
    inner = doc.get("collection") if isinstance(doc, dict) else None
    return inner if isinstance(inner, dict) and isinstance(inner.get("info"), dict) else doc


def _requests(doc: dict[str, JSON], auths: Auths, notes: Notes, at: str) -> Iterator[_Request]:
    """All requests, in order, each with the tag of its outermost folder and the auth it inherits."""
    stack: list[tuple[JSON, str, tuple[str, ...], tuple[dict[str, JSON], ...] | None]] = [
        (item, f"{at}/item/{index}", (), auths.of(doc.get("auth"), f"{at}/auth", None))
        for index, item in enumerate(listing(dict(doc), "item", notes, at))
    ]
    stack.reverse()
    while stack:
        item, where, tags, security = stack.pop()
        if not isinstance(item, dict):
            notes.add(where, said("A request or folder must be an object; it was left out."), "not-an-object")
            continue
        if "request" in item:
            request = item["request"]
            own = request.get("auth") if isinstance(request, dict) else None
            yield _Request(item, where, tags, auths.of(own, f"{where}/request/auth", security))
        elif isinstance(item.get("item"), list):
            inner = tags or _tag(item)
            within = auths.of(item.get("auth"), f"{where}/auth", security)
            inside = [(child, f"{where}/item/{index}", inner, within) for index, child in enumerate(item["item"])]
            stack.extend(reversed(inside))


def _tag(folder: dict[str, JSON]) -> tuple[str, ...]:
    name = folder.get("name")
    return (secrets.without(name.strip())[:100],) if isinstance(name, str) and name.strip() else ()


def _folders(doc: dict[str, JSON]) -> list[JSON]:
    """The outermost folders as tags, with what is written about them."""
    found: dict[str, JSON] = {}
    for item in doc["item"] if isinstance(doc.get("item"), list) else ():
        if isinstance(item, dict) and "request" not in item and _tag(item):
            name = _tag(item)[0]
            text = secrets.without(described(item.get("description")))
            found.setdefault(name, {"name": name, **({"description": text} if text else {})})
    return list(found.values())


def _about(info: dict[str, JSON]) -> dict[str, JSON]:
    out: dict[str, JSON] = {}
    text = secrets.without(described(info.get("description")))
    if text:
        out["description"] = text
    version = info.get("version")
    if isinstance(version, dict):
        version = ".".join(str(version.get(part, 0)) for part in ("major", "minor", "patch"))
    if isinstance(version, str) and re.fullmatch(r"[\w.+-]{1,40}", version):
        out["version"] = version
    return out
