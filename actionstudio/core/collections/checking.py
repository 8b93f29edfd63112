"""Whether a row that somebody writes by hand is as its collection's schema has it.

What only the server sets (readOnly) and the id may be missing: they are made. A row may keep what was wrong with it
before it was changed: calls and older schemas leave such rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.fields import MISSING
from actionstudio.core.problem import Problem
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.shape import shape_of
from actionstudio.core.schemas.validate import SchemaError, Validator, Violation, compile_validator
from actionstudio.core.schemas.wording import Location

type JSON = Any


class Checker:
    """Checks the rows of one collection; a schema that cannot be used checks nothing."""

    def __init__(self, collection: Collection, components: Mapping[str, JSON]) -> None:
        self._collection = collection
        self._components = components
        self._validator: Validator | None = None
        try:
            if collection.schema is not None:
                self._validator = compile_validator(collection.schema, components)
        except (SchemaError, RecursionError):
            pass

    def problems(self, row: JSON, before: JSON = MISSING) -> list[Problem]:
        """What is wrong with ``row``, at JSON Pointers within it; ``before`` is the row that it takes the place of."""
        found = self._violations(row)
        known = (
            {(one.location, one.code) for one in self._violations(before)} if found and before is not MISSING else ()
        )
        return [
            Problem(pointer_of(one.location), one.message, one.code)
            for one in found
            if (one.location, one.code) not in known or _at(row, one.location) != _at(before, one.location)
        ]

    def _violations(self, row: JSON) -> list[Violation]:
        checker = self._validator
        if checker is None or checker.ok(row):
            return []
        return [one for one in checker.violations(row) if one.code != "required" or not self._made(one.location)]

    def _made(self, location: Location) -> bool:
        """Whether a field that is missing comes by itself."""
        if location == (self._collection.id_field,) or ".".join(map(str, location)) == self._collection.id_field:
            return True
        schema = self._collection.schema
        for step in location:
            shape = shape_of(schema, self._components)
            schema = shape.items if isinstance(step, int) else shape.properties.get(step)
        found = refs.resolve(schema, self._components)
        return isinstance(found, dict) and found.get("readOnly") is True


def pointer_of(location: Location) -> str:
    """A place in a value as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)


def _at(value: JSON, location: Location) -> JSON:
    for step in location:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return value
