"""Rule: whether a call changes something is said with true or false."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="EXT-01",
    targets=("gpt",),
    sure="A",
    bad='x-openai-isConsequential: "yes"',
    good="x-openai-isConsequential: true",
)
def check(look: Look) -> Iterator[Hit]:
    """“x-openai-isConsequential” is true or false; anything else counts as not written.

    Then ChatGPT asks before every call that is not a GET.
    """
    for op in look.operations:
        value = op.extra.get("x-openai-isConsequential")
        if value is not None and not isinstance(value, bool):
            message = said("“x-openai-isConsequential” of %(op)s must be true or false.", op=texts.name_of(op))
            yield Hit(f"{op.pointer}/x-openai-isConsequential", message)
