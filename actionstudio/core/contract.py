"""The contract: everything a project promises, as one immutable value.

Names follow OpenAPI 3.1.0 (sections 4.8.1 to 4.8.24). Schemas inside are JSON Schema 2020-12 as plain JSON; readers
convert older dialects. What OpenAPI can say and we do not model rides in each value's ``extra``, so that reading a
document and rendering it again loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.auth import Auth, NoAuth
from actionstudio.core.behaviour import Around, Behaviour, Collection, Examples, Limit, Upstream

type JSON = Any

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
VALIDATION_MODES = ("strict", "report", "off")


@dataclass(frozen=True, slots=True)
class Example:
    """One named example. ``key`` is "" for the single ``example`` keyword. ``extra`` may hold externalValue or $ref."""

    key: str = ""
    value: JSON = None
    summary: str = ""
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """One entry of a ``content`` map: a media type, its schema (None when undeclared) and its examples."""

    media_type: str
    schema: JSON | None = None
    examples: tuple[Example, ...] = ()
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Header:
    """One declared response header. ``ref`` is set when it only points to a component ("#/components/headers/X")."""

    name: str
    description: str = ""
    required: bool = False
    schema: JSON | None = None
    examples: tuple[Example, ...] = ()
    ref: str = ""
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``style`` and ``explode`` are None when not written. ``content`` replaces ``schema`` when used."""

    name: str
    in_: str = "query"  # path | query | header | cookie
    required: bool = False
    description: str = ""
    schema: JSON | None = None
    deprecated: bool = False
    style: str | None = None
    explode: bool | None = None
    examples: tuple[Example, ...] = ()
    content: tuple[Media, ...] = ()
    ref: str = ""
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """The request body of an operation."""

    required: bool = False
    description: str = ""
    content: tuple[Media, ...] = ()
    ref: str = ""
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """One declared response. ``status`` is "200", "2XX" or "default"."""

    status: str
    description: str = ""
    headers: tuple[Header, ...] = ()
    content: tuple[Media, ...] = ()
    ref: str = ""
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    ``consequential`` is x-openai-isConsequential (None: not written). ``exposed`` False hides it from GPT, not from
    other clients. ``security`` None inherits the document's, () needs no credential. ``validation`` None inherits the
    contract's mode.
    """

    method: str
    path: str
    operation_id: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    consequential: bool | None = None
    exposed: bool = True
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[Mapping[str, JSON], ...] | None = None
    validation: str | None = None
    behaviour: Behaviour = field(default_factory=Examples)
    around: Around = field(default_factory=Around)
    extra: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """JSON Pointer (RFC 6901) of this operation in the rendered document."""
        return f"/paths/{self.path.replace('~', '~0').replace('/', '~1')}/{self.method.lower()}"


@dataclass(frozen=True, slots=True)
class Component:
    """One shared schema: an entry of components.schemas."""

    name: str
    schema: JSON


@dataclass(frozen=True, slots=True)
class Server:
    """One entry of ``servers``. ``extra`` keeps variables and extensions."""

    url: str
    description: str = ""
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The texts of the legacy ai-plugin.json. Empty texts are filled from the contract when rendered."""

    name_for_human: str = ""
    name_for_model: str = ""
    description_for_human: str = ""
    description_for_model: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that the owner has decided to live with: the rule's code, where, and why."""

    code: str
    pointer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """A whole project as one value.

    ``servers`` are those of the source document: kept for the full profile's readers and for proxies; documents served
    from an address name that address first. ``path_items`` keeps, per path, what stands beside the methods
    (path-level ``parameters``, summary, servers, extensions) as plain JSON. ``extra`` keeps the rest of the document:
    ``info`` (its unmodelled keys), ``components`` (all kinds but schemas), ``externalDocs``, ``webhooks``, ``x-…``.
    ``repairs`` are those that the GPT profile has beside the ones it always has: their options by code (core/importer).
    ``limits`` hold for all operations together, those of an operation's ``around`` for it alone.
    ``privacy`` and ``legal`` are Markdown ("" means: generate a sensible start). ``logo`` is the sha256 of the image.
    """

    title: str = "Untitled"
    version: str = "1.0.0"
    description: str = ""
    servers: tuple[Server, ...] = ()
    operations: tuple[Operation, ...] = ()
    components: tuple[Component, ...] = ()
    tags: tuple[Mapping[str, JSON], ...] = ()
    security: tuple[Mapping[str, JSON], ...] | None = None
    auth: Auth = field(default_factory=NoAuth)
    validation: str = "strict"
    manifest: Manifest = field(default_factory=Manifest)
    privacy: str = ""
    legal: str = ""
    contact_email: str = ""
    logo: str = ""
    path_items: Mapping[str, JSON] = field(default_factory=dict)
    repairs: Mapping[str, JSON] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    collections: tuple[Collection, ...] = ()
    upstreams: tuple[Upstream, ...] = ()
    limits: tuple[Limit, ...] = ()
    extra: Mapping[str, JSON] = field(default_factory=dict)

    def schemas(self) -> dict[str, JSON]:
        """The shared schemas by name."""
        return {component.name: component.schema for component in self.components}
