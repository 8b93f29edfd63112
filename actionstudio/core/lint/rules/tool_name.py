"""Rule: a tool's name is one that callers take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_OPENAI = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MCP = re.compile(r"[a-zA-Z0-9_.-]{1,128}")


@rule(
    level="drops-op",
    source="TOOL-01",
    targets=("openai", "mcp"),
    topic="tools",
    sure="A",
    bad="operationId: pets.list/all",
    good="operationId: pets_list_all",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAI's functions have letters, digits, _ and - in their names, 64 at most; MCP tools dots too, and 128.

    Our exports rewrite other names; give a good one, so that it stays yours.
    """
    allowed = _OPENAI if look.target == "openai" else _MCP
    for op in look.operations:
        if op.operation_id and not allowed.fullmatch(op.operation_id):
            message = said(
                "“%(name)s” is rewritten for tools: it has other characters, or is too long.", name=op.operation_id[:80]
            )
            yield Hit(f"{op.pointer}/operationId", message, level="advice")
