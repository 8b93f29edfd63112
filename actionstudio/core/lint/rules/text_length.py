"""Rule: an operation's texts are short enough."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="fatal",
    source="OP-05",
    sure="A",
    repairs=("shorten-texts",),
    words="In path /p, method post, operationId o, description has length 522 exceeding limit of 300",
    bad="description: more than 300 characters",
    good="description: one or two sentences",
)
def check(look: Look) -> Iterator[Hit]:
    """A summary or description of an operation has at most 300 characters.

    Some saw the whole document refused for a longer one, others only a warning.
    """
    for op in look.operations:
        for field, text in (("description", op.description), ("summary", op.summary)):
            if len(text) > limits.OPERATION_TEXT:
                facts = {"name": op.operation_id or op.path, "length": len(text), "most": limits.OPERATION_TEXT}
                if field == "summary":
                    message = said(
                        "The summary of %(name)s has %(length)s characters; ChatGPT takes %(most)s at most.", **facts
                    )
                else:
                    message = said(
                        "The description of %(name)s has %(length)s characters; ChatGPT takes %(most)s at most.",
                        **facts,
                    )
                words = f"{look.context(op)}, {field} has length {len(text)} exceeding limit of {limits.OPERATION_TEXT}"
                yield Hit(f"{op.pointer}/{field}", message, words)
