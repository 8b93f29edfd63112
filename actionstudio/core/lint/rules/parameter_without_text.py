"""Rule: parameters say what belongs into them."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="TS-05",
    targets=TARGETS,
    topic="quality",
    sure="C",
    bad="- {name: q, in: query}",
    good="- {name: q, in: query, description: Words that the title must have}",
)
def check(look: Look) -> Iterator[Hit]:
    """The model sees a parameter's name, type and description. Without a description it guesses what belongs there.

    Say what it is, in which form, and what happens when it is left out.
    """
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if parameter.in_ in ("path", "query") and not parameter.description.strip():
                schema = look.resolver.schema(parameter.schema)
                if isinstance(schema, dict) and (schema.get("description") or schema.get("enum")):
                    continue
                message = said("“%(name)s” of %(op)s has no description.", name=parameter.name, op=texts.name_of(op))
                yield Hit(pointer, message)
