"""Rule: operations are named in one way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_ENOUGH = 3


@rule(
    level="advice",
    targets=TARGETS,
    topic="quality",
    bad="listPets, get_pet, CreatePet",
    good="listPets, getPet, createPet",
)
def check(look: Look) -> Iterator[Hit]:
    """Names in one style are easier for people and models to tell apart and to guess.

    Rename the few that differ; ChatGPT must import the document again then.
    """
    if look.only is not None:
        return
    styles = [(op, style) for op in look.operations if (style := texts.style_of(op.operation_id))]
    usual, count = Counter(style for _, style in styles).most_common(1)[0] if styles else ("", 0)
    if count >= _ENOUGH:
        for op, style in styles:
            if style != usual:
                facts = {"name": op.operation_id, "style": style, "usual": usual}
                message = said("“%(name)s” is written in %(style)s; most are in %(usual)s.", **facts)
                yield Hit(f"{op.pointer}/operationId", message)
