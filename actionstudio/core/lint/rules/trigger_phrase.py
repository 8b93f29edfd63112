"""Rule: texts say what an operation does, not when users say what."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import phrases, texts
from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="PL-10",
    targets=TARGETS,
    topic="policy",
    sure="A",
    bad="description: Use this whenever the user says hungry",
    good="description: Finds restaurants nearby",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAI asks for descriptions without trigger phrases: the model decides when to call.

    Say what the operation does.
    """
    for pointer, wording in texts.wordings(look, phrases.FIND_TRIGGERS):
        message = said(
            "%(place)s: “%(words)s” tells when to call instead of what it does.",
            place=place_of(pointer),
            words=wording,
        )
        yield Hit(pointer, message)
