"""Rule: a body can be sent as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.importer.repairs import json_bodies
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="SCH-06",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("json-bodies",),
    bad="requestBody: {content: {multipart/form-data: …}}",
    good="requestBody: {content: {application/json: …}}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT is known to send request bodies as application/json only. Files have a way of their own."""
    for op in look.operations:
        body = look.whole_body(op)
        if body is not None and body.content and look.body(op) is None:
            kind = body.content[0].media_type
            message = said(
                "%(name)s takes %(kind)s; ChatGPT sends JSON. Offer application/json too.",
                name=op.operation_id or op.path,
                kind=kind,
            )
            offered = json_bodies.offer(body.content, look.resolver)
            yield Hit(f"{op.pointer}/requestBody", message, fix="json-bodies" if offered else "")
