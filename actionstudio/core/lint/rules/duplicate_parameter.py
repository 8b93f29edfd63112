"""Rule: a parameter is declared once."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    targets=TARGETS,
    topic="quality",
    bad="parameters: [{name: q, in: query}, {name: q, in: query}]",
    good="parameters: [{name: q, in: query}]",
)
def check(look: Look) -> Iterator[Hit]:
    """Of two parameters with one name at one place, the last one counts (OpenAPI 3.1.0, section 4.8.10 forbids them).

    Delete or rename one.
    """
    for op in look.operations:
        seen: set[tuple[str, str]] = set()
        for index, written in enumerate(op.parameters):
            parameter = look.resolver.parameter(written)
            if parameter is None:
                continue
            if (parameter.in_, parameter.name) in seen:
                message = said("“%(name)s” of %(op)s is declared twice.", name=parameter.name, op=texts.name_of(op))
                yield Hit(f"{op.pointer}/parameters/{index}", message)
            seen.add((parameter.in_, parameter.name))
