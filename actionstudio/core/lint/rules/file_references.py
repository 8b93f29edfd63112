"""Rule: files come in the way that ChatGPT sends them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core import limits
from actionstudio.core.contract import Operation
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_NAME = "openaiFileIdRefs"


@rule(
    level="degrades",
    source="FILE-01",
    topic="calls",
    sure="A",
    bad="get:\n  parameters: [{name: openaiFileIdRefs, in: query, schema: {type: string}}]",
    good="post:\n  (in the body) openaiFileIdRefs: {type: array, items: {type: string}}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT sends files in one argument only: “openaiFileIdRefs”, a list of texts, in a POST.

    It arrives as a list of objects with name, id, mime_type and download_link, ten at most; a link works for five
    minutes.
    """
    for op in look.operations:
        for name, node, _required, _text in look.filled(op):
            if name.lower().replace("_", "") != "openaifileidrefs":
                continue
            if (fault := _fault(look, op, name, node)) is not None:
                yield Hit(look.argument_at(op, name), fault)


def _fault(look: Look, op: Operation, name: str, node: dict[str, Any]) -> str | None:
    if name != _NAME:
        return said("%(op)s: the argument for files is called “%(name)s”.", op=texts.name_of(op), name=_NAME)
    if op.method != "POST" or not _is_in_body(look, op):
        return said("%(op)s: ChatGPT sends files in the body of a POST only.", op=texts.name_of(op))
    items = look.resolver.schema(node.get("items"))
    if "array" not in types_of(node) or types_of(items) != ("string",):
        return said("%(op)s: “%(name)s” must be a list of texts.", op=texts.name_of(op), name=name)
    if isinstance(node.get("maxItems"), int) and node["maxItems"] > limits.FILES:
        return said("%(op)s: ChatGPT sends %(most)s files at most.", op=texts.name_of(op), most=limits.FILES)
    return None


def _is_in_body(look: Look, op: Operation) -> bool:
    return all(parameter.name != _NAME for _, parameter in look.parameters(op))
