"""Whether two OpenAPI documents say the same, asked without any of the product's code.

Both are brought to one form by the text of the specifications (3.0.3 section 4.7.24 and 3.1.0 section 4.8.24: what
``nullable``, a boolean ``exclusiveMinimum`` and a ``$ref`` with neighbours mean; defaults may be written or not), then
compared key by key. Schemas are also asked for their verdict on values, by validators that know each dialect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from openapi_schema_validator import OAS30Validator, OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT202012

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
ANNOTATIONS = {"title", "description", "summary", "default", "example", "deprecated", "readOnly", "writeOnly"}
MAPS = {"properties", "patternProperties", "dependentSchemas", "$defs", "schemas", "paths", "webhooks", "responses"}
MAPS |= {"headers", "parameters", "requestBodies", "securitySchemes", "links", "callbacks", "content", "encoding"}
BESIDE_REF = {"$ref", "nullable", *ANNOTATIONS}  # "nullable" by the habit of writers: docs/decisions/0006
FREE = {"example", "examples", "default", "enum", "const", "value"}  # JSON that means itself
EMPTY = {
    **dict.fromkeys(("description", "summary", "operationId"), ""),
    **dict.fromkeys(("deprecated", "required", "nullable"), False),
    **{name: {} for name in ("content", "headers", "examples", "components", "schemas")},
}
EMPTY |= {name: [] for name in ("tags", "parameters", "servers")}


def differences(source: Any, other: Any, told: Iterable[str] = ()) -> list[str]:
    """The pointers at which the documents differ, but for those of ``told``, what is below and lists they are in."""
    said = tuple(told)
    old = str(source.get("openapi", "")).startswith("3.0")
    found = _differing(_document(source, old), _document(other, old), "")  # 3.0: what stands beside a $ref is void
    return [at for at in found if not any(f"{at}/".startswith(f"{place}/") or _holds(at, place) for place in said)]


def _holds(at: str, place: str) -> bool:
    """Whether ``at`` is the list of which ``place`` is an item."""
    above, _, last = place.rpartition("/")
    return at == above and last.isdigit()


def _document(node: dict[str, Any], old: bool) -> dict[str, Any]:
    info = node.get("info")
    needed = {"title": "Untitled", "version": "1.0.0"}  # section 4.8.2: these two are required
    node = {**node, "info": {**needed, **{name: value for name, value in info.items() if value or name not in needed}}}
    paths = {path: _followed(item, node) for path, item in (node.get("paths") or {}).items()}
    return _object({key: value for key, value in {**node, "paths": paths}.items() if key != "openapi"}, old)


def _followed(item: Any, document: dict[str, Any]) -> Any:
    """A path item that is nothing but a reference to another one: that one."""
    ref = item.get("$ref") if isinstance(item, dict) else None
    if not isinstance(ref, str) or not ref.startswith("#/paths/"):
        return item
    return document["paths"].get(ref.removeprefix("#/paths/").replace("~1", "/").replace("~0", "~"), item)


def _normal(node: Any, old: bool, key: str) -> Any:
    """``node``, which stands at ``key``: a list, a map of names, or an object with keys that the standard knows."""
    if isinstance(node, list):
        return [_normal(item, old, "") for item in node]
    if not isinstance(node, dict):
        return _plain(node)
    if key in MAPS:
        named = {name.upper() if key == "responses" and name[:1] in "12345" else name: node[name] for name in node}
        return {name: _normal(item, old, "") for name, item in named.items()}
    return _object(node, old)


def _object(node: dict[str, Any], old: bool) -> dict[str, Any]:
    if old and isinstance(node.get("$ref"), str):
        node = {name: node[name] for name in node if name in BESIDE_REF or name.startswith("x-")}
    if node.get("tags") == [""]:
        node = {**node, "tags": []}
    out = {}
    for name, value in node.items():
        fresh = _plain(value) if name in FREE else _normal(value, old, name)
        if not (name in EMPTY and fresh == EMPTY[name] and type(fresh) is type(EMPTY[name])):
            out[name] = fresh
    return _modern(out)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _modern(node: dict[str, Any]) -> dict[str, Any]:
    """What OpenAPI 3.0 says in words of its own, in those of 3.1. The other document has none of them."""
    out = dict(node)
    nullable = out.pop("nullable", None) if isinstance(out.get("nullable"), bool) else None
    for edge, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(out.get(edge), bool) and out.pop(edge) and bound in out:
            out[edge] = out.pop(bound)
    if out.get("format") == "byte":
        out.pop("contentEncoding", None)
    if out.get("format") == "binary":
        out.pop("contentMediaType", None)
    if out.get("in") == "path" and "name" in out:
        out["required"] = True
    if nullable:
        out = _with_null(out)
    if isinstance(out.get("type"), list) and len(out["type"]) == 1:
        out["type"] = out["type"][0]
    return out


def _with_null(out: dict[str, Any]) -> dict[str, Any]:
    if isinstance(out.get("enum"), list) and None not in out["enum"]:
        out["enum"] = [*out["enum"], None]
    kind = out.get("type")
    if isinstance(kind, str) and kind != "null":
        out["type"] = [kind, "null"]
    for choice in ("anyOf", "oneOf"):
        if isinstance(out.get(choice), list):
            if not any(isinstance(item, dict) and "null" in str(item.get("type", "")) for item in out[choice]):
                out[choice] = [*out[choice], {"type": "null"}]
            return out
    if "$ref" in out or "allOf" in out:
        beside = {name: out.pop(name) for name in list(out) if name in ANNOTATIONS or name.startswith("x-")}
        return {**beside, "anyOf": [out, {"type": "null"}]}
    return out


def _differing(one: Any, two: Any, at: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(two, dict):
        for name in [*one, *(name for name in two if name not in one)]:
            here = f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}"
            if name not in one or name not in two:
                yield here
            else:
                yield from _differing(one[name], two[name], here)
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for index, (left, right) in enumerate(zip(one, two, strict=True)):
            yield from _differing(left, right, f"{at}/{index}")
    elif one != two or type(one) is not type(two):
        yield at


def verdicts_differ(source: dict[str, Any], other: dict[str, Any], values: dict[str, list[Any]]) -> list[str]:
    """The shared schemas on which a validator of each dialect comes to another verdict about one of ``values``."""
    old = str(source.get("openapi", "")).startswith("3.0")
    found = []
    for name, candidates in values.items():
        first = _validator(source, name, old)
        second = _validator(other, name, False)
        for value in candidates:
            if _verdict(first, value) != _verdict(second, value):
                found.append(f"{name}: {str(value)[:200]}")
                break
    return found


def _validator(doc: dict[str, Any], name: str, old: bool) -> Any:
    resource = Resource(contents=doc, specification=DRAFT4 if old else DRAFT202012)
    registry = Registry().with_resource("urn:document", resource)
    pointer = name.replace("~", "~0").replace("/", "~1")
    kind = OAS30Validator if old else OAS31Validator
    return kind({"$ref": f"urn:document#/components/schemas/{pointer}"}, registry=registry)


def _verdict(validator: Any, value: Any) -> bool | str:
    try:
        return validator.is_valid(value)
    except Exception as error:
        return type(error).__name__
