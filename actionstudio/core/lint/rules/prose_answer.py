"""Rule: answers are data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs.typescript import json_media
from actionstudio.core.words import said

_PERSON = re.compile(r"\b(?:I|I've|you|your|we|je|vous|votre)\b|[你您我]|당신|제가")
_SHORTEST = 60


@rule(
    level="advice",
    source="PL-10",
    targets=TARGETS,
    topic="policy",
    sure="A",
    bad="example: {answer: 'I found three hotels for you! The best one is …'}",
    good="example: {hotels: [{name: Alba, price: 90}]}",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAI asks for raw data: the model writes the sentences itself, in the user's language.

    Answer fields and lists instead of a finished text.
    """
    for op in look.operations:
        for response in look.resolver.responses(op):
            media = json_media(response.content) if response.status.startswith("2") else None
            for example in media.examples if media else ():
                text = _prose(example.value)
                if text:
                    message = said("%(op)s answers a sentence: “%(text)s…”", op=texts.name_of(op), text=text[:50])
                    where = f"/examples/{escape(example.key)}" if example.key else "/example"
                    at = f"{op.pointer}/responses/{response.status}/content/{escape(media.media_type if media else '')}"
                    yield Hit(f"{at}{where}", message)


def _prose(value: Any) -> str:
    """The sentence that an answer consists of, "" when it has data."""
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    is_sentence = isinstance(value, str) and len(value) >= _SHORTEST and _PERSON.search(value)
    return value if is_sentence else ""
