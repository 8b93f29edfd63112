"""Sentences to begin a chat with: what operations do, in their author's words, with the values of their examples."""

from __future__ import annotations

from typing import Any

import orjson

from actionstudio.core import exemplary
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.profile import profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs.typescript import json_media

type JSON = Any
LONGEST = 200  # characters of a sentence


def sentences(contract: Contract) -> list[str]:
    """One for each operation that a GPT gets, each once, in the document's order and language. Those that lack a value
    for something required are left for last: the model would only ask back."""
    found = profile(contract).contract
    resolver = Resolver(found)
    whole: list[str] = []
    wanting: list[str] = []
    for op in found.operations:
        text, complete = _sentence(resolver, op)
        if text:
            (whole if complete else wanting).append(text)
    return list(dict.fromkeys([*whole, *wanting]))


def _sentence(resolver: Resolver, op: Operation) -> tuple[str, bool]:
    """What an operation does, with values for what it requires, and whether it has all of them."""
    text = (op.summary or op.description.split("\n")[0]).strip().rstrip(".。")
    values = exemplary.required(resolver, op) or _changed(resolver, op)
    shown = [f"{name}: {_text(value)}" for name, value in values.items() if value is not None]
    complete = len(shown) == len(values)
    long = f"{text} ({', '.join(shown)})" if text and shown else text
    return (long if len(long) <= LONGEST else text[:LONGEST]), complete


def _changed(resolver: Resolver, op: Operation) -> dict[str, JSON]:
    """What an operation that requires nothing, and changes something, has in its example; without one a name that
    lacks a value, as the model asks back where nothing at all is said."""
    body = resolver.body(op)
    media = json_media(body.content) if body else None
    if media is None or op.method in ("GET", "HEAD"):
        return {}
    return next((one.value for one in media.examples if isinstance(one.value, dict)), None) or {"": None}


def _text(value: JSON) -> str:
    """A value as one would type it; a text of several words in quotes, so that it stays one."""
    if isinstance(value, str):
        return f'"{value}"' if not value.replace("-", "").isalnum() else value
    return orjson.dumps(value).decode()
