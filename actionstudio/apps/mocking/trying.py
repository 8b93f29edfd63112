"""Try it: a form becomes a call, the call is sent through the front door, and a logged call becomes a form again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext as _

from actionstudio import __version__
from actionstudio.apps.mocking import asking
from actionstudio.apps.mocking.asking import MISSING, Field
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic.exporting import HOP
from actionstudio.apps.traffic.masking import is_masked, without_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.calling import Content, call_of, content_of, is_json
from actionstudio.core.contract import Body, Media, Response
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.coerce import compile_parameter
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.operation import Served
from actionstudio.runtime.ports import Token
from actionstudio.runtime.router import Router, base_paths
from actionstudio.runtime.sides import schema_for

type Texts = dict[str, str]

NOBODY, TYPED = "none", "typed"
HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]*)")
LONGEST = 2 * 1024 * 1024
FILLS = ("example", "made", "empty")


class Unserved(Exception):
    """The address does not serve this operation; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a call asks of the mock besides its arguments: how the answer is chosen, and what is added by hand."""

    accept: str = ""
    code: str = ""
    example: str = ""
    dynamic: bool = False
    query: str = ""
    headers: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """What the call carries: nothing, one of the project's keys by its id, a header typed in for this once; or what it
    counts as carrying, the token of somebody who signed in."""

    key_id: int | None = None
    token: Token | None = None
    name: str = ""
    value: str = field(default="", repr=False)


@dataclass
class Trial:
    """One operation as its address serves it, ready to be asked."""

    project: Project
    address: Address
    served: Served

    @classmethod
    def of(cls, project: Project, method: str, path: str) -> Trial:
        """The trial of an operation at the project's first address. Raises Unserved."""
        address = project.addresses.select_related("pinned").first()
        program = frontdoor().registry.current(address.name) if address else None
        if address is None or program is None:
            raise Unserved(_("This project has no address, so nothing answers. Give it one, then try again."))
        route = program.router.routes.get(path)
        served = route.methods.get(method) if route else None
        if served is None:
            words = _("The address “%(name)s” serves v%(n)s, which has no %(operation)s yet.")
            told = {"name": address.name, "n": program.hosted.revision, "operation": f"{method} {path}"}
            raise Unserved(words % told)
        if not served.ready:
            served.compile()
        return cls(project, address, served)

    @property
    def base(self) -> str:
        return base_urls(self.address.name, self.address.domain)[0]

    @cached_property
    def components(self) -> Mapping[str, Any]:
        """The shared schemas as callers see them."""
        return self.served.house.requests

    @cached_property
    def body(self) -> Body:
        return self.served.house.resolver.body(self.served.operation) or Body()

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        return self.served.house.resolver.responses(self.served.operation)

    @cached_property
    def parameters(self) -> list[Field]:
        found = self.served.house.resolver.parameters(self.served.operation)
        return asking.of_parameters(found, self.components)

    @property
    def media_types(self) -> list[str]:
        return [media.media_type for media in self.body.content]

    @property
    def accepted(self) -> list[str]:
        """The media types that the declared answers come in."""
        return list(dict.fromkeys(media.media_type for one in self.responses for media in one.content))

    @property
    def codes(self) -> list[str]:
        """The statuses that can be asked for: 4XX as 400."""
        found = (one.status for one in self.responses)
        return list(dict.fromkeys(status[0] + "00" if status[1:].upper() == "XX" else status for status in found))

    @property
    def examples(self) -> list[str]:
        """The keys of the examples of all answers."""
        media = [media for one in self.responses for media in one.content]
        return list(dict.fromkeys(example.key for one in media for example in one.examples if example.key))

    def media(self, media_type: str) -> Media | None:
        """The declared media type of that name, else the first."""
        content = self.body.content
        return next((one for one in content if one.media_type == media_type), content[0] if content else None)

    def schema(self, media: Media | None) -> Any:
        return None if media is None or media.schema is None else schema_for("request", media.schema, self.components)

    def fields(self, media: Media | None) -> list[Field]:
        """The fields of a body in that media type; none where it is written as text."""
        if media is None or not _has_fields(media.media_type):
            return []
        return asking.of_body(self.schema(media), self.components)

    def filled(self, how: str, media_type: str = "", seed: int = 0) -> Texts:
        """The form's texts: with examples, with made-up values, or empty."""
        media = self.media(media_type)
        texts = {one.name: asking.text(one, self._value(one, how, seed)) for one in self.parameters}
        return texts | self.body_texts(media, self._body(media, how, seed))

    def body_texts(self, media: Media | None, value: Any) -> Texts:
        """The texts that show a body: its fields when they can say all of it, and the whole as text."""
        out = {"media": media.media_type if media else "", "body": "", "as": "text"}
        fields = self.fields(media)
        if fields and (value is MISSING or asking.whole(fields, value, self.components)):
            out["as"] = "fields"
            out |= asking.spread(fields, {} if value is MISSING else value)
        if value is not MISSING:
            raw = isinstance(value, str) and media is not None and not is_json(media.media_type)
            out["body"] = value if raw else asking.written(value)
        return out

    def _value(self, one: Field, how: str, seed: int) -> Any:
        parameter = one.parameter
        if parameter is None or how == "empty":
            return MISSING
        media = parameter.content[0] if parameter.content else None
        examples = parameter.examples or (media.examples if media else ())
        if how == "example" and examples:
            return examples[0].value
        said = one.schema if isinstance(one.schema, dict) else {}
        if how == "example" and not one.required and not said.keys() & {"example", "examples", "default"}:
            return MISSING
        return self._made(one.schema, how, f"{seed}{one.name}")

    def _body(self, media: Media | None, how: str, seed: int) -> Any:
        if media is None or how == "empty":
            return MISSING
        shown = [one for one in media.examples if "externalValue" not in one.extra]
        if how == "example" and shown:
            return shown[0].value
        return self._made(self.schema(media), how, seed)

    def _made(self, schema: Any, how: str, seed: int | str) -> Any:
        try:
            sampler = compile_sampler({} if schema is None else schema, self.components, prefer_examples=how != "made")
            return sampler.sample(seed)
        except (SchemaError, Unsatisfiable, RecursionError):
            return MISSING

    def call(self, texts: Mapping[str, str], wish: Wish, credential: Credential, broken: bool = False) -> Call:
        """The call that the form says. Raises Refused with the field that cannot be sent as it is.

        ``broken`` sends a body although it is not the JSON that its media type promises.
        """
        problems: list[Problem] = []
        arguments = []
        for one in self.parameters:
            try:
                value = asking.read(one, texts.get(one.name, ""), self.components)
            except Refused as refused:
                problems += refused.problems
                continue
            if value is not MISSING:
                arguments.append((one.parameter, value))
            elif one.place == "path":
                problems.append(Problem(one.name, _("A path needs a value here.")))
        content = _tried(lambda: self._content(texts, broken), problems) or Content()
        headers = _tried(lambda: self.headers(wish, credential), problems) or ()
        if problems:
            raise Refused(*problems)
        operation = self.served.operation
        call = call_of(operation.method, operation.path, arguments, content, headers)
        more = _more_query(wish.query)
        return replace(call, query="&".join(filter(None, [call.query, more]))) if more else call

    def _content(self, texts: Mapping[str, str], broken: bool) -> Content:
        media = self.media(texts.get("media", ""))
        if media is None:
            return Content()
        fields = self.fields(media)
        if texts.get("as") == "fields" and fields:
            value = asking.gathered(fields, texts, self.components)
            return content_of(media.media_type, value) if value or self.body.required else Content()
        text = texts.get("body", "")
        if not text.strip():
            return Content()
        if is_json(media.media_type) and broken:
            return Content(media.media_type, text.encode("utf-8", "surrogatepass"))
        structured = is_json(media.media_type) or bool(fields)
        return content_of(media.media_type, asking.parsed(text, "body") if structured else text)

    def headers(self, wish: Wish, credential: Credential) -> tuple[tuple[str, str], ...]:
        """The headers that do not come from parameters. Raises Refused for a typed line that is none."""
        headers = [("host", urlsplit(self.base).netloc), ("user-agent", f"Action-Studio/{__version__} (Try it)")]
        headers.append(("accept", wish.accept or "*/*"))
        prefer = [("code", wish.code), ("example", wish.example), ("dynamic", "true" if wish.dynamic else "")]
        asked = [f"{name}={_quoted(value)}" for name, value in prefer if value]
        if asked:
            headers.append(("prefer", ", ".join(asked)))
        if credential.name:
            headers.append((credential.name.lower(), credential.value))
        return tuple(headers + header_lines(wish.headers, "more_headers"))

    def texts_of(self, row: Exchange) -> Texts:
        """The form that says a logged call again; what the log hides stays empty."""
        sent = dict(row.headers_in)
        texts = {one.name: asking.text(one, self._sent(one, row, sent)) for one in self.parameters}
        kind = str(sent.get("content-type", "")).partition(";")[0].strip().lower()
        media = self.media(next((one for one in self.media_types if one.partition(";")[0].lower() == kind), ""))
        body = bytes(row.request_body).decode("utf-8", "replace")
        out = texts | self.body_texts(media, MISSING)
        if not body or media is None:
            return out
        if is_json(media.media_type):
            try:
                return texts | self.body_texts(media, without_masked(asking.parsed(body, "body")))
            except Refused:
                pass
        return out if is_masked(body) else out | {"body": body, "as": "text"}

    def _sent(self, one: Field, row: Exchange, sent: Mapping[str, str]) -> Any:
        parameter = one.parameter
        if parameter is None:
            return MISSING
        raw = _raw(one, row, sent, self.served)
        if raw is None or is_masked(str(raw)):
            return MISSING
        style = "json" if parameter.content else parameter.style
        schema = {} if one.schema is None else one.schema
        reader = compile_parameter(parameter.name, parameter.in_, schema, self.components, style, parameter.explode)
        present, value = reader.read(raw)
        return value if present else MISSING

    def send(self, call: Call, credential: Credential) -> Exchange:
        """Sends the call as any caller would, and returns its row in the log."""
        door = frontdoor()
        carried = {"key_id": credential.key_id, "token": credential.token}
        answer = door.call_blocking(self.address.name, call, source="try", **carried)
        return Exchange.objects.get(pk=answer.record.id)


def _has_fields(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    return is_json(kind) or kind in ("application/x-www-form-urlencoded", "multipart/form-data")


def _tried(deed: Any, problems: list[Problem]) -> Any:
    try:
        return deed()
    except Refused as refused:
        problems += refused.problems
        return None


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w.-]+", text, re.ASCII) else '"' + text.replace('"', "").replace("\\", "") + '"'


def _more_query(text: str) -> str:
    """What is added to the query by hand; spaces and line ends are made safe, the rest goes as it is."""
    return "&".join(part.strip().replace(" ", "%20").replace("#", "%23") for part in text.lstrip("?").splitlines())


def header_lines(text: str, name: str) -> list[tuple[str, str]]:
    """``name: value`` lines as pairs. Raises Refused with the line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        pair = HEADER.fullmatch(line.strip())
        if not pair:
            raise Refused(Problem(name, _("Line %(n)s is not name: value.") % {"n": number}))
        if pair[1].lower() not in HOP:
            found.append((pair[1].lower(), pair[2]))
    return found


def _raw(one: Field, row: Exchange, sent: Mapping[str, str], served: Served) -> Any:
    """What a logged call carries for a parameter, as its reader takes it."""
    if one.place == "query":
        return parse_qsl(row.query, keep_blank_values=True, max_num_fields=1000) if row.query else []
    if one.place == "header":
        return sent.get(one.label.lower())
    if one.place == "path":
        alone = Router([(row.method, served.operation.path, served)], base_paths(served.house.contract.servers))
        return (alone.find(row.method, row.path)[1] or {}).get(one.label)
    pairs = (part.strip().partition("=") for part in sent.get("cookie", "").split(";"))
    return next((unquote(value) for name, _equals, value in pairs if name == one.label), None)
