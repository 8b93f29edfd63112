"""Rule: an operation says what comes back."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="OP-09",
    targets=TARGETS,
    topic="quality",
    sure="B",
    bad="responses: {'404': …}",
    good="responses: {'200': …}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT takes operations without answers, but the model then knows nothing of what it gets.

    Declare a 2xx answer; the mock needs one too.
    """
    for op in look.operations:
        if not any(response.status[:1] in ("2", "3") or response.status == "default" for response in op.responses):
            message = said("%(op)s declares no answer for when all goes well.", op=texts.name_of(op))
            yield Hit(f"{op.pointer}/responses" if op.responses else op.pointer, message)
