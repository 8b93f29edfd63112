"""Rule: texts say nothing about other tools."""

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
    bad="description: Do not use other plugins for this",
    good="description: Books a table",
)
def check(look: Look) -> Iterator[Hit]:
    """Instructions against other tools, or against what came before, break OpenAI's rules.

    Leave them out.
    """
    for pointer, wording in texts.wordings(look, phrases.FIND_RIVALS):
        message = said(
            "%(place)s: “%(words)s” speaks about other tools or instructions.",
            place=place_of(pointer),
            words=wording,
        )
        yield Hit(pointer, message)
