"""Calls that somebody made elsewhere -> the OpenAPI 3.1 document that they suggest.

Calls of one method and path template are one operation: its parameters, bodies and answers are those of all of them,
the schemas are inferred, the values become examples. Credentials leave only the scheme behind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from actionstudio.core.schemas import refs
from actionstudio.core.schemas.infer import infer
from actionstudio.core.specs.readers import guesses, secrets, templates
from actionstudio.core.specs.readers.calls import LARGEST_EXAMPLE, MULTIPART, Call, Content
from actionstudio.core.specs.readers.counting import Counted
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.specs.readers.origins import Origins
from actionstudio.core.specs.readers.signs import Signs
from actionstudio.core.specs.readers.templates import Template
from actionstudio.core.words import said

type JSON = Any

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
EXAMPLES = 5  # named examples of one status
SENT_BY_CLIENTS = frozenset((
    "accept", "accept-charset", "accept-encoding", "accept-language", "access-control-request-headers",
    "access-control-request-method", "authority", "cache-control", "connection", "content-encoding", "content-length",
    "content-type", "dnt", "expect", "forwarded", "from", "host", "if-modified-since", "if-none-match", "keep-alive",
    "method", "origin", "path", "postman-token", "pragma", "priority", "range", "referer", "referrer-policy", "scheme",
    "te", "traceparent", "tracestate", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "via",
    "x-requested-with", "x-real-ip", "baggage", "sentry-trace", "newrelic", "x-client-data",
))  # fmt: skip
_BELOW = re.compile(r"(/live/[a-z0-9-]+)(/.*)")  # one of a studio's addresses, as a path on its host
_BROWSER = ("sec-", "x-forwarded-", "cf-", "x-amzn-", "x-b3-", "x-datadog-", "openai-", "x-openai-", ":")
_WRONG = frozenset((400, 415, 422))  # what was sent was no call of this operation


@dataclass(slots=True)
class _Seen:
    """One operation, as far as it was seen."""

    method: str
    path: str
    calls: list[tuple[Call, Template]] = field(default_factory=list)

    @property
    def taken(self) -> list[tuple[Call, Template]]:
        """The calls that tell what may be sent: not those of which the answer says that they were wrong, unless there
        are no others."""
        fit = [one for one in self.calls if one[0].fits and not any(a.status in _WRONG for a in one[0].answers)]
        return fit or self.calls


class Sketch:
    """Collects calls and writes the document. ``required``: a query parameter that several calls all sent is needed."""

    def __init__(self, title: str, notes: Notes, origins: Origins, *, inferring: bool = True) -> None:
        self._title, self._notes, self._origins = title, notes, origins
        self._inferring = inferring
        self._seen: dict[tuple[str, str], _Seen] = {}
        self._paths: dict[str, str] = {}  # shape -> path, so that one path has one set of names
        self._places: dict[str, str] = {}  # path -> server, where it is not the first one
        self._servers: list[str] = []
        self.signs = Signs()
        self.secrets = Counted()

    def add(self, call: Call) -> None:
        """Takes one call in."""
        self.secrets.call(call)
        parts = urlsplit(call.url)
        server = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
        found = template_of(call)
        path = self._paths.setdefault(found.shape, found.path)
        found = templates.renamed(found, path)
        if server and server not in self._servers:
            self._servers.append(server)
        if server and self._places.setdefault(path, server) != server:
            message = said(
                "%(op)s is called at %(one)s and at %(other)s; it is kept once.",
                op=f"{call.method} {path}",
                one=self._places[path],
                other=server,
            )
            self._notes.add(call.pointer, message, "several-hosts")
        if any(name.lower() == "cookie" for name, _value in call.headers):
            message = said("Cookies were left out: ChatGPT sends none.")
            self._notes.add("", message, "cookies")
        seen = self._seen.setdefault((call.method, path), _Seen(call.method, path))
        seen.calls.append((call, found))

    def document(self) -> dict[str, JSON]:
        """The document of all calls so far. An address of a studio to which all went is part of their server."""
        self._below_live()
        paths: dict[str, JSON] = {}
        for seen in self._seen.values():
            item = paths.setdefault(seen.path, {})
            place = self._places.get(seen.path, "")
            if place and place != self._servers[0]:
                item["servers"] = [{"url": place}]
            item[seen.method.lower()] = self._operation(seen)
        out: dict[str, JSON] = {"openapi": "3.1.0", "info": {"title": self._title, "version": "1.0.0"}}
        if self._servers:
            out["servers"] = [{"url": self._servers[0]}]
        return _keepable({**out, "paths": paths, **self.signs.secured(paths)})

    def _below_live(self) -> None:
        found = [_BELOW.fullmatch(seen.path) for seen in self._seen.values()]
        if not self._servers or len({one and one[1] for one in found}) != 1 or found[0] is None:
            return
        start = found[0][1]
        self._servers = [server + start for server in self._servers]
        self._places = {path.removeprefix(start): server + start for path, server in self._places.items()}
        for seen in self._seen.values():
            seen.path = seen.path.removeprefix(start)

    def _operation(self, seen: _Seen) -> dict[str, JSON]:
        calls = [call for call, _template in seen.calls]
        first = calls[0]
        at = f"/paths/{templates_pointer(seen.path)}/{seen.method.lower()}"
        self._origins.note(at, first.pointer)
        words = secrets.without(next((call.name for call in calls if call.name), ""))
        name = next((call.operation for call in calls if call.operation), "") or guesses.identifier(words)
        out: dict[str, JSON] = {"operationId": name or templates.made_name(seen.method, seen.path)}
        out["summary"] = words[:200] or f"{seen.method} {seen.path}"
        text = secrets.without(next((call.description for call in calls if call.description), ""))
        if text:
            out["description"] = text
        tags = list(dict.fromkeys(tag for call in calls for tag in call.tags))
        if tags:
            out["tags"] = tags
        parameters = [*self._path_parameters(seen), *self._query(seen), *self._headers(seen)]
        if parameters:
            out["parameters"] = parameters
        body = self._body(seen)
        if body:
            out["requestBody"] = body
        out["responses"] = self._responses(seen)
        out["security"] = self.signs.of(calls)
        return out

    def _path_parameters(self, seen: _Seen) -> list[JSON]:
        names = [name for name, _value in seen.calls[0][1].values]
        texts = _texts(seen, "path")
        found = []
        for index, name in enumerate(names):
            values = [unquote(value) for _call, one in seen.calls for _name, value in one.values[index : index + 1]]
            values = [value for value in values if value]
            made = {
                "name": name,
                "in": "path",
                "required": True,
                "schema": guesses.schema(values) or {"type": "string"},
            }
            found.append(made | texts.get(name, {}) | guesses.example(values))
        return found

    def _query(self, seen: _Seen) -> list[JSON]:
        """Query parameters. One that every one of several calls sent is required; one call alone proves nothing."""
        sent = [_query_of(call) for call, _template in seen.taken]
        texts = _texts(seen, "query")
        found = []
        for name in dict.fromkeys(name for pairs in sent for name in pairs):
            values = [value for pairs in sent for value in pairs.get(name, ())]
            if secrets.is_query_key(name, values) or secrets.is_secret(name):
                self.signs.in_query(name)
                continue
            several = any(len(pairs.get(name, ())) > 1 for pairs in sent)
            schema = guesses.schema([value for value in values if value]) or {"type": "string"}
            made: dict[str, JSON] = {"name": name, "in": "query"}
            optional = any(name in call.optional for call, _template in seen.taken)
            if self._inferring and len(sent) > 1 and not optional and all(name in pairs for pairs in sent):
                made["required"] = True
            made["schema"] = {"type": "array", "items": schema} if several else schema
            example = {} if several else guesses.example(values)
            found.append(made | texts.get(name, {}) | example)
        return found

    def _headers(self, seen: _Seen) -> list[JSON]:
        """Headers of the API's own, without those that every client sends and those that hold credentials."""
        texts = _texts(seen, "header")
        sent: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for call, _template in seen.taken:
            for name, value in call.headers:
                lower = name.lower()
                if lower in SENT_BY_CLIENTS or lower.startswith(_BROWSER) or secrets.is_secret(lower):
                    continue
                names.setdefault(lower, name)
                sent.setdefault(lower, []).append(value)
        return [
            {"name": names[lower], "in": "header", "schema": guesses.schema(values) or {"type": "string"}}
            | texts.get(names[lower], {})
            | guesses.example(values)
            for lower, values in sent.items()
        ]

    def _body(self, seen: _Seen) -> dict[str, JSON]:
        bodies = [call.body for call, _template in seen.taken if call.body]
        if not bodies:
            return {}
        content = self._contents([(body, "") for body in bodies])
        if len(bodies) == 1:  # one body proves of no field that it is needed
            for media in content.values():
                media["schema"] = refs.rebuild(media["schema"], _all_optional)
        return {**({"required": True} if len(bodies) == len(seen.taken) else {}), "content": content}

    def _responses(self, seen: _Seen) -> dict[str, JSON]:
        answers = [answer for call, _template in seen.calls for answer in call.answers]
        if not answers:
            message = said(
                "%(op)s: the answer is not known, so the mock answers an empty object. Add an example.",
                op=f"{seen.method} {seen.path}",
            )
            self._notes.add(seen.calls[0][0].pointer, message, "answer-unknown")
            return {"200": {"description": "OK", "content": {"application/json": {"schema": _ANYTHING}}}}
        found: dict[str, JSON] = {}
        for status in sorted({answer.status for answer in answers}):
            bodies = [(one.content, one.name) for one in answers if one.status == status and one.content is not None]
            out: dict[str, JSON] = {"description": guesses.phrase(status)}
            content = self._contents([(body, name) for body, name in bodies if body])
            found[str(status)] = out | ({"content": content} if content else {})
        return found

    def _contents(self, bodies: Iterable[tuple[Content, str]]) -> dict[str, JSON]:
        """A ``content`` map: the bodies by media type, their schema and what of them may be shown."""
        kinds: dict[str, list[tuple[Content, str]]] = {}
        for body, name in bodies:
            kinds.setdefault(body.media_type, []).append((body, name))
        return {kind: _media(found) for kind, found in kinds.items()}


def _keepable(value: JSON) -> JSON:
    """The same without characters that no database keeps: U+0000 and halves of surrogate pairs."""
    if isinstance(value, dict):
        return {_keepable(key): _keepable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_keepable(item) for item in value]
    return _UNKEEPABLE.sub("\ufffd", value) if isinstance(value, str) else value


_ANYTHING: dict[str, JSON] = {"type": "object", "properties": {}}


def _media(bodies: list[tuple[Content, str]]) -> dict[str, JSON]:
    shown: list[tuple[JSON, str]]
    if any(body.fields for body, _name in bodies):
        return _form([body for body, _name in bodies])
    if all(body.is_json for body, _name in bodies):
        shown = [(secrets.cleaned(body.value), name) for body, name in bodies]
        schema = infer(value for value, _name in shown)
    else:
        shown = [(body.text, name) for body, name in bodies if body.text and not secrets.hides(body.text)]
        schema = {"type": "string"} if any(body.text for body, _name in bodies) else {}
    return {"schema": schema, **_examples(shown)}


def _examples(shown: list[tuple[JSON, str]]) -> dict[str, JSON]:
    """One value is the ``example``; several become named ones."""
    different: list[tuple[JSON, str]] = []
    for value, name in shown:
        if any(value == other and type(value) is type(other) for other, _name in different):
            continue
        if len(json.dumps(value)) <= LARGEST_EXAMPLE:
            different.append((value, name))
        if len(different) == EXAMPLES:
            break
    if len(different) == 1:
        return {"example": different[0][0]}
    named: dict[str, JSON] = {}
    for index, (value, name) in enumerate(different):
        key = guesses.identifier(name) or f"example{index + 1}"
        key = key if key not in named else f"{key}_{index + 1}"
        named[key] = {**({"summary": secrets.without(name)[:200]} if name else {}), "value": value}
    return {"examples": named} if named else {}


def _all_optional(schema: dict[str, JSON]) -> dict[str, JSON]:
    return {key: value for key, value in schema.items() if key != "required"}


def _form(bodies: list[Content]) -> dict[str, JSON]:
    """Form fields as an object: files are binary, and the values of the first form are the example."""
    properties: dict[str, JSON] = {}
    for name in dict.fromkeys(name for body in bodies for name, _value in body.fields):
        values = [value for body in bodies for field_name, value in body.fields if field_name == name]
        texts = [value for value in values if value is not None]
        several = any(sum(field_name == name for field_name, _value in body.fields) > 1 for body in bodies)
        one = guesses.schema([text for text in texts if text]) or {"type": "string"}
        if secrets.is_secret(name):
            one = {"type": "string"}
        if len(texts) < len(values):
            one = {"type": "string", "contentMediaType": "application/octet-stream"}
        properties[name] = {"type": "array", "items": one} if several else one
    schema: dict[str, JSON] = {"type": "object", "properties": properties}
    if bodies[0].media_type == MULTIPART and any(value is None for _name, value in bodies[0].fields):
        return {"schema": schema}
    example = {
        name: secrets.HIDDEN if secrets.is_secret(name) else secrets.cleaned(guesses.value(value or "", schema))
        for name, value in bodies[0].fields
        for schema in (properties[name],)
        if schema.get("type") != "array"
    }
    return {"schema": schema, **({"example": example} if example else {})}


def _query_of(call: Call) -> dict[str, list[str]]:
    written = parse_qsl(urlsplit(call.url).query, keep_blank_values=True, max_num_fields=1000)
    found: dict[str, list[str]] = {}
    for name, value in (*written, *call.query):
        if name:
            found.setdefault(name, []).append(value)
    return found


def _texts(seen: _Seen, place: str) -> dict[str, dict[str, JSON]]:
    """Descriptions of parameters by name."""
    return {
        name: {"description": secrets.without(text)}
        for call, _template in seen.calls
        for (where, name), text in call.texts.items()
        if where == place and text
    }


def templates_pointer(path: str) -> str:
    """A path as a token of a JSON Pointer."""
    return path.replace("~", "~0").replace("/", "~1")


def template_of(call: Call) -> Template:
    """The template of a call's path: as its file tells it, or as it looks."""
    path = unquote_safely(urlsplit(call.url).path)
    return (templates.ending(path, call.template) if call.template else None) or templates.template(path)


def unquote_safely(path: str) -> str:
    """Braces that a browser escaped, unescaped: ``%7Bid%7D`` is ``{id}``. Everything else stays as it was sent."""
    return quote(path, safe="/%:@!$&'()*+,;=~{}<>-._").replace("%7B", "{").replace("%7D", "}")
