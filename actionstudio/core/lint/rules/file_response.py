"""Rule: files go back in the way that ChatGPT takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core import limits
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said

_NAME = "openaiFileResponse"
_PARTS = ("name", "mime_type", "content")


@rule(
    level="degrades",
    source="FILE-04",
    topic="calls",
    sure="A",
    bad="properties:\n  openaiFileResponse: {type: string}",
    good="properties:\n  openaiFileResponse: {type: array, items: {type: string, format: uri}}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT takes files from “openaiFileResponse” at the top of an answer: a list of addresses or of files.

    A file has name, mime_type and content (base64). Ten at most, 10 MB each, no pictures and no films. An address must
    answer within ten seconds, with Content-Type and Content-Disposition.
    """
    for op in look.operations:
        for at, schema in look.answered(op):
            node = look.resolver.schema(schema)
            properties = node.get("properties") if isinstance(node, dict) else None
            for name, field in properties.items() if isinstance(properties, dict) else ():
                if name.lower().replace("_", "") == "openaifileresponse":
                    fault = _fault(look, name, look.resolver.schema(field))
                    if fault:
                        yield Hit(
                            f"{at}/properties/{escape(name)}",
                            said("%(op)s: %(fault)s", op=texts.name_of(op), fault=fault),
                        )


def _fault(look: Look, name: str, node: Any) -> str:
    if name != _NAME:
        return said("the field for files is called “%(name)s”.", name=_NAME)
    items = look.resolver.schema(node.get("items")) if "array" in types_of(node) else None
    if not isinstance(items, dict):
        return said("“%(name)s” must be a list.", name=name)
    if isinstance(node.get("maxItems"), int) and node["maxItems"] > limits.FILES:
        return said("ChatGPT takes %(most)s files at most.", most=limits.FILES)
    declared = items.get("properties")
    if types_of(items)[:1] == ("object",) and isinstance(declared, dict):
        missing = [part for part in _PARTS if part not in declared]
        if missing:
            return said("a file of “%(name)s” needs %(parts)s.", name=name, parts=", ".join(missing))
    return ""
