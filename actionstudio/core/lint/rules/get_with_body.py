"""Rule: a GET has no body."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="RT-13",
    targets=TARGETS,
    topic="quality",
    sure="E",
    bad="get:\n  requestBody: …",
    good="post:\n  requestBody: …",
)
def check(look: Look) -> Iterator[Hit]:
    """Many clients and servers drop the body of a GET, and ChatGPT was never seen to send one.

    Make its fields query parameters, or use POST.
    """
    for op in look.operations:
        if op.method == "GET" and look.whole_body(op) is not None:
            yield Hit(f"{op.pointer}/requestBody", said("%(op)s is a GET with a body.", op=texts.name_of(op)))
