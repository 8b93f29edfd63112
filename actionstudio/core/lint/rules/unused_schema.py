"""Rule: every shared schema is used."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said


@rule(
    level="advice",
    targets=TARGETS,
    topic="quality",
    bad="components: {schemas: {Old: {type: object}}}",
    good="components: {schemas: {}}",
)
def check(look: Look) -> Iterator[Hit]:
    """A shared schema that nothing refers to is read by nobody. The document that ChatGPT gets leaves it out.

    Delete it, or refer to it.
    """
    if look.only is not None:
        return
    unknown = {component.name for component in look.contract.components} - look.used.keys()
    named = look.resolver.named_anywhere() if unknown else set()
    for component in look.contract.components:
        if component.name in unknown - named:
            message = said("Nothing refers to the schema “%(name)s”.", name=component.name)
            yield Hit(f"/components/schemas/{escape(component.name)}", message)
