"""What texts of recorded calls seem to be: types, examples, names of operations, the words for a status."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from actionstudio.core.schemas.infer import infer
from actionstudio.core.specs.readers import secrets

type JSON = Any

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,12}")
_WORDS = {"true": True, "false": False}
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\$\{?\w+\}?|<\w+>")
_OPAQUE = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_+/=.:~-]{20,}")  # may be a key of any kind
_TELLING = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]+|https?://.*"
)
LONGEST = 300


def schema(texts: Iterable[str]) -> dict[str, JSON]:
    """One schema for all of these texts; {} when there are none. Texts of different kinds are texts."""
    texts = [text for text in texts if not _PLACEHOLDER.search(text)]
    values = [_value(text) for text in texts]
    if len({type(value) for value in values} - {int, float}) > 1 or (
        any(isinstance(value, str | bool) for value in values)
        and any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    ):
        values = list(texts)
    return infer(values)


def value(text: str, to: dict[str, JSON]) -> JSON:
    """``text`` as ``to`` (a schema of :func:`schema`) means it."""
    return text if to.get("type") == "string" else _value(text)


def example(texts: list[str]) -> dict[str, JSON]:
    """The first text as ``example``, when it tells something and gives nothing away."""
    usable = [text for text in texts if text and not _PLACEHOLDER.search(text) and len(text) <= LONGEST]
    usable = [text for text in usable if secrets.without(text) == text and not _is_opaque(text)]
    return {"example": value(usable[0], schema(texts))} if usable else {}


def _is_opaque(text: str) -> bool:
    """Whether nobody can tell that this is no key: letters and digits without a meaning, and many of them."""
    return bool(_OPAQUE.fullmatch(text)) and not _TELLING.fullmatch(text)


def identifier(words: str) -> str:
    """``Create an order`` -> ``create_an_order``; "" when no letter is left."""
    if re.search(r"https?://|[{}/]", words):
        return ""  # a collection names its requests by their addresses when nobody did
    name = "_".join(re.findall(r"[A-Za-z0-9]+", words))[:60].strip("_")
    name = name[:1].lower() + name[1:] if re.fullmatch(r"[A-Za-z0-9]+", name) else name.lower()
    return name if re.match(r"[A-Za-z]", name) and _says(words, name) else ""


def phrase(status: int) -> str:
    """The usual words for a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _says(words: str, name: str) -> bool:
    """Whether the name holds most of the words: of a title in another script only crumbs would be left."""
    letters = sum(character.isalpha() for character in words)
    return 2 * sum(character.isalpha() for character in name) >= letters


def _value(text: str) -> JSON:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return _WORDS.get(text, text)
