"""Rule: calls answer within 45 seconds."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint import phrases, texts
from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="RT-08",
    targets=("gpt", "plugin"),
    topic="calls",
    sure="A",
    bad="description: Builds the report. Takes several minutes.",
    good="description: Starts building the report and answers its number; ask getReport for it.",
)
def check(look: Look) -> Iterator[Hit]:
    """A call that takes longer than 45 seconds fails; ChatGPT does not ask again.

    Let one operation begin the work and answer a number, and another tell how far it is.
    """
    for pointer, text in texts.operation_texts(look):
        if match := phrases.FIND_SLOW.search(text):
            message = said(
                "%(place)s: “%(words)s” sounds as if calls took longer than %(most)s seconds.",
                place=place_of(pointer),
                words=match.group(),
                most=limits.SECONDS,
            )
            yield Hit(pointer, message)
