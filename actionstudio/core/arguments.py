"""How a call in the shape that ChatGPT makes becomes the call that the whole document describes, as values.

The GPT profile may differ from the document in the shape of a call (core/importer/repairs). Each difference is one
step; the runtime takes them when a call has that shape, and leaves every other call as it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unwrap:
    """The body is the value of the object's only key: ``{"items": [...]}`` -> ``[...]``."""

    key: str


@dataclass(frozen=True, slots=True)
class Move:
    """The query parameter ``name`` becomes the header or cookie ``to``."""

    name: str
    in_: str  # header | cookie
    to: str


@dataclass(frozen=True, slots=True)
class Rename:
    """The argument ``name`` of the query or the body's top level is called ``to`` in the document."""

    in_: str  # query | body
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class Parse:
    """The text at ``path`` in the body is JSON; "*" stands for every item of a list."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Encode:
    """The JSON body becomes one of ``media_type`` (a form)."""

    media_type: str


type Step = Unwrap | Move | Rename | Parse | Encode
