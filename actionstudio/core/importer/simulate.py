"""A document, as text or as JSON -> what ChatGPT's import makes of it. Never raises for any document whatsoever."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from actionstudio.core.importer.checks import CHECKS
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import Message
from actionstudio.core.importer.reading import Reading
from actionstudio.core.problem import Refused
from actionstudio.core.specs import text as texts
from actionstudio.core.words import said

type JSON = Any

DEEPEST, VALUES = 120, 1_000_000  # as the readers; what is larger no editor was ever seen to take


def simulate(
    text: str | bytes,
    root: str = "",
    *,
    domains: Sequence[str] = (),
    allowed: Sequence[str] | None = None,
    public: bool = False,
    privacy_url: str = "",
) -> Import:
    """What ChatGPT's editor makes of a text that is pasted into it.

    ``root`` is the address under which we serve the document ourselves, which then counts as a valid root even when it
    is not https. ``domains`` are the hosts of the GPT's other actions, ``allowed`` is the list of domains of the
    workspace (None: it has none), ``public`` whether the GPT is to be shared, ``privacy_url`` what the action's
    settings hold.
    """
    try:
        document = texts.parse(text)
    except Refused as refused:
        problem = refused.problems[0]
        return _unreadable(problem.message, problem.pointer, len(text))
    reading = Reading({}, root, domains, allowed, public, privacy_url, len(text))
    return _read(document, reading)


def simulate_document(
    document: JSON,
    root: str = "",
    *,
    domains: Sequence[str] = (),
    allowed: Sequence[str] | None = None,
    public: bool = False,
    privacy_url: str = "",
) -> Import:
    """The same for a document that is JSON already."""
    reading = Reading({}, root, domains, allowed, public, privacy_url)
    if _too_large(document):
        message = said("This document is nested more than %(most)s levels deep, or endlessly large.", most=DEEPEST)
        return _unreadable(message, "", 0)
    return _read(document, reading)


def _read(document: JSON, reading: Reading) -> Import:
    if not isinstance(document, dict):
        message = said("An OpenAPI document is an object with “openapi”, “info”, “servers” and “paths”.")
        return _unreadable(message, "", reading.size)
    reading.document = document
    for check in CHECKS:
        check(reading)
    operations = reading.operations
    if reading.fatal:
        operations = [dataclasses.replace(op, kept=False, arguments=()) for op in operations]
    return Import(
        reading.fatal,
        tuple(reading.messages),
        tuple(reading.silent),
        reading.more,
        tuple(operations),
        reading.origin,
        reading.server,
        reading.host,
        reading.size,
        reading.schemas,
        reading.sources,
    )


def _unreadable(why: str, pointer: str, size: int) -> Import:
    """The answer to what is no document (DOC-01)."""
    told = said("ChatGPT says no more than that. %(why)s", why=why)
    text = "Could not parse valid OpenAPI spec"
    message = Message(text, "fatal", "converter", "DOC-01", pointer, told, "C", "DOC-01:")
    return Import(True, (message,), size=size)


def _too_large(document: JSON) -> bool:
    """Whether a value is too deep or has too many values to be looked at."""
    level, count = [document], 0
    for _ in range(DEEPEST + 1):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        count += len(level)
        if not level or count > VALUES:
            return count > VALUES
    return True
