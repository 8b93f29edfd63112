"""References that stay inside one schema ($defs, anchors, ids) made to look like references to shared schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urldefrag, urljoin

from actionstudio.core.schemas import refs

ROOT = "\u2302"
_BASE = "urn:x:root"


def localised(
    schema: Any, components: Mapping[str, Any], documents: Mapping[str, Any] | None = None
) -> tuple[Any, Mapping[str, Any]]:
    """The schema and shared schemas in which every reference that can be followed has the form of a shared one.

    ``documents`` are other schemas by their URI. For making values only: dynamic references are taken as plain ones,
    unknown ones as "anything".
    """
    if not _has_own(schema):
        return schema, components
    places: dict[str, str] = {}
    _collect(schema, _BASE, refs.escape(ROOT), places)
    for uri, document in (documents or {}).items():
        places.setdefault(f"{uri}#", refs.escape(ROOT + uri))
        _collect(document, uri, refs.escape(ROOT + uri), places)
    changed = _rewritten(schema, _BASE, places)
    others = {ROOT + uri: _rewritten(one, uri, places) for uri, one in (documents or {}).items()}
    return changed, {**components, **others, ROOT: changed}


def _has_own(schema: Any) -> bool:
    return any(
        isinstance(node.get(key), str) and refs.name_of(node[key]) is None
        for node in refs.walk(schema)
        for key in refs.REFERENCES
    )


def _base(node: dict[str, Any], base: str) -> str:
    own = node.get("$id")
    if not isinstance(own, str):
        return base
    return urldefrag(own if base == _BASE else urljoin(base, own))[0]


def _collect(node: Any, base: str, way: str, places: dict[str, str]) -> None:
    if not isinstance(node, dict):
        return
    inner = _base(node, base)
    if inner != base or base == _BASE:
        places.setdefault(inner + "#", way)
    for key in ("$anchor", "$dynamicAnchor"):
        if isinstance(node.get(key), str):
            places.setdefault(f"{inner}#{node[key]}", way)
    for steps, child in refs.children(node):
        _collect(child, inner, way + refs.pointer(steps), places)


def _rewritten(node: Any, base: str, places: dict[str, str]) -> Any:
    if not isinstance(node, dict):
        return node
    inner = _base(node, base)
    out = dict(node)
    for steps, child in refs.children(node):
        if len(steps) == 1:
            out[steps[0]] = _rewritten(child, inner, places)
        else:
            if out[steps[0]] is node[steps[0]]:
                out[steps[0]] = node[steps[0]].copy()
            out[steps[0]][steps[1]] = _rewritten(child, inner, places)
    for key in refs.REFERENCES:
        if isinstance(out.get(key), str) and refs.name_of(out[key]) is None:
            target = _place(out.pop(key), inner, places)
            if target is not None:
                out["$ref"] = refs.PREFIX + quote(target, safe="/~")
    for key in ("$id", "$anchor", "$dynamicAnchor", "$schema"):
        out.pop(key, None)
    return out


def _place(ref: str, base: str, places: dict[str, str]) -> str | None:
    full = base + ref if ref.startswith("#") else ref if base == _BASE else urljoin(base, ref)
    document, _, fragment = full.partition("#")
    if f"{document}#{fragment}" in places:
        return places[f"{document}#{fragment}"]
    if document + "#" in places and fragment.startswith("/"):
        return places[document + "#"] + "/" + "/".join(refs.escape(refs.unescape(s)) for s in fragment[1:].split("/"))
    return None
