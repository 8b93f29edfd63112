"""JSON Schema -> the part of it that OpenAI's strict mode takes, or the reasons why it cannot be said there.

OpenAI, "Structured model outputs: supported schemas" and "Function calling: strict mode": every object closed and all
of its properties required, what is optional may be null instead; ``anyOf`` and ``$defs`` are known, ``allOf``,
``oneOf``, ``not``, conditions, open maps and free-form objects are not. Words that only narrow a value and are not
known there are left out: the API itself still checks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from actionstudio.core.words import said

type JSON = Any

# Of the page named above.
PROPERTIES, DEPTH, CHARACTERS, ENUM_VALUES = 5_000, 10, 120_000, 1_000
LONG_ENUM, LONG_ENUM_CHARACTERS = 250, 15_000
FORMATS = ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
_KEPT = (
    *("title", "description", "type", "enum", "const", "pattern", "multipleOf", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"),
)
_BESIDE = ("title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "nullable")
_REFUSED = (
    *("not", "if", "then", "else", "dependentSchemas", "dependentRequired", "patternProperties", "propertyNames"),
    *("contains", "prefixItems", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef"),
)
_DEEPEST, _LARGEST = 60, 20_000  # schemas inside each other, and all together, that are looked at
_MOST = 8  # reasons that are told
_DEFS = "#/$defs/"


@dataclass(slots=True)
class Strict:
    """``schema`` is ready to be sent as strict, None when it cannot be; then ``reasons`` say why.

    ``nullable`` are the properties that were optional: a null given for one of them means that it was left out.
    """

    schema: dict[str, JSON] | None = None
    reasons: list[str] = field(default_factory=list)
    nullable: list[str] = field(default_factory=list)


def strict(schema: Mapping[str, JSON]) -> Strict:
    """An object schema (JSON Schema 2020-12, references into its own ``$defs``) for strict mode."""
    work = _Strict(schema.get("$defs") or {})
    root = work.of({key: value for key, value in schema.items() if key != "$defs"}, "")
    if root.get("type") != "object":
        work.refuse(said("The arguments are not one object."))
    if work.made:
        root["$defs"] = {name: work.made[name] for name in sorted(work.made)}
    if not work.reasons:
        _measure(root, work)
    reasons = list(dict.fromkeys(work.reasons))
    return Strict(None if reasons else root, reasons[:_MOST], work.nullable)


class _Strict:
    def __init__(self, defs: Mapping[str, JSON]) -> None:
        self.defs = defs
        self.made: dict[str, JSON] = {}
        self.reasons: list[str] = []
        self.nullable: list[str] = []
        self._open: set[str] = set()  # the names that are being written out
        self._depth = self._count = 0

    def refuse(self, reason: str) -> None:
        self.reasons.append(reason)

    def of(self, node: JSON, at: str) -> dict[str, JSON]:
        """One schema. Where there is no way to say it, the reason is noted and something harmless returned."""
        self._count += 1
        if self._depth > _DEEPEST or self._count > _LARGEST:
            self.refuse(said("It is too large, or contains itself in a way that cannot be written."))
            return {}
        self._depth += 1
        try:
            return self._of(node, at)
        finally:
            self._depth -= 1

    def _of(self, node: JSON, at: str) -> dict[str, JSON]:
        name = at or said("The whole")
        if not isinstance(node, dict):
            self.refuse(said("%(name)s may be anything.", name=name))
            return {}
        node = self._joined(node, name)
        if "$ref" in node:
            return self._reference(node, at)
        for word in _REFUSED:
            if word in node:
                self.refuse(said("%(name)s uses “%(word)s”.", name=name, word=word))
        choices = self._choices(node, name)
        if choices is not None:
            beside = {key: node[key] for key in ("title", "description") if key in node}
            return {**beside, "anyOf": [self.of(one, at) for one in choices]}
        return self._plain(node, at, name)

    def _joined(self, node: dict[str, JSON], name: str) -> dict[str, JSON]:
        """The schema without ``allOf``, and with what a reference points to when something stands beside it."""
        seen = 0
        while isinstance(node.get("allOf"), list) or ("$ref" in node and not set(node) <= {"$ref", *_BESIDE}):
            seen += 1
            rest = {key: value for key, value in node.items() if key not in ("allOf", "$ref")}
            parts = [*(node.get("allOf") or ()), *([{"$ref": node["$ref"]}] if "$ref" in node else [])]
            if len(parts) == 1 and not set(rest) - set(_BESIDE):
                only = parts[0] if isinstance(parts[0], dict) else {}
                node = {**only, **rest}
            else:
                node = self._merged([*(self._followed(part) for part in parts), rest], name)
            if seen > 20:
                self.refuse(said("%(name)s is made of parts that contain each other.", name=name))
                return {}
        return node

    def _followed(self, node: JSON) -> JSON:
        seen: set[str] = set()
        while isinstance(node, dict) and "$ref" in node and node["$ref"] not in seen:
            seen.add(node["$ref"])
            beside = {key: value for key, value in node.items() if key != "$ref"}
            found = self.defs.get(_name(node["$ref"]))
            node = {**found, **beside} if isinstance(found, dict) else beside
        return node

    def _merged(self, parts: list[JSON], name: str) -> dict[str, JSON]:
        """Several schemas that must hold together as one; what they say differently is a reason."""
        out: dict[str, JSON] = {}
        for part in parts:
            if not isinstance(part, dict):
                continue
            for key, value in part.items():
                if key == "properties" and isinstance(value, dict) and isinstance(out.get(key), dict):
                    clash = [one for one in value if one in out[key] and out[key][one] != value[one]]
                    for one in clash:
                        self.refuse(said("%(name)s: its parts say different things of %(key)s.", name=name, key=one))
                    out[key] = {**out[key], **value}
                elif key == "required" and isinstance(value, list) and isinstance(out.get(key), list):
                    out[key] = [*out[key], *(one for one in value if one not in out[key])]
                elif key == "allOf" and key in out:
                    out[key] = [*out[key], *(one for one in value if one not in out[key])]  # they meet again below
                elif key in out and out[key] != value and key not in _BESIDE:
                    self.refuse(said("%(name)s: its parts say different things of %(key)s.", name=name, key=key))
                else:
                    out[key] = value
        return out

    def _reference(self, node: dict[str, JSON], at: str) -> dict[str, JSON]:
        """A reference stays one. Where a text stands beside it, and at the root, it is written out."""
        name = _name(node["$ref"])
        if name not in self.defs:
            self.refuse(said("%(name)s points to something that is not there.", name=at or said("The whole")))
            return {}
        if (not at or len(node) > 1) and name not in self._open:
            return self._inside(name, self._followed(node), at)
        if name not in self.made:
            self.made[name] = {}  # a circle ends here
            self.made[name] = self._inside(name, self.defs[name], name)
        found = {"$ref": node["$ref"]}
        return _or_null(found) if node.get("nullable") is True else found

    def _inside(self, name: str, node: JSON, at: str) -> dict[str, JSON]:
        outer, self._open = self._open, {*self._open, name}
        try:
            return self.of(node, at)
        finally:
            self._open = outer

    def _choices(self, node: dict[str, JSON], name: str) -> list[JSON] | None:
        if isinstance(node.get("anyOf"), list) and node["anyOf"]:
            found = node["anyOf"]
        elif isinstance(node.get("oneOf"), list) and node["oneOf"]:
            found = node["oneOf"]
            if not self._apart(found):
                self.refuse(said("%(name)s: several branches of “oneOf” may fit one value.", name=name))
        else:
            return None
        if set(node) - {"anyOf", "oneOf", "discriminator", "type", *_BESIDE}:
            self.refuse(said("%(name)s: fields stand beside its choice of forms.", name=name))
        return [*found, {"type": "null"}] if node.get("nullable") is True else found

    def _apart(self, branches: list[JSON]) -> bool:
        """Whether no value can fit two of the branches: by their types, or by a field with a value of its own."""
        seen = [self._followed(branch) for branch in branches]
        if not all(isinstance(branch, dict) for branch in seen):
            return False
        kinds = [kind for branch in seen for kind in _types(branch)]
        if all(_types(branch) for branch in seen) and len(set(kinds)) == len(kinds):
            return not {"integer", "number"} <= set(kinds)
        named = [set(branch.get("properties") or ()) & set(branch.get("required") or ()) for branch in seen]
        return any(self._tells_apart(seen, one) for one in set.intersection(*named)) if named else False

    @staticmethod
    def _tells_apart(branches: list[dict[str, JSON]], key: str) -> bool:
        values = []
        for branch in branches:
            field_ = branch["properties"][key]
            if not isinstance(field_, dict):
                return False
            own = [field_["const"]] if "const" in field_ else field_.get("enum")
            if not isinstance(own, list) or not own:
                return False
            values += [orjson.dumps(value) for value in own]
        return len(set(values)) == len(values)

    def _plain(self, node: dict[str, JSON], at: str, name: str) -> dict[str, JSON]:
        kinds = _types(node)
        out = {key: node[key] for key in _KEPT if key in node}
        if node.get("format") in FORMATS:
            out["format"] = node["format"]
        if node.get("format") == "binary" or "contentMediaType" in node:
            self.refuse(said("%(name)s is a file.", name=name))
        if not kinds:
            self.refuse(said("%(name)s may be anything.", name=name))
            return out
        if node.get("nullable") is True and "null" not in kinds:
            kinds = [*kinds, "null"]
        out["type"] = kinds[0] if len(kinds) == 1 else kinds
        if "object" in kinds:
            out |= self._object(node, at, name)
        if "array" in kinds:
            if isinstance(node.get("items"), dict) and node["items"]:
                out["items"] = self.of(node["items"], f"{at}[]")
            else:
                self.refuse(said("%(name)s is a list of anything.", name=name))
        return out

    def _object(self, node: dict[str, JSON], at: str, name: str) -> dict[str, JSON]:
        properties = node.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        others = node.get("additionalProperties")
        if isinstance(others, dict) and others:
            self.refuse(said("%(name)s is a map with keys of any name.", name=name))
        elif not properties and others is not False and at:
            self.refuse(said("%(name)s is an object with any fields.", name=name))
        needed = node.get("required")
        needed = {one for one in needed if isinstance(one, str)} if isinstance(needed, list) else set()
        for key in sorted(needed - set(properties)):
            self.refuse(said("%(name)s requires %(key)s, which it does not describe.", name=name, key=key))
        made = {}
        for key, inner in properties.items():
            way = f"{at}.{key}" if at else key
            made[key] = self.of(inner, way)
            if key not in needed:
                made[key] = _or_null(made[key])
                self.nullable.append(way)
        return {"properties": made, "required": list(made), "additionalProperties": False}


def _name(ref: JSON) -> str:
    """The name under ``$defs`` that a reference points to; "" for any other."""
    return ref[len(_DEFS) :] if isinstance(ref, str) and ref.startswith(_DEFS) else ""


def _types(node: Mapping[str, JSON]) -> list[str]:
    """The types of a schema, written or plain from its other words."""
    kind = node.get("type")
    if isinstance(kind, str):
        return [kind]
    if isinstance(kind, list) and kind:
        return [one for one in kind if isinstance(one, str)]
    if "properties" in node:
        return ["object"]
    if "items" in node:
        return ["array"]
    values = [node["const"]] if "const" in node else node.get("enum")
    return list(dict.fromkeys(map(_kind, values))) if isinstance(values, list) else []


def _kind(value: JSON) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _or_null(node: dict[str, JSON]) -> dict[str, JSON]:
    """The same schema, null allowed too."""
    if "$ref" in node:
        return {"anyOf": [node, {"type": "null"}]}
    if "anyOf" in node:
        known = any(one.get("type") == "null" for one in node["anyOf"])
        return node if known else {**node, "anyOf": [*node["anyOf"], {"type": "null"}]}
    if "const" in node:
        node = {**{key: value for key, value in node.items() if key != "const"}, "enum": [node["const"]]}
    kinds = _types(node)
    out = {**node, "type": kinds if "null" in kinds else [*kinds, "null"]}
    if isinstance(node.get("enum"), list) and None not in node["enum"]:
        out["enum"] = [*node["enum"], None]
    return out


def _measure(root: dict[str, JSON], work: _Strict) -> None:
    """Notes which of the limits a whole schema goes over."""
    count = characters = values = 0
    stack: list[tuple[JSON, int]] = [(root, 0), *((one, 1) for one in root.get("$defs", {}).values())]
    deepest = 0
    characters += sum(map(len, root.get("$defs", {})))
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        properties = node.get("properties", {})
        count += len(properties)
        own = [*node.get("enum", ()), *([node["const"]] if "const" in node else [])]
        texts = sum(len(value) for value in own if isinstance(value, str))
        characters += sum(map(len, properties)) + texts
        values += len(own)
        if len(own) > LONG_ENUM and texts > LONG_ENUM_CHARACTERS:
            text = said(
                "A list of more than %(n)s values may have %(most)s characters.",
                n=LONG_ENUM,
                most=LONG_ENUM_CHARACTERS,
            )
            work.refuse(text)
        inside = [*properties.values(), *([node["items"]] if "items" in node else [])]
        stack += [(one, depth + 1) for one in inside] + [(one, depth) for one in node.get("anyOf", ())]
    for found, most, words in (
        (count, PROPERTIES, said("More than %(n)s properties.", n=PROPERTIES)),
        (deepest, DEPTH, said("Nested more than %(n)s levels deep.", n=DEPTH)),
        (characters, CHARACTERS, said("Names and values of more than %(n)s characters.", n=CHARACTERS)),
        (values, ENUM_VALUES, said("More than %(n)s values in lists of values.", n=ENUM_VALUES)),
    ):
        if found > most:
            work.refuse(words)
