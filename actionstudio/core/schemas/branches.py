"""A schema as alternatives without combinators: allOf joined, anyOf, oneOf, if and not turned into choices.

What JSON Schema says by combination (2020-12 core, section 10.2) is here told as lists of plain parts that must all
hold. The lists are a guide for making values, not a proof: whoever makes a value checks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from actionstudio.core.schemas import refs

type Option = tuple[Any, ...]

FORBIDDEN = "x-forbidden"
REJECT = "x-reject"
ALL_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_DEEPEST = 80
_COMBINING = ("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas", "dependencies")
_CLOSED = {"oneOf", "not", "if", "dependentSchemas", "dependencies"}
_OBJECT = frozenset({"object"})
ANNOTATIONS = {"title", "description", "example", "examples", "default", "deprecated", "readOnly", "writeOnly", "xml"}
ANNOTATIONS |= {"externalDocs", "$comment", "discriminator", "nullable", "$defs", "$schema"}
_ANYTHING = {"items", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"}


def identity(schema: Any) -> Any:
    """What makes a schema the same as another: the object, or for a mere ``not`` or ``$ref`` what it is about.

    Without it, taking a recursive schema apart would go on for ever.
    """
    if isinstance(schema, dict) and len(schema) == 1:
        if "not" in schema:
            return "not", identity(schema["not"])
        if "$ref" in schema:
            return schema["$ref"]
    return schema if isinstance(schema, bool) else id(schema)


class Facts(NamedTuple):
    """What holds of every value that satisfies some schemas, as far as it is seen at once: its types (None: any), the
    properties it needs and those it must not have. With it, ways that lead nowhere are left before they fork."""

    types: frozenset[str] | None = None
    required: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()

    def and_also(self, other: Facts) -> Facts | None:
        """Both together; None when they exclude each other."""
        if other is _NOTHING:
            return self
        types = other.types if self.types is None else self.types if other.types is None else self.types & other.types
        required, forbidden = self.required | other.required, self.forbidden | other.forbidden
        if types is not None and (not types or (types == _OBJECT and required & forbidden)):
            return None
        return Facts(types, required, forbidden)


_NOTHING = Facts()


class Branches:
    """Expands schemas; remembers what it made, so that the same schema gives the same objects again."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components
        self._options: dict[Any, tuple[Any, list[Option]]] = {}
        self._known: dict[Any, tuple[Any, Facts | None]] = {}
        self._left = 0

    def expand(self, todo: Option, steps: int, rng: Random | None = None) -> Iterator[Option]:
        """Ways to satisfy all of ``todo``, as the plain parts that hold together; with ``rng`` in any order. All of
        them, unless there are so many, or so many that lead nowhere, that ``steps`` are used up."""
        self._left = steps
        facts = self._with(_NOTHING, todo)
        return iter(()) if facts is None else self._expand(todo, (), 0, rng, facts)

    @property
    def left(self) -> int:
        """How many steps the last way asked for left over."""
        return max(0, self._left)

    def _expand(
        self, todo: Option, done: tuple[dict[str, Any], ...], depth: int, rng: Random | None, facts: Facts
    ) -> Iterator[Option]:
        self._left -= 1
        while todo:
            schema, todo = todo[0], todo[1:]
            if schema is True:
                continue
            if schema is False or depth > _DEEPEST:
                return
            options = self._choices(schema)
            if options is None:
                done = (*done, schema)
                continue
            for option in options if rng is None else rng.sample(options, len(options)):
                if self._left < 0:
                    return
                more = self._with(facts, option)
                if more is not None:
                    yield from self._expand((*option, *todo), done, depth + 1, rng, more)
            return
        yield done

    def _with(self, facts: Facts, option: Option) -> Facts | None:
        for schema in option:
            found = self._facts(schema)
            both = None if found is None else facts.and_also(found)
            if both is None:
                return None
            facts = both
        return facts

    def _facts(self, schema: Any) -> Facts | None:
        """What a schema says at once, by itself, its references and its allOf; None when nothing satisfies it."""
        if isinstance(schema, bool):
            return _NOTHING if schema else None
        mark = identity(schema)
        known = self._known.get(mark)
        if known is None:
            self._known[mark] = schema, _NOTHING  # for a circle of references
            known = self._known[mark] = schema, self._looked(schema)
        return known[1]

    def _looked(self, schema: dict[str, Any]) -> Facts | None:
        if "not" in schema and not self.negate(schema["not"]):
            return None
        named = schema.get("type")
        types = None if named is None else _kinds({named} if isinstance(named, str) else set(named))
        required, forbidden = frozenset(schema.get("required", ())), frozenset(schema.get(FORBIDDEN, ()))
        found = Facts(types, required, forbidden) if types or required or forbidden else _NOTHING
        heads = tuple(self._target(schema[key]) for key in ("$ref", "$dynamicRef") if key in schema)
        return self._with(found, (*heads, *schema.get("allOf", ())))

    def open(self, schemas: Option) -> bool:
        """Whether only references, allOf and anyOf combine here: what satisfies one alternative satisfies all then."""
        seen: set[Any] = set()
        todo = list(schemas)
        while todo:
            schema = todo.pop()
            mark = identity(schema)
            if isinstance(schema, bool) or mark in seen:
                continue
            seen.add(mark)
            if not _CLOSED.isdisjoint(schema):
                return False
            todo += [*schema.get("allOf", ()), *schema.get("anyOf", ())]
            todo += [self._target(schema[key]) for key in ("$ref", "$dynamicRef") if key in schema]
        return True

    def _choices(self, schema: dict[str, Any]) -> list[Option] | None:
        """The ways to satisfy the first combinator of a schema, each with what is left of it; None without one."""
        mark = identity(schema)
        found = self._options.get(mark)
        if found is None:
            key = next((key for key in _COMBINING if key in schema), None)
            if key is None:
                return None
            found = self._options[mark] = (schema, self._split(schema, key))
        return found[1]

    def _split(self, schema: dict[str, Any], key: str) -> list[Option]:
        gone = ("if", "then", "else") if key == "if" else (key,)
        rest = {name: value for name, value in schema.items() if name not in gone}
        tail: Option = (rest,) if rest else ()
        value = schema[key]
        if key in ("$ref", "$dynamicRef"):
            heads: list[Option] = [(self._target(value),)]
        elif key == "allOf":
            heads = [tuple(value)]
        elif key == "anyOf":
            heads = [(branch,) for branch in value]
        elif key == "oneOf":
            heads = [
                (branch, *({"not": other} for m, other in enumerate(value) if m != n)) for n, branch in enumerate(value)
            ]
        elif key == "if":
            then, other = schema.get("then", True), schema.get("else", True)
            heads = [(value, then), ({"not": value}, other)]
        elif key == "not":
            heads = self.negate(value)
        else:
            heads = self._dependent(value)
        return [(*head, *tail) for head in heads]

    def _target(self, ref: Any) -> Any:
        name = refs.name_of(ref)
        if name is None or name not in self._components:
            return True
        target = self._components[name]
        for step in ref[len(refs.PREFIX) :].split("/")[1:]:
            token = refs.unescape(step)
            try:
                target = target[int(token)] if isinstance(target, list) else target[token]
            except (KeyError, ValueError, IndexError, TypeError):
                return True
        return target if isinstance(target, dict | bool) else True

    def _dependent(self, value: dict[str, Any]) -> list[Option]:
        """Each named property either brings its schema along or is absent."""
        options: list[Option] = [()]
        for name, schema in value.items():
            if isinstance(schema, list):
                schema = {"dependentRequired": {name: schema}}
            both = [(*option, schema) for option in options]
            options = both + [(*option, {FORBIDDEN: [name]}) for option in options]
            if len(options) > 64:
                options = options[:64]
        return options

    def negate(self, schema: Any) -> list[Option]:
        """The ways to break a schema: one of its keywords has to fail."""
        if isinstance(schema, bool):
            return [] if schema else [()]
        schema = {key: value for key, value in schema.items() if not _idle(key, value)}
        options: list[Option] = []
        for key, value in schema.items():
            make = NEGATIONS.get(key)
            if make:
                options += make(value)
            elif key in ("$ref", "$dynamicRef"):
                options.append(({"not": self._target(value)},))
        if "contains" in schema and "maxContains" in schema:
            more = int(schema["maxContains"]) + 1
            options.append(({"type": "array", "contains": schema["contains"], "minContains": more, "minItems": more},))
        if "if" in schema:
            options.append((schema["if"], {"not": schema.get("then", True)}))
            options.append(({"not": schema["if"]}, {"not": schema.get("else", True)}))
        if any(key in refs.SINGLE or key not in NEGATIONS for key in schema) or "enum" in schema or "const" in schema:
            options.append(({REJECT: schema},))
        return options


def _idle(key: str, value: Any) -> bool:
    """Whether this part of a schema limits nothing."""
    if key[:2] == "x-":
        return key not in (FORBIDDEN, REJECT)
    return key in ANNOTATIONS or (key in _ANYTHING and value in (True, {}))


def _kinds(named: set[str]) -> frozenset[str]:
    """Types as they exclude each other: every integer is a number, and some numbers are integers."""
    return frozenset(named | {"integer"} if "number" in named else named)


def _not_type(value: Any) -> list[Option]:
    named = {value} if isinstance(value, str) else set(value)
    if "number" in named:
        named.add("integer")
    options: list[Option] = [({"type": [kind for kind in ALL_TYPES if kind not in named and kind != "number"]},)]
    if "number" not in named:
        options.append(({"type": "number", REJECT: {"type": list(named)}},))
    return options


def _guarded(kind: str, key: str, shift: int = 0) -> Any:
    return lambda value: [({"type": kind, key: value + shift},)] if value + shift >= 0 or kind == "number" else []


def _guarded_one(kind: str, key: str) -> Any:
    """At least one member is needed to break the rule; which one, the check tells."""
    return lambda value: [] if value is True else [({"type": kind, key: 1},)]


def _not_required(names: Any) -> list[Option]:
    return [({"type": "object", FORBIDDEN: [name]},) for name in names]


def _not_properties(value: Any) -> list[Option]:
    return [
        ({"type": "object", "required": [name], "properties": {name: {"not": schema}}},)
        for name, schema in value.items()
        if schema not in (True, {})
    ]


def _not_prefix(value: list[Any]) -> list[Option]:
    return [
        ({"type": "array", "minItems": place + 1, "prefixItems": [*([True] * place), {"not": schema}]},)
        for place, schema in enumerate(value)
    ]


def _not_patterned(value: dict[str, Any]) -> list[Option]:
    """A property whose name matches has another value."""
    return [
        ({"type": "object", "minProperties": 1, "propertyNames": {"pattern": pattern}}, {"additionalProperties": wrong})
        for pattern, schema in value.items()
        if (wrong := {"not": schema}) and schema not in (True, {})
    ]


def _not_dependent(value: dict[str, Any]) -> list[Option]:
    """One of the named properties is there without what it brings along."""
    return [
        ({"type": "object", "required": [name], FORBIDDEN: [needed]},)
        for name, names in value.items()
        for needed in names
        if needed != name
    ]


def _not_one(value: list[Any]) -> list[Option]:
    pairs = [(one, two) for n, one in enumerate(value) for two in value[n + 1 :]]
    return [tuple({"not": one} for one in value), *pairs]


NEGATIONS: dict[str, Any] = {
    "type": _not_type,
    "enum": lambda value: [],
    "const": lambda value: [],
    "required": _not_required,
    "properties": _not_properties,
    "minimum": _guarded("number", "exclusiveMaximum"),
    "maximum": _guarded("number", "exclusiveMinimum"),
    "exclusiveMinimum": _guarded("number", "maximum"),
    "exclusiveMaximum": _guarded("number", "minimum"),
    "minLength": _guarded("string", "maxLength", -1),
    "maxLength": _guarded("string", "minLength", 1),
    "minItems": _guarded("array", "maxItems", -1),
    "maxItems": _guarded("array", "minItems", 1),
    "minProperties": _guarded("object", "maxProperties", -1),
    "maxProperties": _guarded("object", "minProperties", 1),
    "multipleOf": lambda value: [({"type": "number", REJECT: {"multipleOf": value}},)],
    "pattern": lambda value: [({"type": "string", REJECT: {"pattern": value}},)],
    "format": lambda value: [({"type": "string", REJECT: {"format": value}},)],
    "uniqueItems": lambda value: [({"const": [0, 0]},)] if value else [],
    "items": lambda value: [({"type": "array", "contains": {"not": value}},)] if value is not True else [],
    "contains": lambda value: [({"type": "array", "items": {"not": value}},)],
    "additionalProperties": _guarded_one("object", "minProperties"),
    "patternProperties": _not_patterned,
    "unevaluatedProperties": _guarded_one("object", "minProperties"),
    "unevaluatedItems": _guarded_one("array", "minItems"),
    "propertyNames": lambda value: [({"type": "object", "minProperties": 1, "propertyNames": {"not": value}},)],
    "prefixItems": _not_prefix,
    "dependentRequired": _not_dependent,
    "dependentSchemas": lambda value: [
        ({"type": "object", "required": [name]}, {"not": schema}) for name, schema in value.items()
    ],
    "not": lambda value: [(value,)],
    "allOf": lambda value: [({"not": one},) for one in value],
    "anyOf": lambda value: [tuple({"not": one} for one in value)],
    "oneOf": _not_one,
}
