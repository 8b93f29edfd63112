"""What strict mode asks of schemas: every schema walked once for all rules, shared ones counted once per function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actionstudio.core.contract import Operation
from actionstudio.core.lint.look import Look, types_of
from actionstudio.core.schemas import refs

type JSON = Any

_UNKNOWN = frozenset(
    (
        *("oneOf", "not", "if", "then", "else", "patternProperties", "dependentRequired", "dependentSchemas"),
        *("unevaluatedProperties", "propertyNames", "prefixItems", "contains"),
    )
)
_HOLDING = refs.SINGLE | refs.LISTS | refs.MAPS
_TYPED = frozenset(("$ref", "anyOf", "oneOf", "allOf", "properties", "items", "const", "enum"))


class Measure:
    """Of all that a function takes: fields, levels, listed values, characters of names and values, and the keywords
    that strict mode does not know, or only in some places; “type” where none is said."""

    __slots__ = ("characters", "faults", "fields", "levels", "named", "values")

    def __init__(self, arguments: int = 0) -> None:
        self.fields = arguments
        self.levels = 1
        self.values = self.characters = 0
        self.faults: set[str] = set()
        self.named: set[str] = set()  # the shared schemas that are referred to

    def add(self, schema: JSON) -> None:
        """One schema more, without what references lead to."""
        stack = [(schema, 1)]
        while stack:
            node, level = stack.pop()
            if not isinstance(node, dict):
                continue
            self.levels = max(self.levels, level)
            self._note(node)
            if node.keys() & _HOLDING:
                children = refs.children(node)
                stack += [(child, level + (way[0] in ("properties", "items"))) for way, child in children]

    def _note(self, node: dict[str, JSON]) -> None:
        properties, listed = node.get("properties"), node.get("enum")
        if isinstance(properties, dict):
            self.fields += len(properties)
            self.characters += sum(map(len, properties))
        if isinstance(listed, list):
            self.values += len(listed)
            self.characters += sum(len(str(value)) for value in listed)
        name = refs.name_of(node.get("$ref"))
        if name is not None:
            self.named.add(name)
        self.faults |= _faults(node)

    def join(self, other: Measure) -> None:
        """What was measured elsewhere, as well."""
        self.fields += other.fields
        self.levels = max(self.levels, other.levels)
        self.values += other.values
        self.characters += other.characters
        self.faults |= other.faults


def measured(look: Look, op: Operation) -> Measure:
    """All that the function of ``op`` takes. A shared schema counts once, however often it is met, and for itself:
    strict functions may be recursive, so what contains itself is no deeper than it is written."""
    known = look.memo.setdefault("measured", {})
    if id(op) not in known:
        shared = look.memo.get("shared") or look.memo.setdefault("shared", _Shared(look.taken))
        arguments = look.arguments(op)
        found = known[id(op)] = Measure(len(arguments))
        for _name, schema, _required, _text in arguments:
            found.add(schema)
        found.join(shared.measure(shared.needs(found.named)))
    return known[id(op)]


class _Shared:
    """Shared schemas in groups: those that contain each other stand in one.

    What somebody needs is told as a number whose bits are groups, so that equal needs are equal numbers.
    """

    def __init__(self, components: Mapping[str, JSON]) -> None:
        self.components = components
        self.groups = refs.groups(components)
        self._group = {name: number for number, group in enumerate(self.groups) for name in group}
        self._reach: list[int] = []
        self._measured: dict[int, Measure] = {}
        for number, group in enumerate(self.groups):
            self._reach.append(1 << number)
            for name in group:
                self._reach[number] |= self.needs(refs.direct(components[name]))

    def needs(self, names: Iterable[str]) -> int:
        """The groups of these shared schemas, and of all that they need."""
        found = 0
        for name in names:
            if name in self._group:
                found |= self._reach[self._group[name]]
        return found

    def measure(self, needs: int) -> Measure:
        """All schemas of these groups."""
        if needs not in self._measured:
            found = self._measured[needs] = Measure()
            for number, group in enumerate(self.groups):
                for name in group if needs >> number & 1 else ():
                    found.add(self.components[name])
        return self._measured[needs]


def _faults(node: dict[str, JSON]) -> set[str]:
    found = set(_UNKNOWN & node.keys())
    if len(node.get("allOf") or ()) > 1:
        found |= {"allOf"}
    more, kinds = node.get("additionalProperties"), types_of(node)
    if isinstance(more, dict) or ("object" in kinds and not node.get("properties") and "allOf" not in node):
        found |= {"additionalProperties"}
    return found if kinds or node.keys() & _TYPED else found | {"type"}
