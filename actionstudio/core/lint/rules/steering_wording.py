"""Rule: texts leave it to the model how to talk."""

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
    bad="description: Always respond in a funny tone",
    good="description: Answers today's jokes",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAI asks not to steer the model's mood, role or exact words from a description.

    How a GPT talks belongs into its instructions.
    """
    for pointer, wording in texts.wordings(look, phrases.FIND_STEERING):
        message = said("%(place)s: “%(words)s” tells the model how to talk.", place=place_of(pointer), words=wording)
        yield Hit(pointer, message)
