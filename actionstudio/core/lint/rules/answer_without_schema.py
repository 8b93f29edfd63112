"""Rule: an answer says its shape."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs.typescript import json_media
from actionstudio.core.words import said


@rule(
    level="advice",
    source="TS-09",
    targets=TARGETS,
    topic="quality",
    sure="C",
    bad="'200': {description: OK, content: {application/json: {}}}",
    good="'200': {description: OK, content: {application/json: {schema: {type: object, properties: {}}}}}",
)
def check(look: Look) -> Iterator[Hit]:
    """The model sees the shape of the 200 answer. Without a schema it sees “any”, and the mock checks nothing.

    Write the schema; one can be made from an example.
    """
    for op in look.operations:
        for response in look.resolver.responses(op):
            media = json_media(response.content) if response.status.startswith("2") else None
            if media is not None and media.schema is None:
                message = said("%(op)s does not say the shape of its answer.", op=texts.name_of(op))
                yield Hit(f"{op.pointer}/responses/{response.status}/content/{escape(media.media_type)}", message)
