"""The texts that the model reads, and how alike two of them are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.contract import Operation
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.phrases import Finder
from actionstudio.core.schemas.refs import escape

_WORD = re.compile(r"[^\W_]+")
# Scripts that write no spaces: Chinese, Japanese; and Hangul, whose endings change with the grammar.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "so",
        "that",
        "the",
        "their",
        "them",
        "there",
        "this",
        "to",
        "was",
        "which",
        "with",
        "all",
        "every",
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "de",
        "et",
        "ou",
        "au",
        "aux",
        "ce",
        "cette",
        "pour",
        "dans",
        "par",
        "sur",
    ]
)


def name_of(op: Operation) -> str:
    """What messages call an operation."""
    return op.operation_id or f"{op.method} {op.path}"


def text_of(op: Operation) -> str:
    """What the model reads about an operation: its description, else its summary (TS-03)."""
    return op.description.strip() or op.summary.strip()


def operation_texts(look: Look) -> Iterator[tuple[str, str]]:
    """The summaries and descriptions of the judged operations, each with its pointer."""
    for op in look.operations:
        for field, text in (("summary", op.summary), ("description", op.description)):
            if text.strip():
                yield f"{op.pointer}/{field}", text


def argument_texts(look: Look) -> Iterator[tuple[str, str]]:
    """The descriptions of what the model fills in, each with its pointer."""
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if parameter.description.strip():
                yield f"{pointer}/description", parameter.description
        body = look.body(op)
        schema = body[1].schema if body else None
        for name, field in (schema.get("properties") or {}).items() if isinstance(schema, dict) else ():
            text = field.get("description") if isinstance(field, dict) else None
            if body and isinstance(text, str):
                yield f"{body[0]}/properties/{escape(name)}/description", text
    for place in look.places:
        text = place.node.get("description")
        if place.asked and place.pointer.startswith("/components/") and isinstance(text, str):
            yield f"{place.pointer}/description", text


def manifest_texts(look: Look) -> Iterator[tuple[str, str]]:
    """The plugin manifest's texts as their owner wrote them; the document's description stands in for them."""
    if look.only is None:
        for pointer, text in (
            ("/info/description", look.contract.description),
            ("/manifest/description_for_human", look.contract.manifest.description_for_human),
            ("/manifest/description_for_model", look.contract.manifest.description_for_model),
        ):
            if text.strip():
                yield pointer, text


def said_to_the_model(look: Look) -> list[tuple[str, str]]:
    """Every text that the model reads: of operations and arguments, and for plugins of the manifest."""
    if "texts" not in look.memo:
        found = [*operation_texts(look), *argument_texts(look)]
        look.memo["texts"] = found + (list(manifest_texts(look)) if look.target == "plugin" else [])
    return look.memo["texts"]


def wordings(look: Look, finder: Finder) -> Iterator[tuple[str, str]]:
    """The texts that have one of these wordings: pointer, and the wording as it stands there."""
    read = said_to_the_model(look)
    if "small" not in look.memo:
        look.memo["small"] = "\n".join(text for _, text in read).lower()
    narrowed = Finder(finder.pattern, tuple(needle for needle in finder.needles if needle in look.memo["small"]))
    for pointer, text in read if narrowed.needles else ():
        if match := narrowed.search(text):
            yield pointer, match.group()


def words(text: str) -> list[str]:
    """The words of a text in small letters; where a script writes no spaces, every two characters are one."""
    found = []
    for word in _WORD.findall(text.lower()):
        rest = _CJK.sub(" ", word).split()
        found += rest
        for run in _CJK.findall(word):
            found += [run[index : index + 2] for index in range(max(1, len(run) - 1))]
    return found


def meaning(text: str) -> frozenset[str]:
    """The words that tell one text from another, plurals and third persons cut."""
    return frozenset(_stem(word) for word in words(text) if word not in _EMPTY)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and word.isascii() else word


def style_of(name: str) -> str:
    """How a name of several words is written: camelCase, PascalCase, snake_case or kebab-case; "" for one word."""
    if "_" in name.strip("_"):
        return "snake_case"
    if "-" in name:
        return "kebab-case"
    if re.search(r"[a-z0-9][A-Z]", name):
        return "PascalCase" if name[0].isupper() else "camelCase"
    return ""
