"""A document, as text or as JSON -> what ChatGPT's import makes of it. Never raises for any document whatsoever."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from actionstudio.core.importer.checks import CHECKS
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import Message
from actionstudio.core.importer.reading import TEXTS, Reading
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import text as reader
from actionstudio.core.words import said

type JSON = Any

DEEPEST, VALUES = 120, 1_000_000  # as the readers; what is larger no editor was ever seen to take
_NO_DOCUMENT = ("syntax", "empty", "markup", "binary", "encoding", "not-openapi")


def simulate(
    text: str | bytes,
    root: str = "",
    *,
    domains: Sequence[str] = (),
    allowed: Sequence[str] | None = None,
    public: bool = False,
    privacy_url: str = "",
    gpt: Mapping[str, str] | None = None,
) -> Import:
    """What ChatGPT's editor makes of a text that is pasted into it.

    ``root`` is the address under which we serve the document ourselves, which then counts as a valid root even when it
    is not https. ``domains`` are the hosts of the GPT's other actions, ``allowed`` is the list of domains of the
    workspace (None: it has none), ``public`` whether the GPT is to be shared, ``privacy_url`` what the action's
    settings hold, ``gpt`` its name, instructions and category (None: not asked).
    """
    try:
        document = reader.parse(text)
    except Refused as refused:
        return unreadable(refused.problems[0], len(text))
    reading = Reading({}, root, domains, allowed, public, privacy_url, gpt, len(text))
    return _read(document, reading)


def simulate_document(
    document: JSON,
    root: str = "",
    *,
    domains: Sequence[str] = (),
    allowed: Sequence[str] | None = None,
    public: bool = False,
    privacy_url: str = "",
    gpt: Mapping[str, str] | None = None,
    size: int = 0,
    texts: tuple[int, int] = TEXTS,
) -> Import:
    """The same for a document that was read already, from a text of ``size`` characters (0: from none). ``texts`` are
    the characters that an operation's and a parameter's text may have: plugins had fewer."""
    reading = Reading({}, root, domains, allowed, public, privacy_url, gpt, size, texts)
    if _too_large(document):
        message = said("This document is nested more than %(most)s levels deep, or endlessly large.", most=DEEPEST)
        return unreadable(Problem("", message, "depth"), size)
    return _read(document, reading)


def unreadable(problem: Problem, size: int = 0) -> Import:
    """What the editor says to a text in which our reader finds ``problem`` (DOC-01).

    Some texts we refuse for reasons of our own, such as one key twice; what ChatGPT says to those nobody knows.
    """
    if problem.code in _NO_DOCUMENT:
        told, sure = said("ChatGPT says no more than that. %(why)s", why=problem.message), "C"
    else:
        told = said("%(why)s That ChatGPT refuses it too is our guess.", why=problem.message)
        sure = "E"
    text = "Could not parse valid OpenAPI spec"
    message = Message(text, "fatal", "converter", "DOC-01", problem.pointer, told, sure, "DOC-01:")
    return Import(True, (message,), size=size)


def _read(document: JSON, reading: Reading) -> Import:
    if not isinstance(document, dict):
        message = said("An OpenAPI document is an object with “openapi”, “info”, “servers” and “paths”.")
        return unreadable(Problem("", message, "not-openapi"), reading.size)
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
