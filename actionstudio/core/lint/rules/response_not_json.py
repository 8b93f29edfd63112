"""Rule: answers are JSON."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.specs.typescript import json_media
from actionstudio.core.words import said

_PLAIN = "text/plain"  # fine: OpenAI's own samples answer so
_BINARY = ("image/", "video/", "audio/", "font/", "application/octet-stream", "application/pdf", "application/zip")


@rule(
    level="advice",
    source="SCH-07",
    targets=("gpt", "plugin"),
    topic="calls",
    sure="B",
    bad="content:\n  text/csv: {schema: {type: string}}",
    good="content:\n  application/json:\n    schema: {type: object, properties: {rows: {type: array}}}",
)
def check(look: Look) -> Iterator[Hit]:
    """The model learns the shape of JSON answers only; of others it knows nothing before it calls.

    Text arrives all the same. Pictures, sound and films do not.
    """
    for op in look.operations:
        for response in look.resolver.responses(op):
            kinds = [media.media_type.split(";")[0].strip().lower() for media in response.content]
            if not response.status.startswith("2") or not kinds or json_media(response.content) or _PLAIN in kinds:
                continue
            if all(kind.startswith(_BINARY) for kind in kinds):
                message = said("%(op)s answers %(kind)s; ChatGPT takes text only.", op=texts.name_of(op), kind=kinds[0])
                yield Hit(f"{op.pointer}/responses/{response.status}", message, level="degrades")
            else:
                message = said(
                    "%(op)s answers %(kind)s; the model sees the shape of JSON only.",
                    op=texts.name_of(op),
                    kind=kinds[0],
                )
                yield Hit(f"{op.pointer}/responses/{response.status}", message)
