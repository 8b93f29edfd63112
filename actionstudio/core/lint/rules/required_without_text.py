"""Rule: what must be given says what it is."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said


@rule(
    level="advice",
    source="TS-05",
    targets=TARGETS,
    topic="quality",
    sure="C",
    bad="required: [code]\nproperties: {code: {type: string}}",
    good="required: [code]\nproperties: {code: {type: string, description: The airport's three letters}}",
)
def check(look: Look) -> Iterator[Hit]:
    """The model must fill in a required field of the body, and has only its name to go by.

    Describe it.
    """
    for op in look.operations:
        body = look.body(op)
        named = {parameter.name for _, parameter in look.parameters(op)}
        for name, node, required, text in look.filled(op) if body else ():
            telling = node.get("enum") or node.get("format") or node.get("title")
            if required and name not in named and not text.strip() and not telling and body:
                message = said("“%(name)s” of %(op)s is required, but not described.", name=name, op=texts.name_of(op))
                yield Hit(f"{body[0]}/properties/{escape(name)}", message)
