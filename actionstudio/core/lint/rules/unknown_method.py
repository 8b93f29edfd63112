"""Rule: only methods that ChatGPT knows."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.specs import gpt


@rule(level="drops-op", source="OP-01")
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT takes GET, POST, PUT, PATCH and DELETE. Our GPT document leaves the others out."""
    for op in look.exposed:
        if op.method not in gpt.VERBS:
            said = f"Path {op.path} has unrecognized method {op.method.lower()}; skipping"
            yield Hit(op.pointer, f"ChatGPT does not know the method {op.method}. Hide {op.path} from GPT.", said)
