"""Rule: an operation says how it refuses."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    targets=TARGETS,
    topic="quality",
    bad="responses: {'200': …}",
    good="responses: {'200': …, '404': {description: There is no such thing}}",
)
def check(look: Look) -> Iterator[Hit]:
    """An operation that looks something up, or takes a body, can refuse. Without a 4xx answer nobody knows how.

    Declare the refusals that callers can do something about.
    """
    for op in look.operations:
        statuses = [response.status for response in op.responses]
        can_refuse = "{" in op.path or look.whole_body(op) is not None
        if can_refuse and statuses and not any(status == "default" or status.startswith("4") for status in statuses):
            yield Hit(f"{op.pointer}/responses", said("%(op)s declares no 4xx answer.", op=texts.name_of(op)))
