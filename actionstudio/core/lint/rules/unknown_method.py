"""Rule: only methods that ChatGPT knows."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.specs import gpt
from actionstudio.core.words import said


@rule(
    level="drops-op",
    source="OP-01",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("unknown-methods",),
    words="Path /p has unrecognized method head; skipping",
    bad="/pets: {head: …}",
    good="/pets: {get: …}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT takes GET, POST, PUT, PATCH and DELETE. Our GPT document leaves the others out."""
    for op in look.exposed:
        if op.method not in gpt.VERBS:
            words = f"Path {op.path} has unrecognized method {op.method.lower()}; skipping"
            message = said(
                "ChatGPT does not know the method %(method)s. Hide %(path)s from GPT.", method=op.method, path=op.path
            )
            yield Hit(op.pointer, message, words)
