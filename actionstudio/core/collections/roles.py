"""What a declared query parameter of a list does, told from its name: page, search and sort, or compare a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.core.collections.fields import plain, singular
from actionstudio.core.contract import Parameter
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.shape import shape_of

type JSON = Any


@dataclass(frozen=True, slots=True)
class Role:
    """``what`` is search, page, limit, offset, end, sort, order or filter. A filter has a ``path``, an ``operator`` and
    maybe the field ``within`` that stands for an object. ``shift`` 1: pages count from 0. ``default`` when absent."""

    what: str
    path: str = ""
    operator: str = ""
    within: str = ""
    shift: int = 0
    default: Any = None


FIXED = ("search", "page", "limit", "sort", "order")
UNDECLARED: Mapping[str, Role] = {
    **{name: Role(name) for name in FIXED},
    **{f"_{name}": Role(name) for name in FIXED[1:]},
    "_per_page": Role("limit"),
    "q": Role("search"),
}
_NAMES = {
    "search": ("search", "q", "query", "keyword", "keywords", "term", "searchterm", "searchtext", "text", "fulltext"),
    "page": ("page", "pagenumber", "pagenum", "pageno", "pageindex", "p"),
    "limit": (
        "limit", "perpage", "pagesize", "size", "maxresults", "maxitems", "pagelimit", "top", "take", "count", "first",
        "numresults", "resultsperpage", "itemsperpage",
    ),
    "offset": ("offset", "skip", "start", "startindex", "from", "pageoffset"),
    "end": ("end",),
    "sort": ("sort", "sortby", "orderby", "sortfield", "sortkey", "sorting"),
    "order": ("order", "sortorder", "sortdir", "sortdirection", "direction", "dir", "orderdirection"),
}  # fmt: skip
_ROLES = {name: what for what, names in _NAMES.items() for name in names}
_BEFORE = {
    "min": "gte", "max": "lte", "from": "gte", "to": "lte", "start": "gte", "end": "lte", "after": "gt", "before": "lt",
    "since": "gte", "until": "lte",
}  # fmt: skip
_STANDS = ("name", "title", "id", "key", "code", "slug", "value")
_KINDS = {"page": {"integer", "number"}, "limit": {"integer", "number"}}


class Row:
    """The fields of a row, as parameters name them."""

    def __init__(self, schema: JSON, components: Mapping[str, JSON]) -> None:
        self.schema = schema
        self._components = components
        self.properties: Mapping[str, JSON] = {} if schema is None else shape_of(schema, components).properties
        self._names: dict[str, str] = {plain(name): name for name in reversed(list(self.properties))}

    def place(self, name: str) -> tuple[str, str]:
        """The path of the field that ``name`` means and the field that stands for it when it is an object; "" none.

        ``petId`` is pet_id, ``tags[]`` is tags or tag; ``owner.name`` goes into objects.
        """
        name = name.removesuffix("[]")
        head, dot, rest = name.partition(".")
        if dot and name not in self.properties:
            outer = self.place(head)[0]
            if not outer:
                return "", ""
            inner, within = Row(self.properties[outer], self._components).place(rest)
            return (f"{outer}.{inner}", within) if inner else ("", "")
        for wanted in (plain(name), plain(singular(name)), plain(name + "s")):
            if wanted in self._names:
                found = self._names[wanted]
                return found, self._within(found)
        return "", ""

    def _within(self, name: str) -> str:
        shape = shape_of(self.properties[name], self._components)
        if "array" in shape.kinds:
            shape = shape_of(shape.items, self._components)
        return next((one for one in _STANDS if one in shape.properties), "") if "object" in shape.kinds else ""

    def kinds(self, name: str) -> frozenset[str]:
        """The JSON types that a field may have; none for one that the row does not have."""
        return shape_of(self.properties[name], self._components).kinds if name in self.properties else frozenset()


def role_of(parameter: Parameter, row: Row, components: Mapping[str, JSON]) -> Role | None:
    """What a declared query parameter does; None when its name says nothing."""
    schema = refs.resolve(parameter.schema, components)
    schema = schema if isinstance(schema, dict) else {}
    default = schema.get("default")
    what = _ROLES.get(plain(parameter.name), "")
    path, within = row.place(parameter.name)
    if path and not (what in FIXED and plain(parameter.name) in FIXED and _suits(what, schema, row.kinds(path))):
        return Role("filter", path, "eq", within, default=default)
    if what:
        counted = what == "page" and (schema.get("minimum") == 0 or default == 0)
        return Role(what, shift=1 if counted else 0, default=default)
    found = _range(parameter.name, row)
    if found is not None:
        return Role("filter", *found, default=default)
    head, mark, operator = parameter.name.rpartition("_")
    if mark and operator in ("eq", "ne", "gt", "gte", "lt", "lte", "like", "start", "end") and row.place(head)[0]:
        return Role("filter", row.place(head)[0], operator, default=default)
    if "object" in shape_of(schema, components).kinds:
        return Role("filter", "", "eq")  # filter[status]=open: each key is a field
    return None


def _suits(what: str, schema: Mapping[str, JSON], kinds: frozenset[str]) -> bool:
    """Whether a parameter of a fixed name means that, although the row has a field of this name."""
    kind = schema.get("type")
    if kind is not None and kinds and not {kind} & kinds:
        return True
    if what in _KINDS:
        return schema.get("type") in _KINDS[what] and "string" not in kinds
    named = {str(one).lower() for one in schema.get("enum", ())}
    return what != "order" or bool(named & {"asc", "desc"})


def _range(name: str, row: Row) -> tuple[str, str] | None:
    """``min_price``, ``price_max``, ``created_after``: a field and how it is compared."""
    words = _words(name)
    if len(words) < 2:
        return None
    for operator, rest in ((_BEFORE.get(words[0]), words[1:]), (_BEFORE.get(words[-1]), words[:-1])):
        if operator is None:
            continue
        for wanted in ("_".join(rest), "_".join(rest) + "_at"):
            path = row.place(wanted)[0]
            if path:
                return path, operator
    return None


def _words(name: str) -> list[str]:
    spaced = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
    return [word for word in spaced.replace("-", "_").split("_") if word]
