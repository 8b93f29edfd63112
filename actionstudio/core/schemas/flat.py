"""Plain parts that must hold together, joined into one set of limits for the maker of values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from actionstudio.core.compare import same
from actionstudio.core.schemas.branches import ALL_TYPES, ANNOTATIONS, FORBIDDEN, REJECT
from actionstudio.core.schemas.patterns import python_pattern

SIMPLE = {"type", "properties", "required", "items", "enum", "const", "minimum", "maximum", "exclusiveMinimum"}
SIMPLE |= {"exclusiveMaximum", "minLength", "maxLength", "format", "minItems", "maxItems", "title", "description"}
SIMPLE |= {"example", "examples", "default", "deprecated", "readOnly", "writeOnly", "xml", "externalDocs", "$comment"}
SIMPLE |= {"additionalProperties", "minProperties", "maxProperties", "discriminator", "nullable", "$defs", "$schema"}

_LEAST = (("minLength", "min_length"), ("minItems", "min_items"), ("minProperties", "min_properties"))
_MOST = (("maxLength", "max_length"), ("maxItems", "max_items"), ("maxProperties", "max_properties"))
_ARRAY = {"items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems", "minContains"}
_OBJECT = {"properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties"}
_OBJECT |= {"propertyNames", "dependentRequired", "unevaluatedProperties", FORBIDDEN}
_NUMBER = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_STRING = {"minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"}
_BY_KIND = (("object", _OBJECT), ("array", _ARRAY), ("string", _STRING), ("number", _NUMBER))


def _ours(key: str) -> bool:
    """Whether it is an extension of the document's, which limits nothing."""
    return key[:2] == "x-" and key not in (FORBIDDEN, REJECT)


class Impossible(Exception):
    """These limits cannot hold together."""


class Flat:
    """The joined limits. ``simple`` says that whatever respects them is valid without a check."""

    def __init__(self, parts: Iterable[dict[str, Any]]) -> None:
        self.types: set[str] | None = None
        self.values: list[Any] | None = None
        self.low: tuple[Fraction, bool] | None = None
        self.high: tuple[Fraction, bool] | None = None
        self.multiple: Fraction | None = None
        self.min_length = self.min_items = self.min_properties = 0
        self.max_length: int | None = None
        self.max_items: int | None = None
        self.max_properties: int | None = None
        self.unique = False
        self.patterns: list[str] = []
        self.formats: list[str] = []
        self.encoding: dict[str, str] = {}
        self.lists: list[tuple[list[Any], Any]] = []
        self.contains: list[tuple[Any, int, int | None]] = []
        self.unevaluated_items: list[Any] = []
        self.required: dict[str, None] = {}
        self.forbidden: set[str] = set()
        self.objects: list[tuple[dict[str, Any], dict[str, Any], Any]] = []
        self.names: list[Any] = []
        self.dependent: dict[str, list[str]] = {}
        self.unevaluated_properties: list[Any] = []
        self.examples: list[Any] = []
        self.hints: list[str] = []
        self.parts = list(parts)
        telling = [part for part in self.parts if not all(key in ANNOTATIONS or _ours(key) for key in part)]
        self.simple = len(telling) < 2 and all(key in SIMPLE or _ours(key) for part in telling for key in part)
        for part in self.parts:
            self._join(part)
        self._settle()

    def _join(self, part: dict[str, Any]) -> None:
        if "type" in part:
            named = {part["type"]} if isinstance(part["type"], str) else set(part["type"])
            self.types = named if self.types is None else _common(self.types, named)
        for values in ([part["const"]] if "const" in part else None, part.get("enum")):
            if values is not None:
                known = self.values
                kept = values if known is None else [v for v in known if any(same(v, other) for other in values)]
                self.values = list(kept)
        for key, name in _LEAST:
            setattr(self, name, max(getattr(self, name), int(part.get(key, 0))))
        for key, name in _MOST:
            if key in part:
                known = getattr(self, name)
                setattr(self, name, int(part[key]) if known is None else min(known, int(part[key])))
        for kind, keys in _BY_KIND:
            if not keys.isdisjoint(part):
                self.hints.append(kind)
        self._join_number(part)
        self._join_text(part)
        self._join_array(part)
        self._join_object(part)
        self._join_examples(part)

    def _join_number(self, part: dict[str, Any]) -> None:
        for key, exclusive in (("minimum", False), ("exclusiveMinimum", True)):
            if key in part:
                bound = (exact(part[key]), exclusive)
                self.low = bound if self.low is None else max(self.low, bound)
        for key, exclusive in (("maximum", False), ("exclusiveMaximum", True)):
            if key in part:
                bound = (exact(part[key]), exclusive)
                if self.high is None or (bound[0], not exclusive) < (self.high[0], not self.high[1]):
                    self.high = bound
        if "multipleOf" in part:
            step = exact(part["multipleOf"])
            self.multiple = step if self.multiple is None else lcm(self.multiple, step)

    def _join_text(self, part: dict[str, Any]) -> None:
        if "pattern" in part:
            self.patterns.append(part["pattern"])
        if isinstance(part.get("format"), str):
            self._join_format(part["format"])
        for key in ("contentEncoding", "contentMediaType"):
            if key in part:
                self.encoding[key] = part[key]

    def _join_format(self, name: str) -> None:
        self.formats.append(name)
        bits = {"int32": 31, "int64": 63}.get(name)
        if bits:
            limits = {"minimum": -(2**bits), "maximum": 2**bits - 1}
            self._join_number(limits)

    def _join_array(self, part: dict[str, Any]) -> None:
        self.unique = self.unique or part.get("uniqueItems") is True
        if "items" in part or "prefixItems" in part:
            self.lists.append((part.get("prefixItems", []), part.get("items")))
        if "contains" in part:
            least = int(part.get("minContains", 1))
            most = part.get("maxContains")
            self.contains.append((part["contains"], least, None if most is None else int(most)))
        if "unevaluatedItems" in part:
            self.unevaluated_items.append(part["unevaluatedItems"])

    def _join_object(self, part: dict[str, Any]) -> None:
        self.required.update(dict.fromkeys(part.get("required", ())))
        self.forbidden.update(part.get(FORBIDDEN, ()))
        if not {"properties", "patternProperties", "additionalProperties"}.isdisjoint(part):
            named = part.get("properties", {}), part.get("patternProperties", {}), part.get("additionalProperties")
            self.objects.append(named)
        if "propertyNames" in part:
            self.names.append(part["propertyNames"])
        for name, needed in part.get("dependentRequired", {}).items():
            self.dependent.setdefault(name, []).extend(needed)
        if "unevaluatedProperties" in part:
            self.unevaluated_properties.append(part["unevaluatedProperties"])

    def _join_examples(self, part: dict[str, Any]) -> None:
        if isinstance(part.get("examples"), list):
            self.examples += part["examples"]
        if "example" in part:
            self.examples.append(part["example"])
        if not self.examples and part.get("default") not in (None, "", [], {}):
            self.examples.append(part["default"])

    def _settle(self) -> None:
        """What follows from the limits together. Raises Impossible when they exclude each other."""
        if self.values is not None and self.types is not None:
            self.values = [value for value in self.values if fits(value, self.types)]
        if self.types == set() or self.values == []:
            raise Impossible
        self.close(self.required)

    def close(self, names: dict[str, None]) -> None:
        """Adds what ``names`` bring along by dependentRequired. Raises Impossible when one of them is forbidden."""
        todo = list(names)
        while todo:
            for needed in self.dependent.get(todo.pop(), ()):
                if needed not in names:
                    names[needed] = None
                    todo.append(needed)

    def kinds(self) -> list[str]:
        """The types to try, the most telling first and null last."""
        allowed = [kind for kind in ALL_TYPES if self.types is None or kind in self.types]
        if self.types is not None:
            if "number" in allowed and "integer" in allowed:
                allowed.remove("integer")
            return sorted(allowed, key=lambda kind: (kind == "null", kind not in self.hints))
        order = [*self.hints, "string", "number", "object", "array", "boolean", "null"]
        return list(dict.fromkeys(order))

    def property_schemas(self, name: str) -> list[Any]:
        """All schemas the property of this name has to satisfy."""
        found: list[Any] = []
        evaluated = False
        for named, patterned, additional in self.objects:
            matched = name in named
            if matched:
                found.append(named[name])
            for pattern, schema in patterned.items():
                if matches(pattern, name):
                    found.append(schema)
                    matched = True
            if not matched and additional is not None:
                found.append(additional)
                matched = True
            evaluated = evaluated or matched
        return found if evaluated else [*found, *self.unevaluated_properties]

    def item_schemas(self, index: int) -> list[Any]:
        """All schemas the item at this index has to satisfy."""
        found: list[Any] = []
        evaluated = False
        for prefix, items in self.lists:
            if index < len(prefix):
                found.append(prefix[index])
                evaluated = True
            elif items is not None:
                found.append(items)
                evaluated = True
        return found if evaluated else [*found, *self.unevaluated_items]

    @property
    def rejects(self) -> bool:
        """Whether a part says what must not be, which only a check can tell."""
        return any(REJECT in part for part in self.parts)


def _common(one: set[str], two: set[str]) -> set[str]:
    common = one & two
    if ("number" in one and "integer" in two) or ("integer" in one and "number" in two):
        common.add("integer")
    return common


def fits(value: Any, types: set[str]) -> bool:
    """Whether a JSON value is of one of these types."""
    if value is None or isinstance(value, bool):
        return ("null" if value is None else "boolean") in types
    if isinstance(value, int | float):
        return "number" in types or ("integer" in types and (isinstance(value, int) or value.is_integer()))
    names: dict[type, str] = {str: "string", list: "array", dict: "object"}
    return names[type(value)] in types


def exact(number: int | float) -> Fraction:
    """A JSON number as the fraction its digits say (0.1 is one tenth)."""
    return Fraction(Decimal(str(number)))


def lcm(one: Fraction, two: Fraction) -> Fraction:
    """The least number that is a whole multiple of both."""
    below = math.lcm(one.denominator, two.denominator)
    a, b = one.numerator * (below // one.denominator), two.numerator * (below // two.denominator)
    return Fraction(math.lcm(a, b), below)


def matches(pattern: str, name: str) -> bool:
    """Whether a property name matches a pattern; names are short, so Python's engine will do."""
    try:
        return re.search(python_pattern(pattern), name[:200]) is not None
    except re.error:
        return False
