"""Following ``$ref`` inside one document. Nothing outside it is ever fetched."""

from __future__ import annotations

from typing import Any

from actionstudio.core.schemas.refs import unescape

type JSON = Any

STEPS = 10_000


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


def is_local(ref: str) -> bool:
    """Whether ``ref`` is a JSON Pointer into the same document (RFC 6901, section 6)."""
    return ref == "#" or ref.startswith("#/")


def find(document: JSON, ref: str) -> JSON:
    """What stands at ``ref``, or MISSING."""
    if not is_local(ref):
        return MISSING
    node = document
    for token in ref[2:].split("/") if ref != "#" else ():
        node = _step(node, unescape(token))
        if node is MISSING:
            return MISSING
    return node


def _step(node: JSON, token: str) -> JSON:
    if isinstance(node, dict):
        return node.get(token, MISSING)
    if isinstance(node, list) and token.isdecimal() and len(token) < 10 and int(token) < len(node):
        return node[int(token)]
    return MISSING


def follow(document: JSON, ref: str) -> JSON:
    """The same, through references that point to references. MISSING when they go in a circle."""
    seen: set[str] = set()
    while ref not in seen and len(seen) < STEPS:
        seen.add(ref)
        node = find(document, ref)
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            return node
        ref = node["$ref"]
    return MISSING
