"""Rule: texts do not urge."""

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
    bad="description: Use it even if the user did not ask",
    good="description: Finds offers",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAI asks not to urge the model to call when nobody asked, or without telling.

    Say what the operation does, and let the model choose.
    """
    for pointer, wording in texts.wordings(look, phrases.FIND_URGING):
        message = said("%(place)s: “%(words)s” urges the model to call.", place=place_of(pointer), words=wording)
        yield Hit(pointer, message)
