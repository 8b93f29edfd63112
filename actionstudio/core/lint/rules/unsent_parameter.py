"""Rule: header and cookie parameters are not sent."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule


@rule(level="drops-param", source="PAR-02")
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT sends no header and no cookie parameters. Use a query parameter, or the authentication for a key."""
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if parameter.in_ in ("header", "cookie"):
                refused = " It is required here, so calls from ChatGPT will be refused." if parameter.required else ""
                yield Hit(
                    pointer,
                    f"ChatGPT never sends the {parameter.in_} “{parameter.name}”. Make it a query parameter.{refused}",
                    f"parameter {parameter.name} has location {parameter.in_}; ignoring",
                )
